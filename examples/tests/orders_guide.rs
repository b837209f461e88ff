//! Compares `docs/orders.md` with the generated crates.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Returns the rules in the code of a generated crate: `price` to `minimum, step`.
fn rules(code: &str) -> String {
    let mut rules: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in code.lines().filter_map(|line| line.trim().strip_prefix("rules.")) {
        let (value, call) = line.split_once(".add_").unwrap();
        rules.entry(value).or_default().insert(call.split_once('(').unwrap().0);
    }
    // The price comes before the quantity, and the quantity before the amount.
    let of = |value| Some(format!("{value}: {}", Vec::from_iter(rules.get(value)?.iter().copied()).join(", ")));
    let all: Vec<_> = ["price", "quantity", "amount"].into_iter().filter_map(of).collect();
    if all.is_empty() { "none".to_owned() } else { all.join("; ") }
}

#[test]
fn the_guide_lists_the_rules_that_each_venue_states() {
    let repository = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut expected = BTreeSet::new();
    for entry in fs::read_dir(repository.join("generated")).unwrap() {
        let folder = entry.unwrap().path();
        if let Ok(code) = fs::read_to_string(folder.join("src/types.rs")) {
            expected.insert(format!("| `{}` | {} |", folder.file_name().unwrap().display(), rules(&code)));
        }
    }
    assert!(expected.iter().any(|row| row.contains("price")), "{expected:?}");
    let guide = fs::read_to_string(repository.join("docs/orders.md")).unwrap();
    let table = guide.split("| venue | rules that its document has |").nth(1).unwrap();
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    assert_eq!(rows.map(str::to_owned).collect::<BTreeSet<_>>(), expected);
}
