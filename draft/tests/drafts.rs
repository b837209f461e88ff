//! Drafts of small documents of each kind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use venuekit_draft::{Document, draft, includes};

fn read(name: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents").join(name);
    let shown = name.rsplit('/').next().unwrap();
    Document::new(shown, std::fs::read_to_string(path).unwrap())
}

/// Compares the draft and its report with the snapshots of the kind.
fn check(kind: &str, documents: &[Document]) {
    let drafted = draft(documents, kind).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("{kind}.yaml"), drafted.specification);
        insta::assert_snapshot!(format!("{kind}.report"), drafted.report);
    });
}

#[test]
fn widdershins_4_is_drafted() {
    check("widdershins-4", &[read("widdershins-4.md")]);
}

#[test]
fn widdershins_2_of_a_swashbuckle_document_is_drafted() {
    check("widdershins-2", &[read("widdershins-2.md")]);
}

#[test]
fn apifox_is_drafted() {
    check("apifox", &[read("apifox.md")]);
}

#[test]
fn slate_written_by_hand_is_drafted_with_its_include() {
    assert_eq!(includes(&read("slate.md")), ["errors", "streams"]);
    check("slate", &[read("slate.md"), read("includes/_errors.md")]);
}

#[test]
fn json_rpc_is_drafted() {
    check("rpc", &[read("rpc.md")]);
}

#[test]
fn a_draft_is_the_same_each_time() {
    let documents = [read("slate.md")];
    assert_eq!(draft(&documents, "slate"), draft(&documents, "slate"));
}

#[test]
fn no_sentence_of_a_document_is_copied() {
    for name in ["widdershins-4.md", "slate.md", "rpc.md"] {
        let document = read(name);
        let drafted = draft(std::slice::from_ref(&document), "venue").unwrap();
        for line in document.text.lines() {
            for cell in line.split('|').map(str::trim).filter(|cell| cell.contains(' ') && cell.ends_with('.')) {
                assert!(!drafted.specification.contains(cell), "{cell}");
                assert!(!drafted.report.contains(cell), "{cell}");
            }
        }
    }
}

#[test]
fn files_that_are_no_document_of_an_api_are_refused() {
    let refusal = |text: &str| draft(&[Document::new("page.md", text)], "venue").unwrap_err().to_string();
    let licence = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../LICENSE-APACHE")).unwrap();
    let all = [
        refusal(""),
        refusal("# Welcome\n\nTrade with us.\n\n|a|b|\n|---|---|\n|1|2|\n"),
        refusal(&licence),
        refusal(
            "# Why our bot was slow\n\nIt sent `GET /v1/orders` in a loop, 20 requests per second.\n\n```json\n{}\n```\n",
        ),
        refusal("time,price\n1700000000,1.5\n1700000001,1.6\n"),
        refusal("\u{89}PNG\r\n\u{1a}\n\0\0\0\rIHDR"),
        refusal("<!DOCTYPE html><html><body>GET /a</body></html>"),
        refusal("{\"openapi\": \"3.0.3\", \"paths\": {}}"),
        refusal("[{\"openapi\": \"3.0.3\"}]"),
        refusal("openapi: 3.0.3\npaths: {}\n"),
        refusal("# The API.\n---\nopenapi: 3.0.3\npaths: {}\n"),
        refusal("\0\u{1}binary"),
        draft(&[], "venue").unwrap_err().to_string(),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn any_text_is_a_draft_or_a_refusal() {
    // Every prefix of a document, and every document without one of its lines.
    for name in ["widdershins-4.md", "widdershins-2.md", "slate.md", "apifox.md", "rpc.md"] {
        let document = read(name);
        let lines: Vec<&str> = document.text.lines().collect();
        for index in (0..lines.len()).step_by(13) {
            let (before, after) = lines.split_at(index);
            let _ = draft(&[Document::new(name, before.join("\n"))], "venue");
            let rest: Vec<&str> = before.iter().chain(after.iter().skip(1)).copied().collect();
            let _ = draft(&[Document::new(name, rest.join("\n"))], "venue");
        }
    }
}
