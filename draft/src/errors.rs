//! The codes of errors, from the rows of a table.

use crate::columns::{Column, Columns};
use crate::document::Lines;
use crate::facts::ErrorCode;
use crate::inline;
use crate::table::Row;

/// Returns the code of a row of a table of errors.
pub(crate) fn error_code(columns: &Columns, row: &Row, document: usize) -> Option<ErrorCode> {
    let code = inline::plain(columns.get(row, Column::Code));
    let is_code = !code.is_empty() && code.len() < 60 && !code.contains(' ');
    let message = [Column::Message, Column::Description, Column::Meaning]
        .iter()
        .map(|column| inline::plain(columns.get(row, *column)))
        .find(|text| !text.is_empty())
        .unwrap_or_default();
    is_code.then(|| ErrorCode { code, message, at: Lines::one(document, row.line) })
}
