//! The atoms of the Native format.

/// A number in groups of seven bits, lowest first.
pub(super) fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        let [low, ..] = number.to_le_bytes();
        out.push(low | 0x80);
        number >>= 7;
    }
    let [low, ..] = number.to_le_bytes();
    out.push(low);
}

/// Bytes behind their length.
#[inline]
pub(super) fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    varint(out, number(bytes.len()));
    out.extend_from_slice(bytes);
}

/// Values of a fixed size, one behind the other. Gives how many there were.
pub(super) fn fixed<const N: usize>(out: &mut Vec<u8>, values: impl Iterator<Item = [u8; N]>) -> usize {
    let mut count = 0;
    out.reserve(values.size_hint().0.saturating_mul(N));
    for value in values {
        out.extend_from_slice(&value);
        count += 1;
    }
    count
}

/// A length as the format's numbers are.
pub(super) fn number(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
