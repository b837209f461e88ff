//! Tests the hand-written pages: relative links lead to existing files, the tests that the
//! architecture names exist, and the README shows the program in `examples`. Also tests that prose
//! and comments of the source are at most 100 columns wide.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

/// Returns each text between two delimiters.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    text.split(open).skip(1).filter_map(|rest| Some(rest.split_once(close)?.0)).collect()
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut links = 0;
    for folder in [".", "codegen", "docs", "runtime", "specs"] {
        let folder = repository().join(folder);
        for page in files(&folder, "md") {
            let text = fs::read_to_string(&page).unwrap();
            for link in between(&text, "](", ")") {
                let file = link.split('#').next().unwrap();
                if !file.contains("://") {
                    assert!(folder.join(file).exists(), "{}: `{link}` has no target", page.display());
                    links += 1;
                }
            }
        }
    }
    assert!(links > 10, "{links} links (expected more than 10)");
}

#[test]
fn every_test_that_the_architecture_names_is_there() {
    let text = fs::read_to_string(repository().join("docs/architecture.md")).unwrap();
    let mut known = BTreeSet::new();
    let mut named = 0;
    for paragraph in text.split("\n\n").flat_map(|paragraph| paragraph.split("\n- ")) {
        let Some((_, tests)) = paragraph.split_once("*Held by*") else { continue };
        // Each list of test names is followed by their file in parentheses.
        for word in tests.split('`').skip(1).step_by(2) {
            if word.ends_with(".rs") {
                let source =
                    fs::read_to_string(repository().join(word)).unwrap_or_else(|error| panic!("{word}: {error}"));
                for test in std::mem::take(&mut known) {
                    assert!(source.contains(&format!("fn {test}(")), "{word} has no test `{test}`");
                    named += 1;
                }
            } else if word.contains('_') {
                known.insert(word.to_owned());
            }
        }
        assert!(known.is_empty(), "no file follows {known:?}");
    }
    assert!(named > 20, "{named} named tests (expected more than 20)");
}

#[test]
fn the_readme_shows_the_program_in_the_examples() {
    let read = |path: &str| fs::read_to_string(repository().join(path)).unwrap();
    let (readme, program) = (read("README.md"), read("examples/first/src/main.rs"));
    let (_, shown) = program.split_once("\n\n").unwrap();
    assert!(readme.contains(&format!("```rust,no_run\n{shown}```\n")), "show this in the README:\n{shown}");
}

/// Returns the lines of prose: the lines of Markdown outside code, tables, headings and link
/// targets.
fn prose(markdown: &str) -> Vec<(usize, &str)> {
    let mut in_code = false;
    let mut lines = Vec::new();
    for (index, line) in markdown.lines().enumerate() {
        let start = line.trim_start();
        if start.starts_with("```") {
            in_code = !in_code;
        } else if !in_code && !start.starts_with(['|', '#', '[']) && !line.starts_with("    ") {
            lines.push((index + 1, line));
        }
    }
    lines
}

/// Returns the comments of Rust source with their line numbers, without code in documentation.
fn comments(source: &str) -> Vec<(usize, &str)> {
    let mut in_code = false;
    let mut lines = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let start = line.trim_start();
        let Some(text) = start.strip_prefix("//") else {
            in_code = false;
            continue;
        };
        if text.trim_start_matches(['/', '!', ' ']).starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            lines.push((index + 1, line));
        }
    }
    lines
}

/// Collects all files with an extension below a folder, without folders of generated or built
/// files, and without `known`, which has documents as others write them.
fn all_files(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !["generated", "target", ".git", "node_modules", "known"].contains(&name) {
            all_files(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

#[test]
fn prose_is_at_most_100_columns_wide() {
    type Lines = for<'a> fn(&'a str) -> Vec<(usize, &'a str)>;

    let mut wide = Vec::new();
    for (ending, lines) in [("md", prose as Lines), ("rs", comments)] {
        let mut paths = Vec::new();
        all_files(&repository(), ending, &mut paths);
        assert!(paths.len() > 10, "{} files of {ending}", paths.len());
        for path in paths {
            let text = fs::read_to_string(&path).unwrap();
            // A line of one piece of code cannot be wrapped.
            let can_be_wrapped = |line: &str| line.trim().split('`').step_by(2).any(|text| text.contains(' '));
            let is_wide = |line: &&(usize, &str)| line.1.chars().count() > 100 && can_be_wrapped(line.1);
            let shown = |line: &(usize, &str)| format!("{}:{}: {}", path.display(), line.0, line.1);
            wide.extend(lines(&text).iter().filter(is_wide).map(shown));
        }
    }
    assert!(wide.is_empty(), "wrap these lines:\n{}", wide.join("\n"));
}
