//! Mends one line of librdkafka. A consumer that checks checksums (`check.crcs`) is to step over a record batch whose checksum does
//! not fit; librdkafka (up to 2.12.1 at least) goes to a wrong place instead and reads on in the middle of a message, which ends in
//! wrong offsets and, now and then, in an assertion that ends the process. So the file with that line is compiled once more, mended,
//! and linked before the library that holds the original. A version without the line needs no mending.
//!
//! `tests/faults/damage.rs` would notice.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

const FILE: &str = "rdkafka_msgset_reader.c";
/// To a position that is really a length; the lines are those of the format whose batches have a `crc_len`.
const WRONG: &str = "rd_kafka_buf_skip_to(rkbuf, crc_len);";
const RIGHT: &str = "rd_kafka_buf_skip(rkbuf, crc_len);";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    // Where librdkafka was built; none if it is one of the system's.
    let Some(built) = env::var_os("DEP_RDKAFKA_ROOT").map(PathBuf::from) else {
        println!("cargo:warning=librdkafka is not built here: a damaged record batch may end the process");
        return Ok(());
    };
    let source = fs::read_to_string(built.join("src").join(FILE))?;
    if source.matches(WRONG).count() != 1 {
        println!(
            "cargo:warning=librdkafka has another {FILE} than is known: does tests/faults/damage.rs pass?"
        );
        return Ok(());
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let mended = out.join(FILE);
    fs::write(&mended, source.replace(WRONG, RIGHT))?;
    cc::Build::new()
        .file(&mended)
        .includes([built.join("src"), built.clone()])
        .includes(included(&built)?)
        .define("_GNU_SOURCE", None)
        .opt_level(2)
        .warnings(false)
        .cargo_metadata(false)
        .try_compile("msgset_reader")?;
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static:+whole-archive,-bundle=msgset_reader");
    Ok(())
}

/// Where librdkafka's own build found the headers of other libraries.
fn included(built: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let settings = fs::read_to_string(built.join("Makefile.config"))?;
    let words = settings.split_whitespace();
    Ok(words
        .filter_map(|word| word.strip_prefix("-I"))
        .map(PathBuf::from)
        .collect())
}
