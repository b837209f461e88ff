//! The specs of the repository, damaged, through the first two floors.

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

/// What the first floor lets pass, the second can lower or has words of its own for.
#[test]
fn a_spec_that_lost_a_line_is_lowered_or_refused_for_a_reason() {
    let every: usize = std::env::var("EVERY").ok().and_then(|text| text.parse().ok()).unwrap_or(101);
    for (file, text) in specs() {
        let lines: Vec<&str> = text.lines().collect();
        for lost in (0..lines.len()).step_by(every) {
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, line)| *line);
            let text = kept.collect::<Vec<_>>().join("\n");
            if let Err(findings) = lowered(&file, &text) {
                let findings = findings.to_string();
                assert!(!findings.contains("fault of the generator"), "without line {}:\n{findings}", lost + 1);
            }
        }
    }
}
