//! Pseudonyms of people and premises who never were: the form of a keyed pseudonym, filled by chance.

use super::random::Random;

/// A pseudonym of the partner's own key domain, in the first version of its key.
pub(super) fn pseudonym(random: &mut Random) -> String {
    format!("P1-{:016x}{:016x}", random.next(), random.next())
}

/// The partnership's match key of somebody: the same at every partner that may send it.
pub(super) fn match_key(random: &mut Random) -> String {
    format!("M1-{:016x}{:016x}", random.next(), random.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_have_the_form_that_is_checked() {
        let mut random = Random::new(1, "pseudonyms");
        for _ in 0..100 {
            let pseudonym = pseudonym(&mut random);
            assert!(quarterday_events::judge::is_pseudonym(&pseudonym), "{pseudonym}");
            assert!(quarterday_events::judge::is_pseudonym(&match_key(&mut random)));
        }
    }
}
