//! Objects, values of enums, notes and limits that a document states apart from its operations.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::path::Path;

use venuekit_draft::{Document, Draft, draft, drift};
use venuekit_json::Tree;

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known/linked-objects.md")).unwrap()
}

fn drafted(text: impl Into<String>) -> Draft {
    draft(&[Document::new("page.md", text)], "venue").unwrap()
}

/// Returns the number of the first line that contains a text.
fn line(page: &str, text: &str) -> usize {
    page.lines().position(|line| line.contains(text)).unwrap() + 1
}

fn property<'a>(tree: &'a Tree, schema: &str, name: &str) -> &'a Tree {
    tree.at(&format!("{schema}/properties/{name}")).unwrap()
}

fn is_true(tree: &Tree, key: &str) -> bool {
    matches!(tree.get(key), Some(Tree::Bool(true)))
}

#[test]
fn responses_bodies_and_lists_refer_to_the_object_to_which_they_link() {
    let tree = drafted(page()).tree;
    let reference =
        |pointer: &str| tree.at(&format!("{pointer}/$ref")).and_then(Tree::as_text).unwrap_or("").to_owned();
    let json = "content/application~1json/schema";
    for place in [
        format!("/paths/~1legs/post/responses/201/{json}"),
        format!("/paths/~1legs/get/responses/200/{json}/properties/legs/items"),
        format!("/paths/~1legs~1several/post/responses/200/{json}/items"),
        format!("/paths/~1legs~1{{id}}/get/responses/200/{json}"),
        format!("/paths/~1legs~1{{id}}/put/responses/200/{json}"),
        format!("/paths/~1legs~1{{id}}/put/requestBody/{json}"),
    ] {
        assert_eq!(reference(&place), "#/components/schemas/Leg", "{place}");
    }
}

#[test]
fn a_text_makes_a_member_nullable_or_optional_and_so_does_a_sample() {
    let tree = drafted(page()).tree;
    let leg = "/components/schemas/Leg";
    assert!(is_true(property(&tree, leg, "limit"), "nullable"));
    assert!(!is_true(property(&tree, leg, "state"), "nullable"));
    let more = "/paths/~1legs/get/responses/200/content/application~1json/schema";
    assert!(is_true(property(&tree, more, "more"), "nullable"));
    let required: Vec<&str> =
        tree.at(&format!("{leg}/required")).unwrap().elements().iter().filter_map(Tree::as_text).collect();
    assert_eq!(required, ["id", "direction", "state", "validity", "limit"]);
    // The text says nothing here; one of the samples lacks the member, and another one has `null`.
    let other = page().replace("Your tag, if you sent one", "Your tag").replace("`null` for legs at any price", "");
    let tree = drafted(other).tree;
    assert!(is_true(property(&tree, leg, "limit"), "nullable"));
    let required = tree.at(&format!("{leg}/required")).unwrap().elements();
    assert!(!required.iter().any(|name| name.as_text() == Some("tag")));
}

#[test]
fn a_decimal_that_is_sent_as_a_text_has_the_format() {
    let page = page();
    let own = drafted(page.clone());
    let format =
        |name: &str| property(&own.tree, "/components/schemas/Leg", name).get("format").and_then(Tree::as_text);
    assert_eq!(format("limit"), Some("decimal"));
    assert_eq!(format("tag"), None);
    assert!(!own.report.contains("Decimals in texts"), "{}", own.report);
    let other = page.replace("| id | integer |", "| id | int64 (string) |");
    let own = drafted(other.replace("\"id\": 71", "\"id\": \"71\"").replace("\"id\": 72", "\"id\": \"72\""));
    assert_eq!(property(&own.tree, "/components/schemas/Leg", "id").get("format"), None);
}

#[test]
fn a_value_that_is_added_to_a_list_of_its_own_is_found() {
    let page = page();
    let tree = drafted(page.clone()).tree;
    for (before, after, subject) in [
        ("| `gone` | Withdrawn |", "| `gone` | Withdrawn |\n| `stuck` | Held |", "state"),
        ("| `now` | At once, or not at all |", "| `now` | At once, or not at all |\n| `week` | Friday |", "validity"),
        ("`long` or `short`\n", "`long`, `short` or `flat`\n", "direction"),
    ] {
        let changed = page.replace(before, after);
        let added = after.lines().last().unwrap();
        let found = drift(&[Document::new("page.md", changed.clone())], &tree).unwrap();
        assert!(!found.findings.is_empty(), "{subject}");
        for own in &found.findings {
            assert_eq!(own.at.first, line(&changed, added), "{}", found.text());
            assert!(own.subject.ends_with(subject) && own.text.contains("does not list the value"), "{}", found.text());
        }
    }
}

#[test]
fn a_row_that_is_removed_from_an_object_is_found() {
    let page = page();
    let tree = drafted(page.clone()).tree;
    let changed = page.replace("| tag | string | Your tag, if you sent one |\n", "").replace(",\n  \"tag\": \"a\"", "");
    let found = drift(&[Document::new("page.md", changed)], &tree).unwrap();
    let texts: Vec<String> = found.findings.iter().map(|own| format!("{} {}", own.subject, own.text)).collect();
    assert!(texts.iter().any(|own| own.ends_with(": tag the document does not have this property")), "{texts:?}");
}

#[test]
fn tables_that_are_not_read_are_listed_with_the_differences() {
    let page = format!("{}\n# News\n\n| Date | Change |\n|---|---|\n| May | A leg more |\n", page());
    let tree = drafted(page.clone()).tree;
    let found = drift(&[Document::new("page.md", page.clone())], &tree).unwrap();
    let at = line(&page, "| Date |");
    let place = format!("page.md:{at}-{}", at + 2);
    assert!(found.text().contains(&format!("not read: the tables outside operations in {place}")), "{}", found.text());
    assert!(found.markdown().contains("the table in page.md:"));
    let json = Tree::parse(&found.json()).unwrap();
    assert_eq!(json.at("/not_read/0").and_then(Tree::as_text), Some(place.as_str()));
}

#[test]
fn a_part_of_the_text_that_is_signed_is_not_filled_in() {
    let tree = drafted(page()).tree;
    let fills = tree.at("/components/securitySchemes/PM-SIGNATURE/x-fills").unwrap();
    assert_eq!(fills.elements().iter().filter_map(Tree::as_text).collect::<Vec<&str>>(), ["PM-TIMESTAMP"]);
}

#[test]
fn a_limit_of_private_reads_does_not_count_orders() {
    let table = "\n# Limits\n\n| Group | Limit |\n|---|---|\n| Public | 9 requests per second |\n\
                 | Private, read | 5 requests per second |\n| Private, write | 8 requests per second |\n";
    let tree = drafted(format!("{}{table}", page())).tree;
    let limits = |pointer: &str| {
        let all = tree.at(&format!("/paths/{pointer}/x-limits")).map(Tree::elements).unwrap_or_default();
        all.iter().filter_map(Tree::as_text).map(str::to_owned).collect::<Vec<String>>().join(" ")
    };
    assert_eq!(limits("~1instruments/get"), "public-1s");
    assert_eq!(limits("~1legs/get"), "private-reads-1s");
    assert_eq!(limits("~1legs/post"), "private-writes-1s");
}

#[test]
fn the_checklist_names_the_extensions_that_a_document_suggests() {
    let more = "
# Clock

## Time

`GET /time`

### Response

| Field | Type | Description |
|---|---|---|
| now_ts | integer | The time in milliseconds |

## Trades

`GET /trades`

### Query parameters

| Parameter | Type | Required | Description |
|---|---|---|---|
| cursor | string | No | The `more` of the previous page |

### Response

| Field | Type | Description |
|---|---|---|
| price_step | string | Prices are a multiple of it |
| min_amount | string | The least amount |

# Errors

| Code | Meaning |
|---|---|
| 7001 | Timestamp outside of the window of 3 seconds |
";
    let page = format!(
        "{}{more}",
        page().replace(
            "permission <code>deal</code>.</aside>\n\n`POST /legs/several`",
            "permission <code>deal</code>. Counts as one request per leg.</aside>\n\n`POST /legs/several`"
        )
    );
    let report = drafted(page).report;
    let point = |title: &str| {
        let rest = report.split(&format!("**{title}**")).nth(1).unwrap_or("");
        rest.split("- [ ]").next().unwrap_or("").to_owned()
    };
    for (title, extension, name) in [
        ("Server time.", "x-server-time", "`GET /time`"),
        ("Pages.", "x-pagination", "`GET /trades`"),
        ("Rules of orders.", "x-market-rule", "`price_step`"),
        ("Rules of orders.", "x-market-rule", "`min_amount`"),
        ("Batches.", "x-batch", "`POST /legs/several`"),
        ("Counts.", "x-weight", "`POST /legs/several`"),
    ] {
        let own = point(title);
        assert!(own.contains(extension) && own.contains(name), "{title} {own}\n{report}");
    }
    assert!(report.contains("the clock is wrong (`x-clock-codes`)"), "{report}");
    assert!(!point("Pages.").contains("/time"));
}

#[test]
fn a_section_to_which_only_words_link_is_no_object() {
    let page = "\
# Paging

| Field | Type | Description |
|---|---|---|
| page | integer | The number of the page |

# Orders

## List orders

See [paging](#paging).

`GET /orders`

### Query parameters

| Parameter | Type | Description |
|---|---|---|
| page | integer | As in [paging](#paging) |

### Response

The ids of the [orders](#paging) are texts.
";
    let own = drafted(page);
    assert!(own.tree.at("/components/schemas").is_none(), "{}", own.specification);
    assert!(own.report.contains("a table outside operations"), "{}", own.report);
}

#[test]
fn a_list_whose_values_differ_from_those_of_a_row_that_links_to_it_is_a_contradiction() {
    let page = page().replace(
        "| direction | string | Yes | See [direction](#direction) |",
        "| direction | string | Yes | `up` or `down`, see [direction](#direction) |",
    );
    let report = drafted(page).report;
    let text = report.split_whitespace().collect::<Vec<&str>>().join(" ");
    assert!(
        text.contains("`direction` can be `up` here, and the list to which it links has no such value"),
        "{report}"
    );
}
