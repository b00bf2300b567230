//! What is wrong with messages that wait, by the code of the reason, and what to do, in words for partners and their helpers.

/// What a reason means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remedy {
    /// The code that is stored.
    pub reason: &'static str,
    /// What is wrong.
    pub what: &'static str,
    /// What to do.
    pub to_do: &'static str,
}

const SEND_AGAIN: &str = "mend the record where it comes from and send it again, with a higher version if this one was taken before; \
                          then discard this message";
const MEND_CODES: &str =
    "add the spelling to the code list and replay, or send the record again with a known code";

/// All reasons there are.
pub const REMEDIES: [Remedy; 23] = [
    of(
        "empty",
        "the message has no value",
        "send the record again; a record is taken back by a WITHDRAW, not by an empty message",
    ),
    of(
        "not-avro",
        "the message is not Avro",
        "send Avro in Confluent's wire format or in single-object encoding",
    ),
    of(
        "too-large",
        "the message is larger than a return may be",
        "send one record per message",
    ),
    of(
        "unknown-schema",
        "the writer's schema is not known",
        "register the schema in the schema registry, then replay",
    ),
    of(
        "unusable-schema",
        "the writer's schema does not fit the record type",
        "register a schema that fits and send the records again, or mend the record type and replay",
    ),
    of(
        "undecodable",
        "the bytes are not what the writer's schema says",
        "check which schema the sending program writes with, and send the records again",
    ),
    of(
        "wrong-feed",
        "the record names another feed than the topic's",
        "send it to the topic of its feed",
    ),
    of(
        "wrong-partner",
        "the record names another partner than the feed's",
        "send it with the partner's own code",
    ),
    of(
        "bad-ref",
        "the reference is empty, too long or not readable",
        SEND_AGAIN,
    ),
    of("bad-version", "the version is below 1", SEND_AGAIN),
    of("missing-body", "a SUBMIT or AMEND without the record", SEND_AGAIN),
    of("unexpected-body", "a WITHDRAW that carries a record", SEND_AGAIN),
    of(
        "missing-reason",
        "a WITHDRAW that does not say why",
        "send it again with a reason of the list withdraw_reason",
    ),
    of(
        "district-missing",
        "the district is missing",
        "send it again with the district, or give the feed a default and replay",
    ),
    of("bad-district", "the district is no GSS code", SEND_AGAIN),
    of("unknown-code", "a code that its list does not have", MEND_CODES),
    of(
        "bad-pseudonym",
        "a person's key that is no pseudonym",
        "make pseudonyms before sending: names and numbers of people must not be sent; then discard this message",
    ),
    of("bad-date", "a date or time that cannot be", SEND_AGAIN),
    of("bad-number", "a number that cannot be", SEND_AGAIN),
    of("bad-text", "a text that is too long or not readable", SEND_AGAIN),
    of("check-failed", "a check of the feed failed", SEND_AGAIN),
    of(
        "conflict",
        "another message with the same reference and version, and other content, came first and counts",
        "send the right content with a higher version; then discard this message",
    ),
    of(
        "orphan",
        "an AMEND or WITHDRAW of a record that was never submitted; it counts as soon as the SUBMIT is there",
        "send the SUBMIT, or look for it in quarantine and replay it",
    ),
];

const fn of(reason: &'static str, what: &'static str, to_do: &'static str) -> Remedy {
    Remedy { reason, what, to_do }
}

/// What this reason means; for a reason of another version of the software its code alone.
#[must_use]
pub fn remedy(reason: &str) -> Option<Remedy> {
    REMEDIES.into_iter().find(|remedy| remedy.reason == reason)
}
