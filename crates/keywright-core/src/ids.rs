//! The ids of things: a prefix that names the kind and 24 base62 characters. An id is public and
//! gives no access.

use crate::base62;
use crate::error::{Error, ErrorCode};
use crate::random::Random;
use std::fmt;
use std::str::FromStr;

/// How many base62 characters follow the prefix.
pub const ID_RANDOM_LEN: usize = 24;

macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident, $prefix:literal, $what:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; ID_RANDOM_LEN]);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id that no other has.
            pub fn generate(random: &dyn Random) -> Result<Self, Error> {
                let mut bytes = [0; ID_RANDOM_LEN];
                base62::fill_random(&mut bytes, random)?;
                Ok(Self(bytes))
            }

            /// The id in `text`, if it has exactly this kind's form.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let bytes: [u8; ID_RANDOM_LEN] =
                    text.strip_prefix($prefix)?.as_bytes().try_into().ok()?;
                base62::is_base62(&bytes).then_some(Self(bytes))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                // ASCII by construction; the fallback is never taken.
                f.write_str(std::str::from_utf8(&self.0).unwrap_or_default())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Self::parse(text).ok_or_else(|| {
                    Error::new(ErrorCode::InvalidArgument, concat!("that is not ", $what, " id"))
                        .hint(concat!("it begins with ", $prefix, " and 24 letters or digits follow"))
                })
            }
        }
    };
}

id_type!(
    /// The id of an API key: stable for its whole life, through every rotation.
    KeyId, "key_", "a key"
);
id_type!(
    /// The id of one version of a key, that is, of one secret.
    VersionId, "ver_", "a version"
);
id_type!(
    /// The id of a project.
    ProjectId, "proj_", "a project"
);
id_type!(
    /// The id of a service account.
    ServiceAccountId, "svc_", "a service account"
);
id_type!(
    /// The id of a user.
    UserId, "user_", "a user"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    #[test]
    fn an_id_reads_back_as_itself() {
        let id = KeyId::generate(&SeededRandom::new(1)).unwrap();
        assert_eq!(id.to_string().parse::<KeyId>().unwrap(), id);
        assert_eq!(id.to_string().len(), 28);
    }

    #[test]
    fn nothing_else_is_an_id() {
        let good = "key_0123456789abcdefghijABCD";
        assert!(KeyId::parse(good).is_some());
        for bad in [
            "",
            "key_",
            "key_0123456789abcdefghijABC",
            "key_0123456789abcdefghijABCDE",
            "ver_0123456789abcdefghijABCD",
            "KEY_0123456789abcdefghijABCD",
            " key_0123456789abcdefghijABCD",
            "key_0123456789abcdefghijABC\u{e9}",
            "key_0123456789abcdefghijABC-",
        ] {
            assert!(KeyId::parse(bad).is_none(), "{bad}");
        }
    }
}
