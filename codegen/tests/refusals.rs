//! Tests the findings on specs. There is a tiny spec for each kind of refusal, with a snapshot of
//! the text that the author of the spec sees.
//!
//! To add a spec, write `refusals/NAME.yaml`, run the test with `INSTA_UPDATE=always`, and review
//! `refusals/NAME.snap`.

#![allow(clippy::expect_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use venuekit_codegen::diagnostic::Diagnostics;
use venuekit_codegen::source::{Document, check, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refusals")
}

fn stems(folder: &Path, extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("it is readable").path());
    let files = entries.filter(|path| path.extension().is_some_and(|found| found == extension));
    files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

fn findings(folder: &Path, stem: &str) -> Diagnostics {
    let file = format!("{stem}.yaml");
    let text = fs::read_to_string(folder.join(&file)).expect("the spec is readable");
    match Document::parse(&file, &text) {
        Ok(document) => check(&document),
        Err(findings) => findings,
    }
}

#[test]
fn each_finding_is_that_of_its_snapshot_and_has_a_help() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for stem in stems(&folder(), "yaml") {
        let findings = findings(&folder(), &stem);
        assert!(!findings.is_empty(), "{stem}.yaml is not refused");
        for finding in findings.iter() {
            let message = &finding.message;
            assert!(finding.help.is_some(), "{stem}.yaml: `{message}` has no help that says what to write instead");
            assert!(!message.ends_with('.'), "{stem}.yaml: `{message}` ends with a stop");
        }
        settings.bind(|| insta::assert_snapshot!(stem.as_str(), findings.to_string()));
    }
}

#[test]
fn there_is_a_spec_for_each_snapshot() {
    let orphans: Vec<_> = stems(&folder(), "snap").difference(&stems(&folder(), "yaml")).cloned().collect();
    assert!(orphans.is_empty(), "no spec for {orphans:?}");
}

#[test]
fn specs_that_use_only_supported_keys_are_not_refused() {
    let accepted = folder().join("accepted");
    for stem in stems(&accepted, "yaml") {
        let findings = findings(&accepted, &stem);
        assert!(findings.is_empty(), "{findings}");
    }
}

#[test]
fn a_spec_that_lacks_a_line_or_ends_early_does_not_make_the_check_panic() {
    for folder in [folder(), folder().join("accepted")] {
        for stem in stems(&folder, "yaml") {
            let text = fs::read_to_string(folder.join(format!("{stem}.yaml"))).expect("the spec is readable");
            let lines: Vec<&str> = text.lines().collect();
            for at in 0..lines.len() {
                let (before, after) = lines.split_at(at);
                let (line, after) = after.split_first().expect("there is a line at each index");
                let half: String = line.chars().take(line.chars().count() / 2).collect();
                for text in
                    [[before, after].concat().join("\n"), before.join("\n"), [before, &[&half]].concat().join("\n")]
                {
                    match Document::parse("acme.yaml", &text) {
                        Ok(document) => drop(read(&document)),
                        Err(findings) => assert!(!findings.is_empty()),
                    }
                }
            }
        }
    }
}

#[test]
fn json_that_ends_early_or_has_a_wrong_character_does_not_make_the_reader_panic() {
    let accepted = folder().join("accepted");
    for stem in stems(&accepted, "yaml") {
        let text = fs::read_to_string(accepted.join(format!("{stem}.yaml"))).expect("the spec is readable");
        let json = Document::parse("acme.yaml", &text).expect("the spec can be read").root().to_json();
        let ends: Vec<(usize, char)> = json.char_indices().collect();
        for (at, c) in ends.into_iter().step_by(11) {
            let (before, after) = json.split_at(at);
            assert!(Document::parse("acme.json", before).is_err(), "{before}");
            let (_, after) = after.split_at(c.len_utf8());
            for text in [format!("{before}{after}"), format!("{before}\u{e9}{after}"), format!("{before}\\{after}")] {
                match Document::parse("acme.json", &text) {
                    Ok(document) if at % 97 == 0 => drop(read(&document)),
                    Ok(_) => {}
                    Err(findings) => assert!(!findings.is_empty()),
                }
            }
        }
    }
}
