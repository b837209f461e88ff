//! Tables in the pipe syntax, with and without outer bars.

/// A table. The cells keep their markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

/// A row, with its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) cells: Vec<String>,
    /// The columns whose cell goes on from the row above.
    pub(crate) continued: Vec<usize>,
}

/// Splits a line at its bars. An escaped bar is part of a cell.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut escaped = false;
    for c in line.chars() {
        match c {
            '|' if !escaped => cells.push(std::mem::take(&mut cell).trim().to_owned()),
            c => {
                if escaped && c != '|' {
                    cell.push('\\');
                }
                if c != '\\' {
                    cell.push(c);
                }
            }
        }
        escaped = c == '\\' && !escaped;
    }
    if !cell.trim().is_empty() {
        cells.push(cell.trim().to_owned());
    }
    cells
}

/// Returns whether a line separates the header of a table from its rows.
pub(crate) fn is_delimiter(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
}

/// Returns whether a table begins at the first of these lines.
pub(crate) fn begins(lines: &[&str]) -> bool {
    match lines {
        [header, delimiter, ..] => header.contains('|') && !is_delimiter(header) && is_delimiter(delimiter),
        _ => false,
    }
}

/// Reads the table that begins at the first of these lines. Returns it and the number of its
/// lines.
pub(crate) fn read(lines: &[&str], first: usize) -> (Table, usize) {
    let header = lines.first().map(|line| cells(line)).unwrap_or_default();
    let has_bars = lines.first().is_some_and(|line| line.trim().starts_with('|') && line.trim().ends_with('|'));
    let mut table = Table { header, rows: Vec::new() };
    let mut at = 2;
    while let Some(line) = lines.get(at) {
        if line.trim().is_empty() || !line.contains('|') {
            break;
        }
        let start = at;
        let mut text = (*line).to_owned();
        at += 1;
        // A line break inside a cell ends the line, but not the row.
        let is_open = |text: &str| has_bars && text.trim().starts_with('|') && !text.trim().ends_with('|');
        if is_open(&text) {
            let rest = lines.get(at..).unwrap_or(&[]);
            let end = rest
                .iter()
                .take(20)
                .take_while(|line| !line.trim().starts_with('|'))
                .position(|line| line.trim().ends_with('|'));
            if let Some(end) = end {
                for line in rest.iter().take(end + 1) {
                    text.push(' ');
                    text.push_str(line.trim());
                }
                at += end + 1;
            }
        }
        let mut own = cells(&text);
        // More bars than columns are part of the last cell.
        if let Some(width) = table.header.len().checked_sub(1).filter(|width| own.len() > width + 1) {
            let rest = own.split_off(width).join(" | ");
            own.push(rest);
        }
        own.resize(table.header.len().max(1), String::new());
        table.rows.push(Row { line: first + start, cells: own, continued: Vec::new() });
    }
    (table, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_outer_bars_or_none_and_cells_may_be_missing() {
        let lines = ["Name | Type", "--- | ---", "a | b \\| c", "d |", "e | f | g"];
        assert!(begins(&lines));
        let (table, length) = read(&lines, 1);
        assert_eq!(length, 5);
        let rows: Vec<_> = table.rows.iter().map(|row| (row.line, row.cells.join("/"))).collect();
        assert_eq!(rows, [(3, "a/b | c".to_owned()), (4, "d/".to_owned()), (5, "e/f | g".to_owned())]);
    }

    #[test]
    fn a_line_break_in_a_cell_does_not_end_the_row() {
        let lines = ["|a|b|", "|---|---|", "|x|first", "second", "", "third|", "|y|z|"];
        let (table, length) = read(&lines, 10);
        assert_eq!(length, 7);
        assert_eq!(table.rows.iter().map(|row| row.line).collect::<Vec<_>>(), [12, 16]);
    }
}
