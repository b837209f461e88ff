//! Measures the memory of a spec's tree. This test has its own binary, because it measures the
//! memory of the whole process.

#![allow(missing_docs, clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use peak_alloc::PeakAlloc;
use venuekit_codegen::source::Document;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Returns the memory of a document's tree as a multiple of the document's size, rounded up: the
/// maximum while the document is read, and the value afterwards.
fn ratios(file: &str, text: &str) -> (usize, usize) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let document = Document::parse(file, text).expect("the spec can be read");
    let [peak, kept] = [ALLOCATOR.peak_usage(), ALLOCATOR.current_usage()]
        .map(|usage| usage.saturating_sub(before).div_ceil(text.len()));
    drop(document);
    (peak, kept)
}

#[test]
fn the_tree_of_a_spec_takes_at_most_10_times_its_size() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut specs = 0;
    for entry in fs::read_dir(folder).expect("there are specs") {
        let path = entry.expect("the folder is readable").path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        specs += 1;
        let file = path.to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("the spec is readable");
        let (peak, kept) = ratios(&file, &text);
        assert!(
            peak <= 10 && kept <= 10,
            "{file}: the tree takes {peak} times the size of the document while it is read, and {kept} times \
             afterwards (expected at most 10)"
        );
        // The document as JSON without spaces is shorter, and its tree is the same.
        let json = Document::parse(&file, &text).expect("the spec can be read").root().to_json();
        let (peak, kept) = ratios("spec.json", &json);
        assert!(
            peak <= 10 && kept <= 10,
            "{file} as JSON: the tree takes {peak} times the size of the document while it is read, and {kept} times \
             afterwards (expected at most 10)"
        );
    }
    assert!(specs > 0, "no spec was found");
}
