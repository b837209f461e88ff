//! Reports in the forms of other tools: valid for their readers, whatever a spec says.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod reports;

use std::collections::BTreeSet;

use reports::{added, comparison, everything, hostile, limited, removed, repeated, report};
use serde_json::{Value, json};
use venuekit_diff::render::fingerprint::fingerprints;
use venuekit_diff::render::text::{self, Colours};
use venuekit_diff::render::{Report, github, json as json_report, junit, sarif};
use venuekit_diff::{Acceptance, Change, Level, Spec, compare};

/// Returns reports with everything that a report can have.
fn all() -> [Report; 4] {
    let mut accepted = everything();
    accepted.notes = vec!["specs/diff.toml:2: the exception expired".to_owned()];
    let accept = || Some(Acceptance { until: "2999-12-31".to_owned(), why: "nobody calls it".to_owned() });
    accepted
        .venues
        .iter_mut()
        .flat_map(|venue| &mut venue.changes)
        .take(2)
        .for_each(|change| change.accepted = accept());
    [accepted, everything(), repeated(), hostile()]
}

fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
    validator.iter_errors(value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

#[test]
fn a_json_report_is_valid_by_the_published_schema() {
    let schema: Value = serde_json::from_str(json_report::SCHEMA).unwrap();
    for report in all() {
        let value: Value = serde_json::from_str(&json_report::render(&report).unwrap()).unwrap();
        assert_eq!(faults(&schema, &value), [""; 0]);
        // The schema knows each property.
        assert_eq!(unknown(&schema, &schema, &value, ""), [""; 0]);
    }
    let valid = |change: &dyn Fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&json_report::render(&everything()).unwrap()).unwrap();
        change(&mut value);
        faults(&schema, &value).is_empty()
    };
    assert!(valid(&|_| {}));
    assert!(!valid(&|value| value["version"] = 2.into()));
    assert!(!valid(&|value| value["venues"][0]["changes"][0]["fingerprint"] = "x".into()));
    assert!(!valid(&|value| value["venues"][0]["changes"][0]["wire"]["verdict"] = "bad".into()));
    assert!(!valid(&|value| value["venues"][0]["changes"][0]["line"] = 0.into()));
}

/// Returns the properties of a value that a schema does not name.
fn unknown(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let schema = match schema["$ref"].as_str() {
        Some(reference) => root.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match schema["properties"].get(name) {
                Some(schema) => unknown(root, schema, value, &format!("{at}/{name}")),
                None => vec![format!("{at}/{name}")],
            })
            .collect(),
        Value::Array(elements) => elements
            .iter()
            .enumerate()
            .flat_map(|(index, value)| unknown(root, &schema["items"], value, &format!("{at}/{index}")))
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns the shape of the parts of SARIF 2.1.0 that a report uses: their required properties, and
/// no others.
fn sarif_shape() -> Value {
    let object = |required: &[&str], properties: Value| json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties });
    let text = json!({ "type": "string" });
    let message = object(&["text"], json!({ "text": { "type": "string", "minLength": 1 } }));
    let level = json!({ "enum": ["none", "note", "warning", "error"] });
    let number = json!({ "type": "integer", "minimum": 1 });
    let region = object(&["startLine"], json!({ "startLine": number, "startColumn": number }));
    // A URI has no spaces, brackets or other special characters.
    let uri = json!({ "type": "string", "pattern": "^[A-Za-z0-9/_.%-]*$" });
    let artifact = object(&["uri"], json!({ "uri": uri }));
    let physical = object(&["artifactLocation", "region"], json!({ "artifactLocation": artifact, "region": region }));
    let logical = object(&["fullyQualifiedName"], json!({ "fullyQualifiedName": text }));
    let location = object(
        &["physicalLocation"],
        json!({ "id": { "type": "integer", "minimum": 0 }, "physicalLocation": physical, "message": message,
            "logicalLocations": { "type": "array", "items": logical } }),
    );
    let locations = json!({ "type": "array", "minItems": 1, "items": location });
    let suppression = object(
        &["kind"],
        json!({ "kind": { "enum": ["inSource", "external"] }, "justification": text,
            "status": { "enum": ["accepted", "underReview", "rejected"] } }),
    );
    let result = object(
        &["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
        json!({ "ruleId": text, "ruleIndex": { "type": "integer", "minimum": 0 }, "level": level, "message": message,
            "locations": locations, "relatedLocations": locations,
            "partialFingerprints": { "type": "object", "additionalProperties": text },
            "suppressions": { "type": "array", "items": suppression }, "properties": { "type": "object" } }),
    );
    let rule = object(&["id"], json!({ "id": text, "shortDescription": message, "helpUri": text }));
    let driver = object(
        &["name", "semanticVersion", "rules"],
        json!({ "name": text, "semanticVersion": text, "informationUri": text,
            "rules": { "type": "array", "uniqueItems": true, "items": rule } }),
    );
    let notification = object(&["message"], json!({ "level": level, "message": message }));
    let invocation = object(
        &["executionSuccessful"],
        json!({ "executionSuccessful": { "type": "boolean" },
            "toolExecutionNotifications": { "type": "array", "items": notification } }),
    );
    let run = object(
        &["tool", "results"],
        json!({ "tool": object(&["driver"], json!({ "driver": driver })), "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
            "invocations": { "type": "array", "items": invocation }, "results": { "type": "array", "items": result } }),
    );
    object(
        &["version", "runs"],
        json!({ "$schema": text, "version": { "const": "2.1.0" }, "runs": { "type": "array", "items": run } }),
    )
}

#[test]
fn sarif_has_the_shape_of_version_2_1_0_and_each_result_its_rule() {
    let shape = sarif_shape();
    for report in all() {
        let value: Value = serde_json::from_str(&sarif::render(&report).unwrap()).unwrap();
        assert_eq!(faults(&shape, &value), [""; 0]);
        let run = &value["runs"][0];
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), report.venues.iter().map(|venue| venue.changes.len()).sum::<usize>());
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        }
        assert_eq!(run["invocations"][0]["executionSuccessful"], report.failed.is_empty());
    }
    let value: Value = serde_json::from_str(&sarif::render(&all()[0]).unwrap()).unwrap();
    let results = value["runs"][0]["results"].as_array().unwrap();
    let gone = results.iter().find(|result| result["ruleId"] == "operation-removed").unwrap();
    assert_eq!(gone["level"], "error");
    assert_eq!(gone["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 120);
    assert_eq!(results[0]["suppressions"][0]["status"], "accepted");
}

#[test]
fn junit_is_xml_with_a_failure_for_each_breaking_change() {
    for report in all() {
        let xml = junit::render(&report);
        let document = roxmltree::Document::parse(&xml).unwrap_or_else(|fault| panic!("{fault}\n{xml}"));
        let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
        let stated = |name: &str| document.root_element().attribute(name).unwrap().parse::<usize>().unwrap();
        let counted = [("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")];
        for (attribute, element) in counted {
            assert_eq!(stated(attribute), count(element), "{element}");
            let suites = document.descendants().filter(|node| node.has_tag_name("testsuite"));
            let suites = suites.map(|suite| suite.attribute(attribute).unwrap().parse::<usize>().unwrap());
            assert_eq!(suites.sum::<usize>(), count(element), "{element}");
        }
        assert_eq!(count("testsuite"), report.venues.len() + report.unchanged.len() + report.failed.len());
        let changes = report.venues.iter().flat_map(|venue| &venue.changes);
        let breaking = changes.filter(|change| {
            change.accepted.is_none() && [change.wire.level, change.source.level].contains(&Level::Breaking)
        });
        let faults = report.venues.iter().filter(|venue| venue.version().fault.is_some());
        assert_eq!(count("failure"), breaking.count() + faults.count());
    }
}

#[test]
fn each_annotation_is_one_command_and_the_worst_come_first() {
    for report in all() {
        let said = github::render(&report);
        let changes: usize = report.venues.iter().map(|venue| venue.changes.len()).sum();
        let faults =
            report.venues.iter().filter(|venue| venue.version().fault.is_some() && venue.new.is_some()).count();
        assert_eq!(said.lines().count(), changes + faults + report.failed.len() + report.notes.len(), "{said}");
        for line in said.lines() {
            let kinds = ["::error ", "::warning ", "::notice "];
            assert!(kinds.iter().any(|kind| line.starts_with(kind)), "{line}");
            assert!(!line.chars().any(char::is_control), "{line}");
        }
    }
    let file = "specs/a,b:100%.yaml";
    let said = github::render(&report(vec![comparison("a", vec![added(file, 3), limited(file, 2), removed(file, 1)])]));
    let lines: Vec<&str> = said.lines().skip(1).collect();
    let [error, warning, notice] = lines.as_slice() else { panic!("{said}") };
    assert!(error.starts_with("::error file=specs/a.yaml,title=a%3A operation-removed::placeOrder: "), "{error}");
    assert!(error.ends_with("; it was at specs/a,b:100%25.yaml:1"), "{error}");
    assert!(warning.starts_with("::warning file=specs/a%2Cb%3A100%25.yaml,line=2,col=5,title=a%3A "), "{warning}");
    assert!(notice.starts_with("::notice file="), "{notice}");
}

#[test]
fn a_fingerprint_stays_if_lines_move_and_differs_for_another_change() {
    let of = |changes: Vec<Change>| fingerprints(&comparison("a", changes));
    let (file, other) = ("specs/a.yaml", "specs/moved.yaml");
    assert_eq!(of(vec![added(file, 3), removed(file, 9)]), of(vec![added(other, 30), removed(other, 1)]));
    let all = of(vec![
        added(file, 1),
        limited(file, 1),
        removed(file, 1),
        Change { is: Some("integer".to_owned()), ..added(file, 1) },
        Change { is: None, was: Some("string".to_owned()), ..added(file, 1) },
        // The same change at another place.
        added(file, 2),
    ]);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{all:?}");
    assert_ne!(fingerprints(&comparison("b", vec![added(file, 1)])), [all[0].clone()]);
    // Users copy fingerprints, so they are the same in each version of the program.
    assert_eq!(all[0], "af55f9c692ce11bb");
}

#[test]
fn the_fingerprint_of_a_change_survives_an_edit_above_it() {
    let old = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {get: {responses: {}}}\n  /b: {get: {responses: {}}}\n";
    let ids = |new: &str| {
        let spec = |text: &str| Spec::new("specs/a.yaml", text);
        let comparison = compare(Some(&spec(old)), Some(&spec(new))).unwrap();
        let rules = comparison.changes.iter().map(|change| change.rule.id).collect::<Vec<_>>();
        rules.into_iter().zip(fingerprints(&comparison)).collect::<BTreeSet<_>>()
    };
    let before = ids("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {get: {responses: {}}}\n");
    let after = ids(
        "# More.\nopenapi: 3.0.3\ninfo: {title: T, version: '2'}\npaths:\n  /0: {get: {responses: {}}}\n  /a: {get: {responses: {}}}\n",
    );
    assert_eq!((before.len(), after.len()), (1, 2));
    assert!(after.is_superset(&before));
}

#[test]
fn colours_change_nothing_but_the_codes() {
    for report in all() {
        let (plain, coloured) = (text::render(&report, Colours::Plain), text::render(&report, Colours::Ansi));
        assert!(!plain.contains('\u{1b}'));
        let mut without = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            without.push_str(before);
            let (code, after) = after.split_once('m').unwrap();
            assert!(code.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'), "{code}");
            rest = after;
        }
        without.push_str(rest);
        assert_eq!(without, plain);
        assert!(coloured.contains("\u{1b}["));
    }
}
