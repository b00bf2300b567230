//! Names of formats, their content types, and whether their output may be handed out piece by piece.

/// How the chunks of a streamed result make up the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunks {
    /// They follow each other as they are.
    Concatenate,
    /// Each begins with the column names (and types, if true); only the first may keep them.
    RepeatHeader { types: bool },
    /// They do not: the result has to be made as a whole.
    Whole,
}

/// The format's canonical name: JDBC and others know no other spelling. An unknown name stays as it is.
pub(super) fn canonical(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let alias = ALIASES
        .iter()
        .find(|(alias, _)| *alias == lower)
        .map(|(_, name)| *name);
    let known = alias.or_else(|| {
        NAMES
            .iter()
            .copied()
            .find(|known| known.eq_ignore_ascii_case(name))
    });
    known.unwrap_or(name).to_owned()
}

/// Whether this is the name of a format, for results or only for data.
pub(super) fn is_known(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    ALIASES.iter().any(|(alias, _)| *alias == lower)
        || NAMES
            .iter()
            .chain(INPUT_ONLY)
            .any(|known| known.eq_ignore_ascii_case(name))
}

/// How a result in this format can be streamed. Takes the canonical name.
pub(super) fn chunks(name: &str) -> Chunks {
    match name {
        "Native" | "RowBinary" | "TabSeparated" | "TabSeparatedRaw" | "CSV" | "JSONEachRow"
        | "JSONCompactEachRow" => Chunks::Concatenate,
        "RowBinaryWithNames" => Chunks::RepeatHeader { types: false },
        "RowBinaryWithNamesAndTypes" => Chunks::RepeatHeader { types: true },
        _ => Chunks::Whole,
    }
}

/// The content type. Takes the canonical name.
pub(super) fn content_type(name: &str) -> &'static str {
    match name {
        "CSV" => "text/csv; charset=UTF-8; header=absent",
        _ if name.starts_with("CSV") => "text/csv; charset=UTF-8; header=present",
        _ if name.starts_with("TabSeparated") || name == "TSKV" => "text/tab-separated-values; charset=UTF-8",
        "XML" => "application/xml; charset=UTF-8",
        "JSONObjectEachRow" | "GeoJSON" => "application/json; charset=UTF-8",
        _ if name.contains("EachRow") && name.contains("JSON") => "application/x-ndjson; charset=UTF-8",
        _ if name.starts_with("JSON") => "application/json; charset=UTF-8",
        "Markdown" => "text/markdown; charset=UTF-8",
        "Vertical" | "Values" | "SQLInsert" | "Prometheus" => "text/plain; charset=UTF-8",
        _ if name.starts_with("Pretty") || name.starts_with("LineAsString") => "text/plain; charset=UTF-8",
        _ => "application/octet-stream",
    }
}

/// Length of the header that each chunk of such a format begins with; `None` if there is no whole one.
pub(super) fn header_length(chunk: &[u8], types: bool) -> Option<usize> {
    let (columns, mut at) = varint(chunk, 0)?;
    let texts = columns.checked_mul(if types { 2 } else { 1 })?;
    for _ in 0..texts {
        let (length, behind) = varint(chunk, at)?;
        at = behind.checked_add(length).filter(|end| *end <= chunk.len())?;
    }
    Some(at)
}

fn varint(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut value = 0_usize;
    for (place, byte) in bytes.get(at..)?.iter().take(5).enumerate() {
        value |= usize::from(byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((value, at + place + 1));
        }
    }
    None
}

const ALIASES: &[(&str, &str)] = &[
    ("tsv", "TabSeparated"),
    ("tsvwithnames", "TabSeparatedWithNames"),
    ("tsvwithnamesandtypes", "TabSeparatedWithNamesAndTypes"),
    ("tsvraw", "TabSeparatedRaw"),
    ("raw", "TabSeparatedRaw"),
    ("tsvrawwithnames", "TabSeparatedRawWithNames"),
    ("rawwithnames", "TabSeparatedRawWithNames"),
    ("tsvrawwithnamesandtypes", "TabSeparatedRawWithNamesAndTypes"),
    ("rawwithnamesandtypes", "TabSeparatedRawWithNamesAndTypes"),
    ("jsonlines", "JSONEachRow"),
    ("jsonl", "JSONEachRow"),
    ("ndjson", "JSONEachRow"),
    ("prettyjsonlines", "PrettyJSONEachRow"),
    ("prettyndjson", "PrettyJSONEachRow"),
    ("md", "Markdown"),
];

const INPUT_ONLY: &[&str] = &[
    "AvroConfluent",
    "CustomSeparatedIgnoreSpaces",
    "CustomSeparatedIgnoreSpacesWithNames",
    "CustomSeparatedIgnoreSpacesWithNamesAndTypes",
    "DWARF",
    "Form",
    "JSONAsObject",
    "JSONAsString",
    "MySQLDump",
    "One",
    "ParquetMetadata",
    "Regexp",
    "RowBinaryWithDefaults",
    "RowBinaryWithNamesAndTypesAndDefaults",
    "TemplateIgnoreSpaces",
];

const NAMES: &[&str] = &[
    "Arrow",
    "ArrowStream",
    "Avro",
    "BSONEachRow",
    "Buffers",
    "CSV",
    "CSVWithNames",
    "CSVWithNamesAndTypes",
    "CustomSeparated",
    "CustomSeparatedWithNames",
    "CustomSeparatedWithNamesAndTypes",
    "GeoJSON",
    "Hash",
    "JSON",
    "JSONColumns",
    "JSONColumnsWithMetadata",
    "JSONCompact",
    "JSONCompactColumns",
    "JSONCompactEachRow",
    "JSONCompactEachRowWithNames",
    "JSONCompactEachRowWithNamesAndTypes",
    "JSONCompactEachRowWithProgress",
    "JSONCompactStrings",
    "JSONCompactStringsEachRow",
    "JSONCompactStringsEachRowWithNames",
    "JSONCompactStringsEachRowWithNamesAndTypes",
    "JSONEachRow",
    "JSONEachRowWithProgress",
    "JSONObjectEachRow",
    "JSONStrings",
    "JSONStringsEachRow",
    "LineAsString",
    "LineAsStringWithNames",
    "LineAsStringWithNamesAndTypes",
    "Markdown",
    "MsgPack",
    "MySQLWire",
    "Native",
    "Npy",
    "Null",
    "ODBCDriver2",
    "ORC",
    "Parquet",
    "PostgreSQLWire",
    "Pretty",
    "PrettyCompact",
    "PrettyCompactMonoBlock",
    "PrettyCompactNoEscapes",
    "PrettyCompactNoEscapesMonoBlock",
    "PrettyJSONEachRow",
    "PrettyMonoBlock",
    "PrettyNoEscapes",
    "PrettyNoEscapesMonoBlock",
    "PrettySpace",
    "PrettySpaceMonoBlock",
    "PrettySpaceNoEscapes",
    "PrettySpaceNoEscapesMonoBlock",
    "Prometheus",
    "Protobuf",
    "ProtobufList",
    "ProtobufSingle",
    "RawBLOB",
    "RowBinary",
    "RowBinaryWithNames",
    "RowBinaryWithNamesAndTypes",
    "SQLInsert",
    "TSKV",
    "TabSeparated",
    "TabSeparatedRaw",
    "TabSeparatedRawWithNames",
    "TabSeparatedRawWithNamesAndTypes",
    "TabSeparatedWithNames",
    "TabSeparatedWithNamesAndTypes",
    "Template",
    "Values",
    "Vertical",
    "XML",
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_become_canonical() {
        for (name, expected) in [
            ("TSV", "TabSeparated"),
            ("rowbinary", "RowBinary"),
            ("NDJSON", "JSONEachRow"),
            ("Nope", "Nope"),
        ] {
            assert_eq!(canonical(name), expected);
        }
        assert_eq!(content_type("JSONEachRow"), "application/x-ndjson; charset=UTF-8");
        assert_eq!(content_type("JSONCompact"), "application/json; charset=UTF-8");
        assert_eq!(content_type("Native"), "application/octet-stream");
    }

    #[test]
    fn the_header_is_measured() {
        let chunk = b"\x01\x06number\x06UInt64\x00\x00";
        assert_eq!(header_length(chunk, true), Some(15));
        assert_eq!(header_length(chunk, false), Some(8));
        assert_eq!(header_length(&chunk[..10], true), None);
        assert_eq!(header_length(b"", true), None);
    }

    proptest! {
        #[test]
        fn any_chunk_is_measured_without_panic(chunk in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Some(length) = header_length(&chunk, true) {
                prop_assert!(length <= chunk.len());
            }
        }
    }
}
