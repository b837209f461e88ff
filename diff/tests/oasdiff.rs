//! The rules of oasdiff beside those of this crate: each rule id that a document can express has a
//! minimal pair, and the page `docs/oasdiff.md` shows the levels of both.
//!
//! The pairs have no `x-crate-version`, so the contract alone decides, as it does for oasdiff. The
//! page is written by `INSTA_UPDATE=always cargo test -p venuekit-diff --test oasdiff`.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot read its files has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use venuekit_diff::{Level, Spec, compare};

/// The ids of oasdiff with their levels, one per line, as of its commit 4553c69d3869.
const LEVELS: &str = include_str!("oasdiff/levels.tsv");

/// The pairs of schemas: an end of ids, the old schema and the new schema.
const SCHEMAS: &str = include_str!("oasdiff/schemas.txt");

/// The pairs of documents: an id, the old parts and the new parts.
const DOCUMENTS: &str = include_str!("oasdiff/documents.txt");

/// The ids without a pair, with the reason: whole ids, or parts of ids between stars.
const WITHOUT: &str = include_str!("oasdiff/without.txt");

/// The reasons why levels differ: our rule, the level of oasdiff, our level and the reason.
const REASONS: &str = include_str!("oasdiff/reasons.txt");

/// The places in which a schema can be, by the beginnings of ids. A longer beginning comes first.
const PLACES: [&str; 11] = [
    "request-parameter-property",
    "request-parameter",
    "request-header-property",
    "request-body",
    "request-read-only-property",
    "request-property",
    "response-body",
    "response-write-only-property",
    "response-property",
    "response-header",
    "response-mediatype",
];

/// Returns a document in which only the schema of a place is of interest.
fn document_of(place: &str, schema: &str) -> String {
    let object = |more: &str| {
        let inner = schema.trim().strip_prefix('{').map_or(schema.to_owned(), |rest| format!("{{{more}{rest}"));
        format!("{{type: object, properties: {{value: {inner}}}}}")
    };
    let deep = format!("{{name: filter, in: query, style: deepObject, explode: true, schema: {}}}", object(""));
    let operation = match place {
        "request-parameter" => format!("parameters: [{{name: value, in: query, schema: {schema}}}]"),
        "request-parameter-property" => format!("parameters: [{deep}]"),
        "request-header-property" => {
            let header = format!("{{name: X-Filter, in: header, schema: {}}}", object(""));
            format!("parameters: [{header}]")
        }
        "request-body" => body(schema),
        "request-property" => body(&object("")),
        "request-read-only-property" => body(&object("readOnly: true, ")),
        "response-body" | "response-mediatype" => response(schema, "{}"),
        "response-property" => response(&object(""), "{}"),
        "response-write-only-property" => response(&object("writeOnly: true, "), "{}"),
        "response-header" => response("{type: string}", &format!("{{X-Value: {{schema: {schema}}}}}")),
        other => panic!("no place {other}"),
    };
    let responses = if operation.contains("responses:") { "" } else { ", responses: {'200': {description: Done.}}" };
    format!("{HEAD}paths:\n  /a:\n    post: {{operationId: a, {operation}{responses}}}\n{COMPONENTS}")
}

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: Venue, version: '1'}\nservers: [{url: 'https://venue.example'}]\n";
const COMPONENTS: &str = "components:
  schemas:
    Cat: {type: object, required: [kind, lives], properties: {kind: {const: cat}, lives: {type: integer}}}
    Dog: {type: object, required: [kind, bark], properties: {kind: {const: dog}, bark: {type: string}}}
";

fn body(schema: &str) -> String {
    format!("requestBody: {{required: true, content: {{application/json: {{schema: {schema}}}}}}}")
}

fn response(schema: &str, headers: &str) -> String {
    let content = format!("content: {{application/json: {{schema: {schema}}}}}");
    format!("responses: {{'200': {{description: Done., headers: {headers}, {content}}}}}")
}

/// A pair with an id of oasdiff.
struct Pair {
    id: String,
    old: String,
    new: String,
    /// The pair as the page shows it.
    shown: [String; 2],
}

/// Returns the entries of a file: lines of `a`, `b` and `c`, separated by empty lines. Lines that
/// begin with `#` are comments.
fn entries(text: &str) -> Vec<[&str; 3]> {
    let blocks =
        text.split("\n\n").map(|block| block.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>());
    let blocks = blocks.filter(|block| !block.is_empty());
    blocks.map(|block| block.clone().try_into().unwrap_or_else(|_| panic!("not three lines: {block:?}"))).collect()
}

fn levels() -> BTreeMap<&'static str, Level> {
    let level = |name: &str| match name {
        "ERR" => Level::Breaking,
        "WARN" => Level::Risky,
        "INFO" => Level::Safe,
        other => panic!("no level {other}"),
    };
    LEVELS.lines().filter_map(|line| line.split_once('\t')).map(|(id, name)| (id, level(name))).collect()
}

/// Returns the pair of each id that has one.
fn pairs() -> BTreeMap<&'static str, Pair> {
    let mut pairs = BTreeMap::new();
    for [end, old, new] in entries(SCHEMAS) {
        for place in PLACES {
            let id = format!("{place}-{end}");
            let Some((id, _)) = levels().get_key_value(id.as_str()).map(|(id, level)| (*id, *level)) else { continue };
            // `request-parameter-property-x` is no `request-parameter` with the end `property-x`.
            if PLACES.iter().find(|other| id.starts_with(&format!("{other}-"))) != Some(&place) {
                continue;
            }
            let shown = [old.to_owned(), new.to_owned()];
            pairs.insert(
                id,
                Pair { id: id.to_owned(), old: document_of(place, old), new: document_of(place, new), shown },
            );
        }
    }
    for [id, old, new] in entries(DOCUMENTS) {
        let id = levels().get_key_value(id).map(|(id, _)| *id).unwrap_or_else(|| panic!("oasdiff has no {id}"));
        let document = |parts: &str| {
            let operation = format!("{HEAD}paths: {{/a: {{post: {{operationId: a, {parts}}}}}}}\n{COMPONENTS}");
            if let Some(paths) = parts.strip_prefix("paths: ") {
                return format!("{HEAD}paths: {paths}\n{COMPONENTS}");
            }
            if let Some(whole) = parts.strip_prefix("document: ") {
                return format!("{HEAD}{}\n", whole.replace("; ", "\n"));
            }
            if parts.contains("responses:") {
                operation
            } else {
                operation.replace(parts, &format!("{parts}, responses: {{'200': {{description: Done.}}}}"))
            }
        };
        pairs.insert(
            id,
            Pair { id: id.to_owned(), old: document(old), new: document(new), shown: [old.to_owned(), new.to_owned()] },
        );
    }
    pairs
}

/// Returns the reason why an id has no pair.
fn without(id: &str) -> Option<&'static str> {
    let lines = WITHOUT.lines().filter_map(|line| line.split_once(": "));
    let matches = |pattern: &str| match pattern.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')) {
        Some(part) => id.contains(part),
        None => id == pattern,
    };
    lines.filter(|(pattern, _)| matches(pattern)).map(|(_, reason)| reason).next()
}

/// A row of the table.
struct Row {
    id: &'static str,
    theirs: Level,
    ours: Level,
    rules: Vec<&'static str>,
    shown: [String; 2],
}

fn rows() -> Vec<Row> {
    let pairs = pairs();
    let rows = levels().into_iter().filter_map(|(id, theirs)| {
        let pair = pairs.get(id)?;
        let spec = |text: &str| Spec::new("venue.yaml", text);
        let compared = compare(Some(&spec(&pair.old)), Some(&spec(&pair.new)));
        let compared =
            compared.unwrap_or_else(|findings| panic!("{}: {findings}\n{}\n{}", pair.id, pair.old, pair.new));
        let ours = compared.changes.iter().map(|change| change.wire.level).max();
        let rules: BTreeSet<&str> = compared.changes.iter().map(|change| change.rule.id).collect();
        let documentation = compared.documentation > 0;
        let ours = ours.or(documentation.then_some(Level::Safe));
        let mut rules: Vec<&str> = rules.into_iter().collect();
        if rules.is_empty() && documentation {
            rules.push("documentation");
        }
        Some(Row { id, theirs, ours: ours.unwrap_or(Level::Safe), rules, shown: pair.shown.clone() })
    });
    rows.collect()
}

/// Returns the reason why the levels of a row differ.
fn reason(row: &Row) -> Option<&'static str> {
    let wanted = |line: &&str| {
        let mut words = line.splitn(4, ' ');
        let rule = words.next().unwrap_or_default();
        (row.rules.contains(&rule) || row.id == rule)
            && words.next() == Some(row.theirs.name())
            && words.next() == Some(row.ours.name())
    };
    REASONS.lines().find(wanted)?.splitn(4, ' ').nth(3)
}

#[test]
fn each_id_of_oasdiff_has_a_pair_or_a_reason_to_have_none() {
    let pairs = pairs();
    let mut faults = Vec::new();
    for id in levels().keys() {
        match (pairs.contains_key(id), without(id)) {
            (false, None) => faults.push(format!("{id} has neither a pair nor a reason")),
            (true, Some(_)) => faults.push(format!("{id} has a pair and a reason to have none")),
            _ => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_pair_is_a_change_and_each_difference_has_a_reason() {
    let rows = rows();
    let mut faults = Vec::new();
    for row in &rows {
        if row.rules.is_empty() && reason(row).is_none() && row.theirs != Level::Safe {
            faults.push(format!("{}: nothing is found: {} -> {}", row.id, row.shown[0], row.shown[1]));
        } else if row.theirs != row.ours && reason(row).is_none() {
            faults.push(format!("{} {} {} ({})", row.rules.join("+"), row.theirs, row.ours, row.id));
        }
    }
    assert!(faults.is_empty(), "{}\n{} of {}", faults.join("\n"), faults.len(), rows.len());
    for line in REASONS.lines().filter(|line| !line.is_empty()) {
        let is_used =
            rows.iter().any(|row| row.theirs != row.ours && reason(row).is_some_and(|reason| line.ends_with(reason)));
        assert!(is_used, "no row needs the reason: {line}");
    }
}

/// Returns the table as Markdown.
fn tables() -> String {
    let rows = rows();
    let same = rows.iter().filter(|row| row.theirs == row.ours).count();
    let code = |text: &str| format!("`{}`", text.replace('|', "¦"));
    let rules = |row: &Row| {
        if row.rules.is_empty() {
            "none".to_owned()
        } else {
            row.rules.iter().map(|rule| code(rule)).collect::<Vec<_>>().join(", ")
        }
    };
    let pair = |row: &Row| format!("{} → {}", code(&row.shown[0]), code(&row.shown[1]));
    let mut out = format!(
        "\n{} ids of oasdiff can be expressed. {same} have the same level here, {} another.\n\n## Other levels\n\n\
         | oasdiff | level | here | rules here | because | pair |\n| --- | --- | --- | --- | --- | --- |\n",
        rows.len(),
        rows.len() - same,
    );
    for row in rows.iter().filter(|row| row.theirs != row.ours) {
        let reason = reason(row).unwrap_or_default();
        out.push_str(&format!(
            "| {} | {} | {} | {} | {reason} | {} |\n",
            code(row.id),
            row.theirs,
            row.ours,
            rules(row),
            pair(row)
        ));
    }
    out.push_str("\n## The same level\n\n| oasdiff | level | rules here | pair |\n| --- | --- | --- | --- |\n");
    for row in rows.iter().filter(|row| row.theirs == row.ours) {
        out.push_str(&format!("| {} | {} | {} | {} |\n", code(row.id), row.theirs, rules(row), pair(row)));
    }
    out.push_str("\n## Not expressed\n\n| oasdiff | because |\n| --- | --- |\n");
    let pairs = pairs();
    for id in levels().keys().filter(|id| !pairs.contains_key(*id)) {
        out.push_str(&format!("| {} | {} |\n", code(id), without(id).unwrap_or_default()));
    }
    out
}

/// The line of the page after which the tables begin.
const MARK: &str = "<!-- Written by `INSTA_UPDATE=always cargo test -p venuekit-diff --test oasdiff`. -->\n";

#[test]
fn the_page_has_the_table_of_agreement() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/oasdiff.md");
    let page = fs::read_to_string(&path).expect("the page is there");
    let (head, listed) = page.split_once(MARK).expect("the page says where the tables begin");
    if listed != tables() {
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            fs::write(&path, format!("{head}{MARK}{}", tables())).expect("the page can be written");
        } else {
            panic!("docs/oasdiff.md is stale; write it anew with INSTA_UPDATE=always");
        }
    }
}
