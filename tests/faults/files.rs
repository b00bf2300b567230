//! The files of a system whose feeds are those of the oracle: one of each record type, which any partner may return.

use std::fs;
use std::path::Path;

use quarterday::builtin::InForce;
use quarterday::settings::PlanFiles;

use crate::oracle::product::SCOPE_FIELDS;
use crate::oracle::product::{PLANS, feed_of, partner, returned_by};
use crate::oracle::records::Kind;

/// The topic of a record type's feed.
pub fn topic(name: &str, kind: Kind) -> String {
    format!("{name}.{}", feed_of(kind))
}

/// Writes them, and reads them.
pub fn in_force(directory: &Path, name: &str, partners: usize) -> InForce {
    let write = |file: &str, text: &str| fs::write(directory.join(file), text).unwrap();
    for (number, plan) in PLANS.iter().enumerate() {
        write(&plan_file(number), &returned_by(plan, partners));
    }
    write("feeds.toml", &feeds(name));
    write("codes.toml", &codes(partners));
    load(directory)
}

/// The file of a plan.
pub fn plan_file(number: usize) -> String {
    format!("plan-{number}.toml")
}

/// Reads those that are there.
pub fn load(directory: &Path) -> InForce {
    let path = |file: &str| directory.join(file);
    let plans = (0..PLANS.len()).map(|number| path(&plan_file(number)));
    InForce::load(&PlanFiles {
        feeds: Some(path("feeds.toml")),
        codes: Some(path("codes.toml")),
        plans: Some(plans.collect()),
        schemas: None,
    })
    .unwrap()
}

/// The `[plan]` section of a configuration that has these files.
pub fn section(directory: &Path) -> String {
    let path = |file: &str| format!("'{}'", directory.join(file).display());
    format!(
        "[plan]\nfeeds = {}\ncodes = {}\nplans = [{}, {}]\n",
        path("feeds.toml"),
        path("codes.toml"),
        path("plan-0.toml"),
        path("plan-1.toml")
    )
}

fn feeds(name: &str) -> String {
    let mut text = String::new();
    for kind in Kind::ALL {
        let record_type = kind.name();
        text.push_str(&format!("[[record_type]]\nname = \"{record_type}\"\n"));
        if let Some((_, field)) = SCOPE_FIELDS.iter().find(|(name, _)| *name == record_type) {
            text.push_str(&format!("scope = \"{field}\"\n"));
        }
    }
    for kind in Kind::ALL {
        text.push_str(&format!(
            "[[feed]]\nname = \"{}\"\ntitle = \"{}\"\npartner = \"any\"\nrecord_type = \"{}\"\ndistrict = \"optional\"\ntopic = \"{}\"\n",
            feed_of(*kind),
            kind.name(),
            kind.name(),
            topic(name, *kind)
        ));
    }
    text
}

/// The shipped lists, and the partners of the test.
fn codes(partners: usize) -> String {
    let shipped = include_str!("../../schemas/plans/codes.toml");
    let ours: Vec<String> = (0..partners)
        .map(|number| format!("\"{}\"", partner(number)))
        .collect();
    let first = "    \"DAVSS\", \"KPOL\",";
    assert!(shipped.contains(first));
    shipped.replace(first, &format!("    {},\n{first}", ours.join(", ")))
}
