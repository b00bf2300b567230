use super::*;

fn code(sql: &str) -> u32 {
    check(sql.as_bytes(), &[("t".to_owned(), "measures".to_owned())])
        .err()
        .map_or(0, |failure| failure.code)
}

#[test]
fn what_reaches_outside_is_refused() {
    for sql in [
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "select 1 into/**/outfile '/tmp/x' truncate",
        "select 1 INTO -- '\n OUTFILE $$/tmp/x$$",
        "select 1 // ' \n into outfile '/tmp/x'",
        "select ‘ ' ’ into outfile '/tmp/x'",
        "select 1e--1 into outfile '/tmp/x'",
        "select 1 as insert into outfile '/tmp/x'",
        "select 1 from t insert into outfile '/tmp/x'",
        "select 1 format Protobuf settings output_format_schema = '/tmp/x'",
        "select 1 settings format_template_row = '/etc/hostname' format Template",
        "set format_schema = '/etc/hostname:x'",
        "INSERT INTO t FROM INFILE '/etc/passwd' FORMAT TSV",
        "select file('/etc/hostname')",
        "select file ('/etc/hostname')",
        "select `file`('/etc/hostname')",
        r#"select "fi\x6ce"('/etc/hostname')"#,
        "select “file”('/etc/hostname')",
        "select arrayMap(file, ['/etc/hostname'])",
        "select arrayMap((file), ['/etc/hostname'])",
        "select arrayMap(file as g, ['/etc/hostname'])",
        "select arrayMap(x -> file(x), ['/etc/hostname'])",
        "select * apply file from t",
        "select * apply(file) from t",
        "select (select file('/etc/hostname'))",
        "create function f as (x) -> file(x)",
        "create table t as file('/etc/hostname')",
        "(3, file('/etc/hostname'))",
        "select * from url('http://x/', TSV)",
        "select * from s3('x')",
        "select * from icebergS3Cluster('x')",
        "select * from remote('127.0.0.1', system.one)",
        "select * from executable('ls', TSV, 'a String')",
        "select * from sqlite('/x', 'y')",
        "select * from eval('select 1')",
        "select * from format(Values, 's String', $$(file('/etc/hostname'))$$)",
        "select * from format('VALUES', 's String', '')",
        "select * from format({f:Identifier}, 's String', '')",
        "select * from format(JSONEachRow, 'a UInt8, b String default file(\\'/x\\')', '{}')",
        "select * from format('CS' || 'V', 'a UInt8', '1')",
        "select * from format('CSV', 'a UInt8', '1')",
        "create table t as format(CSV, '1')",
        "select 1 settings additional_result_filter = $$file('/x') = ''$$",
        "select 1 settings additional_table_filters = {'t': 'file(\\'/x\\')'}",
        "set additional_result_filter = 'file(1)'",
        "set dialect = 'prql'",
        "insert into function file('/tmp/x', TSV) values (1)",
        "insert into table function url('http://x') select 1",
        "create table t (a Int8) engine = URL('http://x', TSV)",
        "create table t (a Int8) engine File(TSV)",
        "create table t (a Int8) ENGINE = `Executable`('ls', TSV)",
        "create table t (a Int8) engine=EmbeddedRocksDB(0, '/tmp/x') primary key a",
        "create database d engine = Filesystem('/etc')",
        "create database d engine = MaterializedPostgreSQL",
        "create dictionary d (a Int8) primary key a source(executable(command 'ls' format 'TSV')) layout(flat())",
        "create dictionary d (a Int8) primary key a source(clickhouse(query 'select file(\\'/x\\') a')) layout(flat())",
        "create dictionary d (a Int8) primary key a source(clickhouse(query $$select file('/x')$$)) layout(flat())",
        "attach table t from '/etc' (a Int8) engine = MergeTree order by a",
        "backup table t to File('/tmp/x')",
        "backup table t to Disk('default', 'x')",
        "create table t (a Int8) engine = MergeTree order by a settings disk = disk(type = local, path = '/x')",
        "system shutdown",
        "SYSTEM /* now */ KILL",
    ] {
        assert_eq!(code(sql), 497, "{sql}");
    }
}

#[test]
fn ordinary_statements_pass() {
    for sql in [
        "select 1",
        "select 'into outfile', 'file(', \"into outfile\" from t -- file(x)",
        "select $$ file('/etc/hostname') $$",
        "select /* file('x') */ 1",
        "insert into outfile values (1)",
        "insert into file (a, b) values (1, 'file(')",
        "select t.file, file.a from db.file as file",
        "select 1 as file",
        "select domain(url), count() from hits group by url",
        "select engine, engine_full from system.tables where engine = 'URL'",
        "create table t (a Int8) engine = MergeTree order by a",
        "create table t (a String) engine = Kafka('127.0.0.1:9092', 't', 'g', 'AvroConfluent')",
        "create dictionary d (a Int8) primary key a source(clickhouse(query 'select a from t')) layout(flat()) comment 'it''s'",
        "select * from {t:Identifier}",
        "select format('{}', a), format('{} file(1)') from t",
        "select 1 settings additional_result_filter = 'a = \\'file\\''",
        "select dialect from t where dialect = 'x'",
        "select infile from t",
        "select * from infile",
        "system flush logs",
        "kill query where query_id = 'x'",
        "select * from pv(k = 1)",
        "select formatDateTime(now(), '%F')",
    ] {
        assert_eq!(code(sql), 0, "{sql}");
    }
}

#[test]
fn an_identifier_from_outside_cannot_be_a_function() {
    let params = |value: &str| vec![("f".to_owned(), value.to_owned())];
    let sql = b"select arrayMap({f:Identifier}, ['/etc/hostname'])";
    for value in ["file", "FILE", r"fi\x6ce"] {
        assert_eq!(check(sql, &params(value)).unwrap_err().code, 497, "{value}");
    }
    assert_eq!(check(sql, &[]).unwrap_err().code, 456);
    check(sql, &params("upper")).unwrap();
}

#[test]
fn what_cannot_be_read_is_refused() {
    assert_eq!(code("select 'a"), 62);
}

#[test]
fn settings_beside_the_statement_are_checked_too() {
    let code = |name, value| check_setting(name, value).err().map_or(0, |failure| failure.code);
    assert_eq!(code("additional_result_filter", "file('/x') = ''"), 497);
    assert_eq!(code("additional_table_filters", "{'t': 'file(\\'/x\\')'}"), 497);
    assert_eq!(code("additional_table_filters", "{'t': 'a = 1'}"), 0);
    assert_eq!(code("additional_result_filter", "'"), 62);
    assert_eq!(code("dialect", "kusto"), 497);
    assert_eq!(code("dialect", "clickhouse"), 0);
    assert_eq!(code("max_threads", "file("), 0);
}

#[test]
fn data_cannot_come_through_input() {
    assert_eq!(
        code("insert into t select a from input('a String') format TSV\n1\n\ndrop table t"),
        48
    );
}
