//! Formats responses as aligned columns. Numbers are aligned at the decimal point.
//!
//! It is written by hand because neither `comfy-table` nor `tabled` aligns numbers at the decimal
//! point. `unicode-width` gives the number of terminal columns of a character.

use serde_json::Value;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use venuekit::meta::VenueMeta;
use venuekit_json::{Tree, is_number};

use crate::colour::{self, Paint};
use crate::output::harmless;
use crate::sections::{self, Cell, Content, Rows, Section};

/// The width to which a column of texts is shortened before a column is left out.
const MIN_TEXT_WIDTH: usize = 12;

/// The number of spaces between two columns.
const GAP: usize = 2;

/// The end of a text that was shortened.
const ELLIPSIS: char = '…';

/// Rows of cells under headers. Columns of numbers are aligned at the decimal point, others on the
/// left.
#[derive(Debug)]
struct Columns {
    /// The headers; `None` for the properties of an object, which have no headers.
    headers: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
}

/// The layout of a column.
#[derive(Clone, Copy)]
enum Layout {
    Text { width: usize },
    Number { before: usize, after: usize },
}

impl Layout {
    fn width(self) -> usize {
        match self {
            Self::Text { width } => width,
            Self::Number { before, after } => before + after,
        }
    }
}

/// The parts of a table that do not fit on the terminal.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Cut {
    /// The columns that are left out.
    pub(crate) left_out: Vec<String>,
    /// The columns with texts that are shortened.
    pub(crate) shortened: Vec<String>,
}

impl Columns {
    fn new(rows: &Rows) -> Self {
        Self {
            headers: Some(rows.names.iter().map(|name| harmless_line(name)).collect()),
            rows: rows.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        }
    }

    fn of_pairs(pairs: &[(String, Cell)]) -> Self {
        let row = |(name, value): &(String, Cell)| vec![harmless_line(name), cell(value)];
        Self { headers: None, rows: pairs.iter().map(row).collect() }
    }

    fn count(&self) -> usize {
        self.headers.as_ref().map_or(2, Vec::len)
    }

    /// Returns the texts of a column, with its header.
    fn texts(&self, column: usize) -> impl Iterator<Item = &str> {
        let header = self.headers.as_ref().and_then(|headers| headers.get(column));
        header.into_iter().chain(self.rows.iter().filter_map(move |row| row.get(column))).map(String::as_str)
    }

    fn layout(&self, column: usize) -> Layout {
        let cells = || self.rows.iter().filter_map(|row| row.get(column)).map(String::as_str);
        let width = self.texts(column).map(width).max().unwrap_or(0);
        let mut numbers = cells().filter(|cell| !is_blank(cell)).peekable();
        // The values of an object are of different kinds, so they are not aligned at the point.
        if self.headers.is_none() || numbers.peek().is_none() || !numbers.all(is_number) {
            return Layout::Text { width };
        }
        let before = cells().map(width_before_point).max().unwrap_or(0);
        let after = cells().map(|cell| self::width(cell) - width_before_point(cell)).max().unwrap_or(0);
        Layout::Number { before: before.max(width.saturating_sub(after)), after }
    }

    /// Returns the width to which a column can be shortened in a table of at most `max`. A number
    /// is never shortened, because it would be another number. The first column stays whole if it
    /// takes at most half of the table: it has the names and ids that are typed elsewhere.
    fn least_width(&self, column: usize, max: usize) -> usize {
        let layout = self.layout(column);
        match layout {
            Layout::Number { .. } => layout.width(),
            Layout::Text { width } => {
                let header = self.headers.as_ref().and_then(|headers| headers.get(column));
                let numbers = self.texts(column).filter(|text| is_number(text)).chain(header.map(String::as_str));
                let is_whole = column == 0 && (self.headers.is_none() || width.saturating_mul(2) <= max);
                let least = numbers.map(self::width).max().unwrap_or(0).max(MIN_TEXT_WIDTH);
                if is_whole { width } else { least.min(width) }
            }
        }
    }

    /// Makes the table fit into a width: first texts are shortened, then columns are left out, the
    /// last one first. The first column stays.
    fn fit(&mut self, max: usize) -> Cut {
        let mut cut = Cut::default();
        let mut widths: Vec<usize> = (0..self.count()).map(|column| self.layout(column).width()).collect();
        let least: Vec<usize> = (0..self.count()).map(|column| self.least_width(column, max)).collect();
        let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        // Columns that have no place even if all texts are as short as possible.
        let mut kept = widths.len();
        let first = if self.headers.is_some() { 1 } else { 2 };
        while kept > first && total(least.get(..kept).unwrap_or_default()) > max {
            kept -= 1;
        }
        if let Some(headers) = &mut self.headers {
            cut.left_out = headers.split_off(kept.min(headers.len()));
            self.rows.iter_mut().for_each(|row| row.truncate(kept));
        }
        widths.truncate(kept);
        while total(&widths) > max {
            let can_shrink = widths.iter().zip(&least).enumerate().filter(|(_, (width, least))| width > least);
            let Some((widest, _)) = can_shrink.max_by_key(|(_, (width, _))| **width) else { break };
            if let Some(width) = widths.get_mut(widest) {
                *width -= 1;
            }
        }
        for (column, width) in widths.into_iter().enumerate() {
            let mut is_shortened = false;
            for text in self.rows.iter_mut().filter_map(|row| row.get_mut(column)) {
                if self::width(text) > width && !is_number(text) {
                    *text = shortened(text, width);
                    is_shortened = true;
                }
            }
            if is_shortened && let Some(header) = self.headers.as_ref().map(|headers| headers.get(column)) {
                cut.shortened.extend(header.cloned());
            } else if is_shortened {
                let names = self.rows.iter().filter(|row| row.get(1).is_some_and(|text| text.ends_with(ELLIPSIS)));
                cut.shortened.extend(names.filter_map(|row| row.first().cloned()));
            }
        }
        cut
    }

    fn to_text(&self, paint: Paint) -> String {
        let layouts: Vec<Layout> = (0..self.count()).map(|column| self.layout(column)).collect();
        let mut text = String::new();
        for (is_header, row) in
            self.headers.iter().map(|row| (true, row)).chain(self.rows.iter().map(|row| (false, row)))
        {
            let mut line = String::new();
            for (cell, layout) in row.iter().zip(&layouts) {
                let (left, right) = match *layout {
                    Layout::Text { width } => (0, width.saturating_sub(self::width(cell))),
                    Layout::Number { before, after } if is_header => ((before + after).saturating_sub(width(cell)), 0),
                    Layout::Number { before, after } => {
                        let whole = width_before_point(cell);
                        (before.saturating_sub(whole), after.saturating_sub(width(cell) - whole))
                    }
                };
                line.push_str(&" ".repeat(left));
                line.push_str(cell);
                line.push_str(&" ".repeat(right + GAP));
            }
            let line = line.trim_end();
            text.push_str(&if is_header { paint.of(colour::HEADER, line) } else { line.to_owned() });
            text.push('\n');
        }
        text
    }
}

/// Returns the beginning of a text that takes at most this number of columns, with an ellipsis.
fn shortened(text: &str, width: usize) -> String {
    let (mut short, mut taken) = (String::new(), 0);
    for c in text.chars() {
        taken += UnicodeWidthChar::width(c).unwrap_or(0);
        if taken >= width {
            break;
        }
        short.push(c);
    }
    short.push(ELLIPSIS);
    short
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

/// Returns the text of a cell: on one line, and harmless on a terminal.
fn cell(cell: &Cell) -> String {
    if cell.is_null { "-".to_owned() } else { harmless_line(&cell.text) }
}

fn harmless_line(text: &str) -> String {
    harmless(text).replace(['\n', '\t'], " ")
}

/// Formats a response as tables. Its schema gives the names of the columns of rows.
pub(crate) fn of_response(venue: &VenueMeta, schema: &Value, response: &Tree) -> String {
    of_sections(&sections::of_response(venue, schema, response), None, Paint::Never).0
}

/// Formats the parts of a response as tables that are at most this wide. Also returns the parts
/// that do not fit.
pub(crate) fn of_sections(sections: &[Section], max_width: Option<usize>, paint: Paint) -> (String, Cut) {
    let (mut out, mut cut) = (String::new(), Cut::default());
    for section in sections {
        if !section.title.is_empty() {
            out.push_str(if out.is_empty() { "" } else { "\n" });
            out.push_str(&paint.of(colour::HEADER, &harmless_line(&section.title)));
            out.push('\n');
        }
        let mut columns = match &section.content {
            Content::Empty(_) => {
                out.push_str("(none)\n");
                continue;
            }
            Content::Scalar(scalar) => {
                out.push_str(&format!("{}\n", cell(scalar)));
                continue;
            }
            Content::Pairs(pairs) => Columns::of_pairs(pairs),
            Content::Rows(rows) => Columns::new(rows),
        };
        if let Some(max) = max_width {
            let own = columns.fit(max);
            let path = |name: String| if section.title.is_empty() { name } else { format!("{}.{name}", section.title) };
            cut.left_out.extend(own.left_out.into_iter().map(path));
            cut.shortened.extend(own.shortened.into_iter().map(path));
        }
        out.push_str(&columns.to_text(paint));
    }
    (out, cut)
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

    /// Returns the table of a response at most this wide, and the parts that do not fit.
    fn cut(json: &str, width: usize) -> (String, Cut) {
        let sections = sections::of_response(VENUES[0], &Value::Null, &Tree::parse(json).unwrap());
        let (text, cut) = of_sections(&sections, Some(width), Paint::Never);
        (text, cut)
    }

    #[test]
    fn a_table_fits_the_width_and_a_number_is_never_shortened() {
        let json = r#"[{"id":"order-比特币-abcdefghijklmnop","price":"12345678901234.00000001","note":"a long remark of the user","at":1700000000000,"e":"x"}]"#;
        for width in 1..120 {
            let (text, cut) = cut(json, width);
            let widest = text.lines().map(self::width).max().unwrap();
            // The first column stays, and takes at least 12 columns.
            assert!(widest <= width.max(MIN_TEXT_WIDTH), "{width}: {text}");
            for number in ["12345678901234.00000001", "1700000000000"] {
                let digits = number.get(..6).unwrap();
                assert!(!text.contains(digits) || text.contains(number), "{width}: {text}");
            }
            // A name or an id that is typed elsewhere stays whole if there is room.
            let id = "order-比特币-abcdefghijklmnop";
            assert!(text.contains(id) || width < 2 * self::width(id), "{width}: {text}");
            for (name, value) in [("id", "abcdefghijklmnop"), ("note", "of the user"), ("price", "12345678901234.0")] {
                let is_told = cut.left_out.iter().chain(&cut.shortened).any(|told| told == name);
                assert_eq!(is_told, !text.contains(value), "{width} {name}: {text}\n{cut:?}");
            }
        }
        assert_eq!(cut(json, 200).1, Cut::default());
    }

    #[test]
    fn the_values_of_an_object_are_shortened_and_their_names_told() {
        let (text, cut) = cut(r#"{"id":"0123456789abcdefghij","amount":"12345678901234567890.5"}"#, 21);
        assert_eq!(text, "id      0123456789abcdefghij\namount  12345678901234567890.5\n");
        assert_eq!(cut, Cut::default());
        let (text, cut) = self::cut(r#"{"id":"0123456789abcdefghij","side":"buy"}"#, 20);
        assert_eq!(text, "id    0123456789abc…\nside  buy\n");
        assert_eq!(cut.shortened, ["id"]);
    }
}
