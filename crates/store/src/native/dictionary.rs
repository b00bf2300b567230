//! A column of the type LowCardinality: its different values, and for each row the position of its value among them.

use std::collections::HashMap;

use super::wire;

/// The only version of the keys' layout that ClickHouse writes and reads.
const KEYS_IN_THE_BLOCK: u64 = 1;
/// The keys stand in this block, and are all there are.
const FLAGS: u64 = (1 << 9) | (1 << 10);

/// A column under construction.
pub(super) struct Dictionary<'v> {
    keys: Vec<&'v str>,
    positions: HashMap<&'v str, u32>,
    rows: Vec<u32>,
    /// The value before, which very often comes again.
    last: Option<(&'v str, u32)>,
}

impl<'v> Dictionary<'v> {
    /// With `nullable` the first key stands for null, whatever it holds.
    pub(super) fn new(nullable: bool) -> Self {
        Dictionary {
            keys: if nullable { vec![""] } else { Vec::new() },
            positions: HashMap::new(),
            rows: Vec::new(),
            last: None,
        }
    }

    /// Adds a row with this value.
    #[inline]
    pub(super) fn add(&mut self, value: &'v str) {
        if let Some((last, position)) = self.last
            && last == value
        {
            self.rows.push(position);
            return;
        }
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let position = *self.positions.entry(value).or_insert(next);
        if position == next {
            self.keys.push(value);
        }
        self.last = Some((value, position));
        self.rows.push(position);
    }

    /// Adds a row with null.
    pub(super) fn add_null(&mut self) {
        self.rows.push(0);
    }

    /// Writes the column; gives its rows.
    pub(super) fn write(self, out: &mut Vec<u8>) -> usize {
        out.extend_from_slice(&KEYS_IN_THE_BLOCK.to_le_bytes());
        let rows = self.rows.len();
        if rows == 0 {
            return 0;
        }
        let width = Width::of(self.keys.len());
        out.extend_from_slice(&(FLAGS | width.code()).to_le_bytes());
        out.extend_from_slice(&wire::number(self.keys.len()).to_le_bytes());
        self.keys.iter().for_each(|key| wire::string(out, key.as_bytes()));
        out.extend_from_slice(&wire::number(rows).to_le_bytes());
        let bytes = self.rows.iter().map(|row| row.to_le_bytes());
        match width {
            Width::One => wire::fixed(out, bytes.map(|[a, ..]| [a])),
            Width::Two => wire::fixed(out, bytes.map(|[a, b, ..]| [a, b])),
            Width::Four => wire::fixed(out, bytes),
        };
        rows
    }
}

/// Bytes of a position.
#[derive(Clone, Copy)]
enum Width {
    One,
    Two,
    Four,
}

impl Width {
    fn of(keys: usize) -> Self {
        match keys {
            0..=0x100 => Width::One,
            0x101..=0x1_0000 => Width::Two,
            _ => Width::Four,
        }
    }

    fn code(self) -> u64 {
        match self {
            Width::One => 0,
            Width::Two => 1,
            Width::Four => 2,
        }
    }
}
