//! The codes of errors, from the rows of a table.

use crate::columns::{self, Column, Columns, flag};
use crate::document::Lines;
use crate::facts::ErrorCode;
use crate::inline;
use crate::labels;
use crate::table::Row;

/// Returns the code at the beginning of a line: "`1001`: invalid key", or
/// `-1021 INVALID_TIMESTAMP`.
pub(crate) fn code_of_line(line: &str, at: Lines) -> Option<ErrorCode> {
    let plain = inline::plain(line);
    let plain = plain.trim_start_matches(['-', '*', '•']).trim();
    let negative = inline::plain(line).trim().starts_with('-') && plain.starts_with(|c: char| c.is_ascii_digit());
    let (code, rest) = plain.split_once([' ', ':', '：', '–', '—', '='])?;
    let digits = code.trim_start_matches('-');
    let is_number = (3..=7).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    let is_constant = code.len() > 3
        && code.contains('_')
        && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    let is_marked = is_marked_code(line, code);
    let message = rest.trim_start_matches(['-', ':', '–', '—', '=', ' ', '：']).trim().to_owned();
    let code = if negative && is_number { format!("-{digits}") } else { code.to_owned() };
    ((is_number || is_constant || is_marked) && !message.is_empty()).then_some(ErrorCode { code, message, at })
}

/// The words in the names of the members of an error.
const MEMBERS: [&str; 16] = [
    "code", "codes", "data", "detail", "details", "err", "error", "errors", "field", "id", "message", "msg", "path",
    "reason", "status", "success",
];

/// Returns whether a line begins with a code in backticks, such as `unknown_market`, and not with
/// the name of a member of an error.
fn is_marked_code(line: &str, code: &str) -> bool {
    let line = line.trim().trim_start_matches(['-', '*', '•', ' ']);
    let is_name = code.len() > 3 && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let is_member = inline::words(code).iter().any(|word| MEMBERS.contains(&word.as_str()));
    is_name && !is_member && line.strip_prefix('`').is_some_and(|rest| rest.starts_with(&format!("{code}`")))
}

/// Returns the code in a heading: `-1000 UNKNOWN`, or `-1121`.
pub(crate) fn code_of_heading(heading: &str, at: Lines) -> Option<ErrorCode> {
    let plain = inline::plain(heading);
    let plain = plain.trim();
    let (code, rest) = plain.split_once(' ').unwrap_or((plain, ""));
    let code = code.trim_end_matches([':', '.']);
    let digits = code.trim_start_matches('-');
    let is_number = (3..=7).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
    let message = rest.trim_start_matches(['-', ':', '–', '—', ' ']).to_owned();
    is_number.then(|| ErrorCode { code: code.to_owned(), message, at })
}

/// Returns the code of a row of a table of errors.
pub(crate) fn error_code(columns: &Columns, row: &Row, document: usize) -> Option<ErrorCode> {
    let code = inline::plain(columns.get(row, Column::Code));
    let is_code = !code.is_empty() && code.len() < 60 && (!code.contains(' ') || columns::is_code(&code));
    let message = [Column::Message, Column::Description, Column::Meaning]
        .iter()
        .map(|column| inline::plain(columns.get(row, *column)))
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| words_beside(row, &code));
    is_code.then(|| ErrorCode { code, message, at: Lines::one(document, row.line) })
}

/// Returns the text of the cells beside a code, in a row without a column of messages: the longest
/// one that has letters. A status and a number are not messages.
fn words_beside(row: &Row, code: &str) -> String {
    let has_words = |text: &String| {
        text != code && text.chars().any(char::is_alphabetic) && flag(text).is_none() && !labels::is_status(text)
    };
    let cells = row.cells.iter().map(|cell| inline::plain(cell)).filter(has_words);
    // The first one of equal length.
    cells
        .reduce(|longest, cell| if cell.chars().count() > longest.chars().count() { cell } else { longest })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_begins_its_line() {
        let show = |line| code_of_line(line, Lines::default()).map(|own| format!("{}={}", own.code, own.message));
        assert_eq!(show("`1001`: invalid key").as_deref(), Some("1001=invalid key"));
        assert_eq!(show("-1021 INVALID_TIME").as_deref(), Some("-1021=INVALID_TIME"));
        assert_eq!(show("`unknown_market`: There is none.").as_deref(), Some("unknown_market=There is none."));
        for line in
            ["`error_code`: The code", "`message`: The text", "unknown_market: none", "`market`", "The `key`: a"]
        {
            assert_eq!(show(line), None, "{line}");
        }
    }
}
