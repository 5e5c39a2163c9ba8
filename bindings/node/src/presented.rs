//! A secret on its way in: a text, bytes, or an opaque secret. Its exact bytes count, so a text
//! that is no Unicode is given on as what it is and not with its faults mended.
#![expect(
    unsafe_code,
    reason = "napi has no other way to read an argument without copying it all"
)]

use crate::secret::NativeSecret;
use napi::bindgen_prelude::{
    ClassInstance, FromNapiValue, TypeName, Uint8ArraySlice, ValidateNapiValue,
};
use napi::{Status, ValueType, sys};
use zeroize::Zeroizing;

/// Room for every secret of our own format, and what is tried first.
const USUAL: usize = 128;
/// No secret of any form is nearly as long; of a longer text so much is looked at.
const ENOUGH: usize = 2048;
/// What stands for half a surrogate pair when Node makes UTF-8 of a text.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();
/// The longest character, and the zero that Node writes at the end.
const MARGIN: usize = 5;

/// The bytes of a presented secret, wiped when they are let go.
pub struct Presented(Zeroizing<Vec<u8>>);

impl Presented {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl TypeName for Presented {
    fn type_name() -> &'static str {
        "Presented"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ValidateNapiValue for Presented {}

impl FromNapiValue for Presented {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Self> {
        // SAFETY: env and value are those of the call that napi is converting.
        unsafe {
            if let Some(text) = text(env, value)? {
                return Ok(Self(text));
            }
            let mut is_array = false;
            let status = sys::napi_is_typedarray(env, value, &raw mut is_array);
            if is_array && status == sys::Status::napi_ok {
                // Other arrays than of bytes are refused.
                let array = Uint8ArraySlice::from_napi_value(env, value)?;
                let looked_at = &array[..array.len().min(ENOUGH)];
                return Ok(Self(Zeroizing::new(looked_at.to_vec())));
            }
            let secret = ClassInstance::<NativeSecret>::from_napi_value(env, value)?;
            secret
                .with(|it| Self(Zeroizing::new(it.reveal().as_bytes().to_vec())))
                .map_err(|error| napi::Error::new(Status::InvalidArg, error.message))
        }
    }
}

/// The bytes of a text; none if the value is no text.
///
/// # Safety
/// `env` and `value` must be those of a running call.
unsafe fn text(
    env: sys::napi_env,
    value: sys::napi_value,
) -> napi::Result<Option<Zeroizing<Vec<u8>>>> {
    for room in [USUAL, ENOUGH] {
        let mut bytes = Zeroizing::new(vec![0u8; room]);
        let mut len = 0;
        // SAFETY: the buffer has that room, and Node writes no more than that.
        let status = unsafe {
            sys::napi_get_value_string_utf8(
                env,
                value,
                bytes.as_mut_ptr().cast(),
                room,
                &raw mut len,
            )
        };
        match status {
            sys::Status::napi_ok => {}
            sys::Status::napi_string_expected => return Ok(None),
            status => {
                return Err(napi::Error::new(
                    Status::from(status),
                    "a text could not be read",
                ));
            }
        }
        bytes.truncate(len);
        if len + MARGIN <= room || room == ENOUGH {
            if bytes.windows(REPLACEMENT.len()).any(|it| it == REPLACEMENT) {
                // SAFETY: as above.
                return unsafe { broken_text(env, value) }.map(Some);
            }
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

/// A text that may have halves of surrogate pairs: each is encoded as if it were a character, so
/// that the whole is no valid UTF-8.
///
/// # Safety
/// `env` and `value` must be those of a running call, and `value` a text.
unsafe fn broken_text(
    env: sys::napi_env,
    value: sys::napi_value,
) -> napi::Result<Zeroizing<Vec<u8>>> {
    let mut units = Zeroizing::new(vec![0u16; ENOUGH]);
    let mut len = 0;
    // SAFETY: the buffer has that room, and Node writes no more than that.
    let status = unsafe {
        sys::napi_get_value_string_utf16(env, value, units.as_mut_ptr(), ENOUGH, &raw mut len)
    };
    if status != sys::Status::napi_ok {
        return Err(napi::Error::new(
            Status::from(status),
            "a text could not be read",
        ));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(3 * len));
    for unit in char::decode_utf16(units.iter().copied().take(len)) {
        match unit {
            Ok(letter) => bytes.extend(letter.encode_utf8(&mut [0; 4]).as_bytes()),
            Err(half) => {
                let half = half.unpaired_surrogate().to_be_bytes();
                let [high, low] = half;
                bytes.extend([
                    0xE0 | (high >> 4),
                    0x80 | ((high & 0x0F) << 2) | (low >> 6),
                    0x80 | (low & 0x3F),
                ]);
            }
        }
    }
    Ok(bytes)
}
