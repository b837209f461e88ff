//! Writes the parts of a response as CSV: one table with one header.
//!
//! The scalar properties of a response stand in each row. If the response has several lists, the
//! column `table` has the name of the row's list.

use std::borrow::Cow;
use std::io;

use crate::output::harmless;
use crate::sections::{Cell, Content, Rows, Section};

/// The column with the name of a row's list.
const TABLE: &str = "table";

/// Returns the parts of a response as CSV.
pub(crate) fn of_sections(sections: &[Section]) -> io::Result<String> {
    let rows = joined(sections);
    if rows.names.is_empty() {
        return Ok(String::new());
    }
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(rows.names.iter().map(|name| harmless(name)))?;
    for row in &rows.rows {
        writer.write_record(row.iter().map(|cell| harmless(&cell.text)))?;
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

/// Returns all parts as one table.
fn joined(sections: &[Section]) -> Rows {
    let path = |section: &Section, name: &str| match section.title.as_str() {
        "" => name.to_owned(),
        title => format!("{title}.{name}"),
    };
    let mut shared: Vec<(String, Cell)> = Vec::new();
    let mut lists: Vec<(&str, Cow<'_, Rows>)> = Vec::new();
    for section in sections {
        match &section.content {
            Content::Scalar(cell) => shared.push((path(section, "value"), cell.clone())),
            Content::Pairs(pairs) => {
                shared.extend(pairs.iter().map(|(name, cell)| (path(section, name), cell.clone())));
            }
            Content::Rows(rows) => lists.push((&section.title, Cow::Borrowed(rows))),
            // The header is the same with and without rows.
            Content::Empty(names) if !names.is_empty() => {
                let rows = Rows { names: names.clone(), rows: Vec::new() };
                lists.push((&section.title, Cow::Owned(rows)));
            }
            Content::Empty(_) => {}
        }
    }
    let mut names: Vec<String> = Vec::new();
    for name in lists.iter().flat_map(|(_, rows)| &rows.names) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    // A list may have a column with the name of a shared one.
    let free = |name: &str| {
        let mut free = name.to_owned();
        while names.contains(&free) {
            free.insert_str(0, "response.");
        }
        free
    };
    let has_lists = lists.len() > 1;
    let mut headers: Vec<String> = shared.iter().map(|(name, _)| free(name)).collect();
    headers.extend(has_lists.then(|| free(TABLE)));
    headers.extend(names.iter().cloned());
    let before = |title: &str| -> Vec<Cell> {
        let table = has_lists.then(|| Cell::from(title));
        shared.iter().map(|(_, cell)| cell.clone()).chain(table).collect()
    };
    let mut rows = Vec::new();
    for (title, list) in &lists {
        for row in &list.rows {
            let cell = |name: &String| {
                let at = list.names.iter().position(|own| own == name);
                at.and_then(|at| row.get(at)).cloned().unwrap_or(Cell::from(""))
            };
            rows.push(before(title).into_iter().chain(names.iter().map(cell)).collect());
        }
    }
    // A response without rows is one row of its scalar properties.
    if lists.is_empty() && !shared.is_empty() {
        rows.push(before(""));
    }
    Rows { names: headers, rows }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use venuekit_json::Tree;
    use venuekit_venues::VENUES;

    use super::*;
    use crate::sections;

    fn csv(json: &str) -> String {
        of_sections(&sections::of_response(VENUES[0], &Value::Null, &Tree::parse(json).unwrap())).unwrap()
    }

    #[test]
    fn each_row_has_the_shared_properties_and_the_name_of_its_list() {
        let book = r#"{"symbol":"BTC-USD","asks":[[9524.50,"1e-8"]],"bids":[[9523.0,"0.70"],["9522","1","more"]]}"#;
        assert_eq!(
            csv(book),
            "symbol,table,1,2,3\nBTC-USD,asks,9524.50,1e-8,\nBTC-USD,bids,9523.0,0.70,\nBTC-USD,bids,9522,1,more\n"
        );
        assert_eq!(csv(r#"[{"a":null,"b":{"c":"x, \"y\"\nz"}},{"a":1}]"#), "a,b.c\n,\"x, \"\"y\"\"\nz\"\n1,\n");
        assert_eq!(csv(r#"{"id":"1","ok":true}"#), "id,ok\n1,true\n");
        assert_eq!(csv(r#"{"id":"1","fills":[{"id":"2"}]}"#), "response.id,id\n1,2\n");
        assert_eq!(csv("\"7000.10\""), "value\n7000.10\n");
    }

    #[test]
    fn a_list_without_elements_has_the_header_of_its_type() {
        let schema: Value = serde_json::from_str(
            r#"{"type":"object","properties":{"n":{"type":"integer"},"asks":{"type":"array","items":{"type":"array","x-tuple":[{"name":"price","schema":{"type":"string"}}]}},"bids":{"type":"array","items":{"type":"object","properties":{"size":{"type":"string"}}}}}}"#,
        )
        .unwrap();
        let csv = |json: &str, schema: &Value| {
            of_sections(&sections::of_response(VENUES[0], schema, &Tree::parse(json).unwrap())).unwrap()
        };
        assert_eq!(csv(r#"{"n":1,"asks":[],"bids":[]}"#, &schema), "n,table,price,size\n");
        assert_eq!(csv(r#"{"n":1,"asks":[["2"]],"bids":[]}"#, &schema), "n,table,price,size\n1,asks,2,\n");
        let bids = schema.pointer("/properties/bids").unwrap();
        assert_eq!(csv("[]", bids), "size\n");
        // Without a type, nothing is known.
        assert_eq!(csv("[]", &Value::Null), "");
    }
}
