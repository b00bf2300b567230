use super::*;

const HEADER: &str = "Log no,Date and time,Closed,Type of incident,Monitored,Arrests,Camera area,strands";

#[track_caller]
fn rows_of(text: &str) -> Vec<Result<Row, RowError>> {
    read(Format::Csv, text.as_bytes()).unwrap()
}

#[track_caller]
fn record(row: &str) -> Value {
    rows_of(&format!("{HEADER}\n{row}\n")).remove(0).unwrap().record
}

#[track_caller]
fn refused(row: &str) -> String {
    rows_of(&format!("{HEADER}\n{row}\n"))
        .remove(0)
        .unwrap_err()
        .to_string()
}

#[track_caller]
fn header_refused(header: &str) -> String {
    let Err(error) = read(Format::Csv, header.as_bytes()) else {
        panic!("{header} was taken")
    };
    error.to_string()
}

#[test]
fn a_row_is_a_record_that_can_be_encoded() {
    let found = record("L1,28/06/2014 23:40,2014-06-29, fight ,Yes,2,,race; religion");
    let expected = json!({
        "ref": "L1", "occurred_at": "2014-06-28T22:40:00Z", "closed_on": "2014-06-29", "incident_type": "fight",
        "monitored": true, "arrests": 2, "camera_area": "", "strands": ["race", "religion"], "version": 1,
        "op": "SUBMIT", "feed": "cctv-incidents", "partner": "TWBC_CCTV", "sent_at": "2014-07-05T10:00:00Z"
    });
    assert_eq!(found, expected);
    Encoder::new(&testing::incident()).encode(&found).unwrap();
}

#[test]
fn times_as_people_write_them() {
    let occurred = |cell: &str| {
        record(&format!("L1,{cell},,ASB,n,0,,"))["occurred_at"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(occurred("1/7/2014 0:30"), "2014-06-30T23:30:00Z");
    assert_eq!(occurred("2014-07-01 00:30:15"), "2014-06-30T23:30:15Z");
    assert_eq!(occurred("2014-07-01T00:30"), "2014-06-30T23:30:00Z");
    assert_eq!(occurred("2014-06-30T23:30:00Z"), "2014-06-30T23:30:00Z");
}

#[test]
fn byte_order_mark_line_ends_and_quotes() {
    let text = format!(
        "\u{feff}{HEADER}\r\n\"L1\",01/07/2014 10:00,,ASB,no,0,\"two\r\nlines, \"\"quoted\"\"\",\r\n,,,,,,,\r\n\r\nL2,01/07/2014 10:00,,ASB,no,0,,\r\n"
    );
    let found = rows_of(&text);
    let rows: Vec<&Row> = found.iter().map(|row| row.as_ref().unwrap()).collect();
    assert_eq!(rows[0].record["camera_area"], json!("two\r\nlines, \"quoted\""));
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 6]);
}

#[test]
fn cells_that_are_wrong_are_named() {
    assert_eq!(
        refused("L1,soon,,ASB,no,0,,"),
        "row 2, column 2: occurred_at: is \"soon\", and must be a date and time, dd/mm/yyyy hh:mm or 2014-06-30 23:40"
    );
    assert_eq!(
        refused("L1,01/07/2014 10:00,31/06/2014,ASB,no,0,,"),
        "row 2, column 3: closed_on: is \"31/06/2014\", and must be a date, dd/mm/yyyy or 2014-06-30"
    );
    assert!(refused("L1,01/07/2014 10:00,30/06/14,ASB,no,0,,").contains("closed_on"));
    assert!(refused("L1,01/07/2014,,ASB,no,0,,").contains("occurred_at"));
    assert_eq!(
        refused("L1,01/07/2014 10:00,,ASB,perhaps,0,,"),
        "row 2, column 5: monitored: is \"perhaps\", and must be yes or no"
    );
    assert_eq!(
        refused("L1,01/07/2014 10:00,,ASB,no,about 250,,"),
        "row 2, column 6: arrests: is a value that does not look like a code, and must be a whole number"
    );
}

#[test]
fn a_row_with_a_mistake_costs_only_itself() {
    let text =
        format!("{HEADER}\nL1,x,,ASB,no,0,,\nL2,01/07/2014 10:00,,ASB\nL3,01/07/2014 10:00,,ASB,no,0,,,,\n");
    assert_eq!(
        summary(Format::Csv, &text, "ref")[1..],
        [
            "row 3: has 4 cells where the header has 8; is a value with a comma in it not in quotes?",
            "4: \"L3\""
        ]
    );
    let bytes = [HEADER.as_bytes(), b"\nL1,01/07/2014 10:00,,ASB,no,0,caf\xe9,\n"].concat();
    let error = read(Format::Csv, &bytes).unwrap().remove(0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 2, column 7: camera_area: is not UTF-8; save the file again as \"CSV UTF-8\""
    );
}

#[test]
fn headers_do_not_mind_capitals_blanks_and_signs() {
    let text = "LOG-NO,occurred_at,incident type,monitored,ARRESTS,op,version,,\nL1,01/07/2014 10:00,ASB,no,0,amend,2,,\n";
    let found = rows_of(text).remove(0).unwrap().record;
    assert_eq!((&found["op"], &found["version"]), (&json!("AMEND"), &json!(2)));
}

#[test]
fn files_that_are_another_kind_of_file() {
    let semicolons = header_refused("Log no;Date and time;Type of incident\nL1;01/07/2014 10:00;ASB\n");
    assert!(semicolons.contains("separated by semicolons"), "{semicolons}");
    let other = header_refused("Crime reference,Date recorded,Home Office code,Ward\n");
    assert!(
        other.contains("3 of 4 columns are no headers of this feed") && other.contains("\"Crime reference\""),
        "{other}"
    );
}

#[test]
fn headers_that_do_not_fit() {
    assert_eq!(
        header_refused("Log no,Date and time,Type of incident,Monitored,Arrests,Arests,log_no\n"),
        "the header does not fit: column 6, \"Arests\", is no header of feed cctv-incidents; it takes Arrests, Camera \
         area, Closed, Date and time, Log no, Monitored, Type of incident; column 7 is the field ref again"
    );
    assert_eq!(
        header_refused("Log no,Type of incident\n"),
        "the header does not fit: these fields have no column: occurred_at, monitored, arrests"
    );
    assert_eq!(header_refused(""), "the header does not fit: the file is empty");
}

#[test]
fn a_quote_left_open_ends_the_file_and_not_the_memory() {
    let text = format!(
        "{HEADER}\nL1,01/07/2014 10:00,,ASB,no,0,,\n\"L2,{}",
        "x\n".repeat(2 << 20)
    );
    let found = summary(Format::Csv, &text, "ref");
    assert_eq!(
        found,
        [
            "2: \"L1\"",
            "row 3: the file cannot be read on: a row has no end within 1 MiB; is a quote left open?"
        ]
    );
}

const WITH_STAYS: &str =
    "Log no,Date and time,Type of incident,Monitored,Arrests,stays_from_on,stays_kind,stays_until_on";

#[track_caller]
fn stays(cells: &str) -> Result<Value, String> {
    let text = format!("{WITH_STAYS}\nL1,01/07/2014 10:00,ASB,no,0,{cells}\n");
    match rows_of(&text).remove(0) {
        Ok(row) => {
            Encoder::new(&testing::incident()).encode(&row.record).unwrap();
            Ok(row.record["stays"].clone())
        }
        Err(error) => Err(error.to_string()),
    }
}

#[test]
fn arrays_of_records_have_a_column_for_each_field() {
    assert_eq!(
        stays("01/07/2014; 2014-08-01,race;religion,02/07/2014;").unwrap(),
        json!([
            {"from_on": "2014-07-01", "kind": "race", "until_on": "2014-07-02"},
            {"from_on": "2014-08-01", "kind": "religion", "until_on": null}
        ])
    );
    assert_eq!(
        stays("01/07/2014,race,").unwrap(),
        json!([{"from_on": "2014-07-01", "kind": "race", "until_on": null}])
    );
    assert_eq!(stays(",, ").unwrap(), json!([]));
    let text = "Log no,Date and time,Type of incident,Monitored,Arrests,Stays from on\nL1,01/07/2014 10:00,ASB,no,0,2014-07-01\n";
    assert_eq!(
        rows_of(text).remove(0).unwrap().record["stays"],
        json!([{"from_on": "2014-07-01"}])
    );
}

#[test]
fn columns_of_one_array_have_as_many_entries() {
    assert_eq!(
        stays("01/07/2014;01/08/2014,race;race,02/07/2014").unwrap_err(),
        "row 2: stays_from_on has 2 and stays_until_on has 1 entries between semicolons; each needs as many as the \
         other, empty where there is no date yet"
    );
    assert_eq!(
        stays("soon,race,").unwrap_err(),
        "row 2, column 6: stays_from_on: is \"soon\", and must be a date, dd/mm/yyyy or 2014-06-30"
    );
}
