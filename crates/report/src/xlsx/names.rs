//! Names of sheets: of at most 31 characters, without those that Excel does not take, each once.

use std::collections::BTreeSet;

const MOST: usize = 31;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A name that no other sheet has, as near as can be to this one.
    pub(super) fn of(&mut self, wanted: &str) -> String {
        let plain: String = wanted
            .chars()
            .map(|c| {
                if "[]:*?/\\".contains(c) || c.is_control() {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        let plain = plain.trim_matches(|c: char| c == '\'' || c.is_whitespace());
        let plain = if plain.is_empty() { "Sheet" } else { plain };
        let numbered = (1_u32..).map(|number| match number {
            1 => cut(plain, ""),
            _ => cut(plain, &format!(" {number}")),
        });
        let mut free = numbered.filter(|name| !self.taken.contains(&name.to_lowercase()));
        let name = free.next().unwrap_or_default();
        self.taken.insert(name.to_lowercase());
        name
    }
}

fn cut(name: &str, behind: &str) -> String {
    let room = MOST.saturating_sub(behind.chars().count());
    let name: String = name.chars().take(room).collect();
    name + behind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_and_each_once() {
        let mut names = Names::default();
        assert_eq!(names.of("P1"), "P1");
        assert_eq!(names.of("p1"), "p1 2");
        assert_eq!(names.of("'A/B: [C]*?'"), "A B   C");
        assert_eq!(names.of(""), "Sheet");
        let long = "ŵ".repeat(40);
        assert_eq!(names.of(&long).chars().count(), MOST);
        assert!(names.of(&long).ends_with(" 2"));
    }
}
