//! Formats responses as aligned columns. Numbers are aligned at the decimal point.
//!
//! It is written by hand because neither `comfy-table` nor `tabled` aligns numbers at the decimal
//! point. `unicode-width` gives the number of terminal columns of a character.

use std::fmt;

use serde_json::Value;
use unicode_width::UnicodeWidthStr;
use venuekit::meta::VenueMeta;
use venuekit_json::{Tree, is_number};

use crate::output::harmless;
use crate::value::resolve;

/// Rows of cells under headers. Columns of numbers are aligned at the decimal point, others on the
/// left.
#[derive(Debug)]
pub(crate) struct Columns {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The layout of a column.
#[derive(Clone, Copy)]
enum Layout {
    Text { width: usize },
    Number { before: usize, after: usize },
}

impl Columns {
    /// Returns a table with these headers and no rows.
    pub(crate) fn new<H: Into<String>>(headers: impl IntoIterator<Item = H>) -> Self {
        Self { headers: headers.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    fn layout(&self, column: usize) -> Layout {
        let cells = || self.rows.iter().filter_map(|row| row.get(column)).map(String::as_str);
        let width = cells().chain(self.headers.get(column).map(String::as_str)).map(width).max().unwrap_or(0);
        let mut numbers = cells().filter(|cell| !is_blank(cell)).peekable();
        if numbers.peek().is_none() || !numbers.all(is_number) {
            return Layout::Text { width };
        }
        let before = cells().map(width_before_point).max().unwrap_or(0);
        let after = cells().map(|cell| self::width(cell) - width_before_point(cell)).max().unwrap_or(0);
        Layout::Number { before: before.max(width - after), after }
    }
}

/// Returns the number of columns that a text takes on a terminal.
fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

fn width_before_point(cell: &str) -> usize {
    width(cell.split_once('.').map_or(cell, |(before, _)| before))
}

fn is_blank(cell: &str) -> bool {
    matches!(cell, "" | "-")
}

impl fmt::Display for Columns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layouts: Vec<Layout> = (0..self.headers.len()).map(|column| self.layout(column)).collect();
        for (index, row) in std::iter::once(&self.headers).chain(&self.rows).enumerate() {
            let mut line = String::new();
            for (cell, layout) in row.iter().zip(&layouts) {
                let (left, right) = match *layout {
                    Layout::Text { width } => (0, width - self::width(cell)),
                    Layout::Number { before, after } if index == 0 => ((before + after) - width(cell), 0),
                    Layout::Number { before, after } => {
                        let whole = width_before_point(cell);
                        (before - whole, after - (width(cell) - whole))
                    }
                };
                line.push_str(&" ".repeat(left));
                line.push_str(cell);
                line.push_str(&" ".repeat(right + 2));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Formats a response as tables. Its schema gives the names of the columns of rows.
pub(crate) fn of_response(venue: &VenueMeta, schema: &Value, response: &Tree) -> String {
    let mut out = String::new();
    sections(venue, schema, None, response, &mut out);
    out
}

fn sections(venue: &VenueMeta, schema: &Value, title: Option<&str>, tree: &Tree, out: &mut String) {
    let schema = &alternative(venue, schema, tree);
    let mut section = |columns: String| {
        if let Some(title) = title {
            out.push_str(if out.is_empty() { "" } else { "\n" });
            out.push_str(&format!("{title}\n"));
        }
        out.push_str(&columns);
    };
    match tree {
        Tree::Array(elements) if elements.is_empty() => section("(none)\n".to_owned()),
        Tree::Array(elements) => section(list(venue, schema, elements).to_string()),
        Tree::Object(members) if is_map(schema, members) => section(map(members).to_string()),
        Tree::Object(members) => {
            let (tables, others): (Vec<_>, Vec<_>) = members.iter().partition(|(_, value)| is_table(value));
            if !others.is_empty() {
                section(pairs(&others));
            }
            for (name, value) in tables {
                let title = title.map_or_else(|| harmless(name), |title| format!("{title}.{}", harmless(name)));
                let schema = schema.get("properties").and_then(|all| all.get(name)).unwrap_or(&Value::Null);
                sections(venue, schema, Some(&title), value, out);
            }
        }
        scalar => section(format!("{}\n", cell(scalar))),
    }
}

/// Returns the schema. If the schema has alternatives and the value is an array or an object,
/// returns the alternative of that type; null if there is none.
fn alternative(venue: &VenueMeta, schema: &Value, tree: &Tree) -> Value {
    let schema = resolve(venue, schema);
    let Some(alternatives) = schema.get("oneOf").and_then(Value::as_array) else { return schema };
    let wanted = match tree {
        Tree::Array(_) => "array",
        Tree::Object(_) => "object",
        _ => return schema,
    };
    let mut alternatives = alternatives.iter().map(|schema| resolve(venue, schema));
    alternatives.find(|schema| crate::value::json_type(schema) == wanted).unwrap_or(Value::Null)
}

/// Returns whether a property becomes a separate table.
fn is_table(value: &Tree) -> bool {
    match value {
        Tree::Array(elements) => !elements.iter().all(Tree::is_scalar) || elements.is_empty(),
        Tree::Object(members) => !members.is_empty(),
        _ => false,
    }
}

/// Returns whether the property names of an object are data, such as balances by asset.
fn is_map(schema: &Value, members: &[(String, Tree)]) -> bool {
    schema.get("properties").is_none()
        && !members.is_empty()
        && members.iter().all(|(_, value)| matches!(value, Tree::Object(_)))
}

fn list(venue: &VenueMeta, schema: &Value, elements: &[Tree]) -> Columns {
    if elements.iter().all(|element| matches!(element, Tree::Object(_))) {
        let rows: Vec<_> = elements.iter().map(fields).collect();
        return records(&[], rows.into_iter().map(|fields| (Vec::new(), fields)).collect());
    }
    if elements.iter().all(|element| matches!(element, Tree::Array(_))) {
        let items = resolve(venue, schema.get("items").unwrap_or(&Value::Null));
        let names = items.get("x-tuple").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let rows: Vec<Vec<String>> = elements
            .iter()
            .map(|row| match row {
                Tree::Array(cells) => cells.iter().map(cell).collect(),
                other => vec![cell(other)],
            })
            .collect();
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        let header = |index: usize| {
            let name = names.get(index).and_then(|column| column.get("name")).and_then(Value::as_str);
            name.map_or_else(|| (index + 1).to_string(), str::to_owned)
        };
        let mut columns = Columns::new((0..widest).map(header));
        rows.into_iter().for_each(|row| columns.push(row));
        return columns;
    }
    let mut columns = Columns::new(["value"]);
    elements.iter().for_each(|element| columns.push([cell(element)]));
    columns
}

fn map(members: &[(String, Tree)]) -> Columns {
    let rows = members.iter().map(|(name, value)| (vec![harmless(name)], fields(value))).collect();
    records(&["name"], rows)
}

/// Returns rows of named cells as a table. Each name gets a column, in the order of first use.
fn records(first: &[&str], rows: Vec<(Vec<String>, Vec<(String, String)>)>) -> Columns {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in rows.iter().flat_map(|(_, fields)| fields) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let mut columns = Columns::new(first.iter().map(|name| (*name).to_owned()).chain(names.iter().cloned()));
    for (mut row, fields) in rows {
        row.extend(names.iter().map(|wanted| {
            fields.iter().find(|(name, _)| name == wanted).map(|(_, cell)| cell.clone()).unwrap_or_default()
        }));
        columns.push(row);
    }
    columns
}

/// Returns the properties of an object as cells. Properties of nested objects are named
/// `outer.inner`.
fn fields(tree: &Tree) -> Vec<(String, String)> {
    let Tree::Object(members) = tree else { return Vec::new() };
    let mut all = Vec::new();
    for (name, value) in members {
        let name = harmless(name);
        match value {
            Tree::Object(inner) if !inner.is_empty() => {
                all.extend(fields(value).into_iter().map(|(inner, cell)| (format!("{name}.{inner}"), cell)));
            }
            _ => all.push((name, cell(value))),
        }
    }
    all
}

fn pairs(members: &[&(String, Tree)]) -> String {
    let width = members.iter().map(|(name, _)| self::width(&harmless(name))).max().unwrap_or(0);
    let line = |(name, value): &&(String, Tree)| {
        let name = harmless(name);
        format!("{name}{}  {}\n", " ".repeat(width - self::width(&name)), cell(value))
    };
    members.iter().map(line).collect()
}

fn cell(tree: &Tree) -> String {
    match tree {
        Tree::Null => "-".to_owned(),
        Tree::Text(text) => harmless(text).replace(['\n', '\t'], " "),
        other => harmless(&other.to_line()),
    }
}

#[cfg(test)]
mod tests {
    use venuekit_venues::VENUES;

    use super::*;

    fn table(schema: &str, json: &str) -> String {
        of_response(VENUES[0], &serde_json::from_str(schema).unwrap(), &Tree::parse(json).unwrap())
    }

    #[test]
    fn decimals_are_aligned_at_the_point_whether_numbers_or_texts() {
        insta::assert_snapshot!(table(
            "{}",
            r#"[{"price":"10.5","size":3,"side":"buy"},{"price":"9.25000001","size":0.125,"side":"sell"},{"price":"-1000","size":null,"note":"x"}]"#
        ));
    }

    #[test]
    fn an_order_book_is_two_tables_below_its_other_properties() {
        insta::assert_snapshot!(table(
            r#"{"type":"object","properties":{"bids":{"type":"array","items":{"type":"array","x-tuple":[{"name":"price"},{"name":"quantity"}]}}}}"#,
            r#"{"symbol":"BTC-USD","at":{"time":1},"bids":[["10.5","1"],["9","0.25","more"]],"asks":[],"tags":["a","b"]}"#
        ));
    }

    #[test]
    fn balances_by_asset_have_the_asset_in_the_first_column() {
        insta::assert_snapshot!(table(
            r#"{"type":"object","additionalProperties":{}}"#,
            r#"{"BTC":{"available":"213833174.077851","freeze":"30715.848"},"USDT":{"available":"0.5","freeze":"0"}}"#
        ));
    }

    #[test]
    fn characters_that_take_two_columns_or_none_are_aligned() {
        assert_eq!(
            table("{}", r#"[{"币":"比特币","amount":"1.5"},{"币":"e\u0301","amount":"10"}]"#),
            "币      amount\n比特币     1.5\ne\u{301}         10\n"
        );
        assert_eq!(table("{}", r#"{"比特币":"1","e\u0301":"2"}"#), "比特币  1\ne\u{301}       2\n");
    }

    #[test]
    fn a_scalar_is_printed_as_a_line_and_a_list_of_scalars_as_one_column() {
        assert_eq!(table("{}", r#""7000.10""#), "7000.10\n");
        assert_eq!(table("{}", "[]"), "(none)\n");
        assert_eq!(table("{}", r#"["a","b"]"#), "value\na\nb\n");
        assert_eq!(table("{}", r#""\u001b[2Jx""#), "\\u{1b}[2Jx\n");
    }
}
