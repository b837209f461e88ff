//! Tests that generated crates compile without a warning, as code and as documentation. The specs
//! are the generator's tiny test specs, published documents, and specs with the most unusual names
//! and texts. For the last ones, it also tests that no text of a spec runs as a doctest.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;

use support::{Workspace, repository};
use venuekit_codegen::Spec;
use venuekit_tests::awkward;

/// Returns the documents of a directory, by name.
fn documents(dir: &str) -> Vec<(String, String)> {
    let paths = fs::read_dir(repository().join(dir)).unwrap().map(|entry| entry.unwrap().path());
    let documents = paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml" || ending == "json"));
    let named = documents
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
    named.collect()
}

#[test]
fn the_output_of_each_feature_compiles() {
    let mut specs = awkward::specs();
    specs.extend(documents("codegen/tests/features"));
    let published = documents("codegen/tests/published");
    let names = specs.iter().chain(&published).map(|(name, _)| name.as_str());
    let workspace = Workspace::open("features", names);
    for (name, spec) in specs.iter().chain(&published) {
        let generated = venuekit_codegen::generate_with_notes(&Spec::new(format!("specs/{name}.yaml"), spec));
        let generated = generated.unwrap_or_else(|fault| panic!("{fault}"));
        for file in generated.files {
            workspace.write(Path::new(name).join(file.path), &file.text);
        }
    }
    // The code of published documents is compiled by the step `corpus` of CI.
    let ours: Vec<String> = specs.iter().map(|(name, _)| format!("--package=venuekit-{name}")).collect();
    let mut check = vec!["check", "--all-features"];
    check.extend(ours.iter().map(String::as_str));
    for arguments in [
        check.as_slice(),
        &["doc", "--workspace", "--all-features", "--no-deps"],
        &["test", "--package=venuekit-awkward-*", "--all-features", "--doc"],
    ] {
        let cargo = workspace.cargo(arguments, &[]);
        let said = String::from_utf8_lossy(&cargo.stderr);
        assert!(cargo.status.success() && !said.contains("warning"), "{said}");
        // Each README and each operation has an example.
        let tests = String::from_utf8_lossy(&cargo.stdout);
        let run = tests.lines().filter(|line| line.contains("(line "));
        let (ours, others): (Vec<&str>, Vec<&str>) = run.partition(|line| {
            ["README.md", "src/lib.rs - (line", "src/operations.rs - operations::"]
                .iter()
                .any(|ours| line.contains(ours))
        });
        assert_eq!(others, Vec::<&str>::new(), "text of a spec became a test");
        if arguments.contains(&"--doc") {
            let operations = specs.iter().filter(|(name, _)| name.starts_with("awkward-")).map(|(name, spec)| {
                venuekit_codegen::read(&Spec::new(format!("specs/{name}.yaml"), spec)).unwrap().operations.len() + 1
            });
            assert_eq!(ours.len(), operations.sum::<usize>(), "{ours:?}");
        }
    }
}
