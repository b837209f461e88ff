//! Makes the changes that the help texts of findings suggest. The finding must disappear, and no
//! new one may appear.

#![allow(missing_docs, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use venuekit_codegen::diagnostic::{Change, Diagnostic, Diagnostics, Edit};
use venuekit_codegen::source::{Document, check};
use venuekit_json::{Tree, pointer};

#[allow(dead_code, reason = "another test uses the rest")]
#[path = "../../diff/tests/diff_properties/tree.rs"]
mod tree;

use tree::{TreeExt, from_node, split};

/// Returns the findings on a document, which is written as JSON.
fn findings(document: &Tree) -> Diagnostics {
    let document = Document::parse("acme.json", &document.to_json()).unwrap_or_else(|found| panic!("{found}"));
    check(&document)
}

/// Returns the place and the message of each finding. Double quotes become single quotes, so that
/// the messages on a document are the same whether it is written as JSON or as YAML.
fn said(found: &Diagnostics) -> BTreeSet<(String, String)> {
    found.iter().map(|finding| (finding.location.pointer.clone(), finding.message.replace('"', "'"))).collect()
}

fn messages(found: &Diagnostics) -> BTreeSet<String> {
    found.iter().map(|finding| finding.message.clone()).collect()
}

/// Makes one of the changes that a help text suggests.
fn apply(document: &mut Tree, edit: &Edit) {
    let (parent, key) = split(&edit.pointer).expect("no advice changes the whole document");
    let holder = document.at_mut(parent).unwrap_or_else(|| panic!("the parent of {} does not exist", edit.pointer));
    let read = |json: &str| Tree::parse(json).unwrap_or_else(|error| panic!("`{json}`: {error}"));
    match (&edit.change, holder) {
        (Change::Set(json), object @ Tree::Object(_)) => {
            object.set(&key, read(json)).expect("an object");
        }
        (Change::Set(json), Tree::Array(elements)) => {
            let index = pointer::index(&key).expect("an index");
            *elements.get_mut(index).expect("an element") = read(json);
        }
        (Change::Remove, holder) => {
            holder.remove_segment(&key).unwrap_or_else(|| panic!("nothing is at {}", edit.pointer));
        }
        (Change::Rename(new), object @ Tree::Object(_)) => {
            assert!(!object.has(new), "{}: there is a `{new}` already", edit.pointer);
            let value = object.remove(&key).expect("the key is there");
            object.set(new, value);
        }
        (change, _) => panic!("{}: {change:?} cannot be applied here", edit.pointer),
    }
}

/// Follows the advice of one finding, and checks the findings afterwards. If the advice is wrong,
/// returns the reason as an error.
fn follow(document: &Tree, before: &Diagnostics, finding: &Diagnostic) -> Result<(), String> {
    let help = finding.help.as_ref().expect("each finding has help");
    let mut changed = document.clone();
    help.edits().iter().for_each(|edit| apply(&mut changed, edit));
    let after = findings(&changed);
    let advice = format!("`{}` at {}, help: {help}", finding.message, finding.location.pointer);
    // After a change of the standard or the version, a document can have quite different findings.
    // So only the finding itself has to disappear.
    if ["/openapi", "/openrpc"].contains(&finding.location.pointer.as_str()) {
        let gone = !messages(&after).contains(&finding.message);
        return if gone { Ok(()) } else { Err(advice) };
    }
    let fewer = after.len() < before.len() || !messages(&after).contains(&finding.message);
    if !fewer {
        return Err(format!(
            "{advice}\nwas followed, but the finding is still there and the number of findings did not fall:\n{after}"
        ));
    }
    let (before, mut after) = (messages(before), messages(&after));
    // A new finding can be caused by another fault of the document. So the advice on the other
    // findings is followed too, until there is no new finding.
    for _ in 0..100 {
        let new: Vec<_> = after.difference(&before).collect();
        if new.is_empty() {
            return Ok(());
        }
        let found = findings(&changed);
        let edits = |finding: &Diagnostic| finding.help.as_ref().map(|help| help.edits().to_vec()).unwrap_or_default();
        let others = found.iter().filter(|finding| before.contains(&finding.message)).map(edits);
        let Some(edits) = others.into_iter().find(|edits| !edits.is_empty()) else {
            return Err(format!("{advice}\nleads to {new:?}"));
        };
        edits.iter().for_each(|edit| apply(&mut changed, edit));
        after = messages(&findings(&changed));
    }
    Err(format!("{advice}\nstill causes new findings after 100 more edits"))
}

fn yaml(file: &str, text: &str) -> Option<Document> {
    Document::parse(file, text).ok()
}

#[test]
fn applying_the_edits_of_a_help_removes_the_finding_and_adds_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/refusals");
    let (mut followed, mut wrong) = (0, Vec::new());
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder is readable").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        // The JSON that this test makes has no faults of YAML, and its file always has the same
        // name.
        if path.extension().is_none_or(|ending| ending != "yaml") || stem == "Venue_Name" || stem.starts_with("yaml-") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("the spec is readable");
        let Some(document) = yaml("acme.yaml", &text) else { continue };
        let as_yaml = check(&document);
        let document = from_node(document.root());
        let before = findings(&document);
        assert_eq!(
            said(&before),
            said(&as_yaml),
            "{stem}: the findings of the JSON copy differ from those of the YAML file"
        );
        for finding in before.iter() {
            let help = finding.help.as_ref().expect("each finding has help");
            let text = format!("{} {help}", finding.message);
            assert!(!text.contains("YAML") && !text.contains(" '"), "{stem}: {text}");
            if help.edits().is_empty() {
                continue;
            }
            followed += 1;
            wrong.extend(follow(&document, &before, finding).err().map(|error| format!("{stem}: {error}")));
        }
    }
    assert!(wrong.is_empty(), "{} of {followed}:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(followed > 100, "{followed}");
}

/// Returns a document with one schema.
fn of_schema(schema: &str) -> String {
    format!(
        "openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\nx-crate-version: 0.1.0\npaths: {{}}\ncomponents: {{schemas: {{A: {schema}}}}}\n"
    )
}

/// Returns a document that has these other keys at its root.
fn of_root(rest: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: A, version: '1'}}\npaths: {{}}\n{rest}\n")
}

/// Each document has a finding with this help text, and following the advice removes the finding.
#[test]
fn each_help_is_as_expected_and_following_it_removes_the_finding() {
    let version = "x-crate-version: 0.1.0";
    let root = |rest: &str| of_root(&format!("{version}\n{rest}"));
    for (text, help) in [
        (of_root("x-crate-version: 1"), "write three numbers: '1.0.0'"),
        (of_root("x-crate-version: 1.2"), "write three numbers: '1.2.0'"),
        (of_root("x-crate-version: v1.02.3"), "write three numbers: 1.2.3"),
        (of_root("x-crate-version: '1'"), "write three numbers: 1.0.0"),
        (of_root("x-crate-version: 1.0.0-"), "write three numbers: 0.1.0"),
        (of_root("x-crate-version: true"), "write three numbers: '0.1.0'"),
        (of_schema("{type: integer, format: u64}"), "write format: uint64"),
        (of_schema("{type: integer, format: uint46}"), "write format: uint64"),
        (of_schema("{type: integer, format: uint63}"), "write format: uint64"),
        (of_schema("{type: integer, format: int46}"), "write format: int64"),
        (of_schema("{type: integer, format: in64}"), "write format: int64"),
        (of_schema("{type: integer, format: Int64}"), "write format: int64"),
        (of_schema("{type: integer, format: unsigned32}"), "write format: uint32"),
        (of_schema("{type: integer, format: u8}"), "write format: uint32"),
        (of_schema("{type: integer, format: int128}"), "write type: number with format: decimal"),
        (of_schema("{type: integer, format: uint128}"), "write type: number with format: decimal"),
        (of_schema("{type: integer, format: int256}"), "write type: number with format: decimal"),
        (of_schema("{type: integer, format: bigint}"), "write type: number with format: decimal"),
        (of_schema("{type: number, format: float}"), "write format: decimal"),
        (of_schema("{type: number, format: dezimal}"), "write format: decimal"),
        (of_schema("{type: string, format: dateTime}"), "write format: date-time"),
        (of_schema("{type: string, format: decimall}"), "did you mean `decimal`?"),
        (of_schema("{type: numer}"), "did you mean `number`, with format: decimal?"),
        (of_schema("{type: float}"), "write type: number, format: decimal"),
        (of_schema("{type: date}"), "write type: string, format: date"),
        (of_schema("{type: number}"), "write format: decimal, or type: integer where it has no fraction"),
        (of_schema("{format: int32}"), "write type: integer"),
        (of_schema("{minimum: 0.5}"), "write type: number, format: decimal"),
        (of_schema("{minimum: 1}"), "write type: integer"),
        (of_schema("{enum: [a, b]}"), "write type: string"),
        (of_schema("{format: decimal, minLength: 1}"), "write type: string"),
        (
            of_schema("{type: integer, format: int32, example: 9000000000}"),
            "write format: int64, or correct the example",
        ),
        (of_schema("{type: integer, example: 9300000000000000000}"), "write format: uint64, or correct the example"),
        (
            of_schema("{type: integer, format: uint64, example: 93000000000000000000}"),
            "write type: number with format: decimal, or correct the example",
        ),
        (of_schema("{type: integer, format: uint32, example: -1}"), "write format: int64, or correct the example"),
        (of_schema("{type: string, example: 1}"), "put it in quotes, '1', or correct the schema"),
        (of_schema("{type: integer, example: '1'}"), "write it without quotes, or correct the schema"),
        (of_schema("{type: object, required: [a, aa], properties: {a: {}, ab: {}}}"), "did you mean `ab`?"),
        (of_schema("{type: string, minLenght: 1}"), "did you mean `minLength`?"),
        (
            of_schema("{type: string, enum: ['1', 1]}"),
            "leave it out, and its name in `x-enum-varnames`, because '1' is listed",
        ),
        (of_schema("{type: string, enum: ['1', 2]}"), "put it in quotes: '2'"),
        (of_schema("{type: integer, exclusiveMinimum: 3}"), "write minimum: 3 and exclusiveMinimum: true"),
        (of_schema("{type: [string, 'null']}"), "write type: string and nullable: true"),
        (root("x-error: {code: [code]}"), "write /code"),
        (root("x-error: {code: [error.code]}"), "write /error/code"),
        (root("x-error: {code: ['#/code']}"), "write /code"),
        (root("x-error: {code: ['$.error.code']}"), "write /error/code"),
        (root("tags: {name: a}"), "begin each element with `- `"),
        (root("x-private-key: 'true'\nx-auth: a"), "write it without quotes"),
        (root("x-recv-window: {default: '5000'}"), "write it without quotes"),
        (root("x-clock-codes: 5"), "write [5]"),
        (root("x-clock-codes: [1.5]"), "write a 64-bit integer, or put it in quotes: '1.5'"),
        (
            root("x-limits: [l, m]\nx-rate-limits: [{name: l, per: key, window: 1s, limit: 1, counts: request}]"),
            "did you mean `requests`? write `weight` or `requests`",
        ),
    ] {
        let document = yaml("acme.yaml", &text).unwrap_or_else(|| panic!("{text}"));
        let found = check(&document);
        let finding = found.iter().find(|finding| finding.help.as_ref().is_some_and(|found| found.text() == help));
        let Some(finding) = finding else { panic!("{text}no finding says `{help}`:\n{found}") };
        assert!(finding.help.as_ref().is_some_and(|help| !help.edits().is_empty()), "{text}{finding}");
        let followed = follow(&from_node(document.root()), &found, finding);
        followed.unwrap_or_else(|error| panic!("{text}{error}"));
    }
}

/// A name that is near but would be refused is not suggested.
#[test]
fn nothing_is_suggested_that_would_be_refused() {
    let root = |rest: &str| of_root(&format!("x-crate-version: 0.1.0\n{rest}"));
    for (text, wrong) in [
        // The object already has the key.
        (of_schema("{type: string, title: a, titel: b}"), "`title`"),
        // The key takes another kind of value.
        (of_schema("{type: object, requird: true}"), "`required`"),
        // The key has no effect on the type.
        (of_schema("{type: string, minimun: 1}"), "`minimum`"),
        // The specification extension belongs at another place.
        (root("x-wieght: 1"), "did you mean"),
        // The name is already listed.
        (of_schema("{type: object, required: [a, ab, abb], properties: {ab: {}, a: {}}}"), "`ab`"),
        (
            root(
                "x-limits: [orders, order]\nx-rate-limits: [{name: orders, per: ip, window: 1s, limit: 1, counts: requests}]",
            ),
            "`orders`",
        ),
        // The number in quotes would not be a value of the enum, a name, a window or a choice.
        (of_schema("{type: string, enum: [a], example: 1}"), "in quotes"),
        (of_schema("{type: string, x-rust-name: 1}"), "in quotes"),
        (root("x-rate-limits: [{name: a, per: 1, window: 5, limit: 1, counts: true}]"), "in quotes"),
        (root("x-error: {code: [5]}"), "in quotes"),
        // The `$ref` of the nearest component, `AB`, leads back to itself.
        (
            of_schema(
                "{$ref: '#/components/schemas/B'}, AB: {$ref: '#/components/schemas/AB'}, C: {$ref: '#/components/schemas/AC'}",
            ),
            "did you mean `AB`",
        ),
        // A required key cannot be left out.
        (of_root("x-crate-version:"), "leave it out"),
        (root("x-rate-limits: [{name: , per: ip, window: 1s, limit: 1, counts: requests}]"), "leave it out"),
        // A text that is not a whole number would not become one without its quotes.
        (root("x-recv-window: {default: '1.5'}"), "without quotes"),
        (of_schema("{type: integer, example: '1.5'}"), "without quotes"),
        // The elements of the list are objects.
        (root("x-rate-limits: orders"), "[orders]"),
        // A `type: number` needs a format.
        (of_schema("{type: number, format: int64}"), "leave it out"),
        // The path with a slash in front already exists, or would have another fault.
        (
            "openapi: 3.0.3\ninfo: {title: A, version: '1'}\nx-crate-version: 0.1.0\npaths: {a: {}, /a: {}, 'b?{c': {}}\n"
                .to_owned(),
            "write /",
        ),
    ] {
        let document = yaml("acme.yaml", &text).unwrap_or_else(|| panic!("{text}"));
        let found = check(&document);
        assert!(!found.is_empty(), "{text}");
        let helps: Vec<_> = found.iter().filter_map(|finding| finding.help.as_ref()).map(|help| help.text()).collect();
        assert!(!helps.iter().any(|help| help.contains(wrong)), "{text}{helps:?}");
    }
}

/// The check reports decimals that the client could not read.
#[test]
fn decimals_with_too_many_digits_are_reported() {
    let long = "0.12345678901234567890123456789";
    let large = "79228162514264337593543950336";
    for (schema, count) in [
        (format!("{{type: string, format: decimal, example: '{long}'}}"), 1),
        (format!("{{type: number, format: decimal, example: {large}}}"), 1),
        (format!("{{type: number, format: decimal, default: {long}}}"), 1),
        (format!("{{type: string, format: decimal, default: '{large}'}}"), 1),
        (format!("{{type: number, format: decimal, minimum: -{large}, maximum: {large}}}"), 2),
        (format!("{{type: array, items: {{type: number, format: decimal}}, example: [1e29, 1e28, {long}]}}"), 2),
        ("{type: string, format: decimal, example: '79228162514264337593543950335'}".to_owned(), 0),
        (
            "{type: number, format: decimal, example: 1.50000000000000000000000000000000000, minimum: 1e-28}"
                .to_owned(),
            0,
        ),
    ] {
        let document = yaml("acme.yaml", &of_schema(&schema)).expect("it can be read");
        let found = check(&document);
        assert_eq!(found.len(), count, "{schema}: {found}");
        for finding in found.iter() {
            assert!(
                finding
                    .message
                    .ends_with("does not fit a decimal (at most 28 decimal places, and digits that fit into 96 bits)"),
                "{finding}"
            );
        }
    }
}
