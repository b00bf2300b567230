//! What is served is the list, and what is said about it in `deploy/` is about the list.

use std::collections::BTreeSet;
use std::time::Duration;

use quarterday_kafka::Message;
use quarterday_kafka::quarantine::{About, Elided, QuarantineMessage, Rejection, Stage};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::Catalogue;
use crate::batch::{Batch, RejectedMessage};

const PAGE: &str = include_str!("../../../../deploy/observability.md");
const ALERTS: &str = include_str!("../../../../deploy/alerts.yml");

fn names() -> BTreeSet<&'static str> {
    ALL.iter().map(|metric| metric.name).collect()
}

fn catalogue() -> Result<Catalogue, crate::CatalogueError> {
    Catalogue::new("", "", &[])
}

/// Every word of a text that looks like a metric, without what Prometheus puts behind those of histograms.
fn named(text: &str) -> BTreeSet<&str> {
    let histograms: BTreeSet<&str> = ALL
        .iter()
        .filter(|metric| matches!(metric.kind, Kind::Histogram(_)))
        .map(|metric| metric.name)
        .collect();
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| word.starts_with("quarterday_"))
        .map(|word| {
            let bare = ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|end| word.strip_suffix(end));
            bare.filter(|bare| histograms.contains(bare)).unwrap_or(word)
        })
        .collect()
}

/// Metrics and what they are, as a text that is served says.
fn served(text: &str) -> BTreeSet<(&str, &str)> {
    text.lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .collect()
}

#[test]
fn what_is_served_is_the_list() -> Result<(), Box<dyn std::error::Error>> {
    let metrics = Metrics::kept(&catalogue()?)?;
    metrics.inserted(Duration::from_millis(20));
    metrics.refreshed(Duration::from_millis(700));
    metrics.probed(Duration::from_secs(2));
    metrics.written(
        &Batch::new(&catalogue()?, CancellationToken::new()),
        Duration::from_millis(30),
    );
    let text = metrics.text(&Readings::default());
    let kinds = ALL.iter().map(|metric| {
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram(_) => "histogram",
        };
        (metric.name, kind)
    });
    assert_eq!(served(&text), kinds.collect());
    for metric in ALL {
        assert!(
            text.contains(&format!("# HELP {} {}", metric.name, metric.help)),
            "{}",
            metric.name
        );
    }
    Ok(())
}

#[test]
fn names_are_prometheus_s() {
    for Metric { name, kind, help, .. } in ALL {
        assert!(name.starts_with("quarterday_"), "{name}");
        assert_eq!(name.ends_with("_total"), kind == Kind::Counter, "{name}");
        assert!(help.ends_with('.') && !help.contains('\n'), "{help}");
    }
    assert_eq!(names().len(), ALL.len(), "each has a name of its own");
}

#[test]
fn the_page_says_something_of_each_and_of_no_other() {
    assert_eq!(named(PAGE), names());
    for metric in ALL {
        assert!(
            PAGE.contains(&format!("| `{}` |", metric.name)),
            "{}",
            metric.name
        );
    }
}

#[test]
fn there_is_an_alert_for_each_and_for_no_other() {
    assert_eq!(named(ALERTS), names());
}

/// No parser of YAML is in the tree: the rules keep to a plain form, and this holds them to it.
#[test]
fn every_rule_is_whole() {
    let rules: Vec<&str> = ALERTS.split("      - alert: ").skip(1).collect();
    assert_eq!(rules.len(), ALERTS.matches("- alert: ").count());
    let mut alerts = BTreeSet::new();
    for rule in rules {
        let name = rule.lines().next().unwrap_or_default();
        assert!(alerts.insert(name), "{name} is there twice");
        let keys: Vec<&str> = rule
            .lines()
            .filter(|line| line.starts_with("        ") && !line.starts_with("         "))
            .filter_map(|line| Some(line.trim().split_once(':')?.0))
            .filter(|key| *key != "for")
            .collect();
        assert_eq!(keys, ["expr", "labels", "annotations"], "{name}");
        assert!(
            rule.contains("severity: critical") || rule.contains("severity: warning"),
            "{name}"
        );
        assert!(rule.contains("          summary: "), "{name}");
        assert!(!rule.contains('\t') && balanced(rule), "{name}");
    }
}

fn balanced(text: &str) -> bool {
    let count = |c: char| text.matches(c).count();
    count('(') == count(')') && count('{') == count('}') && count('[') == count(']')
}

#[test]
fn messages_are_counted_by_feed_and_reason() -> Result<(), Box<dyn std::error::Error>> {
    let catalogue = catalogue()?;
    let metrics = Metrics::kept(&catalogue)?;
    let mut batch = Batch::new(&catalogue, CancellationToken::new());
    for offset in 5..8 {
        batch.took((crate::probe::TOPIC, 1), offset, 10);
    }
    let rejected = |reason: &str| RejectedMessage {
        feed: 0,
        place: None,
        message: QuarantineMessage {
            original: Message::default(),
            elided: Elided::default(),
            rejection: Rejection {
                about: About::default(),
                reason: reason.to_owned(),
                stage: Stage::Check,
                detail: String::new(),
            },
        },
    };
    batch.rejected = vec![
        rejected("bad-ref"),
        rejected("bad-ref"),
        rejected("of-another-version"),
    ];
    metrics.consumed(&batch);
    metrics.written(&batch, Duration::from_millis(30));
    let text = metrics.text(&Readings::default());
    for line in [
        r#"quarterday_messages_consumed_total{feed="probe"} 3"#,
        r#"quarterday_messages_accepted_total{feed="probe"} 0"#,
        r#"quarterday_messages_quarantined_total{feed="probe"} 3"#,
        r#"quarterday_quarantine_reasons_total{reason="bad-ref"} 2"#,
        r#"quarterday_quarantine_reasons_total{reason="other"} 1"#,
        r#"quarterday_quarantine_reasons_total{reason="not-avro"} 0"#,
        r#"quarterday_batch_messages_bucket{le="10"} 1"#,
    ] {
        assert!(text.lines().any(|served| served == line), "{line} in\n{text}");
    }
    Ok(())
}

#[test]
fn what_nobody_reads_is_not_kept() -> Result<(), Box<dyn std::error::Error>> {
    let metrics = Metrics::unread(&catalogue()?);
    metrics.probed(Duration::from_secs(2));
    assert!(!metrics.are_kept());
    assert_eq!(metrics.text(&Readings::default()), "");
    Ok(())
}
