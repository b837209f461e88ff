//! Drafts from documents in prose become crates.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use venuekit_codegen::diagnostic::Level;
use venuekit_codegen::{Spec, drafting, generate_with_notes, source, to_describe};

fn documents() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../draft/tests/documents")
}

#[test]
fn each_draft_generates_and_its_descriptions_are_counted() {
    for name in ["widdershins-4", "widdershins-2", "slate", "apifox", "rpc"] {
        let read = drafting::read(&[documents().join(format!("{name}.md"))]).unwrap();
        let drafted = drafting::draft_of(&read, name).unwrap().draft;
        let spec = Spec::new(format!("{name}.yaml"), drafted.specification);
        let generated = generate_with_notes(&spec).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        let left_out: Vec<String> = generated.notes.of_level(Level::LeftOut).map(ToString::to_string).collect();
        assert!(left_out.is_empty(), "{name}: {left_out:?}");
        let note = to_describe(&spec);
        assert!(note.contains(&format!(": {} descriptions are to be written", drafted.gaps)), "{name}: {note}");
    }
}

/// The answers to the checklist are an overlay whose actions all select something.
#[test]
fn each_draft_generates_with_the_answers_that_its_document_suggests() {
    let known = documents().join("../known");
    let mut answered = 0;
    for path in [
        documents().join("widdershins-4.md"),
        documents().join("widdershins-2.md"),
        documents().join("slate.md"),
        documents().join("apifox.md"),
        documents().join("rpc.md"),
        known.join("slate-html.md"),
        known.join("docusaurus.md"),
        known.join("kucoin-like.md"),
        known.join("okx-like.md"),
    ] {
        let drafted = drafting::draft_of(&drafting::read(std::slice::from_ref(&path)).unwrap(), "acme").unwrap();
        let shown = path.display();
        let generated =
            generate_with_notes(&drafted.spec("acme")).unwrap_or_else(|failure| panic!("{shown}: {failure}"));
        let left_out: Vec<String> = generated.notes.of_level(Level::LeftOut).map(ToString::to_string).collect();
        assert!(left_out.is_empty(), "{shown}: {left_out:?}");
        let unused: Vec<String> =
            generated.notes.iter().map(ToString::to_string).filter(|note| note.contains("selects nothing")).collect();
        assert!(unused.is_empty(), "{shown}: {unused:?}");
        answered += usize::from(drafted.overlay.is_some());
    }
    assert!(answered >= 7, "{answered}");
}

#[test]
fn the_lines_of_a_draft_have_no_effect_on_its_crate() {
    let read = drafting::read(&[documents().join("widdershins-4.md")]).unwrap();
    let text = drafting::draft_of(&read, "acme").unwrap().draft.specification;
    let without: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("x-source:")).collect();
    assert!(without.len() < text.lines().count());
    let files = |text: String| generate_with_notes(&Spec::new("acme.yaml", text)).unwrap().files;
    assert_eq!(files(text.clone()), files(without.join("\n")));
}

#[test]
fn a_gap_begins_with_the_same_words_in_a_draft_and_in_the_count() {
    assert_eq!(venuekit_draft::GAP, source::GAP);
    let described =
        "openapi: 3.0.3\ninfo: {title: Acme, version: '1', description: 'To be described: a.md:1.'}\npaths: {}\n";
    let note = to_describe(&Spec::new("acme.yaml", described));
    assert_eq!(
        note,
        "acme.yaml:2:48: 1 description is to be written; this is the first\n  help: read the lines that it names, and \
         write it in your own words\n"
    );
    assert_eq!(to_describe(&Spec::new("acme.yaml", "openapi: 3.0.3\n")), "");
}

#[test]
fn the_files_that_a_document_includes_are_read_and_no_others() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("docs/api.md", "---\nincludes:\n  - errors\n  - ../secret\n  - missing\n---\n\n`GET /v1/time`\n");
    write("docs/includes/_errors.md", "Code | Message\n--- | ---\n-1 | fail\n");
    write("secret.md", "Code | Message\n--- | ---\n-2 | secret\n");
    let read = drafting::read(&[folder.path().join("docs/api.md")]).unwrap();
    let names: Vec<&str> = read.iter().map(|document| document.name.as_str()).collect();
    assert_eq!(names, ["api.md", "_errors.md"]);
    fs::write(folder.path().join("docs/latin.md"), [b'#', 0xe9]).unwrap();
    let error = drafting::read(&[folder.path().join("docs/latin.md")]).unwrap_err();
    assert!(error.contains("this is not UTF-8"), "{error}");
}

#[test]
fn a_draft_overwrites_nothing() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let read = drafting::read(&[documents().join("rpc.md")]).unwrap();
    let drafted = drafting::draft_of(&read, "acme").unwrap();
    fs::write(folder.path().join("acme.draft.md"), "mine").unwrap();
    assert!(drafting::write(&drafted, "acme", folder.path()).unwrap_err().contains("exists already"));
    assert!(!folder.path().join("acme.yaml").exists());
    fs::remove_file(folder.path().join("acme.draft.md")).unwrap();
    drafting::write(&drafted, "acme", folder.path()).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("acme.yaml")).unwrap(), drafted.draft.specification);
    assert!(drafting::draft_of(&read, "Acme Spot").unwrap_err().contains("not a name of a venue"));
}
