//! Enums that stand for a fixed set of words: one definition gives the words, the way back, and the
//! serialised form.

/// Defines an enum whose variants each have one stable word.
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        $name:ident, $what:literal, $hint:literal;
        $($(#[doc = $doc:literal])+ $(#[$attribute:meta])? $variant:ident = $word:literal;)+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[doc = $doc])+ $(#[$attribute])? $variant,)+ }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one of that word; nothing is trimmed or folded.
            pub fn parse(text: &str) -> $crate::Result<Self> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::Error::invalid(concat!("that is not ", $what)).hint($hint)),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = String::deserialize(deserializer)?;
                Self::parse(&word).map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use text_enum;
