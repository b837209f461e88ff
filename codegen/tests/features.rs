//! Compares the generated code of a tiny spec for each feature with a snapshot. The first line of
//! each spec lists the files of the crate that the snapshot has.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use venuekit_codegen::{Spec, generate};

#[test]
fn the_code_for_each_feature_is_that_of_its_snapshot() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/features");
    let mut specs: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    specs.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    specs.sort();
    assert!(specs.len() > 10);
    for path in specs {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let shown = text.lines().next().unwrap().strip_prefix("# shows: ").unwrap().to_owned();
        let files = generate(&Spec::new(format!("specs/{name}.yaml"), text)).unwrap_or_else(|error| panic!("{error}"));
        let shown: Vec<String> = shown
            .split(' ')
            .map(|wanted| {
                files.iter().find(|file| file.path == wanted).unwrap_or_else(|| panic!("{name} has no {wanted}"))
            })
            .map(|file| format!("──── {}\n{}", file.path, file.text))
            .collect();
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "features/snapshots" }, {
            insta::assert_snapshot!(name, shown.join("\n"));
        });
    }
}
