//! Compares specs with the same meaning.

use std::fmt::Write as _;

use fastrand::Rng;
use venuekit_codegen::source::Document;
use venuekit_diff::{Comparison, Level, Spec, compare};
use venuekit_json::Tree;

use crate::tree::from_yaml;
use crate::{Mirror, Real, compared, every, faults, lines, rewrites, runs, unmirrored};

#[test]
fn a_spec_does_not_differ_from_itself() {
    let faults = faults(|Real { file, text }| nothing(file, &compared(file, text, text)));
    assert!(faults.is_empty(), "{faults}");
}

/// Returns the changes of a comparison that should have none.
fn nothing(what: &str, comparison: &Comparison) -> String {
    let differs = !comparison.is_empty() || !comparison.names_compared();
    if differs { format!("{what}:\n{}", lines(comparison)) } else { String::new() }
}

#[test]
fn order_of_keys_is_not_a_change() {
    let faults = faults(|real| {
        let tree = real.tree();
        let mut faults = String::new();
        for seed in 0..runs(1) {
            let other = rewrites::shuffled(&tree, &mut Rng::with_seed(seed)).to_json();
            for (old, new) in [(&real.text, &other), (&other, &real.text)] {
                faults += &nothing(&format!("{}, seed {seed}", real.file), &compared(&real.file, old, new));
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{faults}");
}

/// Rules about names in Rust.
const NAMES: [&str; 6] =
    ["type-renamed", "type-replaced", "type-added", "type-removed", "builder-added", "builder-removed"];

/// Returns the changes that are not names, in either direction.
fn more_than_names(what: &str, there: &Comparison, back: &Comparison) -> String {
    let mut faults = unmirrored(there, back, Mirror::Kinds);
    for comparison in [there, back] {
        let name = |line: &&str| NAMES.iter().any(|id| line.trim_start().starts_with(id) && line.contains(" safe/"));
        let report = lines(comparison);
        for line in report.lines().filter(|line| !name(line) && !line.ends_with("documentation: 0")) {
            let _ = writeln!(faults, "{line}");
        }
    }
    if faults.is_empty() { faults } else { format!("{what}:\n{faults}") }
}

#[test]
fn the_place_of_a_schema_does_not_matter_on_the_wire() {
    let faults = faults(|Real { file, text }| {
        let tree = from_yaml(text);
        let variants = [
            ("references followed", rewrites::inlined(&tree, true)),
            ("references followed, components gone", rewrites::inlined(&tree, false)),
            ("inline schemas made components", rewrites::extracted(&tree)),
        ];
        let each = variants.into_iter().map(|(what, other)| {
            let other = other.to_json();
            let (there, back) = (compared(file, text, &other), compared(file, &other, text));
            more_than_names(&format!("{file}, {what}"), &there, &back)
        });
        each.collect()
    });
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn a_component_with_another_name_is_a_type_with_another_name() {
    let faults = faults(|Real { file, text }| {
        let tree = from_yaml(text);
        let all = ["schemas", "parameters", "responses", "requestBodies", "contentDescriptors"]
            .iter()
            .flat_map(|section| rewrites::components(&tree, section).into_iter().map(|name| (*section, name)));
        all.step_by(every().div_ceil(50)).map(|(section, name)| renamed(file, text, &tree, section, &name)).collect()
    });
    assert!(faults.is_empty(), "{faults}");
}

fn renamed(file: &str, text: &str, tree: &Tree, section: &str, name: &str) -> String {
    let what = format!("{file}, {section} {name}");
    let other = rewrites::renamed(tree, section, name, &format!("{name}Renamed")).to_json();
    let (there, back) = (compared(file, text, &other), compared(file, &other, text));
    let faults = more_than_names(&what, &there, &back);
    let old = venuekit_codegen::read(&venuekit_codegen::Spec::new(file, text).deny_warnings())
        .unwrap_or_else(|findings| panic!("{findings}"));
    let pointer = format!("/components/{section}/{name}");
    let def = old.types.iter().find(|def| def.pointer == pointer).map(|def| def.name.as_str());
    // All other changes must be of types that are named after it.
    let itself = there.changes.iter().filter(|change| change.was.as_deref() == def).count();
    let after = |was: &Option<String>| was.as_deref().zip(def).is_none_or(|(was, def)| was.starts_with(def));
    let others = there
        .changes
        .iter()
        .all(|change| change.rule.id == "type-renamed" && change.wire.level == Level::Safe && after(&change.was));
    let once = itself == usize::from(def.is_some());
    if once && others { faults } else { format!("{faults}{what}:\n{}", lines(&there)) }
}

/// A JSON spec compares like the same spec as YAML.
#[test]
fn a_spec_is_the_same_as_json() {
    for real in Real::all() {
        let (file, text) = (real.file.as_str(), real.text.as_str());
        let document = Document::parse(file, text).expect("the spec can be read");
        let (json, json_file) = (document.root().to_json(), file.replace(".yaml", ".json"));
        let (old, new) = (Spec::new(file, text), Spec::new(&json_file, &json));
        let comparison = compare(Some(&old), Some(&new)).unwrap_or_else(|findings| panic!("{findings}"));
        assert!(comparison.is_empty() && comparison.names_compared(), "{file}");
        assert!(
            venuekit_codegen::read(&venuekit_codegen::Spec::new(&json_file, &json).deny_warnings()).is_ok(),
            "{file}"
        );
    }
}
