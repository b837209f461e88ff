//! The base URLs in tables: `Environment | Base URL`.

use crate::document::Lines;
use crate::inline;
use crate::table::Table;

/// Returns the base URLs of a table with a column of them.
pub(crate) fn of_table(table: &Table, document: usize) -> Vec<(String, Lines)> {
    let Some(index) = table.header.iter().position(|name| is_base(name)) else { return Vec::new() };
    let of = |row: &crate::table::Row| {
        let cell = inline::plain(row.cells.get(index)?);
        let url = urls(&cell, false).into_iter().next()?;
        Some((url.trim_end_matches('/').to_owned(), Lines::one(document, row.line)))
    };
    table.rows.iter().filter_map(of).collect()
}

/// Returns whether a column has base URLs, by its name.
fn is_base(name: &str) -> bool {
    let words = inline::words(&inline::plain(name));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        [
            "base" | "api" | "rest" | "http" | "server" | "root" | "endpoint" | "service",
            "url" | "urls" | "uri" | "host"
        ] | ["base" | "rest" | "api", "endpoint" | "address"]
            | ["rest" | "http" | "api", "base", "url"]
            | ["baseurl" | "server" | "接口地址" | "域名" | "基础地址" | "服务地址"]
    )
}

/// Returns the URLs of HTTP in a text, and those of WebSockets if `sockets` is true.
pub(crate) fn urls(text: &str, sockets: bool) -> Vec<String> {
    let mut out = Vec::new();
    let ends = [' ', '\t', '\n', '(', ')', '"', '\'', ',', '<', '>', '，', '。', '；', '、', '：', '（', '）'];
    for word in text.split(ends) {
        let (_, rest) = word.split_once("://").unwrap_or(("", ""));
        let host = rest.split(['/', ':', '?']).next().unwrap_or("");
        // A host such as `Website` or `{host}` stands for another one.
        let is_host = (host.contains('.') || host == "localhost") && !host.contains(['{', '$']);
        let is_socket = sockets && (word.starts_with("wss://") || word.starts_with("ws://"));
        if is_host && (is_socket || word.starts_with("https://") || word.starts_with("http://")) {
            out.push(word.trim_end_matches(['.', ';', ':']).to_owned());
        }
    }
    out
}
