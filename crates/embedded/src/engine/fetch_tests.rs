use flate2::{Compression, write::GzEncoder};

use super::*;

fn tgz(directory: &Path, member: &str, content: &[u8]) -> PathBuf {
    let path = directory.join("package.tgz");
    let gzip = GzEncoder::new(File::create(&path).unwrap(), Compression::fast());
    let mut archive = tar::Builder::new(gzip);
    let mut header = tar::Header::new_gnu();
    header.set_size(u64::try_from(content.len()).unwrap());
    header.set_mode(0o644);
    archive.append_data(&mut header, member, content).unwrap();
    archive.into_inner().unwrap().finish().unwrap();
    path
}

#[test]
fn only_the_library_is_unpacked() {
    let directory = tempfile::tempdir().unwrap();
    let package = Package::for_this_platform().unwrap();
    let packed = tgz(directory.path(), "package/libchdb.so", b"library");
    let unpacked = unpack(package, &packed, directory.path()).unwrap();
    let library = directory.path().join("cache").join(LIBRARY);
    move_into_place(&unpacked, &library).unwrap();
    assert_eq!(fs::read(library).unwrap(), b"library");

    let packed = tgz(directory.path(), "package/other", b"x");
    assert!(matches!(
        unpack(package, &packed, directory.path()),
        Err(Error::NoLibraryInPackage { .. })
    ));
}

#[test]
fn a_cut_package_is_an_error_and_leaves_no_library_in_the_cache() {
    let directory = tempfile::tempdir().unwrap();
    let package = Package::for_this_platform().unwrap();
    let noise: Vec<u8> = (0..200_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let packed = tgz(directory.path(), "package/libchdb.so", &noise);
    let whole = fs::read(&packed).unwrap();
    fs::write(&packed, &whole[..whole.len() / 2]).unwrap();
    assert!(matches!(
        unpack(package, &packed, directory.path()),
        Err(Error::File { .. })
    ));
}

#[test]
fn another_package_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let packed = tgz(directory.path(), "package/libchdb.so", b"library");
    let error = check_digest(Package::for_this_platform().unwrap(), &packed).unwrap_err();
    assert!(matches!(error, Error::Checksum { .. }), "{error}");
}

#[test]
fn npm_s_words_are_kept_short() {
    let said = "\n npm error code ENOTFOUND\nnpm error network\nnpm error     at x.js:1\n";
    assert_eq!(first_lines(said), "code ENOTFOUND; network");
    assert_eq!(first_lines(""), "nothing");
}

#[test]
fn unfinished_downloads_are_removed() {
    let cache = tempfile::tempdir().unwrap();
    fs::create_dir_all(cache.path().join(".fetch-dead/x")).unwrap();
    fs::create_dir_all(cache.path().join("26.7")).unwrap();
    remove_leftovers(cache.path());
    assert!(!cache.path().join(".fetch-dead").exists() && cache.path().join("26.7").exists());
}

#[test]
fn the_lock_is_held_by_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.lock");
    let held = lock(&path).unwrap();
    assert!(matches!(
        File::create(&path).unwrap().try_lock(),
        Err(TryLockError::WouldBlock)
    ));
    drop(held);
    lock(&path).unwrap();
}
