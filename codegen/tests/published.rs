//! Reads documents such as venues publish. For each, a snapshot has the notes on the document and
//! the resulting API. The folders beside the documents have the files to which their `$ref`s lead.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use venuekit_codegen::model::outline;
use venuekit_codegen::{Spec, read_with_notes};

#[test]
fn the_notes_and_the_api_of_each_document_are_those_of_its_snapshot() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published");
    let mut documents: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.retain(|path| path.is_file());
    documents.sort();
    assert!(documents.len() >= 6);
    for path in documents {
        let name = path.file_name().unwrap().to_str().unwrap();
        let spec = Spec::new(format!("specs/{name}"), fs::read_to_string(&path).unwrap())
            .with_files_beside(|name| fs::read_to_string(dir.join(name.strip_prefix("specs/")?)).ok());
        let reading = read_with_notes(&spec).unwrap_or_else(|findings| panic!("{findings}"));
        let shown = format!("{}\n{}", reading.notes.list(), outline(&reading.api));
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "published/snapshots" }, {
            insta::assert_snapshot!(name, shown);
        });
    }
}
