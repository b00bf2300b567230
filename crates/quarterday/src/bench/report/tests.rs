use super::*;

fn run(seconds: u64, cpu: u64, mib: u64) -> Measured {
    Measured {
        rows: 1_000_000,
        elapsed: Duration::from_secs(seconds),
        cpu: Some(Duration::from_secs(cpu)),
        peak_bytes: Some(mib * MIB),
    }
}

fn report(measured: &[(Contender, Vec<Measured>)]) -> Report {
    Report {
        machine: Machine {
            cores: 2,
            processor: None,
            memory_mib: None,
            system: "linux x86_64".to_owned(),
        },
        broker: "Apache Kafka 4.1.1".to_owned(),
        filled: Filled {
            rows: 1_000_000,
            message_bytes: 118.2,
        },
        runs: 3,
        remarks: vec!["The Python loop was left out: Python is missing.".to_owned()],
        measured: measured.iter().cloned().collect(),
    }
}

#[test]
fn a_report_has_medians_and_ratios() {
    let report = report(&[
        (
            Contender::KafkaEngine,
            vec![run(20, 12, 400), run(25, 11, 410), run(10, 13, 390)],
        ),
        (
            Contender::Ours,
            vec![run(3, 3, 500), run(2, 4, 510), run(2, 2, 520)],
        ),
    ]);
    insta::assert_snapshot!(report.table(), @r"
    1,000,000 CCTV incidents, 118 bytes of Avro each, 4 partitions, one Apache Kafka 4.1.1 broker, medians of 3 runs.
    On 2 cores, linux x86_64.
    ┌─────────────────────────┬─────────┬─────────┬───────┬────────────┬──────────┬───────────────────┬──────────────────────┐
    │                         ┆ rows/s  ┆ seconds ┆ CPU s ┆ CPU µs/row ┆ peak MiB ┆ Quarterday faster ┆ Quarterday thriftier │
    ╞═════════════════════════╪═════════╪═════════╪═══════╪════════════╪══════════╪═══════════════════╪══════════════════════╡
    │ Quarterday worker       ┆ 500,000 ┆     2.0 ┆   3.0 ┆        3.0 ┆      510 ┆                   ┆                      │
    │ ClickHouse Kafka engine ┆  50,000 ┆    20.0 ┆  12.0 ┆       12.0 ┆      400 ┆            10.0 × ┆                4.0 × │
    └─────────────────────────┴─────────┴─────────┴───────┴────────────┴──────────┴───────────────────┴──────────────────────┘
    The Python loop was left out: Python is missing.
    ");
}

#[test]
fn json_has_what_the_table_has() {
    let report = report(&[(Contender::Ours, vec![run(2, 4, 500)])]);
    let json = report.json();
    assert_eq!(json["contenders"][0]["name"], "quarterday");
    assert_eq!(json["contenders"][0]["rows_per_second"], 500_000.0);
    assert_eq!(json["contenders"][0]["cpu_microseconds_per_row"], 4.0);
    assert_eq!(json["rows"], 1_000_000);
}

#[test]
fn what_the_system_does_not_tell_is_left_blank() {
    let unknown = Measured {
        cpu: None,
        peak_bytes: None,
        ..run(2, 0, 0)
    };
    let table = report(&[(Contender::Ours, vec![unknown])]).table();
    assert!(table.contains("500,000") && table.contains(" - "), "{table}");
}

#[test]
fn medians_and_thousands() {
    assert_eq!(median([3, 1, 2].into_iter()), 2);
    assert_eq!(median([1, 2].into_iter()), 2);
    assert_eq!(median(std::iter::empty::<u32>()), 0);
    assert_eq!(
        [0, 999, 1_000, 1_234_567].map(thousands),
        ["0", "999", "1,000", "1,234,567"]
    );
}
