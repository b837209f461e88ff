//! The components of MDX: the fields of parameters and responses as a table, and samples that a
//! component indents.
//!
//! It reads `<ParamField>` and `<ResponseField>` only. Tags of GitBook in `{% .. %}` are read in
//! `gitbook.rs`, and the tabs of both in `blocks.rs`.

use std::collections::BTreeMap;

use crate::document::Lines;
use crate::html;
use crate::table::{Row, Table};

/// A table of fields, and whether it describes a response.
pub(crate) struct Fields {
    pub(crate) table: Table,
    pub(crate) is_response: bool,
    pub(crate) lines: Lines,
}

/// The components of a document.
#[derive(Default)]
pub(crate) struct Found {
    /// The tables of fields, by their first line.
    pub(crate) fields: BTreeMap<usize, Fields>,
    /// Components with attributes that are not known, with their lines.
    pub(crate) unknown: Vec<(String, usize)>,
}

/// The places of parameters, as attributes.
const PLACES: [&str; 4] = ["path", "query", "header", "body"];

/// Reads the components in the lines of a document, and hides them. Samples that a component
/// indents begin at the margin afterwards.
pub(crate) fn read(lines: &mut [String], document: usize) -> Found {
    let mut out = Found::default();
    let mut reader = Reader::default();
    let mut fence: Option<(String, usize)> = None;
    let mut components = 0usize;
    for (index, line) in lines.iter_mut().enumerate() {
        let number = index + 1;
        let trimmed = line.trim().to_owned();
        let indent = line.len() - line.trim_start().len();
        if let Some((mark, own)) = &fence {
            let is_end = trimmed == *mark;
            *line = line.get((*own).min(indent)..).unwrap_or("").to_owned();
            if is_end {
                fence = None;
            }
            continue;
        }
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            let mark: String = trimmed.chars().take_while(|c| matches!(c, '`' | '~')).collect();
            let own = if components > 0 && indent > 3 { indent } else { 0 };
            *line = line.get(own..).unwrap_or("").to_owned();
            fence = Some((mark, own));
            continue;
        }
        let opens = opening(&trimmed);
        if let Some(name) = &opens {
            components += usize::from(!trimmed.ends_with("/>") && !trimmed.contains(&format!("</{name}")));
        } else if trimmed.starts_with("</") && trimmed.chars().nth(2).is_some_and(char::is_uppercase) {
            components = components.saturating_sub(1);
        }
        if reader.line(&trimmed, opens.as_deref(), number) {
            line.clear();
        } else if let Some(name) = opens.filter(|name| trimmed.contains('=') && !is_layout(name)) {
            out.unknown.push((name, number));
        }
        if reader.is_over(&trimmed) {
            reader.end(document, &mut out);
        }
    }
    reader.end(document, &mut out);
    out
}

/// Returns the name of the component that a line opens.
fn opening(line: &str) -> Option<String> {
    let rest = line.strip_prefix('<')?;
    let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let is_component = name.starts_with(|c: char| c.is_ascii_uppercase()) && name.contains(|c: char| c.is_lowercase());
    (is_component && !rest.starts_with("http") && line.contains('>')).then_some(name)
}

/// Returns whether a component only arranges others.
fn is_layout(name: &str) -> bool {
    let layouts = [
        "Tab",
        "Card",
        "Accordion",
        "Expandable",
        "Frame",
        "Step",
        "Column",
        "Update",
        "Icon",
        "Tooltip",
        "CodeGroup",
        "RequestExample",
        "ResponseExample",
        "Note",
        "Warning",
        "Info",
        "Tip",
        "Check",
        "Snippet",
        "Latex",
    ];
    layouts.iter().any(|layout| name.starts_with(layout))
}

#[derive(Default)]
struct Reader {
    rows: Vec<Row>,
    is_response: bool,
    first: usize,
    last: usize,
    /// The fields that are open.
    open: usize,
}

impl Reader {
    /// Reads a line. Returns whether it is a part of a field.
    fn line(&mut self, line: &str, opens: Option<&str>, number: usize) -> bool {
        match opens {
            Some(name @ ("ParamField" | "ResponseField")) => {
                self.field(line, name == "ResponseField", number);
                let is_closed = line.ends_with("/>") || line.contains(&format!("</{name}>"));
                self.open += usize::from(!is_closed);
            }
            _ if matches!(line, "</ParamField>" | "</ResponseField>") => self.open = self.open.saturating_sub(1),
            _ if self.open > 0 => {
                // The text of the field.
                if let (Some(row), false) = (self.rows.last_mut(), line.starts_with('<'))
                    && let Some(cell) = row.cells.last_mut()
                {
                    cell.push(' ');
                    cell.push_str(line);
                }
            }
            _ => return false,
        }
        self.last = number;
        true
    }

    fn field(&mut self, line: &str, is_response: bool, number: usize) {
        if self.rows.is_empty() {
            self.is_response = is_response;
            self.first = number;
        }
        let of = |name: &str| html::attribute(line, name).filter(|value| !value.is_empty());
        let (place, name) = match PLACES.iter().find_map(|place| Some((*place, of(place)?))) {
            Some((place, name)) => (place, name),
            None => ("", of("name").unwrap_or_default()),
        };
        let tag = line.split('>').next().unwrap_or(line);
        let required = tag.split([' ', '/']).any(|word| word == "required" || word == "required={true}");
        let text = line.split_once('>').map_or("", |(_, rest)| rest.split("</").next().unwrap_or(rest));
        let name = format!("{}{name}", "»".repeat(self.open));
        let required = if required { "yes" } else { "no" }.to_owned();
        let cells =
            vec![name, place.to_owned(), of("type").unwrap_or_default(), required, String::new(), text.to_owned()];
        self.rows.push(Row { line: number, cells, continued: Vec::new() });
    }

    /// Returns whether a line ends the table: it is neither a field nor empty.
    fn is_over(&self, line: &str) -> bool {
        !self.rows.is_empty()
            && self.open == 0
            && !line.is_empty()
            && !line.contains("ParamField")
            && !line.contains("ResponseField")
    }

    fn end(&mut self, document: usize, out: &mut Found) {
        let own = std::mem::take(self);
        if own.rows.is_empty() {
            return;
        }
        let is_response = own.is_response;
        let mut header = vec!["Name", "In", "Type", "Required", "Values", "Description"];
        let mut rows = own.rows;
        if is_response {
            header.remove(1);
            for row in &mut rows {
                row.cells.remove(1);
            }
        }
        let table = Table { header: header.into_iter().map(str::to_owned).collect(), rows };
        let lines = Lines { document, first: own.first, last: own.last };
        out.fields.insert(own.first, Fields { table, is_response, lines });
    }
}
