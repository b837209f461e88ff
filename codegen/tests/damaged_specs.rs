//! The specs of the repository as JSON, and what is compared of them.

#![allow(missing_docs, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_codegen::diff::{Spec, compare};
use venuekit_codegen::model::{Api, lower};
use venuekit_codegen::source::{Document, read};

fn lowered(file: &str, text: &str) -> Result<Api, Diagnostics> {
    let document = Document::parse(file, text)?;
    lower(&read(&document)?)
}

/// The specs, as (name in messages, text).
fn specs() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let entries = fs::read_dir(folder).expect("there are specs");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    let read = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        (format!("specs/{name}"), fs::read_to_string(path).expect("the spec is readable"))
    };
    files.iter().map(read).collect()
}

/// The comparison of two specs reads JSON through the same door.
#[test]
fn a_spec_is_the_same_as_json() {
    for (file, text) in specs() {
        let document = Document::parse(&file, &text).expect("the spec can be read");
        let (json, json_file) = (document.root().to_json(), file.replace(".yaml", ".json"));
        let (old, new) = (Spec { file: &file, text: &text }, Spec { file: &json_file, text: &json });
        let comparison = compare(Some(old), Some(new)).unwrap_or_else(|findings| panic!("{findings}"));
        assert!(comparison.is_empty() && comparison.names_compared(), "{file}");
        assert!(lowered(&json_file, &json).is_ok(), "{file}");
    }
}
