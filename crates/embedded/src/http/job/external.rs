//! Makes temporary tables of the tables that came with a request.

use crate::{
    engine::{Connection, Failure},
    http::{
        failure,
        form::ExternalTable,
        sql::{self, Lexer},
    },
};

/// Words that would make more of a column than a name and a type. They are run with all rights, so nothing may be
/// evaluated here.
const NOT_A_TYPE: &[&str] = &[
    "ALIAS",
    "AS",
    "CODEC",
    "CONSTRAINT",
    "DEFAULT",
    "ENGINE",
    "EPHEMERAL",
    "INDEX",
    "MATERIALIZED",
    "PRIMARY",
    "PROJECTION",
    "SELECT",
    "TTL",
];

/// Makes the table and fills it.
pub(super) fn create(connection: &mut Connection, table: &ExternalTable) -> Result<(), Failure> {
    check_structure(&table.structure)?;
    if table.format.eq_ignore_ascii_case("Values") {
        return Err(failure::not_implemented(
            "External tables in the format Values are not taken",
        ));
    }
    let name = sql::quote_name(&table.name);
    connection.text(&format!("CREATE TEMPORARY TABLE {name} ({})", table.structure))?;
    let mut insert = connection.insert(&format!("INSERT INTO {name}"), &table.format)?;
    insert.append(&table.data)?;
    insert.finish().map(drop)
}

/// The statement that ends it.
pub(super) fn drop_statement(table: &ExternalTable) -> String {
    format!("DROP TEMPORARY TABLE IF EXISTS {}", sql::quote_name(&table.name))
}

fn check_structure(structure: &str) -> Result<(), Failure> {
    let refused =
        |what: &str| failure::bad_arguments(format!("The structure of an external table has {what}"));
    let mut depth = 0_i64;
    let mut columns = 0;
    for token in Lexer::new(structure.as_bytes()) {
        let token = token.map_err(|error| error.failure(structure.as_bytes()))?;
        if token.is_symbol(b'(') {
            depth += 1;
        } else if token.is_symbol(b')') {
            depth -= 1;
        } else if token.is_symbol(b';') || NOT_A_TYPE.iter().any(|word| token.is_keyword(word)) {
            return Err(refused("more than names and types of columns"));
        }
        if depth < 0 {
            break;
        }
        columns += 1;
    }
    if depth == 0 && columns > 0 {
        Ok(())
    } else {
        Err(refused("brackets that do not match, or no columns"))
    }
}

#[cfg(test)]
mod tests {
    use super::check_structure;

    #[test]
    fn only_names_and_types_are_taken() {
        for structure in [
            "a UInt8",
            "`a b` Enum('x' = -1, 'y' = 2), c Array(Nullable(DateTime64(3, 'UTC')))",
        ] {
            check_structure(structure).unwrap();
        }
        for structure in [
            "",
            "a UInt8) ENGINE = Memory",
            "a UInt8); DROP TABLE x",
            "a String DEFAULT (SELECT b FROM secret)",
            "a String -- ' \n materialized 1",
            "a String'",
            "a Array(UInt8",
        ] {
            assert!(check_structure(structure).is_err(), "{structure}");
        }
    }
}
