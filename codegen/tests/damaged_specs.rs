//! The specs of the repository, damaged, through the first two floors.

#![allow(missing_docs, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_codegen::model::{Api, lower};
use venuekit_codegen::spec::{Document, read};

fn lowered(file: &str, text: &str) -> Result<Api, Diagnostics> {
    let document = Document::parse(file, text)?;
    lower(&document, &read(&document)?)
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
