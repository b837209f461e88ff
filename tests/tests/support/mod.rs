//! What tests share that run cargo.

use std::fs::{self, File};
use std::path::Path;

/// A folder of the target directory that one process at a time works in: two runs of the same tests wait for each other.
///
/// It is given up when this is dropped, or when the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Exclusive(#[expect(dead_code, reason = "its lock is what counts")] File);

impl Exclusive {
    /// Waits for the folder of this name, however long that takes.
    #[expect(clippy::incompatible_msrv, reason = "tests of messages of the compiler need the pinned toolchain anyway")]
    pub(crate) fn folder(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(folder).unwrap();
        let file = File::create(folder.join(format!("{name}.lock"))).unwrap();
        file.lock().unwrap();
        Self(file)
    }
}
