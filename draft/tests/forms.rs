//! Forms of documents in a few words each, with the facts that the draft has to have.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use venuekit_draft::{Document, draft};

fn specification(text: &str) -> String {
    draft(&[Document::new("api.md", text)], "acme").unwrap().specification
}

/// Asserts that a text has each of these parts.
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
}

#[test]
fn a_column_that_counts_the_parameters_is_their_position() {
    let text = "# Acme RPC\n\nPOST to `https://rpc.acme.example/v1`.\n\n## trade.list\n\n\
        Requires authentication: add the header `X-Acme-Token`.\n\n### Parameters\n\n\
        | # | Name | Type | Required | Description |\n|---|---|---|---|---|\n\
        | 1 | market | string | yes | The market |\n| 2 | count | integer | no | How many |\n\n\
        ### Example\n\n```json\n\
        {\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"trade.list\", \"params\": [\"A-B\", 3]}\n```\n\n\
        ```json\n{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": [1, 2]}\n```\n";
    let drafted = specification(text);
    has(&drafted, &["name: market", "name: count", "by-position", "X-Acme-Token"]);
}

#[test]
fn marked_values_in_lines_of_one_cell_are_an_enum() {
    let text = "# Acme\n\n## Orders\n\n`GET /orders`\n\n<table>\n\
        <tr><th>Name</th><th>Type</th><th>Required</th><th>Description</th></tr>\n\
        <tr><td>side</td><td>string</td><td>yes</td><td><code>bid</code><br><code>ask</code></td></tr>\n</table>\n";
    has(&specification(text), &["enum: [bid, ask]"]);
}

#[test]
fn a_sentence_names_the_base_url_and_that_of_the_sandbox() {
    let text = "# Acme\n\nThe REST endpoint is `https://api.acme.example/v2`, and the sandbox is \
        `https://try.acme.example/v2`.\n\n## Orders\n\n`GET /orders`\n\n\
        ```shell\ncurl https://api.acme.example/v2/orders\n```\n";
    has(&specification(text), &["https://api.acme.example/v2", "https://try.acme.example/v2"]);
}
