//! The notes below a table: `[^side]: buy or sell` and `\* required`. They become a part of the
//! rows that refer to them.

use crate::columns::{Column, Columns, TableKind};
use crate::inline;
use crate::sections::{ItemKind, Section};
use crate::table::Table;

/// A note that says what a star behind a name means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Star {
    /// The values of the section with a star are required.
    Section,
    /// The values of all sections with a star are required.
    All,
}

/// Adds the notes of a document to the tables of its sections.
pub(crate) fn apply(sections: &mut [Section]) {
    let lines = |section: &Section| -> Vec<String> {
        let lines = section.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Line(line) => Some(line.clone()),
            _ => None,
        });
        lines.collect()
    };
    let all: Vec<String> = sections.iter().flat_map(&lines).collect();
    let notes: Vec<(String, String)> = all.iter().filter_map(|line| note(line)).collect();
    let is_general = all.iter().any(|line| star(line) == Some(Star::All));
    for section in sections {
        let is_required = is_general || lines(section).iter().any(|line| star(line).is_some());
        for item in &mut section.items {
            let ItemKind::Table { table, columns } = &mut item.kind else { continue };
            if !matches!(columns.kind, TableKind::Members | TableKind::Parameters) {
                continue;
            }
            add_notes(table, columns, &notes);
            if is_required && !columns.has(Column::Required) && !columns.has(Column::Optional) {
                mark(table, columns);
            }
        }
    }
}

/// Reads `[^side]: buy or sell`. Returns the reference and the text.
fn note(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let end = line.find("]:").filter(|_| line.starts_with("[^"))?;
    let text = line.get(end + 2..)?.trim();
    Some((line.get(..=end)?.to_owned(), text.to_owned())).filter(|_| !text.is_empty())
}

/// Returns whether a line says that a star marks what is required.
fn star(line: &str) -> Option<Star> {
    let trimmed = line.trim();
    let words = inline::words(&inline::plain(trimmed));
    let is_required = words.iter().any(|word| matches!(word.as_str(), "required" | "mandatory" | "必填"));
    if !is_required || words.len() > 12 {
        return None;
    }
    // `* required`, `\* = required`; two stars are emphasis.
    let mark = trimmed.trim_start_matches(['\\', '(']);
    let is_note = mark.starts_with('*')
        && !mark.starts_with("**")
        && words.first().is_some_and(|word| matches!(word.as_str(), "required" | "mandatory" | "必填"));
    let is_sentence = words.iter().any(|word| matches!(word.as_str(), "marked" | "denotes" | "indicates" | "means"))
        && (words.iter().any(|word| matches!(word.as_str(), "star" | "asterisk")) || trimmed.contains('*'));
    match (is_sentence, is_note) {
        (true, _) => Some(Star::All),
        (false, true) => Some(Star::Section),
        (false, false) => None,
    }
}

/// Adds the texts of the notes that a row refers to to its description.
fn add_notes(table: &mut Table, columns: &Columns, notes: &[(String, String)]) {
    let Some(description) = columns.index(Column::Description) else { return };
    for row in &mut table.rows {
        let mut found: Vec<&str> = Vec::new();
        for cell in row.cells.iter_mut().filter(|cell| cell.contains("[^")) {
            for (reference, text) in notes {
                if cell.contains(reference.as_str()) {
                    *cell = cell.replace(reference.as_str(), "").trim_end().to_owned();
                    found.push(text);
                }
            }
        }
        if let Some(cell) = row.cells.get_mut(description) {
            for text in found {
                let joint = if cell.is_empty() || cell.ends_with(['.', ':']) { " " } else { ". " };
                *cell = format!("{cell}{joint}{text}").trim().to_owned();
            }
        }
    }
}

/// Makes a column of the stars behind the names of a table, if there are any.
fn mark(table: &mut Table, columns: &mut Columns) {
    let Some(name) = columns.index(Column::Name) else { return };
    let unmarked = |cell: &str| {
        let cell = cell.trim();
        let rest = cell.strip_suffix("\\*").or_else(|| {
            let is_emphasis = cell.starts_with('*') && !cell.ends_with("***");
            cell.strip_suffix('*').filter(|_| !is_emphasis)
        });
        rest.map(|rest| rest.trim_end().to_owned())
    };
    let has_star = table.rows.iter().any(|row| row.cells.get(name).is_some_and(|cell| unmarked(cell).is_some()));
    if !has_star {
        return;
    }
    let width = table.header.len();
    table.header.push("Required".to_owned());
    for row in &mut table.rows {
        let rest = row.cells.get(name).and_then(|cell| unmarked(cell));
        let mark = if rest.is_some() { "yes" } else { "no" };
        if let (Some(rest), Some(cell)) = (rest, row.cells.get_mut(name)) {
            *cell = rest;
        }
        row.cells.resize(width, String::new());
        row.cells.push(mark.to_owned());
    }
    *columns = Columns::of(table);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_that_a_star_marks_what_is_required() {
        for line in ["\\* required", "\\* = required field", "*required", "(*) Required"] {
            assert!(star(line) == Some(Star::Section), "{line}");
        }
        for line in ["Fields marked with * are required.", "An asterisk denotes a required parameter."] {
            assert!(star(line) == Some(Star::All), "{line}");
        }
        for line in ["A signature is required.", "**Required** for market orders", "\\* only for margin accounts"] {
            assert!(star(line).is_none(), "{line}");
        }
    }
}
