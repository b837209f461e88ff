//! Compares a tiny pair of specs for each rule and for each case, with a snapshot of the changes.
//!
//! A pair is one file. A line that ends with `#-` is in the old spec only; a line that ends with
//! `#+` is in the new spec only. For a new pair, write `diff/<rule>.yaml` or
//! `diff/<rule>--<case>.yaml`, run the test with `INSTA_UPDATE=always`, and read
//! `diff/<rule>.snap`. Each pair is compared in both directions, and each change must have its
//! opposite.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use venuekit_diff::rules::{Case, Effect, Judgement, SECTIONS, all};
use venuekit_diff::{Comparison, Revision, Spec, compare};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff")
}

fn stems(extension: &str) -> BTreeSet<String> {
    let entries =
        fs::read_dir(folder()).expect("the folder is there").map(|entry| entry.expect("it is readable").path());
    let files = entries.filter(|path| path.extension().is_some_and(|found| found == extension));
    files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

/// Returns the old and the new spec of a pair. Lines keep their numbers.
fn pair(stem: &str) -> (String, String) {
    let text = fs::read_to_string(folder().join(format!("{stem}.yaml"))).expect("the pair is readable");
    let without = |mark: &str| {
        let keep = |line: &str| if line.trim_end().ends_with(mark) { String::new() } else { line.to_owned() };
        text.lines().map(|line| keep(line) + "\n").collect::<String>()
    };
    (without("#+"), without("#-"))
}

fn compared(old: &str, new: &str) -> Comparison {
    let (old, new) = (Spec::new("tiny.yaml", old), Spec::new("tiny.yaml", new));
    compare(Some(&old), Some(&new)).unwrap_or_else(|findings| panic!("{findings}"))
}

fn lines(comparison: &Comparison) -> String {
    let mut out = String::new();
    for change in &comparison.changes {
        let place = match change.place.revision {
            Revision::Old => "old",
            Revision::New => "new",
        };
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        // Writing to a `String` cannot fail.
        let cases: Vec<&str> = change.cases.iter().map(|case| case.name).collect();
        let cases = if cases.is_empty() { String::new() } else { format!(" ({})", cases.join(", ")) };
        let _ = writeln!(out, "{}{cases}  {}  {place}:{}", change.rule.id, change.subject, change.place.location.line);
        if change.was.is_some() || change.is.is_some() {
            let _ = writeln!(out, "  {} -> {}", value(&change.was), value(&change.is));
        }
        let _ = writeln!(out, "  wire {}: {}", change.wire.level, change.wire.reason);
        let _ = writeln!(out, "  source {}: {}", change.source.level, change.source.reason);
    }
    if comparison.documentation > 0 {
        let _ = writeln!(out, "documentation: {}", comparison.documentation);
    }
    let _ = writeln!(out, "step: {}", comparison.step());
    out
}

/// Returns the rules of all changes, sorted, with repetition.
fn ids(comparison: &Comparison, mirrored: bool) -> Vec<&'static str> {
    let of = |rule: &'static venuekit_diff::Rule| if mirrored { rule.mirror } else { rule.id };
    let mut ids: Vec<_> = comparison.changes.iter().map(|change| of(change.rule)).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn each_change_is_one_line_and_has_its_opposite() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut faults = String::new();
    for stem in stems("yaml") {
        let (old, new) = pair(&stem);
        let (there, back) = (compared(&old, &new), compared(&new, &old));
        for side in [&there.old, &there.new].into_iter().flatten() {
            if let Some(found) = side.faults.as_ref().filter(|_| !stem.contains("--foreign")) {
                let _ = writeln!(faults, "{stem}: no crate can be generated from it\n{found}");
            }
        }
        if ids(&there, true) != ids(&back, false) {
            let _ = writeln!(faults, "{stem}: there {:?}, back {:?}", ids(&there, false), ids(&back, false));
        }
        if stem.starts_with("nothing--") && !(there.is_empty() && back.is_empty()) {
            let _ = writeln!(faults, "{stem}: a change is reported: {:?}, {}", ids(&there, false), there.documentation);
        }
        let rule = stem.split("--").next().unwrap_or_default();
        if !ids(&there, false).contains(&rule) && rule != "documentation" && rule != "nothing" {
            let _ = writeln!(faults, "{stem}: its rule is not reported: {:?}", ids(&there, false));
        }
        let changes = format!("{}\nthe other way\n{}", lines(&there), lines(&back));
        settings.bind(|| insta::assert_snapshot!(stem.as_str(), changes));
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn each_rule_has_a_pair_and_each_snapshot_its_pair() {
    let stems_with_pair = stems("yaml");
    // The test `an_added_or_removed_spec_is_a_change` covers these rules, because a pair has two
    // specs.
    let alone = ["venue-added", "venue-removed"];
    let has = |id: &str| alone.contains(&id) || stems_with_pair.iter().any(|stem| stem.split("--").next() == Some(id));
    let without: Vec<_> = all().map(|rule| rule.id).filter(|id| !has(id)).collect();
    // The pair of the opposite rule is enough.
    let without: Vec<_> =
        without.into_iter().filter(|id| !all().any(|rule| rule.id == *id && has(rule.mirror))).collect();
    assert!(without.is_empty(), "no pair for {without:?}");
    let orphans: Vec<_> = stems("snap").difference(&stems_with_pair).cloned().collect();
    assert!(orphans.is_empty(), "no pair for the snapshots of {orphans:?}");
}

/// The name of the usual case: a change to which no named case applies.
const USUAL: &str = "usual";

#[test]
fn each_case_of_a_rule_is_reached_by_a_pair() {
    let mut reached = BTreeSet::new();
    for stem in stems("yaml") {
        let (old, new) = pair(&stem);
        for change in [compared(&old, &new), compared(&new, &old)].into_iter().flat_map(|comparison| comparison.changes)
        {
            let id = change.rule.id;
            for case in &change.cases {
                assert!(change.rule.cases.contains(case), "{stem}: `{}` is not a case of `{id}`", case.name);
                reached.insert((id, case.name));
            }
            if change.cases.is_empty() {
                reached.insert((id, USUAL));
            }
            for reason in [&change.wire.reason, &change.source.reason] {
                assert!(!reason.contains("{}") && !reason.contains("``"), "{stem}: a name is missing in `{reason}`");
            }
        }
    }
    let never: Vec<_> = all()
        // The test `an_added_or_removed_spec_is_a_change` covers these rules.
        .filter(|rule| !["venue-added", "venue-removed"].contains(&rule.id))
        .flat_map(|rule| rule.cases.iter().map(|case| case.name).chain([USUAL]).map(|case| (rule.id, case)))
        .filter(|case| !reached.contains(case))
        .collect();
    assert!(never.is_empty(), "no pair reaches {never:#?}");
}

#[test]
fn an_added_or_removed_spec_is_a_change() {
    let (text, _) = pair("enum-value-added");
    let spec = Spec::new("specs/acme.yaml", text);
    let come = compare(None, Some(&spec)).expect("it is a spec");
    assert_eq!(ids(&come, false), ["venue-added"]);
    assert_eq!((come.venue.as_str(), come.version().fault), ("acme", None));
    let gone = compare(Some(&spec), None).expect("it is a spec");
    assert_eq!(ids(&gone, false), ["venue-removed"]);
}

#[test]
fn documents_that_cannot_be_compared_are_refused() {
    let rpc = "openrpc: 1.3.2\ninfo: {title: A, version: '1'}\nmethods: []\n";
    let http = "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n";
    let refused = |old: &str, new: &str| {
        let (old, new) = (Spec::new("a.yaml", old), Spec::new("b.yaml", new));
        compare(Some(&old), Some(&new)).map(|_| ()).expect_err("it is refused").to_string()
    };
    assert!(refused(http, rpc).contains("a.yaml and b.yaml do not follow the same standard"));
    assert!(refused(http, "a: 1\n").contains("b.yaml:1:1: this is neither OpenAPI 2.0 or 3 nor OpenRPC"));
    assert!(refused("swagger: '1.2'\n", http).contains("a.yaml:1:1"));
    assert!(refused(http, "a: [1\n").contains("b.yaml:"));
}

/// Returns the rules as Markdown.
fn catalogue() -> String {
    let mut out = String::new();
    for (section, rules) in SECTIONS {
        out.push_str(&format!("\n## {section}\n"));
        for rule in *rules {
            let adds = if rule.adds { " It adds something to the crate." } else { "" };
            out.push_str(&format!("\n### `{}`\n\n", rule.id));
            out.push_str(&wrapped("", &format!("{} Opposite: `{}`.{adds}", rule.meaning, rule.mirror)));
            out.push('\n');
            for (axis, effect) in [("wire", &rule.wire), ("source", &rule.source)] {
                for line in effect_lines(axis, effect) {
                    out.push_str(&wrapped("- ", &line));
                }
            }
            for case in rule.cases {
                out.push_str(&wrapped("- ", &format!("case `{}`: {}", case.name, case.when)));
                for line in case_lines(case) {
                    out.push_str(&wrapped("  - ", &line));
                }
            }
            if let Some(code) = rule.witness() {
                out.push_str(&format!("\nThis compiles before and not after:\n\n```rust,ignore\n{code}\n```\n"));
            }
        }
    }
    out
}

fn effect_lines(axis: &str, effect: &Effect) -> Vec<String> {
    match effect {
        Effect::Always(level, reason) => vec![format!("{axis} **{level}**: {reason}")],
        Effect::ByUse { request, response } => use_lines(axis, Some(*request), Some(*response)),
    }
}

fn case_lines(case: &Case) -> Vec<String> {
    let mut lines = Vec::new();
    for (axis, exception) in [("wire", &case.wire), ("source", &case.source)] {
        lines.extend(use_lines(axis, exception.request, exception.response));
    }
    lines.extend(case.adds.map(|adds| match adds {
        true => "adds something to the crate".to_owned(),
        false => "adds nothing to the crate".to_owned(),
    }));
    lines
}

fn use_lines(axis: &str, request: Option<Judgement>, response: Option<Judgement>) -> Vec<String> {
    let line =
        |place: &str, (level, reason): Judgement| format!("{axis}{place} **{level}**: {}", reason.replace("{}", ".."));
    if request == response {
        return request.map(|judgement| line("", judgement)).into_iter().collect();
    }
    let (request, response) = (
        request.map(|judgement| line(" in requests", judgement)),
        response.map(|judgement| line(" in responses", judgement)),
    );
    request.into_iter().chain(response).collect()
}

/// Returns a paragraph or an item of a list in lines of at most 100 columns.
fn wrapped(bullet: &str, text: &str) -> String {
    let (mut out, mut column) = (bullet.to_owned(), bullet.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 && column + 1 + word.chars().count() > 100 {
            out.push_str(&format!("\n{:1$}", "", bullet.len()));
            column = bullet.len();
        } else if index > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.chars().count();
    }
    out + "\n"
}

/// The line of the page after which the text of [`catalogue`] begins.
const MARK: &str =
    "<!-- The text below is written by `INSTA_UPDATE=always cargo test -p venuekit-diff --test diff`. -->\n";

#[test]
fn the_page_of_all_changes_agrees_with_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/spec-changes.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let (head, listed) = page.split_once(MARK).expect("the page says where the list begins");
    if listed != catalogue() {
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            fs::write(&path, format!("{head}{MARK}{}", catalogue())).expect("the page can be written");
        } else {
            panic!("docs/spec-changes.md is stale; write it anew with INSTA_UPDATE=always");
        }
    }
}
