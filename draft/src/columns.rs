//! The columns of a table, by the names in its header.

use crate::document::Lines;
use crate::facts::Form;
use crate::inline;
use crate::marks;
use crate::spelling;
use crate::table::{Row, Table};
use crate::types;

/// The content of a column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Name,
    Place,
    Type,
    Required,
    /// Says whether a value is optional: the reverse of `Required`.
    Optional,
    Restrictions,
    Description,
    Default,
    Value,
    Status,
    Meaning,
    Schema,
    Code,
    Message,
    Header,
    Method,
    Path,
    /// Says which operations need credentials.
    Access,
    /// The number of the row.
    Number,
    Other,
}

/// The kind of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableKind {
    /// Parameters, each with its place.
    Parameters,
    /// Members of an object, or parameters without a place.
    Members,
    /// The values of enums.
    Values,
    /// The responses of an operation.
    Statuses,
    /// Codes of errors.
    Errors,
    Other,
}

/// The columns of a table.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    columns: Vec<Column>,
    pub(crate) kind: TableKind,
}

impl Columns {
    pub(crate) fn of(table: &Table) -> Self {
        let mut columns: Vec<Column> = table.header.iter().map(|name| column(name)).collect();
        for index in 0..columns.len() {
            if columns.get(index) == Some(&Column::Other)
                && let Some(own) = of_unknown(table, index).filter(|own| !columns.contains(own))
                && let Some(column) = columns.get_mut(index)
            {
                *column = own;
            }
        }
        let has = |columns: &[Column], column| columns.contains(&column);
        // A number before a name that has to be sent is the position of a parameter. Columns of
        // rows are not required.
        let is_mark = has(&columns, Column::Required) || has(&columns, Column::Optional);
        if is_mark && has(&columns, Column::Name) && counts(table) {
            columns.iter_mut().take(1).filter(|own| **own == Column::Other).for_each(|own| *own = Column::Number);
        }
        let describes =
            has(&columns, Column::Type) || has(&columns, Column::Required) || has(&columns, Column::Optional);
        if describes
            && !has(&columns, Column::Name)
            && !(columns.first() == Some(&Column::Status) && has(&columns, Column::Header))
            && let Some(first) = columns.first_mut().filter(|first| !matches!(first, Column::Type | Column::Required))
        {
            *first = Column::Name;
        }
        // In a table of members, the meaning of a value is its description.
        if has(&columns, Column::Name) && !has(&columns, Column::Description) {
            let meaning = columns.iter_mut().filter(|own| matches!(own, Column::Meaning | Column::Message));
            meaning.take(1).for_each(|own| *own = Column::Description);
        }
        let first = columns.iter().copied().find(|own| *own != Column::Number).unwrap_or(Column::Other);
        let kind = if first == Column::Status && has(&columns, Column::Header) {
            TableKind::Other
        } else if first == Column::Status && has(&columns, Column::Code) && !has(&columns, Column::Schema) {
            TableKind::Errors
        } else if first == Column::Status && (has(&columns, Column::Schema) || has(&columns, Column::Meaning)) {
            TableKind::Statuses
        } else if columns.len() == 2 && first == Column::Name && columns.get(1) == Some(&Column::Value) {
            TableKind::Values
        } else if has(&columns, Column::Name) && has(&columns, Column::Place) {
            TableKind::Parameters
        } else if first == Column::Name && (describes || has(&columns, Column::Description)) {
            TableKind::Members
        } else if has(&columns, Column::Code) && columns.len() >= 2 {
            TableKind::Errors
        } else {
            TableKind::Other
        };
        Self { columns, kind }
    }

    /// Returns the cell of a column; empty if there is none.
    pub(crate) fn get<'a>(&self, row: &'a Row, column: Column) -> &'a str {
        let index = self.columns.iter().position(|own| *own == column);
        index.and_then(|index| row.cells.get(index)).map_or("", String::as_str)
    }

    /// Returns the place of a column.
    pub(crate) fn index(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|own| *own == column)
    }

    /// Returns whether the cell of a column goes on from the row above.
    pub(crate) fn goes_on(&self, row: &Row, column: Column) -> bool {
        self.columns.iter().position(|own| *own == column).is_some_and(|index| row.continued.contains(&index))
    }

    /// Returns the names of the columns that are not known, and have cells.
    pub(crate) fn unknown<'a>(&'a self, table: &'a Table) -> impl Iterator<Item = String> + 'a {
        let has_text = |index: usize| {
            let mut cells = table.rows.iter().filter_map(move |row| row.cells.get(index));
            cells.any(|cell| !matches!(cell.trim(), "" | "-" | "–" | "—" | "none" | "N/A"))
        };
        let all = self.columns.iter().enumerate().filter(|(_, column)| **column == Column::Other);
        all.filter(move |(index, _)| has_text(*index))
            .filter_map(|(index, _)| table.header.get(index))
            .map(|name| inline::plain(name))
    }

    pub(crate) fn has(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }
}

/// Returns whether the first column counts the rows, from 0 or from 1.
fn counts(table: &Table) -> bool {
    let number = |row: &Row| inline::plain(row.cells.first()?).trim_matches(['#', '.']).parse().ok();
    let numbers: Option<Vec<usize>> = table.rows.iter().map(number).collect();
    numbers.is_some_and(|all| {
        let first = all.first().copied().unwrap_or(usize::MAX);
        first <= 1 && all.iter().enumerate().all(|(at, own)| *own == first + at)
    })
}

/// Words of heads that are read if they are misspelled.
const WORDS: [&str; 25] = [
    "argument",
    "attribute",
    "comment",
    "compulsory",
    "datatype",
    "default",
    "description",
    "endpoint",
    "explanation",
    "field",
    "location",
    "mandatory",
    "meaning",
    "message",
    "method",
    "necessary",
    "optional",
    "parameter",
    "parameters",
    "position",
    "property",
    "remark",
    "required",
    "restrictions",
    "status",
];

/// Short words of heads that are read if their letters are swapped.
const SHORT: [&str; 2] = ["name", "type"];

/// Returns the content of a column whose name is not known: its name is misspelled, or its cells
/// say which values are required.
fn of_unknown(table: &Table, index: usize) -> Option<Column> {
    let name = table.header.get(index)?;
    let cells = || table.rows.iter().filter_map(|row| row.cells.get(index)).filter(|cell| !cell.trim().is_empty());
    let words = inline::words(&inline::plain(name));
    let meant = |word| spelling::nearest(word, &WORDS).or_else(|| spelling::swapped(word, &SHORT)).unwrap_or(word);
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    match plain.as_slice() {
        // `Kind` can be the type, or one of several kinds.
        ["kind" | "format" | "datatype"]
            if cells().all(|cell| !matches!(types::read(cell, Lines::default()).form, Form::Any | Form::Ref(_))) =>
        {
            return cells().next().is_some().then_some(Column::Type);
        }
        ["fault" | "error" | "err" | "reason" | "errno" | "errcode"]
            if cells().next().is_some() && cells().all(|cell| is_code(cell)) =>
        {
            return Some(Column::Code);
        }
        _ => {}
    }
    let corrected: Vec<&str> = words.iter().map(|word| meant(word.as_str())).collect();
    match column_in(&corrected) {
        own @ (Column::Required | Column::Optional) => cells().all(|cell| flag(cell).is_some()).then_some(own),
        Column::Other => {
            let is_mark = |cell: &String| {
                let cell = inline::plain(cell).to_lowercase();
                matches!(cell.as_str(), "required" | "mandatory" | "optional" | "必填" | "必选" | "可选" | "选填")
            };
            (cells().next().is_some() && cells().all(is_mark)).then_some(Column::Required)
        }
        own => Some(own),
    }
}

/// Returns whether a cell is the code of an error: a number, or words in upper case.
pub(crate) fn is_code(cell: &str) -> bool {
    let cell = inline::plain(cell);
    let digits = cell.trim_start_matches('-');
    let is_number = digits.len() >= 2 && digits.chars().all(|c| c.is_ascii_digit());
    let is_constant = cell.len() > 3
        && cell.contains('_')
        && cell.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    // A category before a colon: `EOrder:Insufficient funds`.
    let is_sorted = cell.split_once(':').is_some_and(|(category, rest)| {
        let inner_upper = category.chars().skip(1).any(|c| c.is_ascii_uppercase());
        let is_word = category.chars().all(|c| c.is_ascii_alphanumeric());
        is_word && inner_upper && rest.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.contains(['.', ','])
    });
    is_number || is_constant || is_sorted
}

fn column(name: &str) -> Column {
    if marks::is_column(name) {
        return Column::Access;
    }
    let words = inline::words(&inline::plain(name));
    column_in(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Reads a name in one language or in two: `Type 类型`.
fn column_in(words: &[&str]) -> Column {
    let own = column_of(words);
    let (latin, other): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| word.is_ascii());
    if own != Column::Other || latin.is_empty() || other.is_empty() {
        return own;
    }
    let own = column_of(&latin);
    if own == Column::Other { column_of(&other) } else { own }
}

fn column_of(words: &[&str]) -> Column {
    match words {
        ["in" | "location" | "position" | "place" | "位置" | "参数位置"]
        | ["located" | "sent" | "passed" | "send", "in"]
        | ["parameter", "type"]
        | ["param", "type"] => Column::Place,
        ["type" | "types" | "datatype" | "类型" | "数据类型" | "参数类型" | "字段类型"]
        | ["data", "type"]
        | ["field", "type"]
        | ["value", "type"] => Column::Type,
        ["required" | "mandatory" | "必选" | "必填" | "是否必须" | "是否必填" | "必须" | "是否必选"]
        | ["compulsory" | "necessary" | "needed" | "obligatory" | "req" | "reqd" | "mand" | "presence" | "must"]
        | ["是否需要" | "是否必传" | "必传" | "必需" | "是否必需"]
        | ["is" | "must" | "always", "required" | "mandatory" | "needed" | "send" | "sent" | "present"]
        | ["m" | "r", "o" | "c"]
        | ["m", "o", "c"]
        | ["req", "opt"]
        | ["mandatory", ..]
        | ["required", ..] => Column::Required,
        ["optional" | "opt" | "可选" | "选填"] | ["is", "optional"] | ["can", "be", "omitted"] => Column::Optional,
        ["restrictions" | "约束"] => Column::Restrictions,
        ["default" | "默认值" | "默认"] | ["default", "value"] => Column::Default,
        ["value" | "values" | "enum" | "enums" | "值" | "枚举值"]
        | ["possible" | "allowed" | "valid" | "available" | "enum", "values"] => Column::Value,
        ["status" | "状态码"]
        | ["status", "code"]
        | ["http", "status"]
        | ["http", "code"]
        | ["http", "status", "code"] => Column::Status,
        ["meaning" | "状态码含义" | "title" | "中文名"] | ["status", "code", "meaning"] => Column::Meaning,
        ["schema" | "数据模型"] | ["data", "schema"] => Column::Schema,
        ["code" | "codes" | "错误码" | "代码"]
        | ["error" | "api" | "business" | "internal", "code" | "codes"]
        | ["return", "code"] => Column::Code,
        ["message" | "msg" | "text" | "错误信息"] | ["error", "message"] => Column::Message,
        ["header"] => Column::Header,
        ["method"] | ["http", "method"] => Column::Method,
        ["path" | "endpoint" | "url" | "uri"] => Column::Path,
        ["name" | "parameter" | "parameters" | "param" | "params" | "field" | "fields" | "property" | "properties"]
        | ["key" | "attribute" | "argument" | "arguments" | "variable" | "字段" | "字段名" | "参数" | "参数名"]
        | ["名称" | "参数名称" | "属性" | "属性名"]
        | ["field" | "parameter" | "param" | "property" | "attribute" | "argument", "name"] => Column::Name,
        [
            "description" | "descriptions" | "desc" | "说明" | "描述" | "备注" | "含义" | "comment" | "comments"
            | "notes" | "about" | "info" | "information" | "purpose" | "use" | "what",
        ]
        | ["remark" | "remarks" | "explanation" | "definition" | "note" | "details"] => Column::Description,
        _ => Column::Other,
    }
}

/// Returns whether a mark holds in some requests only: `yes (if the type is limit)`.
fn is_limited(mark: &str) -> bool {
    let words = inline::words(mark);
    let starts = words.first().is_some_and(|word| matches!(word.as_str(), "yes" | "true" | "required" | "mandatory"));
    let is_condition = |word: &String| {
        matches!(word.as_str(), "only" | "if" | "when" | "unless" | "for" | "depends" | "depending" | "except")
    };
    starts && words.iter().any(is_condition)
}

/// Reads a cell that says whether a value is required.
pub(crate) fn flag(cell: &str) -> Option<bool> {
    let text = inline::plain(cell).to_lowercase();
    if is_limited(&text) {
        return Some(false);
    }
    match text.as_str() {
        "true" | "yes" | "y" | "required" | "mandatory" | "是" | "必填" | "必须" | "必选" | "必传" | "1" | "✓"
        | "✔" | "✔️" | "✅" | "☑" | "must" | "m" | "r" | "req" | "reqd" | "mand" | "needed" | "always"
        | "compulsory" | "obligatory" | "necessary" => Some(true),
        "false" | "no" | "n" | "optional" | "否" | "可选" | "非必填" | "选填" | "非必传" | "0" | "✗" | "✘" | "❌"
        | "o" | "opt" | "c" | "cond" | "-" | "–" | "—" | "not required" => Some(false),
        text if text.starts_with("yes") || text.starts_with("true") => Some(true),
        text if text.starts_with("no") || text.starts_with("optional") || text.starts_with("conditional") => {
            Some(false)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_column_is_known_and_a_mark_with_a_condition_is_not_required() {
        let kind = |head: &str, cells: &[&str]| {
            let row = |cell: &&str| Row { line: 1, cells: vec!["a".to_owned(), (*cell).to_owned()], continued: vec![] };
            let header = vec!["Name".to_owned(), head.to_owned()];
            let columns = Columns::of(&Table { header, rows: cells.iter().map(row).collect() });
            columns.columns.last().copied()
        };
        assert_eq!(kind("Requierd", &["Y", "N"]), Some(Column::Required));
        assert_eq!(kind("Mandetory", &["yes"]), Some(Column::Required));
        assert_eq!(kind("Must be sent", &["required", "optional", ""]), Some(Column::Required));
        assert_eq!(kind("Descripton", &["a price"]), Some(Column::Description));
        assert_eq!(kind("Tpye", &["string"]), Some(Column::Type));
        assert_eq!(kind("Yield", &["5"]), Some(Column::Other));
        assert_eq!(kind("Nullable", &["yes", "no"]), Some(Column::Other));
        assert_eq!(kind("Requierd", &["10", "20"]), Some(Column::Other));
        // The column that is spelled correctly is the one with the names.
        assert_eq!(kind("Naem", &["b"]), Some(Column::Other));
        assert_eq!(kind("Parametre", &["b"]), Some(Column::Other));
        assert_eq!(kind("Necessary", &["yes", "no"]), Some(Column::Required));
        assert_eq!(kind("Tpye 必填", &["yes", "no"]), Some(Column::Required));
        assert_eq!(flag("`true` (only for tokens)"), Some(false));
        assert_eq!(flag("yes"), Some(true));
        for (head, cells) in [
            ("Req?", ["Y", "N"]),
            ("Req.", ["x", "no"]),
            ("Needed", ["yes", "-"]),
            ("Compulsory", ["✅", "❌"]),
            ("M/O", ["M", "O"]),
            ("M / O / C", ["M", "C"]),
            ("Presence", ["required", "optional"]),
            ("必传", ["是", "否"]),
        ] {
            assert_eq!(kind(head, &cells), Some(Column::Required), "{head}");
        }
        assert_eq!(kind("Opt.", &["Y", "N"]), Some(Column::Optional));
    }
}
