//! Tables in HTML, which people write into Markdown for cells that span rows or columns.

use crate::inline;
use crate::table::{Row, Table};

/// The maximum number of rows or columns that a cell spans here.
const MAX_SPAN: usize = 64;

#[derive(Clone, Debug, Default)]
struct Cell {
    text: String,
    columns: usize,
    rows: usize,
    is_header: bool,
}

#[derive(Clone, Debug, Default)]
struct RawRow {
    line: usize,
    cells: Vec<Cell>,
}

/// Reads the table that begins in this text. The first line of the text has the number `line`.
/// Returns `None` if it has no row below its header.
pub(crate) fn table(text: &str, line: usize) -> Option<Table> {
    let mut rows = raw_rows(text, line);
    rows.retain(|row| !row.cells.is_empty());
    let first = rows.first()?.clone();
    // The columns that a cell of the header spans are one column: the names of nested members.
    let spans: Vec<usize> = first.cells.iter().map(|cell| cell.columns).collect();
    let header: Vec<String> = first.cells.iter().map(|cell| cell.text.clone()).collect();
    let width: usize = spans.iter().sum();
    let mut open: Vec<(usize, String)> = vec![(0, String::new()); width];
    let mut out = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let is_header = index == 0 || row.cells.iter().all(|cell| cell.is_header) && row.cells.len() > 1;
        let is_title = row.cells.len() == 1 && row.cells.iter().all(|cell| cell.columns >= width) && width > 1;
        let (cells, continued) = fill(row, &mut open);
        if is_header || is_title {
            continue;
        }
        let (cells, continued) = merge(&cells, &continued, &spans);
        out.push(Row { line: row.line, cells, continued });
    }
    (!out.is_empty()).then_some(Table { header, rows: out })
}

/// Puts the cells of a row into their columns. A cell of a row above goes on in each row that it
/// spans; its columns are returned too.
fn fill(row: &RawRow, open: &mut [(usize, String)]) -> (Vec<String>, Vec<bool>) {
    let mut cells = Vec::with_capacity(open.len());
    let mut continued = Vec::with_capacity(open.len());
    let mut own = row.cells.iter();
    let mut rest: Option<(Cell, usize)> = None;
    for column in open.iter_mut() {
        if rest.is_none() && column.0 > 0 {
            column.0 -= 1;
            cells.push(column.1.clone());
            continued.push(true);
            continue;
        }
        let (cell, left) = match rest.take() {
            Some((cell, left)) => (Cell { text: String::new(), ..cell }, left),
            None => own.next().map_or_else(Default::default, |cell| (cell.clone(), cell.columns)),
        };
        *column = (cell.rows.saturating_sub(1), cell.text.clone());
        cells.push(cell.text.clone());
        continued.push(false);
        rest = left.checked_sub(1).filter(|left| *left > 0).map(|left| (cell, left));
    }
    (cells, continued)
}

/// Joins the columns that one cell of the header spans. The position of the text is its depth.
fn merge(cells: &[String], continued: &[bool], spans: &[usize]) -> (Vec<String>, Vec<usize>) {
    let mut out = Vec::with_capacity(spans.len());
    let mut repeated = Vec::new();
    let mut at = 0;
    for (column, span) in spans.iter().enumerate() {
        let own = cells.get(at..at + span).unwrap_or(&[]);
        let marks = continued.get(at..at + span).unwrap_or(&[]);
        let is_new = |index: usize| !marks.get(index).copied().unwrap_or(false);
        let fresh = own.iter().enumerate().find(|(index, text)| is_new(*index) && !text.is_empty());
        match fresh {
            Some((depth, text)) => out.push(format!("{}{text}", "» ".repeat(depth))),
            None => {
                let kept = own.iter().find(|text| !text.is_empty());
                if kept.is_some() {
                    repeated.push(column);
                }
                out.push(kept.cloned().unwrap_or_default());
            }
        }
        at += span;
    }
    (out, repeated)
}

fn raw_rows(text: &str, first: usize) -> Vec<RawRow> {
    let mut rows: Vec<RawRow> = Vec::new();
    let mut cell: Option<Cell> = None;
    let mut link: Option<String> = None;
    let mut line = first;
    let mut depth = 0usize;
    let mut rest = text;
    while !rest.is_empty() {
        let (before, tag, after) = next_tag(rest);
        if let Some(cell) = cell.as_mut() {
            push_text(&mut cell.text, before);
        }
        let tag_line = line + before.matches('\n').count();
        line = tag_line + tag.matches('\n').count();
        rest = after;
        let (name, closes) = name_of(tag);
        match (name.as_str(), closes) {
            ("table", false) => depth += 1,
            ("table", true) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            // The rows of a table inside a cell are text of that cell.
            (_, _) if depth > 1 => {}
            ("tr", _) | ("thead" | "tbody", _) => {
                end_cell(&mut rows, &mut cell);
                if name == "tr" && !closes {
                    rows.push(RawRow { line: tag_line, cells: Vec::new() });
                }
            }
            ("td" | "th", closes) => {
                end_cell(&mut rows, &mut cell);
                if !closes {
                    if rows.is_empty() {
                        rows.push(RawRow { line: tag_line, cells: Vec::new() });
                    }
                    let span = |name| number(tag, name).clamp(1, MAX_SPAN);
                    cell = Some(Cell {
                        text: String::new(),
                        columns: span("colspan"),
                        rows: span("rowspan"),
                        is_header: name == "th",
                    });
                }
            }
            (name, closes) => {
                let Some(cell) = cell.as_mut() else { continue };
                match name {
                    "code" | "tt" | "kbd" | "samp" => cell.text.push('`'),
                    "br" => cell.text.push_str("<br>"),
                    "li" if !closes && !cell.text.trim().is_empty() => cell.text.push_str(", "),
                    "p" | "div" | "ul" | "ol" => cell.text.push(' '),
                    "a" if closes => {
                        if let Some(target) = link.take() {
                            cell.text.push_str(&format!("]({target})"));
                        }
                    }
                    "a" => {
                        link = attribute(tag, "href").filter(|target| target.starts_with('#'));
                        if link.is_some() {
                            cell.text.push('[');
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    end_cell(&mut rows, &mut cell);
    rows
}

fn end_cell(rows: &mut [RawRow], cell: &mut Option<Cell>) {
    if let (Some(mut cell), Some(row)) = (cell.take(), rows.last_mut()) {
        let words: Vec<&str> = cell.text.split_whitespace().collect();
        cell.text = words.join(" ");
        row.cells.push(cell);
    }
}

fn push_text(out: &mut String, text: &str) {
    // Spaces of the source have no meaning; those of entities mark depth.
    let text = text.replace("&nbsp;", "\u{1}");
    out.push_str(&inline::entities(&text).replace('\u{1}', "&nbsp;"));
}

/// Returns the text before the next tag, the tag, and the rest.
fn next_tag(text: &str) -> (&str, &str, &str) {
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find('<')).map(|at| at + from) {
        let tag = text.get(open..).unwrap_or("");
        if inline::is_tag(tag) {
            let end = if tag.starts_with("<!--") { tag.find("-->").map(|at| at + 2) } else { tag.find('>') };
            let end = open + end.unwrap_or(tag.len().saturating_sub(1)) + 1;
            return (text.get(..open).unwrap_or(""), text.get(open..end).unwrap_or(tag), text.get(end..).unwrap_or(""));
        }
        from = open + 1;
    }
    (text, "", "")
}

fn name_of(tag: &str) -> (String, bool) {
    let rest = tag.trim_start_matches('<');
    let closes = rest.starts_with('/');
    let rest = rest.trim_start_matches('/');
    let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    (name.to_ascii_lowercase(), closes)
}

fn number(tag: &str, name: &str) -> usize {
    attribute(tag, name).and_then(|text| text.trim().parse().ok()).unwrap_or(1)
}

/// Returns the value of an attribute of a tag, with or without quotes.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let pattern = format!("{name}=");
    let mut from = 0;
    loop {
        let at = lower.get(from..)?.find(&pattern)? + from;
        let before = lower.get(..at)?.chars().next_back().unwrap_or(' ');
        let rest = tag.get(at + pattern.len()..)?;
        if before.is_whitespace() {
            let quote = rest.chars().next()?;
            let value = if matches!(quote, '"' | '\'') {
                rest.get(1..)?.split(quote).next()?
            } else {
                rest.split(|c: char| c.is_whitespace() || c == '>').next()?
            };
            return Some(value.to_owned());
        }
        from = at + pattern.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let table = table(text, 1).unwrap();
        let row = |row: &Row| format!("{}: {} {:?}", row.line, row.cells.join("|"), row.continued);
        std::iter::once(table.header.join("|")).chain(table.rows.iter().map(row)).collect()
    }

    #[test]
    fn cells_that_span_rows_go_on_and_cells_that_span_columns_fill_one() {
        let text = "<table>\n<thead><tr><th>Name</th><th>Value</th><th>Note</th></tr></thead>\n<tr><td rowspan=\"2\">\
                    <code>side</code></td><td>BUY</td><td>a<br/>b</td></tr>\n<tr><td>SELL</td><td>&lt;c&gt;</td></tr>\n\
                    <tr><td colspan=3><b>More</b></td></tr>\n<tr><td>d<td>e\n</table>";
        assert_eq!(shown(text), ["Name|Value|Note", "3: `side`|BUY|a<br>b []", "4: `side`|SELL|<c> [0]", "6: d|e| []"]);
    }

    #[test]
    fn columns_below_one_name_are_depths() {
        let text = "<table><tr><th colspan='2'>Name</th><th>Type</th></tr>\n<tr><td colspan=2>order</td><td>object</td>\
                    </tr>\n<tr><td></td><td>id</td><td>int</td></tr></table>";
        assert_eq!(shown(text), ["Name|Type", "2: order|object []", "3: » id|int []"]);
        assert_eq!(table("<table><tr><td>only</td></tr></table>", 1), None);
        assert_eq!(table("<table", 1), None);
    }
}
