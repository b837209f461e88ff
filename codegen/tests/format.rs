//! Parses the generated files, and compares the format of files that are written without
//! prettyplease with that of prettyplease.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use venuekit_codegen::{Spec, generate_with_notes};

/// Returns the lines of code, without empty lines and without comments that are not documentation.
fn lines(code: &str) -> Vec<&str> {
    code.lines().filter(|line| !line.is_empty() && !line.starts_with("// ")).collect()
}

/// Panics unless a file has the format of prettyplease.
fn check_format(name: &str, code: &str) {
    let formatted = prettyplease::unparse(&syn::parse_file(code).unwrap());
    let differs = lines(code).into_iter().zip(lines(&formatted)).find(|(ours, theirs)| ours != theirs);
    assert_eq!(differs, None, "{name}");
    assert_eq!(lines(code).len(), lines(&formatted).len(), "{name}");
}

/// Returns the specs in the folders of the tests, with their names.
fn specs() -> Vec<(String, Spec)> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut specs = Vec::new();
    for dir in ["features", "published"] {
        for entry in fs::read_dir(tests.join(dir)).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_file() {
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap();
            let beside = |name: &str| fs::read_to_string(tests.join(dir).join(name.strip_prefix("specs/")?)).ok();
            let spec = Spec::new(format!("specs/{name}"), fs::read_to_string(&path).unwrap());
            specs.push((name.to_owned(), spec.with_files_beside(beside)));
        }
    }
    specs
}

#[test]
fn the_format_of_builders_and_bounds_is_that_of_prettyplease() {
    let mut files = 0;
    for (name, spec) in specs() {
        let generated = generate_with_notes(&spec).unwrap_or_else(|findings| panic!("{name}: {findings}"));
        // The other files have calls of macros, whose input prettyplease prints in another way.
        let is_plain = |path: &str| matches!(path, "src/builders.rs" | "src/bounds.rs");
        for file in generated.files.iter().filter(|file| is_plain(&file.path)) {
            check_format(&format!("{name}: {}", file.path), &file.text);
            files += 1;
        }
    }
    assert!(files > 10, "{files}");
}

#[test]
fn each_file_is_valid_and_the_format_of_meta_is_that_of_prettyplease() {
    let (mut crates, mut subscriptions) = (0, 0);
    for (name, spec) in specs() {
        let files = generate_with_notes(&spec).unwrap_or_else(|findings| panic!("{name}: {findings}")).files;
        for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
            let parsed = syn::parse_file(&file.text);
            assert_eq!(parsed.err().map(|error| error.to_string()), None, "{name}: {}", file.path);
        }
        let meta = files.into_iter().find(|file| file.path == "src/meta.rs").unwrap().text;
        subscriptions += meta.matches("SubscriptionMeta::new(").count();
        check_format(&name, &meta);
        crates += 1;
    }
    assert!(crates > 30);
    assert!(subscriptions > 1, "{subscriptions}");
}
