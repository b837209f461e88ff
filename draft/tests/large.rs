//! Reads documents that are large, or that are made so that a bad algorithm takes a long time.
//!
//! No test measures the time. Before the steps that these documents met were mended, each of them
//! took from half a minute to hours, which would be noticed.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use venuekit_draft::{Document, draft};

/// An operation with one parameter.
const OPERATION: &str = "# Acme\n\n## Order\n\n`GET /order`\n\n\
    | Name | Type | Required | Description |\n|---|---|---|---|\n| id | string | yes | The id |\n\n";

/// Returns the specification of the operation and a text below it. The operation is complete,
/// whatever the text is.
fn specification(text: &str) -> String {
    let drafted = draft(&[Document::new("api.md", format!("{OPERATION}{text}\n"))], "acme").unwrap();
    assert!(drafted.specification.contains("/order:"), "{}", drafted.specification);
    assert!(drafted.specification.contains("name: id"), "{}", drafted.specification);
    drafted.specification
}

#[test]
fn lists_within_lists_have_one_text() {
    let nested = specification(&format!("{}10 requests per second", "- ".repeat(20_000)));
    assert!(nested.contains("10 requests per second") || nested.contains("x-rate-limit"), "{nested}");
    specification(&format!("{}word", "1. ".repeat(20_000)));
    specification(&format!("{}word", "> ".repeat(20_000)));
}

#[test]
fn a_paragraph_without_an_end_is_read() {
    specification(&"the price of `limit` is sent to a market ".repeat(4_000));
    specification(&"each call costs 2 points, ".repeat(4_000));
    specification(&"10 requests per second ".repeat(4_000));
    specification(&"`state` is one of the following: x ".repeat(4_000));
    specification(&"每秒10次".repeat(10_000));
    specification(&"<a ".repeat(20_000));
    specification(&"<".repeat(100_000));
}

#[test]
fn a_cell_without_an_end_is_read() {
    let cell = |text: &str| {
        let table = "| Name | Type | Description |\n|---|---|---|\n| side | string |";
        specification(&format!("{table} {text} |"));
    };
    cell(&"the price 100 is sent of a `limit` market ".repeat(2_000));
    cell(&"one of ".repeat(10_000));
    cell(&"( ".repeat(20_000));
    cell(&"“".repeat(20_000));
    cell(&"a, ".repeat(20_000));
    cell(&"value: text<br>".repeat(2_000));
}

#[test]
fn a_log_with_thousands_of_routes_is_read() {
    let lines = (0..4_000).map(|at| format!("2024-01-02 GET /orders/{at} 200\n"));
    let text: String = lines.collect();
    specification(&format!("## Log\n\n{text}"));
    specification(&format!("## Log\n\n{}", text.replace('\n', " ")));
}

#[test]
fn thousands_of_tables_are_read() {
    let table = "### More\n\n| Name | Type |\n|---|---|\n| a | string |\n\n";
    specification(&table.repeat(2_000));
}
