//! Reads specs as `cargo xtask codegen` does.
#![allow(dead_code, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use venuekit::meta::VenueMeta;
use venuekit_codegen::{Api, Spec};

/// Returns the API that the spec of a venue and its overlay describe.
pub(crate) fn api(venue: &VenueMeta) -> Api {
    api_in(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap(), venue.spec)
}

/// Returns the API that a spec below `root` describes, with the overlay beside it.
pub(crate) fn api_in(root: &Path, path: &str) -> Api {
    let file = root.join(path);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let folder = file.parent().unwrap();
    let mut spec = Spec::new(path, text);
    for ending in ["yaml", "yml", "json"] {
        let overlay = format!("overlay.{ending}");
        if let Ok(text) = fs::read_to_string(file.with_extension(&overlay)) {
            spec = spec.with_overlay(Path::new(path).with_extension(&overlay).display().to_string(), text);
        }
    }
    let spec = spec.with_files_beside(|name| fs::read_to_string(folder.join(name)).ok());
    venuekit_codegen::read(&spec).unwrap_or_else(|findings| panic!("{findings}"))
}
