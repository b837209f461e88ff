//! Reads documents such as venues publish. For each, a snapshot has the notes on the document and
//! the resulting API. The folders beside the documents have the files to which their `$ref`s lead.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::Path;

use venuekit_codegen::model::outline;
use venuekit_codegen::{Spec, generate_with_notes, read_with_notes};

/// Returns the documents, each with the files to which its `$ref`s lead.
fn documents() -> Vec<(String, Spec)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/published");
    let mut documents: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    documents.retain(|path| path.is_file());
    documents.sort();
    assert!(documents.len() >= 6);
    let specs = documents.into_iter().map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let dir = dir.clone();
        let spec = Spec::new(format!("specs/{name}"), fs::read_to_string(&path).unwrap())
            .with_files_beside(|name| fs::read_to_string(dir.join(name.strip_prefix("specs/")?)).ok());
        (name, spec)
    });
    specs.collect()
}

#[test]
fn the_notes_and_the_api_of_each_document_are_those_of_its_snapshot() {
    for (name, spec) in documents() {
        let reading = read_with_notes(&spec).unwrap_or_else(|findings| panic!("{findings}"));
        let shown = format!("{}\n{}", reading.notes.list(), outline(&reading.api));
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "published/snapshots" }, {
            insta::assert_snapshot!(name, shown);
        });
    }
}

#[test]
fn each_static_with_bounds_is_used_by_an_operation_or_by_another_static() {
    let mut statics = 0;
    for (name, spec) in documents() {
        let files = generate_with_notes(&spec).unwrap().files;
        let code: String = files.iter().map(|file| file.text.as_str()).collect();
        let Some(bounds) = files.iter().find(|file| file.path == "src/bounds.rs") else { continue };
        for line in bounds.text.lines() {
            let Some((item, _)) = line.strip_prefix("pub(crate) static ").and_then(|item| item.split_once(':')) else {
                continue;
            };
            statics += 1;
            let mut uses = code.match_indices(item).map(|(at, _)| (&code[..at], &code[at + item.len()..]));
            let is_used = uses.any(|(before, after)| {
                (before.ends_with('&') || before.ends_with("bounds::"))
                    && !after.starts_with(|next: char| next == '_' || next.is_alphanumeric())
            });
            assert!(is_used, "{name}: `{item}` is not used");
        }
    }
    assert!(statics > 3);
}

#[test]
fn two_runs_give_the_same_bytes() {
    for (name, spec) in documents() {
        let (one, other) = (generate_with_notes(&spec).unwrap(), generate_with_notes(&spec).unwrap());
        assert_eq!(one.notes.list(), other.notes.list(), "{name}");
        assert!(one.files == other.files, "{name}");
    }
}

#[test]
fn the_operations_of_a_large_document_are_grouped_by_their_tags() {
    let operation = |index: usize| {
        let tag = ["spot", "margin", "spot"][index % 3];
        format!(
            "  /path{index}: {{get: {{operationId: get{index}, tags: [{tag}], responses: {{'200': {{description: ok}}}}}}}}\n"
        )
    };
    let paths: String = (0..15).map(operation).collect();
    let text = format!(
        "openapi: 3.0.1\ninfo: {{title: Tags, version: '1'}}\nservers: [{{url: 'https://api.acme.example'}}]\nsecurity: []\npaths:\n{paths}"
    );
    let files = generate_with_notes(&Spec::new("tags.yaml", text)).unwrap().files;
    let readme = &files.iter().find(|file| file.path == "README.md").unwrap().text;
    let section = |tag: &str| {
        let (_, rest) = readme.split_once(&format!("### {tag}\n")).unwrap_or_else(|| panic!("no {tag} in {readme}"));
        rest.split("##").next().unwrap().matches("| `GET /path").count()
    };
    assert_eq!([section("spot"), section("margin")], [10, 5], "{readme}");
}
