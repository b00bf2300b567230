//! The npm package that holds the engine's library, pinned by version and SHA-256.

use super::Error;

/// Version of the npm packages.
pub(super) const VERSION: &str = "26.7.3-stable.1";

/// File name of the library, inside the package and in the cache.
pub(crate) const LIBRARY: &str = "libchdb.so";

/// One platform's package.
#[derive(Debug, Clone, Copy)]
pub(super) struct Package {
    name: &'static str,
    /// SHA-256 of the packed `.tgz`, in lower-case hex.
    pub(super) sha256: &'static str,
    /// Size of the packed `.tgz`, for the progress bar.
    pub(super) packed_bytes: u64,
}

/// Packages that were fetched and tried. The macOS and arm64 packages of this version could not be had when it was
/// pinned, so those platforms have none.
const PACKAGES: &[(&str, &str, Package)] = &[(
    "linux",
    "x86_64",
    Package {
        name: "@chdb/lib-linux-x64-gnu",
        sha256: "c0d32b129e988f2b9a9a31c9141aecf5e1e2453f9a079efc4d36ab8e3f92b2ad",
        packed_bytes: 178_000_000,
    },
)];

impl Package {
    /// The package for the platform this program was built for.
    pub(super) fn for_this_platform() -> Result<Self, Error> {
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        PACKAGES
            .iter()
            .find(|(o, a, _)| *o == os && *a == arch && cfg!(not(target_env = "musl")))
            .map(|(_, _, package)| *package)
            .ok_or(Error::Unsupported {
                os,
                arch,
                version: VERSION,
            })
    }

    /// `name@version`, as npm takes it.
    pub(super) fn spec(&self) -> String {
        format!("{}@{VERSION}", self.name)
    }
}
