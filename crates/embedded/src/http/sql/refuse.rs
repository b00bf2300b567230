//! Refuses statements that reach out of the engine: files, addresses, programs, the process itself.
//!
//! The engine's grants deny most table functions and engines already. This guards what grants do not cover (INTO
//! OUTFILE, FROM INFILE, the scalar function `file`, dictionary sources, programs) and says so in words. It goes by
//! tokens and errs on the side of refusing: a column that is named like one of the functions needs its table's name
//! before it.

use super::{Kind, Lexer, Token};
use crate::{
    engine::Failure,
    http::{failure, formats},
};

/// Table functions, dictionary sources, backup targets and disks: refused before an opening bracket.
const OUTSIDE_CALLS: &[&str] = &[
    "arrowflight",
    "arrowstream",
    "cosn",
    "disk",
    "eval",
    "executable",
    "executablepool",
    "executable_pool",
    "filecluster",
    "filelog",
    "filesystem",
    "gcs",
    "http",
    "jdbc",
    "library",
    "mongodb",
    "mysql",
    "odbc",
    "oss",
    "postgresql",
    "redis",
    "remote",
    "remotesecure",
    "sqlite",
    "url",
    "urlcluster",
    "ytsaurus",
];

/// As above, by the beginning of the name: object stores and table formats with all their variants.
const OUTSIDE_FAMILIES: &[&str] = &[
    "azure",
    "deltalake",
    "hdfs",
    "hive",
    "hudi",
    "iceberg",
    "paimon",
    "s3",
];

/// Engines of tables and databases that hold their data elsewhere.
const OUTSIDE_ENGINES: &[&str] = &[
    "backup",
    "datalakecatalog",
    "embeddedrocksdb",
    "externaldistributed",
    "file",
    "materializedmysql",
    "materializedpostgresql",
    "nats",
    "rabbitmq",
];

/// Scalar functions that read files or ask the network. They may be passed on by name alone (`arrayMap(file, …)`,
/// `APPLY file`), so the name is refused wherever it could be one.
const OUTSIDE_SCALARS: &[&str] = &[
    "aiclassify",
    "aiembed",
    "aiextract",
    "aigenerate",
    "aitranslate",
    "catboostevaluate",
    "file",
];

/// Settings whose values are expressions.
const EXPRESSION_SETTINGS: &[&str] = &[
    "additional_result_filter",
    "additional_table_filters",
    "parallel_replicas_custom_key",
];

/// Settings that name files or addresses, by the beginning of the name: schemas and templates of formats. Inside a library
/// the engine takes any path in them, to read and to write.
const OUTSIDE_SETTINGS: &[&str] = &["format_schema", "format_template_r", "output_format_schema"];

/// Commands that would stop the process this engine lives in.
const STOPS: &[&str] = &["SHUTDOWN", "KILL", "SUSPEND"];

/// Checks a whole statement, or the data of `INSERT … VALUES`, whose expressions are evaluated.
pub(in crate::http) fn check(sql: &[u8], params: &[(String, String)]) -> Result<(), Failure> {
    let mut guard = Guard {
        params,
        ..Guard::default()
    };
    for token in Lexer::new(sql) {
        guard.see(token.map_err(|error| error.failure(sql))?)?;
    }
    guard.end()
}

/// Checks a setting that comes beside the statement.
pub(in crate::http) fn check_setting(name: &str, value: &str) -> Result<(), Failure> {
    if name == "dialect" && !value.eq_ignore_ascii_case("clickhouse") {
        return Err(other_dialect());
    }
    if is_outside_setting(name) {
        return Err(refused(&format!("the setting {name}")));
    }
    if !EXPRESSION_SETTINGS.contains(&name) {
        return Ok(());
    }
    let mut guard = Guard {
        texts_are_sql: true,
        ..Guard::default()
    };
    for token in Lexer::new(value.as_bytes()) {
        guard.see(token.map_err(|error| error.failure(value.as_bytes()))?)?;
    }
    guard.end()
}

/// Looks at tokens one by one; `last` is judged when its follower is known.
#[derive(Default)]
struct Guard<'a> {
    params: &'a [(String, String)],
    /// The three tokens before the newest one, newest last.
    window: [Option<Token<'a>>; 3],
    /// Whether the texts of the statement may be SQL: sources of dictionaries, filters in settings.
    texts_are_sql: bool,
    statement: Option<Token<'a>>,
}

impl<'a> Guard<'a> {
    fn see(&mut self, token: Token<'a>) -> Result<(), Failure> {
        let first = *self.statement.get_or_insert(token);
        let makes = ["CREATE", "REPLACE", "ATTACH", "ALTER"]
            .iter()
            .any(|word| first.is_keyword(word));
        let name = token.name().unwrap_or_default();
        self.texts_are_sql |=
            (makes && token.is_keyword("DICTIONARY")) || EXPRESSION_SETTINGS.contains(&name.as_str());
        if first.is_keyword("SET") && name == "dialect" {
            return Err(other_dialect());
        }
        if is_outside_setting(&name) && !self.is_column() {
            return Err(refused(&format!("the setting {name}")));
        }
        self.judge(Some(token))?;
        self.check_new(token)?;
        let [_, older, old] = self.window;
        self.window = [older, old, Some(token)];
        Ok(())
    }

    fn end(&mut self) -> Result<(), Failure> {
        self.judge(None)
    }

    /// Whether the newest token stands behind a dot.
    fn is_column(&self) -> bool {
        let [_, _, last] = self.window;
        is_sign(last, b'.')
    }

    /// Rules that need only the newest token and what stands before it.
    fn check_new(&self, token: Token<'_>) -> Result<(), Failure> {
        let [before_that, before, last] = self.window;
        let is = |token: Option<Token<'_>>, word| token.is_some_and(|token| token.is_keyword(word));
        // A table of that name can only stand at the very beginning: anywhere else INSERT may be an alias.
        let inserts = is(before, "INSERT") && before_that.is_none();
        if token.is_keyword("OUTFILE") && is(last, "INTO") && !inserts {
            return Err(refused("INTO OUTFILE"));
        }
        if is(last, "INFILE") && is(before, "FROM") && (token.kind == Kind::Text || token.is_symbol(b'{')) {
            return Err(refused("FROM INFILE"));
        }
        if is(last, "FROM") && token.kind == Kind::Text && is(self.statement, "ATTACH") {
            return Err(refused("ATTACH … FROM a path"));
        }
        if is(last, "SYSTEM") && STOPS.iter().any(|word| token.is_keyword(word)) {
            return Err(refused("stopping the engine"));
        }
        let after_engine = is(last, "ENGINE") || (is_sign(last, b'=') && is(before, "ENGINE"));
        if after_engine && token.name().is_some_and(|name| is_outside_engine(&name)) {
            return Err(refused(&format!(
                "the engine {}",
                token.name().unwrap_or_default()
            )));
        }
        if token.is_keyword("IDENTIFIER") && is_sign(last, b':') && is_sign(before_that, b'{') {
            self.check_identifier_param(before)?;
        }
        self.check_nested_text(token)
    }

    /// Texts that may hold SQL, and the table function `format`, whose structure may hold default expressions and
    /// whose data, in the format Values, is expressions.
    fn check_nested_text(&self, token: Token<'_>) -> Result<(), Failure> {
        let [_, before, last] = self.window;
        if is_sign(last, b'(') && before.is_some_and(|token| is_named(token, "format")) {
            let is_pattern = token.text().is_some_and(|text| !formats::is_known(&text));
            if !is_pattern {
                return Err(refused("the table function format()"));
            }
        }
        match token.text() {
            Some(text) if self.texts_are_sql => match check(text.as_bytes(), self.params) {
                // Most texts are not SQL at all.
                Err(failure) if failure.code == failure::ACCESS_DENIED => Err(failure),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Judges the last token of the window, now that its follower is known.
    fn judge(&self, next: Option<Token<'_>>) -> Result<(), Failure> {
        let [before_that, before, Some(token)] = self.window else {
            return Ok(());
        };
        let is_first_text = token.kind == Kind::Text && is_sign(before, b'(');
        if is_first_text && before_that.is_some_and(|token| is_named(token, "format")) {
            // A text that is put together could become the name of a format.
            let stands_alone = is_sign(next, b',') || is_sign(next, b')');
            return if stands_alone {
                Ok(())
            } else {
                Err(refused("the table function format()"))
            };
        }
        let Some(name) = token.name() else {
            return Ok(());
        };
        let lower = name.to_ascii_lowercase();
        let called = next.is_some_and(|next| next.is_symbol(b'('));
        // A name behind a dot is a column or a table of a database, behind INTO a table: never a function.
        if is_sign(before, b'.') || before.is_some_and(|before| before.is_keyword("INTO")) {
            return Ok(());
        }
        if called && lower == "input" {
            return Err(failure::not_implemented(
                "INSERT … SELECT … FROM input() is not taken; insert the data as it is",
            ));
        }
        if called && is_outside_call(&lower) {
            return Err(refused(&format!("{name}()")));
        }
        if !OUTSIDE_SCALARS.contains(&lower.as_str()) {
            return Ok(());
        }
        let is_alias = before.is_some_and(|before| before.is_keyword("AS")) && !called;
        if is_alias || is_qualifier(next) {
            Ok(())
        } else {
            Err(refused(&format!("the function {name}")))
        }
    }

    /// `{name:Identifier}` puts a parameter's value in the place of a name.
    fn check_identifier_param(&self, name: Option<Token<'_>>) -> Result<(), Failure> {
        let name = name.and_then(|token| token.name()).unwrap_or_default();
        let Some((_, value)) = self.params.iter().find(|(param, _)| *param == name) else {
            return Err(Failure::new(
                456,
                "UNKNOWN_QUERY_PARAMETER",
                format!(
                    "Substitution `{name}` is not set; an Identifier has to come with the request itself"
                ),
            ));
        };
        if value.contains('\\') || OUTSIDE_SCALARS.contains(&value.to_ascii_lowercase().as_str()) {
            return Err(refused(&format!("the value of the Identifier {name}")));
        }
        Ok(())
    }
}

/// `file.column`: the name of a table.
fn is_qualifier(next: Option<Token<'_>>) -> bool {
    is_sign(next, b'.')
}

fn is_outside_setting(name: &str) -> bool {
    OUTSIDE_SETTINGS.iter().any(|family| name.starts_with(family))
}

fn is_outside_call(lower: &str) -> bool {
    OUTSIDE_CALLS.contains(&lower) || OUTSIDE_FAMILIES.iter().any(|family| lower.starts_with(family))
}

fn is_outside_engine(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    OUTSIDE_ENGINES.contains(&lower.as_str()) || is_outside_call(&lower)
}

fn is_named(token: Token<'_>, name: &str) -> bool {
    token.name().is_some_and(|found| found.eq_ignore_ascii_case(name))
}

fn is_sign(token: Option<Token<'_>>, sign: u8) -> bool {
    token.is_some_and(|token| token.is_symbol(sign))
}

/// The rules read ClickHouse's own SQL only.
fn other_dialect() -> Failure {
    refused("another SQL dialect")
}

fn refused(what: &str) -> Failure {
    failure::denied(format!(
        "Not allowed here: {what}. This engine reads and writes no files, addresses or programs"
    ))
}

#[cfg(test)]
#[path = "refuse_tests.rs"]
mod tests;
