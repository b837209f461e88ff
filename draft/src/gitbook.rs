//! The blocks of GitBook that describe operations: `{% swagger %}`, `{% api-method %}` and
//! `{% openapi %}`. They become a heading, a route, tables and labels, at their lines.
//!
//! It reads tags in `{% .. %}` only. Components of MDX, such as `<ParamField>`, are read in
//! `mdx.rs`, and the tabs of both in `blocks.rs`.

use crate::html;
use crate::table::{Row, Table};

/// The maximum number of lines between the start of an operation and its summary.
const SUMMARY: usize = 12;

/// The header of a table of parameters.
const HEADER: [&str; 5] = ["Name", "In", "Type", "Required", "Description"];

/// A part of an operation, in place of tags.
pub(crate) enum Part {
    /// The title of an operation.
    Heading { level: usize, text: String },
    /// The label of the table that follows.
    Label(&'static str),
    /// Parameters, and the line of the last one.
    Table(Table, usize),
}

/// The tags of a document.
pub(crate) struct Found {
    /// The parts of operations, each with its line.
    pub(crate) parts: Vec<(usize, Part)>,
    /// Tags with attributes that are not read, with their lines.
    pub(crate) unknown: Vec<(String, usize)>,
}

/// The beginnings of tags that only arrange or show others.
const LAYOUTS: [&str; 11] =
    ["hint", "code", "content", "embed", "step", "column", "card", "update", "expand", "icon", "if"];

/// The maximum number of lines that describe a parameter.
const MOST_OF_PARAMETER: usize = 500;

/// The parameters that are read, in a row.
#[derive(Default)]
struct Parameters {
    rows: Vec<Row>,
    body: Vec<Row>,
}

impl Parameters {
    /// Adds the parameters as tables, at the line of the first one.
    fn end(&mut self, found: &mut Vec<(usize, Part)>) {
        let tables = [(false, std::mem::take(&mut self.rows)), (true, std::mem::take(&mut self.body))];
        for (is_body, rows) in tables {
            let (Some(first), Some(last)) = (rows.first().map(|row| row.line), rows.last().map(|row| row.line)) else {
                continue;
            };
            let without_place = |cells: Vec<String>| {
                let kept = cells.into_iter().enumerate().filter(|(index, _)| !(is_body && *index == 1));
                kept.map(|(_, cell)| cell).collect::<Vec<_>>()
            };
            let header = without_place(HEADER.map(str::to_owned).to_vec());
            let rows = rows.into_iter().map(|row| Row { cells: without_place(row.cells), ..row }).collect();
            let label = if is_body { "**Body**" } else { "**Parameters**" };
            found.push((first, Part::Label(label)));
            found.push((first, Part::Table(Table { header, rows }, last)));
        }
    }
}

/// Reads the blocks of GitBook in these lines, and hides the lines of their tags.
pub(crate) fn hide(lines: &mut [String]) -> Found {
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    let mut in_code = false;
    let mut level = 1;
    let mut place = String::new();
    let mut parameters = Parameters::default();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        let (number, trimmed) = (index + 1, line.trim().to_owned());
        index += 1;
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            in_code = !in_code;
        }
        let Some(tag) = trimmed.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}")).filter(|_| !in_code) else {
            let marks = trimmed.len() - trimmed.trim_start_matches('#').len();
            if !in_code && (1..=6).contains(&marks) {
                level = marks;
            }
            continue;
        };
        let tag = tag.trim().trim_matches('-').trim();
        let name = tag.split_whitespace().next().unwrap_or_default();
        let attribute = |key: &str| html::attribute(tag, key).unwrap_or_default();
        let is_parameter = matches!(name, "swagger-parameter" | "api-method-parameter");
        if !is_parameter && !name.ends_with("-parameter") {
            parameters.end(&mut found);
        }
        let new = match name {
            "swagger" | "api-method" | "openapi" | "openapi-operation" => {
                let (method, path) = (attribute("method"), attribute("path"));
                if method.is_empty() || path.is_empty() {
                    unknown.push((name.to_owned(), number));
                    String::new()
                } else {
                    let text = Some(attribute("summary")).filter(|text| !text.is_empty());
                    let text = text.or_else(|| summary(lines, index)).unwrap_or_else(|| path.clone());
                    found.push((number, Part::Heading { level: (level + 1).min(6), text }));
                    let host = [attribute("baseUrl"), attribute("host")].concat();
                    format!("`{} {}{path}`", method.to_ascii_uppercase(), host.trim_end_matches('/'))
                }
            }
            "swagger-response" | "api-method-response-example" => {
                let status = [attribute("status"), attribute("httpCode")].concat();
                let digits: String = status.chars().take_while(char::is_ascii_alphanumeric).collect();
                format!("**Response {digits}**")
            }
            "api-method-summary" => {
                // It is the heading.
                if let Some(text) = lines.get_mut(index).filter(|text| !text.trim_start().starts_with("{%")) {
                    text.clear();
                }
                String::new()
            }
            _ if is_parameter => {
                let close = format!("end{name}");
                let mut near = lines.iter().skip(index).take(MOST_OF_PARAMETER);
                let end = near.position(|line| line.contains(&close)).unwrap_or(0);
                let text: Vec<String> =
                    lines.get_mut(index..index + end).unwrap_or_default().iter_mut().map(std::mem::take).collect();
                let own = Some(attribute("in")).filter(|own| !own.is_empty()).unwrap_or_else(|| place.clone());
                let required = if attribute("required").starts_with("true") { "true" } else { "false" };
                let cells = [
                    attribute("name"),
                    own.clone(),
                    attribute("type"),
                    required.to_owned(),
                    text.join(" ").trim().to_owned(),
                ];
                let row = Row { line: number, cells: cells.to_vec(), continued: Vec::new() };
                let is_body = matches!(own.as_str(), "body" | "formData");
                // A table has the lines between its rows, so the other one ends.
                let others = if is_body { &parameters.rows } else { &parameters.body };
                if !others.is_empty() {
                    parameters.end(&mut found);
                }
                if is_body {
                    parameters.body.push(row)
                } else {
                    parameters.rows.push(row)
                }
                index += end;
                String::new()
            }
            _ => {
                if let Some(group) = name.strip_prefix("api-method-") {
                    place = match group.split('-').next().unwrap_or_default() {
                        "path" => "path",
                        "query" => "query",
                        "headers" => "header",
                        "body" | "form" => "body",
                        _ => "",
                    }
                    .to_owned();
                }
                // Tabs and includes are read later.
                if name.contains("tab") || name == "include" {
                    continue;
                }
                let is_operation = name.starts_with("api-method") || name.starts_with("swagger");
                let is_read = is_operation || LAYOUTS.iter().any(|own| name.starts_with(own));
                if tag.contains('=') && !is_read {
                    unknown.push((name.to_owned(), number));
                }
                String::new()
            }
        };
        if let Some(line) = lines.get_mut(number - 1) {
            *line = new;
        }
    }
    parameters.end(&mut found);
    Found { parts: found, unknown }
}

/// Returns the summary of an operation, which follows in a tag of its own.
fn summary(lines: &[String], from: usize) -> Option<String> {
    let near = lines.get(from..)?.iter().take(SUMMARY);
    let mut texts = near.skip_while(|line| !line.contains("{% api-method-summary %}")).skip(1);
    texts.next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty() && !line.starts_with("{%"))
}
