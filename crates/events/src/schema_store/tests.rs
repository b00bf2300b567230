use super::*;
use crate::testing;
use crate::wire;

fn store() -> SchemaStore {
    SchemaStore::new(Arc::new(testing::incident()))
}

#[track_caller]
fn resolve(store: &SchemaStore, message: &[u8]) -> Resolved {
    store.resolve(&wire::parse(message).unwrap())
}

#[test]
fn an_unknown_id_is_named_until_it_is_put_in() {
    let mut store = store();
    let message = wire::confluent(7, b"");
    assert!(matches!(resolve(&store, &message), Resolved::UnknownId(7)));
    store.insert(7, testing::INCIDENT);
    assert!(matches!(resolve(&store, &message), Resolved::Decoder(_)));
}

#[test]
fn the_readers_own_schema_is_known_by_its_fingerprints() {
    let store = store();
    for &fingerprint in testing::incident().fingerprints() {
        assert!(matches!(
            resolve(&store, &wire::single_object(fingerprint, b"")),
            Resolved::Decoder(_)
        ));
    }
    let unknown = wire::single_object([9; 8], b"");
    assert!(matches!(
        resolve(&store, &unknown),
        Resolved::UnknownFingerprint([9, ..])
    ));
}

#[test]
fn a_schema_that_does_not_fit_is_remembered_with_its_reason() {
    let mut store = store();
    store.insert(1, r#"{"type":"record","name":"Other","fields":[]}"#);
    store.insert(2, "no schema");
    let Resolved::Unusable(why) = resolve(&store, &wire::confluent(1, b"")) else {
        panic!()
    };
    assert_eq!(
        why.to_string(),
        "the writer's schema does not fit record type incident: field feed: the writer does not have it, and there is \
         no default to stand for it"
    );
    let Resolved::Unusable(why) = resolve(&store, &wire::confluent(2, b"")) else {
        panic!()
    };
    assert_eq!(why.to_string(), "the writer's schema cannot be read");
}

#[test]
fn ids_and_fingerprints_are_bounded() {
    let mut store = store();
    for id in 0..=u32::try_from(CAPACITY).unwrap() {
        store.insert(id, "no schema");
    }
    assert_eq!(store.by_id.len(), 1);
    let own = store.by_fingerprint.values().next().unwrap().clone();
    for number in 0..CAPACITY {
        store.keep(&[u64::try_from(number).unwrap().to_le_bytes()], &own);
    }
    assert!(store.by_fingerprint.len() <= CAPACITY);
    store.insert(1, testing::INCIDENT);
    assert!(store.has_id(1), "known by id all the same");
}
