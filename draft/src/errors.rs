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

/// Returns the codes that a line within running text names: "fails with `no_money`, or `no_pair`",
/// "400 (`bad_id`)", "`404 no_order`: unknown order", "Errors: `10001` (no funds), `10002`".
pub(crate) fn told(line: &str, at: Lines) -> Vec<ErrorCode> {
    let words = inline::words(&inline::plain(line));
    let speaks = words.iter().any(|word| {
        matches!(word.as_str(), "error" | "errors" | "fails" | "fail" | "failed" | "failure" | "failures")
            || matches!(word.as_str(), "rejected" | "rejects" | "refused" | "refuses" | "reject" | "refuse")
    });
    let parts: Vec<&str> = line.split('`').collect();
    let mut out: Vec<ErrorCode> = Vec::new();
    // The last code was the one of the span before.
    let mut goes_on = false;
    for (index, span) in parts.iter().enumerate().skip(1).step_by(2) {
        let (before, behind) = (part(&parts, index.checked_sub(1)), part(&parts, index.checked_add(1)));
        let (status, code) = match span.trim().split_once(' ') {
            Some((status, code)) => (Some(status), code.trim()),
            None => (None, span.trim()),
        };
        let has_status = status.map_or_else(|| stands_behind_status(before), is_failure);
        let is_listed = status.is_none() && (speaks && is_lead(before) || goes_on && joins(before));
        goes_on = has_status && is_code_within(code) || is_listed && is_code_within(code) && !names_member(code);
        goes_on &= index + 1 < parts.len();
        if !goes_on {
            continue;
        }
        let bracket = behind.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(text, _)| text);
        let colon = behind.trim_start().strip_prefix([':', '–', '—']).map(str::trim);
        let text = bracket.or(colon.filter(|_| index + 2 == parts.len()));
        let message = text.filter(|text| text.contains(char::is_alphabetic)).unwrap_or("").trim().to_owned();
        out.push(ErrorCode { code: code.to_owned(), message, at });
    }
    out
}

fn part<'a>(parts: &[&'a str], index: Option<usize>) -> &'a str {
    index.and_then(|index| parts.get(index)).copied().unwrap_or("")
}

fn is_failure(word: &str) -> bool {
    word.len() == 3 && word.starts_with(['4', '5']) && word.chars().all(|c| c.is_ascii_digit())
}

/// Returns whether a text ends with the status of an error: `HTTP 401 - `, `400 (`.
fn stands_behind_status(before: &str) -> bool {
    let before = before.trim_end().trim_end_matches(['(', '-', '–', '—', ':', '=']).trim_end();
    before.rsplit([' ', '(', ',']).next().is_some_and(is_failure)
}

/// Returns whether a text announces a code: "fails with ", "error code: ".
fn is_lead(before: &str) -> bool {
    let last = before.trim_end().trim_end_matches([':', '(', '*']).trim_end();
    let word = last.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("").to_lowercase();
    matches!(word.as_str(), "with" | "code" | "codes" | "error" | "errors" | "reason" | "reasons")
}

/// Returns whether a text stands between two codes of a list, with a remark on the first of them.
fn joins(between: &str) -> bool {
    let text = between.trim_start();
    let text = match text.strip_prefix('(') {
        Some(rest) => rest.split_once(')').map_or("", |(_, rest)| rest),
        None => text,
    };
    let bare = text.trim_matches([',', ';', '/', ' ']);
    matches!(bare, "" | "or" | "and") && !text.trim().is_empty()
}

/// Returns whether a text in backticks can be the name of a member of an error.
fn names_member(code: &str) -> bool {
    inline::words(code).iter().any(|word| MEMBERS.contains(&word.as_str()))
}

/// Returns whether a text in backticks has the form of a code.
fn is_code_within(code: &str) -> bool {
    let is_number = (4..=7).contains(&code.trim_start_matches('-').len())
        && code.trim_start_matches('-').chars().all(|c| c.is_ascii_digit());
    let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_lower = !code.contains(|c: char| c.is_ascii_uppercase());
    let is_upper = !code.contains(|c: char| c.is_ascii_lowercase());
    let is_constant = code.len() > 3
        && code.starts_with(|c: char| c.is_ascii_alphabetic())
        && code.chars().all(is_sign)
        && (is_upper || is_lower && code.contains('_'));
    is_number || is_constant
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
    fn a_line_of_running_text_names_codes() {
        let show = |line| {
            let all = told(line, Lines::default());
            all.iter().map(|own| format!("{}={}", own.code, own.message)).collect::<Vec<_>>().join(" ")
        };
        for (line, wanted) in [
            ("It fails with `no_money` or `no_pair`.", "no_money= no_pair="),
            ("Errors: `10001` (no funds), `10002` (bad price).", "10001=no funds 10002=bad price"),
            ("Error responses: 400 (`bad_id`), 429 (`slow_down`).", "bad_id= slow_down="),
            ("`404 no_order`: unknown order", "no_order=unknown order"),
            ("HTTP 401 - `bad_key`", "bad_key="),
            ("An order without funds is rejected with the error `NO_FUNDS`.", "NO_FUNDS="),
            ("It fails if `order_ref` is missing.", ""),
            ("Returns 404 if `order_ref` is unknown.", ""),
            ("The error has `error_code` and `message`.", ""),
            ("Send it with `client_ref`.", ""),
        ] {
            assert_eq!(show(line), wanted, "{line}");
        }
    }

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
