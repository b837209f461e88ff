//! The generated crates of the generator's tiny test specs compile without a warning, as code and
//! as documentation. So do those of specs with the most unusual names and texts. No text of a spec
//! is run as a doctest.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;

use support::{Workspace, repository};
use venuekit_codegen::Spec;
use venuekit_tests::awkward;

#[test]
fn the_output_of_each_feature_compiles() {
    let mut specs = awkward::specs();
    for entry in fs::read_dir(repository().join("codegen/tests/features")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            specs.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    let workspace = Workspace::open("features", specs.iter().map(|(name, _)| name.as_str()));
    for (name, spec) in &specs {
        let files = venuekit_codegen::generate(&Spec::new(format!("specs/{name}.yaml"), spec));
        for file in files.unwrap_or_else(|fault| panic!("{fault}")) {
            workspace.write(Path::new(name).join(file.path), &file.text);
        }
    }
    for arguments in [
        ["check", "--workspace", "--all-features"].as_slice(),
        &["doc", "--workspace", "--all-features", "--no-deps"],
        &["test", "--package=venuekit-awkward-*", "--all-features", "--doc"],
    ] {
        let cargo = workspace.cargo(arguments, &[]);
        let said = String::from_utf8_lossy(&cargo.stderr);
        assert!(cargo.status.success() && !said.contains("warning"), "{said}");
        // Each README has an example, and so has each operation.
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
