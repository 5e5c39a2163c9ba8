//! Whole numbers in as few bytes as they need: seven bits to a byte, lowest first, the top bit
//! set on all but the last (LEB128). One number has exactly one form; longer ones are refused.

/// Appends `value`: 1 to 10 bytes.
pub(crate) fn put_unsigned(bytes: &mut Vec<u8>, mut value: u64) {
    loop {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        if value == 0 {
            bytes.push(low & 0x7f);
            return;
        }
        bytes.push(low | 0x80);
    }
}

/// Appends `value`; small ones of either sign are short (zigzag).
pub(crate) fn put_signed(bytes: &mut Vec<u8>, value: i64) {
    put_unsigned(
        bytes,
        (value.cast_unsigned() << 1) ^ (value >> 63).cast_unsigned(),
    );
}

/// Takes a number off the front, or nothing where there is none.
pub(crate) fn take_unsigned(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = take_byte(bytes)?;
        let part = u64::from(byte & 0x7f);
        let shifted = part << shift;
        let cut_off = shifted >> shift != part;
        let padded = byte == 0 && shift > 0;
        if cut_off || padded {
            return None;
        }
        value |= shifted;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// Takes a signed number off the front, or nothing where there is none.
pub(crate) fn take_signed(bytes: &mut &[u8]) -> Option<i64> {
    let value = take_unsigned(bytes)?;
    Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
}

/// Takes a byte off the front, or nothing where there is none.
pub(crate) fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (&first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(first)
}
