//! A column of arrays: the entries of all arrays in one column, and where each array ends in it.

use super::strs::Strs;
use super::values::Values;

/// Arrays of one column; never null.
#[derive(Debug, Clone, PartialEq)]
pub struct Lists<I> {
    items: I,
    ends: Vec<usize>,
}

/// Arrays of strings.
pub type StrLists = Lists<Strs>;

/// Arrays of dates in days since 1970-01-01; an entry may be null.
pub type DateLists = Lists<Values<i32>>;

impl<I> Lists<I> {
    pub(super) fn new(items: I) -> Self {
        Self {
            items,
            ends: Vec::new(),
        }
    }

    /// The entries of all arrays, one behind the other.
    pub fn items(&self) -> &I {
        &self.items
    }

    /// Where each array ends in [`Lists::items`].
    pub fn ends(&self) -> &[usize] {
        &self.ends
    }

    fn range(&self, row: usize) -> Option<std::ops::Range<usize>> {
        let before = row.checked_sub(1).and_then(|before| self.ends.get(before));
        Some(before.copied().unwrap_or(0)..*self.ends.get(row)?)
    }
}

impl Lists<Strs> {
    /// The strings of a row's array, `None` when there is no such row.
    pub fn get(&self, row: usize) -> Option<impl ExactSizeIterator<Item = &str>> {
        let range = self.range(row)?;
        Some(range.map(|index| self.items.get(index).unwrap_or_default()))
    }

    #[inline]
    pub(crate) fn push_item(&mut self, value: &str) {
        self.items.push(value);
    }

    /// Ends the array whose entries were pushed; without entries it is empty.
    #[inline]
    pub(crate) fn end_list(&mut self) {
        self.ends.push(self.items.len());
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        // Entries of an array that was never ended go too.
        self.items.truncate(self.ends.last().copied().unwrap_or(0));
    }

    pub(super) fn byte_size(&self) -> usize {
        self.items.byte_size() + size_of_val(self.ends.as_slice())
    }

    pub(super) fn replace_last<'v>(&mut self, values: impl IntoIterator<Item = &'v str>) {
        let Some(last) = self.ends.len().checked_sub(1) else {
            return;
        };
        self.truncate(last);
        for value in values {
            self.push_item(value);
        }
        self.end_list();
    }
}

impl Lists<Values<i32>> {
    /// The dates of a row's array, `None` when there is no such row.
    pub fn get(&self, row: usize) -> Option<impl ExactSizeIterator<Item = Option<i32>>> {
        let range = self.range(row)?;
        Some(range.map(|index| self.items.get(index)))
    }

    #[inline]
    pub(crate) fn push_item(&mut self, value: i32) {
        self.items.push(value);
    }

    pub(crate) fn push_null_item(&mut self) {
        self.items.push_absent();
    }

    /// Ends the array whose entries were pushed; without entries it is empty.
    #[inline]
    pub(crate) fn end_list(&mut self) {
        self.ends.push(self.items.values().len());
    }

    pub(super) fn truncate(&mut self, len: usize) {
        self.ends.truncate(len);
        // Entries of an array that was never ended go too.
        self.items.truncate(self.ends.last().copied().unwrap_or(0));
    }

    pub(super) fn byte_size(&self) -> usize {
        self.items.byte_size() + size_of_val(self.ends.as_slice())
    }
}
