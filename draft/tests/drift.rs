//! Changes of documents, and of specifications, are found at their lines.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use venuekit_draft::{Difference, Document, Drift, draft, drift};
use venuekit_json::Tree;

const NAMES: [&str; 5] = ["widdershins-4.md", "widdershins-2.md", "slate.md", "apifox.md", "rpc.md"];

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents").join(name)).unwrap()
}

fn specification(name: &str) -> Tree {
    draft(&[Document::new(name, read(name))], "venue").unwrap().tree
}

fn compare(name: &str, text: String, specification: &Tree) -> Drift {
    drift(&[Document::new(name, text)], specification).unwrap()
}

/// Rows whose value the rows below describe once more, member by member.
const DESCRIBED_BELOW: [&str; 2] =
    ["|*anonymous*|[[Market](#schemamarket)]|false|none|none|", "|body|body|object|true|none|"];

/// Rows whose fact another place of the document states as well, the sample or the route, so that
/// nothing changes without them.
const STATED_TWICE: [&str; 4] = [
    "|» **additionalProperties**|string|false|none|none|",
    "|*anonymous*|string|false|none|none|",
    "|body|body|object| 是 |none|",
    "symbol | The pair, such as **BTC-USD**<br>in upper case",
];

/// Rows whose type the sample contradicts. The draft states that deviation, which covers the
/// property.
const DEVIATES: [&str; 2] = ["`held`| Integer | in orders", "`time`| Integer | when"];

/// Returns whether a line is a row of a table, and neither its header nor its delimiter.
fn is_row(lines: &[&str], index: usize) -> bool {
    let has_bar = |index: usize| lines.get(index).is_some_and(|line| line.contains('|'));
    let is_delimiter = |index: usize| {
        lines.get(index).is_some_and(|line| {
            line.contains("--") && line.contains('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
        })
    };
    if lines.get(index).is_some_and(|line| line.ends_with('|') && !line.starts_with('|')) {
        // The rest of a row after a line break.
        return false;
    }
    let starts = (0..=index).rev().take_while(|index| has_bar(*index)).any(is_delimiter);
    has_bar(index) && starts && !is_delimiter(index)
}

/// Changes the cell with this index in a row.
fn with_cell(line: &str, index: usize, change: impl Fn(&str) -> String) -> String {
    let offset = usize::from(line.starts_with('|'));
    let cells =
        line.split('|').enumerate().map(|(at, cell)| if at == index + offset { change(cell) } else { cell.to_owned() });
    cells.collect::<Vec<_>>().join("|")
}

#[test]
fn a_draft_has_no_difference_from_its_document() {
    for name in NAMES {
        let found = compare(name, read(name), &specification(name));
        assert_eq!(found.findings, [], "{name}");
        assert!(found.held > 20, "{name}: {}", found.held);
    }
}

#[test]
fn each_row_that_is_removed_is_found() {
    let mut lost: Vec<String> = Vec::new();
    for name in NAMES {
        let (text, specification) = (read(name), specification(name));
        let lines: Vec<&str> = text.lines().collect();
        for index in (0..lines.len()).filter(|index| is_row(&lines, *index)) {
            let rest: Vec<&str> =
                lines.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, line)| *line).collect();
            let found = compare(name, rest.join("\n"), &specification);
            // The codes of the errors of a method are a part of those of the API.
            let is_code = lines[index].starts_with("`23`");
            let is_exempt =
                [&STATED_TWICE[..], &DESCRIBED_BELOW, &DEVIATES].iter().any(|own| own.contains(&lines[index]));
            if is_exempt || is_code {
                continue;
            }
            let near = |line: usize| line.abs_diff(index + 1) <= 40;
            // A value that signing fills in is missed at the lines about security.
            let name_of_row = lines[index].trim_start_matches('|').split('|').next().unwrap_or("").trim();
            let is_found = found.findings.iter().any(|finding| {
                finding.at.first <= index + 1 && index < finding.at.last + 2
                    || near(finding.at.first)
                    || finding.subject == "security" && finding.text.contains(&format!("`{name_of_row}`"))
            });
            if !is_found {
                lost.push(format!("{name}:{}: {}\n{}", index + 1, lines[index], found.text()));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

/// Returns a specification without lines and descriptions.
fn bare(tree: &Tree) -> Tree {
    match tree {
        Tree::Object(members) => Tree::Object(
            members
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "x-source" | "summary" | "description"))
                .map(|(name, value)| (name.clone(), bare(value)))
                .collect(),
        ),
        Tree::Array(elements) => Tree::Array(elements.iter().map(bare).collect()),
        other => other.clone(),
    }
}

#[test]
fn rows_that_are_stated_twice_are_drafted_without_them() {
    let mut lost: Vec<String> = Vec::new();
    for name in NAMES {
        let (text, specification) = (read(name), bare(&specification(name)));
        let lines: Vec<&str> = text.lines().collect();
        for index in (0..lines.len()).filter(|index| is_row(&lines, *index) && STATED_TWICE.contains(&lines[*index])) {
            let rest = lines.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, line)| *line);
            let rest = rest.collect::<Vec<_>>().join("\n");
            let drafted = bare(&draft(&[Document::new(name, rest)], "venue").unwrap().tree);
            if drafted != specification {
                lost.push(format!("{name}:{}: {}", index + 1, lines[index]));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn each_name_that_is_changed_is_found_at_its_line() {
    let mut lost: Vec<String> = Vec::new();
    for name in NAMES {
        let (text, specification) = (read(name), specification(name));
        let lines: Vec<&str> = text.lines().collect();
        for index in (0..lines.len()).filter(|index| is_row(&lines, *index)) {
            let line = lines[index];
            if line.contains("*anonymous*")
                || line.contains("**additional")
                || line.starts_with("|body|")
                || line.starts_with("|tiny-ts|")
            {
                continue;
            }
            // In a table of values the value is changed; the name is that of another table.
            let is_value = line.split('|').count() == 4 && line.starts_with('|');
            let changed =
                with_cell(line, usize::from(is_value), |cell| match cell.trim().trim_matches('`').parse::<i64>() {
                    Ok(number) => format!("{}", number + 1),
                    Err(_) => cell.replacen(|c: char| c.is_ascii_alphabetic(), "q", 1),
                });
            let mut all: Vec<&str> = lines.clone();
            all[index] = &changed;
            let found = compare(name, all.join("\n"), &specification);
            if !found.findings.iter().any(|finding| finding.at.first <= index + 1 && index < finding.at.last) {
                lost.push(format!("{name}:{}: {changed}\n{}", index + 1, found.text()));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn each_type_that_is_changed_is_found_at_its_line() {
    const TYPES: [(&str, &str); 8] = [
        ("|string|", "|boolean|"),
        ("|integer|", "|string|"),
        ("|integer(int64)|", "|string|"),
        ("|number|", "|string|"),
        ("|boolean|", "|string|"),
        ("| STRING |", "| LONG |"),
        ("| Integer |", "| List |"),
        ("| String |", "| List |"),
    ];
    let mut changed = 0;
    let mut lost: Vec<String> = Vec::new();
    for name in NAMES {
        let (text, specification) = (read(name), specification(name));
        let lines: Vec<&str> = text.lines().collect();
        for index in (0..lines.len()).filter(|index| is_row(&lines, *index)) {
            for (old, new) in TYPES.iter().filter(|(old, _)| lines[index].contains(old)) {
                let line = lines[index].replacen(old, new, 1);
                let mut all: Vec<&str> = lines.clone();
                all[index] = &line;
                let found = compare(name, all.join("\n"), &specification);
                // A type that a sample contradicts is a contradiction of the document itself.
                let in_report = || {
                    let drafted = draft(&[Document::new(name, all.join("\n"))], "venue").unwrap();
                    drafted.report.contains(&format!("{name}:{}", index + 1))
                };
                let at_line =
                    found.findings.iter().any(|finding| finding.at.first <= index + 1 && index < finding.at.last);
                if !at_line && !in_report() {
                    lost.push(format!("{name}:{}: {line}\n{}", index + 1, found.text()));
                }
                changed += 1;
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(changed >= 40, "{changed}");
}

#[test]
fn an_operation_that_is_added_or_removed_is_found_at_its_line() {
    let (text, specification) = (read("widdershins-4.md"), specification("widdershins-4.md"));
    let added = format!("{text}\n# More\n\n## cancel\n\n`DELETE /v2/orders/{{id}}`\n");
    let line = added.lines().position(|line| line.contains("`DELETE")).unwrap() + 1;
    let found = compare("a.md", added, &specification);
    assert!(
        matches!(found.findings.as_slice(), [one] if one.kind == Difference::Missing && one.at.first == line),
        "{}",
        found.text()
    );
    let start = text.find("## placeOrder").unwrap();
    let end = text.find("# Schemas").unwrap();
    let found = compare("a.md", format!("{}{}", &text[..start], &text[end..]), &specification);
    let removed =
        |subject: &str| found.findings.iter().any(|one| one.kind == Difference::Undocumented && one.subject == subject);
    assert!(removed("POST /v2/orders"), "{}", found.text());
}

#[test]
fn a_changed_name_of_a_header_that_signing_fills_in_is_found_at_its_line() {
    for (name, old, new) in [
        ("widdershins-4.md", "|tiny-ts|header", "|tiny-clock|header"),
        ("widdershins-4.md", "Parameter Name: **tiny-sign**", "Parameter Name: **tiny-signed**"),
    ] {
        let (text, specification) = (read(name), specification(name));
        let line = text.lines().position(|line| line.contains(old)).unwrap_or_else(|| panic!("{old}")) + 1;
        let found = compare(name, text.replacen(old, new, 1), &specification);
        assert!(found.findings.iter().any(|one| one.at.first == line), "{new}: {}", found.text());
    }
}

#[test]
fn a_changed_rate_limit_is_found_at_its_line_and_evidence_of_another_source_is_honoured() {
    let name = "slate.md";
    let (text, mut specification) = (read(name), specification(name));
    let changed = text.replacen("20 requests per second", "30 requests per second", 1);
    let line = text.lines().position(|line| line.contains("20 requests per second")).unwrap() + 1;
    let kinds = |found: &Drift| found.findings.iter().map(|one| (one.kind, one.at.first)).collect::<Vec<_>>();
    let found = compare(name, changed.clone(), &specification);
    assert_eq!(kinds(&found), [(Difference::Missing, line), (Difference::Undocumented, line)], "{}", found.text());
    let limit = specification.at_mut("/x-rate-limits/0").unwrap();
    limit.set("x-doc-deviation", Tree::text("The venue raised it.")).unwrap();
    assert_eq!(compare(name, changed, &specification).findings, []);
}

/// The keys of bounds and defaults.
const BOUNDS: [&str; 5] = ["minimum", "maximum", "minLength", "maxLength", "default"];

/// Returns all documents with known facts, by their paths below the folder of the tests.
fn all_documents() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let known = entries.filter(|path| path.with_extension("facts").is_file() && path.extension().unwrap() == "md");
    let known = known.map(|path| format!("../known/{}", path.file_name().unwrap().to_str().unwrap()));
    let mut names: Vec<String> = known.chain(NAMES.map(str::to_owned)).collect();
    names.sort();
    names
}

/// Collects the pointers of the scalar schemas with their lines.
fn scalars(tree: &Tree, pointer: &str, above: Option<&str>, out: &mut Vec<(String, usize)>) {
    let is_scalar = tree
        .get("type")
        .and_then(Tree::as_text)
        .is_some_and(|kind| !matches!(kind, "object" | "array" | "apiKey" | "http"));
    // The lines of a parameter are those of its schema.
    let source = tree.get("x-source").and_then(Tree::as_text).or(above);
    let line = source.and_then(|source| source.rsplit(':').next());
    if let Some(line) = line.filter(|_| is_scalar) {
        out.push((pointer.to_owned(), line.split('-').next().unwrap().parse().unwrap()));
    }
    for (name, value) in tree.members() {
        let own = source.filter(|_| name == "schema");
        scalars(value, &format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), own, out);
    }
    for (index, value) in tree.elements().iter().enumerate() {
        scalars(value, &format!("{pointer}/{index}"), None, out);
    }
}

/// Returns another value of the same kind.
fn other_value(value: &Tree) -> Tree {
    match value {
        Tree::Number(digits) if digits == "7" => Tree::number(8),
        Tree::Number(_) => Tree::number(7),
        Tree::Bool(flag) => Tree::Bool(!flag),
        _ => Tree::text("another"),
    }
}

#[test]
fn each_bound_and_default_that_is_changed_is_found_at_its_line() {
    let mut lost: Vec<String> = Vec::new();
    let mut counts = [0; 4];
    for name in all_documents() {
        let (text, own) = (read(&name), specification(&name));
        let mut places = Vec::new();
        scalars(&own, "", None, &mut places);
        let states = |pointer: &str, key: &str| own.at(pointer).unwrap().get(key).cloned();
        let mut expect = |tree: &Tree, text: &str, kind: Difference, line: usize, change: String| {
            let found = compare(&name, text.to_owned(), tree);
            if !found.findings.iter().any(|one| one.kind == kind && one.at.first <= line && line <= one.at.last) {
                lost.push(format!("{name}:{line}: {change}\n{}", found.text()));
            }
        };
        for (pointer, line) in &places {
            for (key, value) in BOUNDS.iter().filter_map(|key| Some((*key, states(pointer, key)?))) {
                let mut changed = own.clone();
                changed.at_mut(pointer).unwrap().set(key, other_value(&value)).unwrap();
                expect(&changed, &text, Difference::Contradicts, *line, format!("{pointer}: another {key}"));
                let mut removed = own.clone();
                removed.at_mut(pointer).unwrap().remove(key).unwrap();
                expect(&removed, &text, Difference::Missing, *line, format!("{pointer}: no {key}"));
                counts[0] += 1;
                // The same fact changes in the document.
                let Some(digits) = value.digits().filter(|digits| digits.len() > 1) else { continue };
                let all: Vec<&str> = text.lines().collect();
                let grouped = digits.len() == 4 && !all[line - 1].contains(digits);
                let shown = if grouped { format!("{},{}", &digits[..1], &digits[1..]) } else { digits.to_owned() };
                if all[line - 1].matches(&*shown).count() == 1 {
                    let mut lines: Vec<String> = all.iter().map(|line| (*line).to_owned()).collect();
                    lines[line - 1] = lines[line - 1].replacen(&shown, &format!("{digits}1"), 1);
                    expect(&own, &lines.join("\n"), Difference::Contradicts, *line, format!("{key} in the document"));
                    counts[1] += 1;
                }
            }
            // A bound and a default that only the specification has. A sample states none.
            let is_sample = pointer.contains("/responses/") || pointer.contains("/result/");
            let kind = own.at(pointer).unwrap().get("type").and_then(Tree::as_text).unwrap_or_default();
            for key in ["maximum", "default"] {
                let has_any = |key: &str| places.iter().any(|(place, _)| states(place, key).is_some());
                let has_any = if key == "default" { has_any(key) } else { BOUNDS[..4].iter().any(|key| has_any(key)) };
                let fits = if key == "default" { kind == "integer" } else { matches!(kind, "integer" | "number") };
                if !fits || !has_any || states(pointer, key).is_some() || is_sample {
                    continue;
                }
                let mut added = own.clone();
                added.at_mut(pointer).unwrap().set(key, Tree::number(987_654)).unwrap();
                expect(&added, &text, Difference::Undocumented, *line, format!("{pointer}: {key} added"));
                counts[2] += 1;
            }
        }
        counts[3] += places.len();
    }
    assert!(lost.is_empty(), "{}\n{}", lost.len(), lost.join("\n"));
    assert!(counts.iter().all(|count| *count >= 10), "{counts:?}");
}

#[test]
fn a_bound_that_the_text_mentions_in_other_words_is_no_difference() {
    let page = "# Orders\n\n## List\n\n`GET /v1/orders`\n\nName | Type | Mandatory | Description\n---- | ---- | ---- | ----\n\
                limit | INT | NO | Default 100. More than 500 are cut off.\nfrom | INT | NO | Where to begin.\n";
    let mut tree = draft(&[Document::new("api.md", page)], "venue").unwrap().tree;
    let limit = tree.at_mut("/paths/~1v1~1orders/get/parameters/0/schema").unwrap();
    limit.set("maximum", Tree::number(500)).unwrap();
    assert_eq!(compare("api.md", page.to_owned(), &tree).findings, []);
    // The document states defaults, but not this one.
    let from = tree.at_mut("/paths/~1v1~1orders/get/parameters/1/schema").unwrap();
    from.set("default", Tree::number(0)).unwrap();
    let found = compare("api.md", page.to_owned(), &tree);
    assert!(
        matches!(found.findings.as_slice(), [one] if one.kind == Difference::Undocumented && one.at.first == 10),
        "{}",
        found.text()
    );
}

#[test]
fn deviations_and_other_sources_are_honoured() {
    let name = "widdershins-4.md";
    let mut tree = specification(name);
    let market = tree.at_mut("/components/schemas/Market/properties").unwrap();
    market.set("lot", Tree::parse(r#"{"type": "string"}"#).unwrap()).unwrap();
    market.set("tick", Tree::parse(r#"{"type": "string"}"#).unwrap()).unwrap();
    let found = compare(name, read(name), &tree);
    let kinds: Vec<Difference> = found.findings.iter().map(|finding| finding.kind).collect();
    assert!(kinds.contains(&Difference::Undocumented) && kinds.contains(&Difference::Contradicts), "{}", found.text());

    let market = tree.at_mut("/components/schemas/Market/properties").unwrap();
    let evidence =
        r#"{"type": "string", "x-evidence": [{"source": "a client", "kind": "hint", "says": "Reads `lot`."}]}"#;
    market.set("lot", Tree::parse(evidence).unwrap()).unwrap();
    let deviation = r#"{"type": "string", "x-doc-deviation": "The venue sends `tick` as text."}"#;
    market.set("tick", Tree::parse(deviation).unwrap()).unwrap();
    let found = compare(name, read(name), &tree);
    assert_eq!(found.findings, [], "{}", found.text());
    assert!(found.stated >= 2, "{}", found.stated);
}

#[test]
fn drift_is_text_markdown_and_json() {
    let (text, specification) = (read("widdershins-4.md"), specification("widdershins-4.md"));
    let changed = text
        .replace("|code|integer(int32)|true|none|none|", "|code|string|false|none|none|\n|hint|string|true|none|none|");
    let found = compare("api.md", changed, &specification);
    insta::assert_snapshot!("text", found.text());
    insta::assert_snapshot!("markdown", found.markdown());
    insta::assert_snapshot!("json", found.json());
    Tree::parse(&found.json()).unwrap();
}

/// A document with a table and a sample for each request and response, and two alternatives.
const BOTH: &str = r#"# Umber API

Base URL: `https://api.umber.example`

## Place

`POST /orders`

Requires authentication.

**Body**

|Name|Type|Required|Description|
|---|---|---|---|
|market|string|yes|The market|
|side|string|yes|`buy` or `sell`|
|size|string|yes|The size|

> Request

```json
{"market": "A", "side": "buy", "size": "1"}
```

> Response

```json
{"id": 7, "state": "new", "size": "1"}
```

**Response fields**

|Name|Type|Description|
|---|---|---|
|id|integer|The id|
|state|string|`new` or `done`|
|size|string|The size|

## Assets

`GET /assets`

Requires authentication.

|Name|Required|Description|
|---|---|---|
|fiat|no|The currency. Can be `eur`, `usd` or `gbp`|

> Response

```json
[{"asset": "BTC"}]
```

## Time

`GET /time`

> Response

```json
{"time": 1}
```
"#;

/// Returns the findings of a document in which one text is replaced, and the line of the change.
fn changed(document: &str, old: &str, new: &str) -> (Drift, usize) {
    let tree = draft(&[Document::new("a.md", document)], "venue").unwrap().tree;
    assert_eq!(drift(&[Document::new("a.md", document)], &tree).unwrap().findings, [], "the draft itself");
    let line = document.get(..document.find(old).unwrap()).unwrap().matches('\n').count() + 1;
    (drift(&[Document::new("a.md", document.replacen(old, new, 1))], &tree).unwrap(), line)
}

#[track_caller]
fn is_found(document: &str, old: &str, new: &str, text: &str) {
    let (found, line) = changed(document, old, new);
    let is_own = |finding: &venuekit_draft::Finding| {
        finding.text.contains(text) && finding.at.first <= line + 1 && finding.at.last + 1 >= line
    };
    assert!(found.findings.iter().any(is_own), "line {line}, `{text}`:\n{}", found.text());
}

#[test]
fn a_table_is_compared_though_a_sample_shows_the_same_members() {
    is_found(BOTH, "|state|string|`new` or `done`|", "|state|string|`new` or `over`|", "the value `over`");
    is_found(BOTH, "|market|string|yes|", "|market|integer|yes|", "the type is integer in the table");
    is_found(BOTH, "|id|integer|The id|", "|id|boolean|The id|", "the type is boolean in the table");
    is_found(BOTH, "|market|string|yes|", "|market|string|no|", "optional in the document");
}

#[test]
fn a_row_that_is_removed_is_missed_though_a_sample_shows_the_member() {
    for row in ["|market|string|yes|The market|\n", "|size|string|The size|\n"] {
        let (found, _) = changed(BOTH, row, "");
        let is_missed = |own: &venuekit_draft::Finding| own.text.contains("the table does not describe it");
        assert!(found.findings.iter().any(is_missed), "{row}{}", found.text());
    }
}

#[test]
fn values_are_compared_though_a_table_has_no_types() {
    is_found(BOTH, "`usd` or `gbp`", "`usd` or `chf`", "the value `chf`");
    // A table that lists no values any more.
    is_found(BOTH, "`buy` or `sell`", "The side", "the document does not list the values `buy`, `sell`");
}

#[test]
fn a_base_url_that_moves_is_found() {
    is_found(BOTH, "https://api.umber.example", "https://api2.umber.example", "api2.umber.example");
}

#[test]
fn a_statement_of_security_that_disappears_is_found() {
    let old = "`GET /assets`\n\nRequires authentication.\n";
    is_found(BOTH, old, "`GET /assets`\n", "the document does not say so");
    let known = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known/alternatives.md"));
    is_found(
        &known.unwrap(),
        "PitonKey & PitonSign, Session ( Scopes: read, fills )",
        "PitonKey, PitonKey & Session",
        "it needs",
    );
}

#[test]
fn a_method_that_is_added_without_a_sample_is_found() {
    let known = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known/rpc-slashes.md"));
    let known = known.unwrap();
    let new =
        "### private/edit\n\n|Parameter|Required|Type|\n|---|---|---|\n|id|true|string|\n\n### private/cancel_all";
    is_found(&known, "### private/cancel_all", new, "the specification does not have this method");
}

/// Two alternatives that have a property of one name, with other values.
const ALTERNATIVES: &str = r#"# Umber API

## Place

<a id="opIdplace"></a>

`POST /orders`

<h3 id="place-parameters">Parameters</h3>

|Name|In|Type|Required|Description|
|---|---|---|---|---|
|body|body|[Order](#schemaorder)|true|none|

<h3 id="place-responses">Responses</h3>

|Status|Meaning|Description|Schema|
|---|---|---|---|
|200|OK|ok|None|

# Schemas

<h2 id="tocS_Order">Order</h2>
<a id="schemaorder"></a>

### Properties

oneOf

|Name|Type|Required|Restrictions|Description|
|---|---|---|---|---|
|*anonymous*|[LimitOrder](#schemalimitorder)|false|none|none|

xor

|Name|Type|Required|Restrictions|Description|
|---|---|---|---|---|
|*anonymous*|[MarketOrder](#schemamarketorder)|false|none|none|

<h2 id="tocS_LimitOrder">LimitOrder</h2>
<a id="schemalimitorder"></a>

### Properties

|Name|Type|Required|Restrictions|Description|
|---|---|---|---|---|
|kind|string|true|none|none|
|price|string|true|none|none|

#### Enumerated Values

|Property|Value|
|---|---|
|kind|limit|

<h2 id="tocS_MarketOrder">MarketOrder</h2>
<a id="schemamarketorder"></a>

### Properties

|Name|Type|Required|Restrictions|Description|
|---|---|---|---|---|
|kind|string|true|none|none|
|funds|string|true|none|none|

#### Enumerated Values

|Property|Value|
|---|---|
|kind|market|
"#;

#[test]
fn each_alternative_is_held_against_its_own() {
    is_found(
        ALTERNATIVES,
        "|funds|string|true|",
        "|quote|string|true|",
        "the specification does not have this property",
    );
    is_found(ALTERNATIVES, "|kind|market|", "|kind|stop|", "the value `stop`");
}

/// A document with nested members, weights, values in running text, and rows.
const NESTED: &str = r#"# Sorb API

## Limits

Each call counts as 1 unless stated. Placing orders costs 2.

At most 100 points per minute for each key.

## Order

`GET /order`

|Name|Type|Required|
|---|---|---|
|id|integer|yes|

> Response

```json
{"id": 1, "state": "open", "fee": {"asset": "A", "paid": "1"}, "fills": [{"price": "2"}], "levels": [["1", "2"]]}
```

**Response fields**

|Name|Type|Description|
|---|---|---|
|id|integer|The id|
|state|string|The state|
|fee|object|The fee|
|fills|array|The fills|
|levels|array|Each level is `[price, size]`|

`state` is one of `open`, `done` and `gone`.

## Place

`POST /orders`

|Name|Type|Required|
|---|---|---|
|size|string|yes|

> Response

```json
{"id": 1}
```
"#;

#[test]
fn the_row_of_an_object_or_a_list_that_is_removed_is_missed_at_the_lines_of_its_table() {
    let first = NESTED.lines().position(|line| line == "|id|integer|The id|").unwrap() + 1;
    for row in ["|fee|object|The fee|\n", "|fills|array|The fills|\n"] {
        let (found, _) = changed(NESTED, row, "");
        let is_missed = |own: &venuekit_draft::Finding| {
            own.text.contains("the table does not describe it") && own.at.first == first && own.at.last == first + 3
        };
        assert!(found.findings.iter().any(is_missed), "{row}{}", found.text());
    }
}

#[test]
fn weights_values_in_running_text_and_rows_are_compared() {
    is_found(NESTED, "counts as 1 unless", "counts as 3 unless", "the weight is 3 in the document");
    is_found(NESTED, "Placing orders costs 2", "Placing orders costs 5", "the weight is 5 in the document");
    is_found(NESTED, "`open`, `done` and", "`open`, `over` and", "the value `over`");
    is_found(NESTED, "[[\"1\", \"2\"]]", "[[\"1\", \"2\", 3]]", "columns in the document");
    let other = NESTED.replace("`[price, size]`", "`[price, size, orders]`");
    let report = draft(&[Document::new("a.md", other)], "venue").unwrap().report;
    assert!(report.contains("a row has 3 columns in the text and 2 in the sample"), "{report}");
    // The document states the weights of others only.
    let tree = draft(&[Document::new("a.md", NESTED)], "venue").unwrap().tree;
    let text = NESTED.replace("Each call counts as 1 unless stated. ", "");
    let mut other = tree.clone();
    other.at_mut("/paths/~1order/get").unwrap().set("x-weight", Tree::number(4)).unwrap();
    let found = drift(&[Document::new("a.md", text)], &other).unwrap();
    let is_own = |own: &venuekit_draft::Finding| own.text == "the document does not state the weight";
    assert!(found.findings.iter().any(is_own), "{}", found.text());
}

#[test]
fn a_stated_deviation_covers_its_object_and_the_members_that_it_names() {
    let mut tree = draft(&[Document::new("a.md", NESTED)], "venue").unwrap().tree;
    let pointer = "/paths/~1order/get/responses/200/content/application~1json/schema";
    let fee = format!("{pointer}/properties/fee");
    tree.at_mut(&fee)
        .unwrap()
        .set("x-doc-deviation", Tree::text("Sent as a list too. Its `rebate` is not read."))
        .unwrap();
    let schema = tree.at_mut(pointer).unwrap();
    schema.set("x-doc-deviation", Tree::text("Sent in another order.")).unwrap();
    let texts = |text: String| {
        let found = drift(&[Document::new("a.md", text)], &tree).unwrap();
        found.findings.iter().map(|own| own.text.clone()).collect::<Vec<_>>()
    };
    let with = |old: &str, new: &str| texts(NESTED.replacen(old, new, 1));
    // The object as a whole.
    assert_eq!(with("|fee|object|The fee|", "|fee|array|The fee|"), [""; 0]);
    // The member that the text names.
    assert_eq!(with("\"asset\": \"A\"", "\"asset\": \"A\", \"rebate\": \"0\""), [""; 0]);
    // Members that it does not name.
    for (old, new, text) in [
        (
            "\"paid\": \"1\"",
            "\"paid\": \"1\", \"tier\": 1",
            "the sample has this property, and the specification does not",
        ),
        (
            "|id|integer|The id|",
            "|id|string|The id|",
            "the type is string in the table and integer in the specification",
        ),
        ("|state|string|", "|state|boolean|", "the type is boolean in the table and string in the specification"),
    ] {
        let found = with(old, new);
        assert!(found.iter().any(|own| own.contains(text)), "{new}: {found:?}");
    }
}

#[test]
fn a_contradiction_that_the_example_of_the_draft_shows_is_no_difference() {
    let page = r#"# Moss API

## fills

<a id="opIdfills"></a>

`GET /fills`

> Example responses

> 200 Response

```json
[{"side": "buy"}]
```

<h3 id="fills-responses">Responses</h3>

|Status|Meaning|Description|Schema|
|---|---|---|---|
|200|OK|ok|[[Fill](#schemafill)]|

# Schemas

<h2 id="tocS_Fill">Fill</h2>
<a id="schemafill"></a>

```json
{"side": "buy"}
```

### Properties

|Name|Type|Required|Restrictions|Description|
|---|---|---|---|---|
|side|integer|false|none|none|
"#;
    let drafted = draft(&[Document::new("a.md", page)], "venue").unwrap();
    assert!(drafted.report.contains("`side` is integer in the table and string in the sample"), "{}", drafted.report);
    let found = drift(&[Document::new("a.md", page)], &drafted.tree).unwrap();
    assert_eq!(found.findings, [], "{}", found.text());
    // Another sample, and another table, are differences.
    is_found(page, "[{\"side\": \"buy\"}]", "[{\"side\": true}]", "the sample has boolean");
    is_found(page, "|side|integer|", "|side|boolean|", "the type is boolean");
}

/// Returns the findings as short texts, without their places.
fn found(before: &str, after: &str) -> Vec<String> {
    let specification = draft(&[Document::new("api.md", before)], "venue").unwrap().tree;
    let drift = drift(&[Document::new("api.md", after)], &specification).unwrap();
    drift.findings.iter().map(|own| format!("{:?} {}: {}", own.kind, own.subject, own.text)).collect()
}

/// A document with a base URL, schemes, an enum, a status and a form.
const FERRIES: &str = "# Ferries\n\nThe base URL is https://api.ferry.example.\n\n## Authentication\n\nUse HTTP Basic \
                       authentication.\n\n## Seats\n\n`POST /seats`\n\nContent-Type: \
                       application/x-www-form-urlencoded\n\nBody parameters:\n\nName | Type | Required | \
                       Description\n--- | --- | --- | ---\nside | string | yes | `window` or `aisle`\nkind | string | \
                       yes | `one` or `two`\n\nResponse `202`:\n\n```json\n{\"id\": 17}\n```\n\n## Clock\n\n`GET \
                       /clock`\n\nQuery parameters:\n\nName | Type | Required\n--- | --- | ---\nzone | integer | no\nstep | \
                       integer | no\n\nResponse:\n\n```json\n{\"now\": 1}\n```\n";

#[test]
fn a_change_of_a_base_url_a_scheme_a_status_or_the_media_of_a_body_is_found() {
    assert_eq!(found(FERRIES, FERRIES), [""; 0]);
    for (from, to, text) in [
        ("ferry.example.", "ferry.example/v2.", "Missing servers: the specification does not have the base URL"),
        (
            "HTTP Basic authentication",
            "HTTP Bearer authentication",
            "Undocumented security: the document does not have",
        ),
        ("HTTP Basic authentication", "a bearer token", "Missing security: the specification does not have the scheme"),
        ("`202`", "`200`", "Missing POST /seats 200: the specification does not have this response"),
        ("x-www-form-urlencoded", "json", "Contradicts POST /seats: body: it is `application/json` in the document"),
        (" | `window` or `aisle`", " | The side", "does not list the values `window`, `aisle`"),
        ("zone | integer", "zone | ", "Undocumented GET /clock: zone: the document does not have the type integer"),
    ] {
        assert!(FERRIES.contains(from), "{from}");
        let all = found(FERRIES, &FERRIES.replacen(from, to, 1));
        assert!(all.iter().any(|own| own.contains(text)), "{from}: {all:#?}");
    }
}

#[test]
fn a_base_url_and_its_operations_can_divide_a_path_in_another_way() {
    let specification = draft(&[Document::new("api.md", FERRIES)], "venue").unwrap().tree;
    let moved = FERRIES.replace("ferry.example.", "ferry.example/v2.");
    let whole = FERRIES.replace("`POST /seats`", "`POST /v2/seats`").replace("`GET /clock`", "`GET /v2/clock`");
    let other = found(&moved, &whole);
    assert!(!other.iter().any(|own| own.contains("base URL")), "{other:#?}");
    assert!(!specification.is_scalar());
}

#[test]
fn an_operation_that_only_a_table_lists_is_compared() {
    let table = "\n## All calls\n\nMethod | Path | Use\n--- | --- | ---\nPOST | /seats | Take a seat\nGET | /clock | The \
                 time\n";
    let with = format!("{FERRIES}{table}");
    assert_eq!(found(&with, &with), [""; 0]);
    let more = format!("{with}GET | /fees | The fees\n");
    let text = "Missing GET /fees: the specification does not have this operation, which a table lists";
    assert_eq!(found(&with, &more), [text]);
    // The table stays, and the section is gone.
    let (before, rest) = with.split_once("## Clock").unwrap();
    let (_, table) = rest.split_once("## All calls").unwrap();
    let gone = found(&with, &format!("{before}## All calls{table}"));
    assert_eq!(gone, ["Undocumented GET /clock: the document only lists this operation"]);
}

#[test]
fn columns_of_rows_that_change_places_are_found() {
    let text = "# Rows\n\nThe base URL is https://api.row.example.\n\n## Candles\n\n`GET /candles`\n\nEach entry is \
                `[time, open, close]`.\n\nResponse:\n\n```json\n[[1, \"2.5\", \"2.6\"]]\n```\n";
    assert_eq!(found(text, text), [""; 0]);
    let all = found(text, &text.replace("[time, open, close]", "[time, close, open]"));
    let swapped = "a column is `close` in the document and `open` in the specification";
    assert!(all.iter().any(|own| own.contains(swapped)), "{all:#?}");
    // The name is not on the wire.
    assert_eq!(found(text, &text.replace("[time, open, close]", "[time, first, close]")), [""; 0]);
}

/// A document whose signed operations list the values that signing fills in.
fn signed() -> String {
    let mut out = "# Weir\n\nThe base URL is https://api.weir.example.\n\n## Authentication\n\nSigned requests send \
                   the headers `WR-KEY` (your key) and `WR-SIGN` (the signature), and `nonce` in the query.\n"
        .to_owned();
    for name in ["orders", "fills", "balances", "deposits", "fees"] {
        out.push_str(&format!(
            "\n## {name}\n\n`GET /{name}` (signed)\n\nQuery parameters:\n\nName | Type | Required\n--- | --- | \
             ---\nmarket | string | no\nnonce | integer | yes\n\nResponse:\n\n```json\n{{\"{name}\": 1}}\n```\n"
        ));
    }
    out
}

#[test]
fn a_row_of_a_value_that_signing_fills_in_is_held_against_those_of_other_operations() {
    let text = signed();
    let (before, after) = text.split_once("## balances").unwrap();
    let line = before.lines().count() + 9;
    for (new, message) in [
        ("", "the document does not have `nonce` here"),
        ("nonce | string | yes\n", "the type is string here and integer in most operations"),
        ("nonce | integer | no\n", "it is optional here and required in most operations"),
    ] {
        let other = format!("{before}## balances{}", after.replacen("nonce | integer | yes\n", new, 1));
        let tree = draft(&[Document::new("a.md", text.as_str())], "venue").unwrap().tree;
        assert_eq!(drift(&[Document::new("a.md", text.as_str())], &tree).unwrap().findings, []);
        let found = drift(&[Document::new("a.md", other)], &tree).unwrap();
        let is_own = |own: &venuekit_draft::Finding| own.text.contains(message) && own.at.last.abs_diff(line) <= 1;
        assert!(matches!(found.findings.as_slice(), [one] if is_own(one)), "{line} {message}: {}", found.text());
    }
}

#[test]
fn a_deviation_about_something_else_covers_neither_a_removed_row_nor_a_mark_nor_a_value() {
    let mut tree = draft(&[Document::new("a.md", BOTH)], "venue").unwrap().tree;
    let body = tree.at("/paths/~1orders/post/requestBody/content/application~1json/schema").unwrap();
    let pointer = match body.get("$ref").and_then(Tree::as_text) {
        Some(target) => target.trim_start_matches('#').to_owned(),
        None => "/paths/~1orders/post/requestBody/content/application~1json/schema".to_owned(),
    };
    let texts = |tree: &Tree, old: &str, new: &str| {
        assert!(BOTH.contains(old), "{old}");
        let found = drift(&[Document::new("a.md", BOTH.replacen(old, new, 1))], tree).unwrap();
        found.findings.iter().map(|own| own.text.clone()).collect::<Vec<_>>()
    };
    let side = format!("{pointer}/properties/side");
    let evidence = Tree::parse(r#"[{"source": "a client", "kind": "hint", "says": "It is sent in capitals."}]"#);
    tree.at_mut(&side).unwrap().set("x-doc-deviation", Tree::text("The sample has another one.")).unwrap();
    tree.at_mut(&side).unwrap().set("x-evidence", evidence.unwrap()).unwrap();
    for (old, new, text) in [
        ("|side|string|yes|", "|side|boolean|yes|", "the type is boolean in the table"),
        ("|side|string|yes|`buy` or `sell`|\n", "", "the table does not describe it"),
        ("|side|string|yes|", "|side|string|no|", "optional in the document"),
        ("`buy` or `sell`", "`buy` or `short`", "does not list the value `sell`"),
        ("`buy` or `sell`", "`buy`, `sell` or `short`", "does not list the value `short`"),
    ] {
        let found = texts(&tree, old, new);
        assert!(found.iter().any(|own| own.contains(text)), "{new}: {found:?}");
    }
    let deviation = "`side` is optional here, and `sell` and `short` are other names.";
    tree.at_mut(&side).unwrap().set("x-doc-deviation", Tree::text(deviation)).unwrap();
    for (old, new) in [
        ("|side|string|yes|`buy` or `sell`|\n", ""),
        ("|side|string|yes|", "|side|string|no|"),
        ("`buy` or `sell`", "`buy` or `short`"),
    ] {
        let found = texts(&tree, old, new);
        assert!(found.iter().all(|own| own.contains("values")), "{new}: {found:?}");
    }
}

#[test]
fn the_mark_of_a_body_and_a_removed_body_are_found() {
    let text = read("widdershins-4.md");
    is_found(&text, "|body|body|object|true|none|", "|body|body|object|false|none|", "it is optional in the document");
    let (found, _) = changed(&text, "|body|body|object|true|none|\n", "");
    let is_own = |own: &venuekit_draft::Finding| own.text.contains("does not say whether it is required");
    assert!(found.findings.is_empty() || found.findings.iter().any(is_own), "{}", found.text());
}

/// A method whose tables have the singular of a member as their caption.
const PLURAL: &str = "# Core\n\n## Book\n\n```shell\ncurl -d '{\"id\": 1, \"method\": \"order.book\", \"params\": \
                      [\"A\", 1, 0, 9]}' http://core.example/\n```\n\n```json\n{\"error\": null, \"result\": {\"total\": \
                      1, \"orders\": [{\"id\": 1, \"price\": \"2\"}], \"asks\": [[\"1\", \"2\"]]}, \"id\": 1}\n```\n\n### \
                      method\n\n`order.book`\n\n### Request\n\nparameter | type | required\n--- | --- | \
                      ---\n`market` | String | yes\n`side` | Integer | yes\n`offset` | Integer | yes\n`limit` | \
                      Integer | yes\n\n### Response\n\nfield | type\n--- | ---\n`total` | Integer\n`orders` | \
                      List\n`asks` | List\n\n**order**\n\nfield | type\n--- | ---\n`id` | Integer\n`price` | \
                      String\n\n**asks**\n\nfield | type\n--- | ---\n`price` | String\n`amount` | String\n\n\
                      **zebra**\n\nfield | type\n--- | ---\n`stripe` | String\n";

#[test]
fn a_table_with_the_singular_of_a_member_is_read_and_one_without_a_member_is_listed() {
    is_found(PLURAL, "`price` | String\n\n**asks", "`cost` | String\n\n**asks", "does not have this property");
    is_found(PLURAL, "`id` | Integer", "`id` | Boolean", "the type is boolean");
    is_found(PLURAL, "`amount` | String", "`amount` | Boolean", "the type is boolean");
    let report = draft(&[Document::new("a.md", PLURAL)], "venue").unwrap().report;
    assert!(report.contains("a table about `zebra`"), "{report}");
}

#[test]
fn a_removed_parameter_moves_the_others_and_is_one_difference() {
    let (found, line) = changed(PLURAL, "`market` | String | yes\n", "");
    assert!(matches!(found.findings.as_slice(), [one] if one.at.first.abs_diff(line) <= 3), "{}", found.text());
    let (found, _) = changed(
        PLURAL,
        "`side` | Integer | yes\n`offset` | Integer | yes\n",
        "`offset` | Integer | yes\n`side` | Integer | yes\n",
    );
    assert!(matches!(found.findings.as_slice(), [one] if one.text.contains("at position")), "{}", found.text());
}

#[test]
fn a_column_more_or_less_in_rows_of_one_type_is_found() {
    let document = |row: &str| {
        format!(
            "# A\n\nBase URL: https://a.example\n\n## Candles\n\n`GET /candles`\n\nEach row is `[time, open, close]`.\n\n\
             ```json\n[{row}]\n```\n"
        )
    };
    let three = document("[\"1\", \"2\", \"3\"]");
    let specification = draft(&[Document::new("api.md", three.clone())], "venue").unwrap().tree;
    let found = |text: String| drift(&[Document::new("api.md", text)], &specification).unwrap().text();
    assert!(drift(&[Document::new("api.md", three)], &specification).unwrap().findings.is_empty());
    let more = found(document("[\"1\", \"2\", \"3\", \"4\"]"));
    assert!(more.contains("a row has 4 columns in the document and 3 in the specification"), "{more}");
    let less = found(document("[\"1\", \"2\"]"));
    assert!(less.contains("a row has 2 columns in the document and 3 in the specification"), "{less}");
}

/// One line can say several things about a value.
#[test]
fn each_difference_of_a_line_is_found() {
    let text = "# A\n\nBase URL: https://a.example\n\n## Trades\n\n`GET /trades`\n\n| Name | Type | Required | \
                Description |\n|---|---|---|---|\n| limit | integer | no | 1 to 200. Default: 50 |\n\n```json\n\
                [{\"id\": 1}]\n```\n";
    let (found, line) = changed(text, "1 to 200. Default: 50", "2 to 100. Default: 20");
    let texts: Vec<&str> = found.findings.iter().map(|own| own.text.as_str()).collect();
    for word in ["20", "100", "2 "] {
        assert!(texts.iter().any(|own| own.contains(word)), "{word}: {texts:?}");
    }
    assert!(found.findings.iter().all(|own| own.at.first == line), "{}", found.text());
}
