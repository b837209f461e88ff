//! Tests the report on each document in `published`: the result for each operation, and the effect
//! of each finding.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use venuekit_codegen::diagnostic::Level;
use venuekit_codegen::{Spec, read_with_notes, report};

/// The effects that a report can name. A finding has one effect. An operation lists its findings by
/// effect.
const EFFECTS: [&str; 6] = ["left_out", "untyped", "relaxed", "ignored", "synthesised", "error"];

fn documents() -> Vec<(String, Spec)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published");
    let mut files: Vec<PathBuf> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    let spec = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let spec = Spec::new(name.clone(), fs::read_to_string(&path).unwrap())
            .with_files_beside(|name| fs::read_to_string(dir.join(name)).ok());
        (name, spec)
    };
    files.into_iter().map(spec).collect()
}

/// Returns a report as text: for each operation its findings by effect, then the findings that
/// belong to no operation.
fn shown(report: &Value) -> String {
    let findings = report["findings"].as_array().unwrap();
    let line = |effect: &str, finding: &Value| {
        let (pointer, message) = (finding["pointer"].as_str().unwrap(), finding["message"].as_str().unwrap());
        format!("    {effect:11} {pointer}: {message}\n")
    };
    let mut told = BTreeSet::new();
    let mut text = format!("{} of {} operations\n", report["generated"], report["of"]);
    for operation in report["operations"].as_array().unwrap() {
        let result = if operation["generated"] == true { "generated" } else { "not generated" };
        let id = operation["id"].as_str().unwrap_or("no id");
        writeln!(text, "  {} ({id}): {result}", operation["route"].as_str().unwrap()).unwrap();
        for effect in EFFECTS {
            for index in operation[effect].as_array().into_iter().flatten() {
                let finding = findings.get(usize::try_from(index.as_u64().unwrap()).unwrap()).unwrap();
                assert_eq!(finding["effect"], effect);
                told.insert(index.as_u64().unwrap());
                text.push_str(&line(effect, finding));
            }
        }
    }
    text.push_str("  no operation\n");
    for (index, finding) in findings.iter().enumerate() {
        if !told.contains(&u64::try_from(index).unwrap()) {
            text.push_str(&line(finding["effect"].as_str().unwrap(), finding));
        }
    }
    text
}

#[test]
fn the_report_on_each_document_is_that_of_its_snapshot() {
    for (name, spec) in documents() {
        let text = shown(&report(&spec).to_json());
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "published/reports" }, {
            insta::assert_snapshot!(name, text);
        });
    }
}

#[test]
fn each_warning_has_an_effect_and_each_operation_is_generated_or_has_a_reason() {
    for (name, spec) in documents() {
        let reading = read_with_notes(&spec).unwrap();
        let report = report(&spec).to_json();
        for finding in reading.notes.of_level(Level::Warning) {
            assert!(finding.effect.is_some(), "{name}: {finding}");
        }
        let generated = report["operations"].as_array().unwrap();
        let generated = generated.iter().filter(|operation| operation["generated"] == true).count();
        assert_eq!(generated, reading.api.operations.len(), "{name}");
        // For an operation that is not generated, the report has a reason.
        for operation in report["operations"].as_array().unwrap() {
            let has_reason = operation["left_out"].as_array().is_some_and(|reasons| !reasons.is_empty());
            assert!(has_reason || operation["generated"] == true, "{name}: {operation}");
        }
    }
}
