//! Rules for a user who may read one database only, on top of the engine's grants.
//!
//! The engine checks tables, columns, dictionaries and table functions of such a user by its role. What grants leave
//! open is closed here: system tables that show other people's queries or the machine, statements that change the
//! session (and could take another role), and ways to name a table in a text.

use super::{Kind, Lexer, Token, first_word};
use crate::{engine::Failure, http::failure};

/// Statements a reader may send.
const STATEMENTS: &[&str] = &[
    "SELECT", "WITH", "FROM", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN",
];

/// What may follow SHOW.
const SHOWN: &[&str] = &[
    "CHANGED",
    "COLUMNS",
    "CREATE",
    "DATABASES",
    "DICTIONARIES",
    "ENGINES",
    "EXTENDED",
    "FIELDS",
    "FULL",
    "FUNCTIONS",
    "INDEX",
    "INDEXES",
    "INDICES",
    "KEYS",
    "SETTINGS",
    "TABLE",
    "TABLES",
    "VIEW",
];

/// System tables that clients ask on connecting; those on databases, tables, columns and dictionaries show only what
/// the role may see.
const SYSTEM_TABLES: &[&str] = &[
    "aggregate_function_combinators",
    "collations",
    "columns",
    "contributors",
    "data_type_families",
    "databases",
    "dictionaries",
    "formats",
    "functions",
    "keywords",
    "licenses",
    "numbers",
    "numbers_mt",
    "one",
    "settings",
    "table_functions",
    "tables",
    "time_zones",
    "zeros",
    "zeros_mt",
];

/// Functions that name tables by text, or show the server.
const FUNCTIONS: &[&str] = &[
    "cluster",
    "clusterallreplicas",
    "dictionary",
    "file",
    "getmacro",
    "getserverport",
    "getserversetting",
    "input",
    "loop",
    "merge",
    "prometheusquery",
    "prometheusqueryrange",
    "showcertificate",
    "viewexplain",
    "viewifpermitted",
];

/// As above, by the beginning of the name.
const FUNCTION_FAMILIES: &[&str] = &["filesystem", "fuzz", "mergetree", "timeseries"];

/// Checks a statement of a user who may read `database` only.
pub(in crate::http) fn check(sql: &[u8], database: &str, params: &[(String, String)]) -> Result<(), Failure> {
    let first = first_word(sql);
    if !STATEMENTS.contains(&first.as_str()) {
        return Err(denied(database, "this kind of statement"));
    }
    let mut window: [Option<Token<'_>>; 2] = [None, None];
    for token in Lexer::new(sql) {
        let token = token.map_err(|error| error.failure(sql))?;
        check_token(token, window, database)?;
        window = [window[1], Some(token)];
    }
    check_params(params, database)
}

/// Filters are expressions in a text, which could name what a statement may not; others name addresses.
pub(in crate::http) fn check_setting(name: &str, database: &str) -> Result<(), Failure> {
    let reaches_out = name.starts_with("format_avro_schema_registry");
    if reaches_out || name.starts_with("additional_") || name == "parallel_replicas_custom_key" {
        return Err(denied(database, &format!("the setting {name}")));
    }
    Ok(())
}

fn check_token(token: Token<'_>, window: [Option<Token<'_>>; 2], database: &str) -> Result<(), Failure> {
    let [before, last] = window;
    let name = token.name().unwrap_or_default();
    check_setting(&name, database)?;
    let Some(last) = last else { return Ok(()) };
    if last.is_keyword("SHOW") && before.is_none() && !SHOWN.iter().any(|word| token.is_keyword(word)) {
        return Err(denied(database, &format!("SHOW {name}")));
    }
    if last.is_keyword("EXPLAIN")
        && ["QUERY", "SYNTAX", "TABLE", "CURRENT"]
            .iter()
            .any(|word| token.is_keyword(word))
    {
        return Err(denied(database, &format!("EXPLAIN {name}")));
    }
    if last.is_symbol(b'.')
        && before
            .and_then(|token| token.name())
            .is_some_and(|name| is_system(&name))
    {
        let known = SYSTEM_TABLES.contains(&name.as_str());
        return if known {
            Ok(())
        } else {
            Err(denied(database, "this system table"))
        };
    }
    let called = token.is_symbol(b'(') && matches!(last.kind, Kind::Word | Kind::Quoted);
    if called && !before.is_some_and(|token| token.is_symbol(b'.')) {
        let lower = last.name().unwrap_or_default().to_ascii_lowercase();
        if FUNCTIONS.contains(&lower.as_str())
            || FUNCTION_FAMILIES.iter().any(|family| lower.starts_with(family))
        {
            return Err(denied(database, &format!("the function {lower}")));
        }
    }
    Ok(())
}

/// A parameter may stand for a name: none may stand for the system database.
fn check_params(params: &[(String, String)], database: &str) -> Result<(), Failure> {
    let names_system = params.iter().any(|(_, value)| {
        value
            .split('.')
            .next()
            .is_some_and(|name| is_system(name.trim_matches(['`', '"', ' '])))
    });
    if names_system {
        Err(denied(database, "a parameter that names the system database"))
    } else {
        Ok(())
    }
}

fn is_system(name: &str) -> bool {
    name == "system"
}

fn denied(database: &str, what: &str) -> Failure {
    failure::denied(format!(
        "Not enough privileges: this user reads the database {database} only, not {what}"
    ))
}

#[cfg(test)]
mod tests {
    use super::check;

    fn code(sql: &str) -> u32 {
        check(sql.as_bytes(), "quarterday", &[])
            .err()
            .map_or(0, |failure| failure.code)
    }

    #[test]
    fn reading_and_looking_around_pass() {
        for sql in [
            "select * from quarterday.measures",
            "with x as (select 1) select * from x",
            "(select 1) union all (select 2)",
            "show tables from quarterday",
            "show create table measures",
            "describe table measures",
            "exists table measures",
            "explain select 1",
            "select name, value from system.settings",
            "select * from system . `tables` where database = 'quarterday'",
            "select * from information_schema.tables",
            "select 'system.processes', processes from measures",
        ] {
            assert_eq!(code(sql), 0, "{sql}");
        }
    }

    #[test]
    fn everything_else_is_denied() {
        for sql in [
            "insert into quarterday.measures values (1)",
            "create table x (a Int8) engine = Memory",
            "set role full",
            "use quarterday_store",
            "kill query where 1",
            "system flush logs",
            "truncate table measures",
            "grant all on *.* to bi",
            "show processlist",
            "show access",
            "show grants",
            "select query from system.processes",
            "select query from system . /* x */ `proc\\x65sses`",
            "select * from \"system\".\"user_processes\"",
            "select * from `s\\x79stem`.processes",
            "select * from system.{t:Identifier}",
            "select * from merge('system', 'processes')",
            "select * from loop(measures)",
            "select * from mergeTreeIndex(quarterday_store, t)",
            "explain query tree select * from quarterday_store.t",
            "explain syntax select 1",
            "select getMacro('x')",
            "select 1 settings additional_result_filter = '1'",
            "select 1 settings format_avro_schema_registry_url = 'http://localhost'",
            "",
        ] {
            assert_eq!(code(sql), 497, "{sql}");
        }
    }

    #[test]
    fn a_parameter_cannot_name_the_system_database() {
        for value in ["system", "system.processes", "`system`.processes"] {
            let params = [("d".to_owned(), value.to_owned())];
            assert!(
                check(b"select * from {d:Identifier}.processes", "quarterday", &params).is_err(),
                "{value}"
            );
        }
    }
}
