//! Parses the generated files, and compares the format of `src/meta.rs`, which is written as text,
//! with that of prettyplease.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use venuekit_codegen::{Spec, generate_with_notes};

/// Returns the lines of code, without empty lines and without comments that are not documentation.
fn lines(code: &str) -> Vec<&str> {
    code.lines().filter(|line| !line.is_empty() && !line.starts_with("// ")).collect()
}

#[test]
fn each_file_is_valid_and_the_format_of_meta_is_that_of_prettyplease() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let (mut crates, mut subscriptions) = (0, 0);
    for dir in ["features", "published"] {
        for entry in fs::read_dir(tests.join(dir)).unwrap() {
            let path = entry.unwrap().path();
            if !path.is_file() {
                continue;
            }
            let name = path.file_name().unwrap().to_str().unwrap();
            let spec = Spec::new(format!("specs/{name}"), fs::read_to_string(&path).unwrap())
                .with_files_beside(|name| fs::read_to_string(tests.join(dir).join(name.strip_prefix("specs/")?)).ok());
            let files = generate_with_notes(&spec).unwrap_or_else(|findings| panic!("{name}: {findings}")).files;
            for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
                let parsed = syn::parse_file(&file.text);
                assert_eq!(parsed.err().map(|error| error.to_string()), None, "{name}: {}", file.path);
            }
            let meta = files.into_iter().find(|file| file.path == "src/meta.rs").unwrap().text;
            subscriptions += meta.matches("SubscriptionMeta::new(").count();
            let formatted = prettyplease::unparse(&syn::parse_file(&meta).unwrap());
            let differs = lines(&meta).into_iter().zip(lines(&formatted)).find(|(ours, theirs)| ours != theirs);
            assert_eq!(differs, None, "{name}");
            assert_eq!(lines(&meta).len(), lines(&formatted).len(), "{name}");
            crates += 1;
        }
    }
    assert!(crates > 30);
    assert!(subscriptions > 1, "{subscriptions}");
}
