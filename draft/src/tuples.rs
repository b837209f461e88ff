//! The names of the columns of rows: `[[1700000000, "1.5"]]` with a sentence such as "each entry is
//! `[time, price]`", a list `0: time`, a table of positions, or a comment in the sample.

use crate::access::{paragraphs, sentences};
use crate::document::Lines;
use crate::facts::{Confidence, Facts, Form, Member, Operation, Remark, RemarkKind, Response, Schema};
use crate::infer::{infer, unify};
use crate::inline;
use crate::labels::LabelKind;
use crate::media;
use crate::sample::{Node, Value};
use crate::sections::{Item, ItemKind, Section};
use crate::table::{Row, Table};
use crate::types;

/// The columns that a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Named {
    columns: Vec<(String, Lines)>,
    /// The types of the columns, as far as the text states them.
    kinds: Vec<Option<&'static str>>,
    /// The table of the columns.
    table: Option<Lines>,
    /// The list of the columns.
    list: Option<Lines>,
    /// The members that have such rows; empty if the text names none.
    members: Vec<String>,
    /// A list of numbers names them, and no sentence.
    is_list: bool,
    /// The text says that the response is one row, or a list of rows, so that no sample is needed.
    whole: Option<Whole>,
}

/// The form of a response of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    Row,
    Rows,
}

/// An element of a list of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Position {
    index: usize,
    name: String,
    /// The type of the column, if the text states it.
    kind: Option<&'static str>,
    /// The form of the element shows that it names a column: `[0]`, or a name in backticks.
    is_marked: bool,
    /// It has more words than the name of a column and ends as a sentence, as a step does.
    is_sentence: bool,
}

/// A list of columns that is being read.
#[derive(Debug, Default)]
struct Listed {
    positions: Vec<(Position, Lines)>,
}

/// The beginning of the name of a column that no text names.
const UNNAMED: &str = "column";

/// Gives the columns of rows the names that the text about their operation states.
pub(crate) fn fill(facts: &mut Facts, sections: &[Section]) {
    let mut remarks = Vec::new();
    let mut tables: Vec<Lines> = Vec::new();
    for section in sections {
        let is_own = |at: Lines| at.document == section.at.document && at.first == section.at.first;
        let stated = named_in(section, &mut remarks);
        tables.extend(stated.iter().filter_map(|own| own.table.or(own.list)));
        for operation in facts.operations.iter_mut().filter(|own| is_own(own.at)) {
            without_sample(operation, &stated, &mut remarks);
            for response in &mut operation.responses {
                let sample = response.samples.first().map(|(node, at)| (node, at.document));
                if let Some(schema) = &mut response.schema {
                    apply(schema, sample, &stated, &mut remarks);
                }
            }
            if let Some(body) = &mut operation.body {
                let sample = body.samples.first().map(|(node, at)| (node, at.document));
                apply(&mut body.schema, sample, &stated, &mut remarks);
            }
        }
        for method in facts.methods.iter_mut().filter(|own| is_own(own.at)) {
            let sample = method.sample.as_ref().and_then(|(node, at)| Some((node.get("result")?, at.document)));
            if let Some(schema) = &mut method.result {
                apply(schema, sample, &stated, &mut remarks);
            }
        }
    }
    for (_, schema) in &mut facts.schemas {
        apply(schema, None, &[], &mut remarks);
    }
    let responses = facts.operations.iter().flat_map(|own| &own.responses).filter_map(|own| own.schema.as_ref());
    let results = facts.methods.iter().filter_map(|own| own.result.as_ref());
    let schemas: Vec<&Schema> = responses.chain(results).collect();
    let is_used = |table: Lines| tables.contains(&table) && schemas.iter().any(|own| has_column_of(own, table, 0));
    facts.remarks.retain(|own| !(own.kind == RemarkKind::Unread && is_used(own.at)));
    facts.remarks.extend(remarks);
}

/// Makes the response of an operation that only a text describes: a list of rows, or one row.
fn without_sample(operation: &mut Operation, stated: &[Named], remarks: &mut Vec<Remark>) {
    let is_success = |own: &Response| own.status.starts_with('2') || own.status == "default";
    let is_described = |own: &Response| own.schema.is_some() || !own.samples.is_empty() || own.status == "204";
    if operation.responses.iter().any(|own| is_success(own) && is_described(own)) {
        return;
    }
    let Some((named, whole)) = stated.iter().find_map(|own| Some((own, own.whole?))) else { return };
    let Some(at) = named.columns.iter().map(|(_, at)| *at).reduce(Lines::to) else { return };
    let columns = named.columns.iter().enumerate().map(|(index, (name, at))| {
        let kind = named.kinds.get(index).copied().flatten();
        Member::of_sample(name.clone(), *at, Schema::new(*at, kind.map_or(Form::Any, form_of)))
    });
    let row = Schema::new(at, Form::Tuple(columns.collect()));
    let schema = match whole {
        Whole::Row => row,
        Whole::Rows => Schema::new(at, Form::Array(Box::new(row))),
    };
    let what = if whole == Whole::Row { "one row" } else { "a list of rows" };
    remarks.push(Remark {
        kind: RemarkKind::Guess(Confidence::Medium),
        at,
        other: None,
        text: format!("`{}`: the response is {what}; no sample shows it", operation.name()),
    });
    match operation.responses.iter_mut().find(|own| is_success(own)) {
        Some(own) => own.schema = Some(schema),
        None => operation.responses.push(Response {
            status: "200".to_owned(),
            at,
            media: media::JSON.to_owned(),
            schema: Some(schema),
            samples: Vec::new(),
            has_table: named.table.is_some(),
            is_stated: false,
            states_status: false,
        }),
    }
}

/// Returns the form of a type that a text names.
fn form_of(kind: &'static str) -> Form {
    match kind {
        "array" => Form::Array(Box::default()),
        "object" => Form::Object(Vec::new()),
        kind => Form::Scalar { kind, format: None },
    }
}

/// Returns whether a row in a schema has the columns of a table.
fn has_column_of(schema: &Schema, table: Lines, depth: usize) -> bool {
    let is_inside = |at: Lines| at.document == table.document && table.first <= at.first && at.last <= table.last;
    if depth > 32 {
        return false;
    }
    match &schema.form {
        Form::Tuple(columns) => columns.iter().any(|own| is_inside(own.at)),
        Form::Object(members) => members.iter().any(|own| has_column_of(&own.schema, table, depth + 1)),
        Form::Array(items) | Form::Map(items) => has_column_of(items, table, depth + 1),
        Form::Choice { of, .. } => of.iter().any(|own| has_column_of(own, table, depth + 1)),
        Form::Any | Form::Scalar { .. } | Form::Ref(_) => false,
    }
}

/// Returns the rows whose columns have no names.
pub(crate) fn unnamed(schema: &Schema, name: &str, out: &mut Vec<(String, Lines)>) {
    unnamed_at(schema, name, out, 0);
}

fn unnamed_at(schema: &Schema, name: &str, out: &mut Vec<(String, Lines)>, depth: usize) {
    if depth > 32 {
        return;
    }
    match &schema.form {
        Form::Tuple(columns) => {
            if columns.iter().any(is_unnamed) {
                out.push((name.to_owned(), schema.at));
            }
        }
        Form::Object(members) => {
            members.iter().for_each(|own| unnamed_at(&own.schema, &own.name, out, depth + 1));
        }
        Form::Array(items) | Form::Map(items) => unnamed_at(items, name, out, depth + 1),
        Form::Choice { of, .. } => of.iter().for_each(|one| unnamed_at(one, name, out, depth + 1)),
        Form::Any | Form::Scalar { .. } | Form::Ref(_) => {}
    }
}

/// Names the columns in a schema, beside the sample that shows it.
fn apply(schema: &mut Schema, sample: Option<(&Node, usize)>, stated: &[Named], remarks: &mut Vec<Remark>) {
    // A text that names no member of this schema is about all rows.
    let is_general = |own: &&Named| !own.members.iter().any(|name| has_member(schema, name, 0));
    let general: Vec<&Named> = stated.iter().filter(is_general).collect();
    visit(schema, sample, stated, &general, remarks, 0);
}

fn has_member(schema: &Schema, name: &str, depth: usize) -> bool {
    match &schema.form {
        Form::Object(members) => {
            members.iter().any(|own| own.name == name || depth < 32 && has_member(&own.schema, name, depth + 1))
        }
        Form::Array(items) | Form::Map(items) if depth < 32 => has_member(items, name, depth + 1),
        _ => false,
    }
}

fn visit(
    schema: &mut Schema,
    sample: Option<(&Node, usize)>,
    stated: &[Named],
    here: &[&Named],
    remarks: &mut Vec<Remark>,
    depth: usize,
) {
    if depth > 32 || name_row(schema, sample, here, remarks, depth == 0) {
        return;
    }
    match &mut schema.form {
        Form::Object(members) => {
            for member in members.iter_mut() {
                let own = sample.and_then(|(node, document)| Some((node.get(&member.name)?, document)));
                let noted = in_text(&member.note, member.at);
                let about = stated.iter().filter(|own| own.members.contains(&member.name));
                let all: Vec<&Named> = noted.iter().chain(about).chain(here.iter().copied()).collect();
                visit(&mut member.schema, own, stated, &all, remarks, depth + 1);
            }
            name_alike(members, remarks);
        }
        Form::Array(items) => {
            let first = sample.and_then(|(node, document)| Some((node.elements().first()?, document)));
            let rows = sample.map(|(node, _)| node.elements()).unwrap_or_default();
            if !name_rows(items, rows, sample.map_or(0, |(_, document)| document), here, remarks) {
                visit(items, first, stated, here, remarks, depth + 1);
            }
        }
        Form::Map(values) => {
            let first = sample.and_then(|(node, document)| Some((&node.members().first()?.1, document)));
            visit(values, first, stated, here, remarks, depth + 1);
        }
        Form::Choice { of, .. } => of.iter_mut().for_each(|one| visit(one, sample, stated, here, remarks, depth + 1)),
        Form::Any | Form::Scalar { .. } | Form::Ref(_) | Form::Tuple(_) => {}
    }
}

/// Gives rows without names the names of the rows beside them that have the same types, as in the
/// two sides of a book.
fn name_alike(members: &mut [Member], remarks: &mut Vec<Remark>) {
    let named: Vec<(String, Vec<Member>)> = members
        .iter()
        .filter_map(|own| Some((own.name.clone(), columns_of(&own.schema)?.to_vec())))
        .filter(|(_, columns)| !columns.iter().any(is_unnamed))
        .collect();
    for member in members {
        let at = member.at;
        let Some(columns) = columns_of_mut(&mut member.schema).filter(|columns| columns.iter().all(is_unnamed)) else {
            continue;
        };
        let types = |columns: &[Member]| columns.iter().map(|own| own.schema.type_name()).collect::<Vec<String>>();
        let Some((other, alike)) = named.iter().find(|(_, own)| types(own) == types(columns)) else { continue };
        for (column, own) in columns.iter_mut().zip(alike) {
            column.name.clone_from(&own.name);
        }
        remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at,
            other: alike.first().map(|own| own.at),
            text: format!("the columns of `{}` have the names of those of `{other}`", member.name),
        });
    }
}

fn is_unnamed(column: &Member) -> bool {
    column.name.strip_prefix(UNNAMED).is_some_and(|rest| rest.parse::<u32>().is_ok())
}

/// Returns the columns of a row, or of the rows of a list.
fn columns_of(schema: &Schema) -> Option<&[Member]> {
    match &schema.form {
        Form::Tuple(columns) => Some(columns),
        Form::Array(items) => match &items.form {
            Form::Tuple(columns) => Some(columns),
            _ => None,
        },
        _ => None,
    }
}

fn columns_of_mut(schema: &mut Schema) -> Option<&mut [Member]> {
    match &mut schema.form {
        Form::Tuple(columns) => Some(columns),
        Form::Array(items) => match &mut items.form {
            Form::Tuple(columns) => Some(columns),
            _ => None,
        },
        _ => None,
    }
}

/// Names the columns of a schema that is one row. Returns whether it is one.
/// A table of positions is about the whole response.
fn name_row(
    schema: &mut Schema,
    sample: Option<(&Node, usize)>,
    here: &[&Named],
    remarks: &mut Vec<Remark>,
    is_whole: bool,
) -> bool {
    let length = sample.map_or(0, |(node, _)| node.elements().len());
    let is_tabled = is_whole && here.iter().any(|own| own.table.is_some() && own.columns.len() == length);
    let is_row = is_tabled || matches!(schema.form, Form::Tuple(_));
    let names_member = here.iter().any(|own| !own.members.is_empty());
    match sample {
        Some((node, document)) if is_row || names_member => {
            name_rows(schema, std::slice::from_ref(node), document, here, remarks)
        }
        _ => false,
    }
}

/// Makes the elements of a list rows with names, if a text names as many columns as they have.
fn name_rows(items: &mut Schema, rows: &[Node], document: usize, here: &[&Named], remarks: &mut Vec<Remark>) -> bool {
    let is_open = |schema: &Schema| match &schema.form {
        Form::Any | Form::Tuple(_) => true,
        Form::Array(inner) => matches!(inner.form, Form::Any | Form::Scalar { .. } | Form::Choice { .. }),
        _ => false,
    };
    if !is_open(items) {
        return false;
    }
    let is_scalar = |node: &Node| !matches!(node.value, Value::Array(_) | Value::Object(_));
    let length = match rows.first() {
        Some(row) => row.elements().len(),
        None => 0,
    };
    let are_rows = rows.iter().all(|row| row.elements().len() == length && row.elements().iter().all(is_scalar));
    if !are_rows {
        return false;
    }
    // Without a sample, only a text about this very member names its columns.
    let fits = |own: &&&Named| {
        if rows.is_empty() { !own.members.is_empty() } else { own.columns.len() == length }
    };
    let Some(named) = here.iter().find(fits) else {
        let about = here.iter().find(|own| !own.members.is_empty());
        if let (Some((_, at)), Some(row)) =
            (about.and_then(|own| own.columns.first()), rows.first().filter(|_| length > 0))
        {
            let count = about.map_or(0, |own| own.columns.len());
            remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at: *at,
                other: Some(Lines::one(document, row.line)),
                text: format!(
                    "a row has {count} columns in the text and {length} in the sample; the draft has the sample's"
                ),
            });
        }
        return false;
    };
    let columns = named.columns.iter().enumerate().map(|(index, (name, at))| {
        let shown = rows.iter().filter_map(|row| row.elements().get(index)).map(|node| infer(node, document));
        let mut schema = shown.reduce(unify).unwrap_or_else(|| Schema::new(*at, Form::Any));
        if let Some(kind) = named.kinds.get(index).copied().flatten() {
            remarks.extend(with_kind(&mut schema, name, kind, *at));
        }
        Member::of_sample(name.clone(), *at, schema)
    });
    let columns: Vec<Member> = columns.collect();
    if let Some(first) = columns.first().filter(|_| named.is_list) {
        let names: Vec<String> = columns.iter().map(|own| format!("`{}`", own.name)).collect();
        remarks.push(Remark {
            kind: RemarkKind::Guess(Confidence::Medium),
            at: first.at,
            other: rows.first().map(|row| Lines::one(document, row.line)),
            text: format!("the columns of a row have the names of a list: {}", names.join(", ")),
        });
    }
    items.form = Form::Tuple(columns);
    true
}

/// Gives a column the type that its text states. Samples of a number can have no decimals. Any
/// other difference is a contradiction, and the sample is kept.
fn with_kind(schema: &mut Schema, name: &str, kind: &'static str, at: Lines) -> Option<Remark> {
    let shown = match &schema.form {
        Form::Scalar { kind, .. } => *kind,
        Form::Any => kind,
        _ => return None,
    };
    if matches!(schema.form, Form::Any) {
        schema.form = form_of(kind);
        return None;
    }
    match (shown, kind) {
        ("integer", "number") => schema.form = Form::Scalar { kind, format: None },
        (shown, kind) if shown == kind => {}
        (shown, kind) => {
            return Some(Remark {
                kind: RemarkKind::Contradiction,
                at,
                other: Some(schema.at),
                text: format!(
                    "the column `{name}` is {kind} in the text and {shown} in the sample; the draft has the sample's"
                ),
            });
        }
    }
    None
}

/// Splits the type from the end of a text: `BALANCE float`, "open time (integer)".
fn split_kind(text: &str) -> (&str, Option<&'static str>) {
    let trimmed = text.trim_end().trim_end_matches(['`', '*']);
    let (before, last) = match trimmed.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some(parts) => parts,
        None => match trimmed.rsplit_once(' ') {
            Some(parts) => parts,
            None => return (text, None),
        },
    };
    match kind_of(last).filter(|_| !before.trim().is_empty()) {
        Some(kind) => (before.trim_end(), Some(kind)),
        None => (text, None),
    }
}

/// Returns the type that a word names. `timestamp` and `text` are names of columns too.
fn kind_of(cell: &str) -> Option<&'static str> {
    let plain = inline::plain(cell);
    match types::read(plain.trim(), Lines::default()).form {
        Form::Scalar { kind, .. }
            if !matches!(plain.trim().to_lowercase().as_str(), "timestamp" | "text" | "date" | "number") =>
        {
            Some(kind)
        }
        _ => None,
    }
}

/// Returns the columns that the texts, lists, tables and samples of a section name.
fn named_in(section: &Section, remarks: &mut Vec<Remark>) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    for (text, at) in paragraphs(section) {
        for sentence in sentences(&text) {
            out.extend(in_text(sentence, at).map(|own| Named { members: about(sentence, &own), ..own }));
        }
    }
    let mut listed = Listed::default();
    let mut lead: Option<&str> = None;
    for item in &section.items {
        match &item.kind {
            ItemKind::Line(line) => match position(line).or_else(|| unnumbered(item, line, lead, &listed)) {
                Some(own) => {
                    if listed.begins_with(own.index) {
                        out.extend(listed.take(lead, remarks));
                    }
                    listed.positions.push((own, item.at));
                }
                None => {
                    out.extend(listed.take(lead, remarks));
                    lead = Some(line);
                }
            },
            ItemKind::Table { table, .. } => {
                out.extend(listed.take(lead, remarks));
                let members = lead.map(spans).unwrap_or_default();
                let columns = in_table(table, lead, item.at, remarks);
                let is_response = item.label.kind == LabelKind::Response && members.is_empty();
                let whole = is_response.then(|| if lead.is_some_and(is_each) { Whole::Rows } else { Whole::Row });
                out.extend(columns.map(|own| Named { table: Some(item.at), members, whole, ..own }));
            }
            ItemKind::Code { text, first, .. } => {
                out.extend(listed.take(lead, remarks));
                out.extend(in_code(text, item.at.document, *first).map(|own| Named { table: Some(item.at), ..own }));
                for (index, line) in text.lines().enumerate() {
                    let comment = line.trim().strip_prefix("//").or_else(|| line.trim().strip_prefix('#'));
                    let at = Lines::one(item.at.document, first + index);
                    let named = comment.and_then(|comment| bracket(comment, at));
                    out.extend(named.map(|columns| Named { columns, ..Named::default() }));
                }
            }
            ItemKind::Route(_) => {}
        }
    }
    out.extend(listed.take(lead, remarks));
    out
}

impl Listed {
    /// Returns whether a number is that of the first column, so that another list begins with it.
    fn begins_with(&self, index: usize) -> bool {
        self.positions.len() > 1 && self.positions.first().is_some_and(|(own, _)| own.index == index)
    }

    /// Ends the list. Returns its columns, if it names columns: its form shows it, or the line
    /// before it speaks of rows.
    fn take(&mut self, lead: Option<&str>, remarks: &mut Vec<Remark>) -> Option<Named> {
        let positions = std::mem::take(&mut self.positions);
        let (first, at) = positions.first().map(|(own, at)| (own.index, *at))?;
        let is_marked = positions.iter().all(|(own, _)| own.is_marked);
        // A list of steps begins with 1.
        let is_likely = (first == 0 || lead.is_some_and(is_about_rows))
            && positions.iter().all(|(own, _)| own.is_marked || !own.is_sentence);
        if positions.len() < 2 || !is_marked && !is_likely {
            return None;
        }
        let is_next = |(place, (own, _)): (usize, &(Position, Lines))| own.index == first + place;
        let are_consecutive = first <= 1 && positions.iter().enumerate().all(is_next);
        let last = positions.last().map_or(at, |(_, at)| *at);
        let kinds = positions.iter().map(|(own, _)| own.kind).collect();
        let columns: Vec<(String, Lines)> = positions.into_iter().map(|(own, at)| (own.name, at)).collect();
        if !are_consecutive || !are_distinct(&columns) {
            let fault = if are_consecutive { "a name twice" } else { "numbers that do not follow each other" };
            remarks.push(Remark::unread(at.to(last), format!("a list of columns with {fault}")));
            return None;
        }
        let members = lead.map(spans).unwrap_or_default();
        // "Each candle is an array of:" is about the whole response.
        let whole = lead.filter(|lead| members.is_empty() && is_each(lead)).map(|_| Whole::Rows);
        Some(Named { columns, kinds, table: None, list: Some(at.to(last)), members, is_list: true, whole })
    }
}

/// Returns whether a line speaks of the columns of rows.
fn is_about_rows(line: &str) -> bool {
    const ROWS: [&str; 16] = [
        "row",
        "rows",
        "column",
        "columns",
        "array",
        "arrays",
        "tuple",
        "tuples",
        "entry",
        "entries",
        "element",
        "elements",
        "position",
        "positions",
        "index",
        "indexes",
    ];
    let words = inline::words(&inline::plain(line));
    // "To read all rows:" announces steps.
    let announces_steps = words.first().is_some_and(|word| matches!(word.as_str(), "to" | "how"))
        || words.iter().any(|word| matches!(word.as_str(), "step" | "steps" | "follow" | "procedure"));
    !announces_steps && words.iter().any(|word| ROWS.contains(&word.as_str()))
        || ["数组", "列", "元素", "下标"].iter().any(|word| line.contains(word))
}

/// Returns whether a line says that each element of the response is a row: "Each candle is an array
/// of the following:".
fn is_each(line: &str) -> bool {
    let words = inline::words(&inline::plain(line));
    let has = |all: &[&str]| words.iter().any(|word| all.contains(&word.as_str()));
    has(&["each", "every"]) && has(&["array", "tuple"])
}

/// Reads an element without a number, below a line about rows: "- `open` the first price".
fn unnumbered(item: &Item, line: &str, lead: Option<&str>, listed: &Listed) -> Option<Position> {
    if !item.is_element || !lead.is_some_and(|lead| is_each(lead) && lead.trim_end().ends_with([':', '：'])) {
        return None;
    }
    let name = line.trim_start().strip_prefix('`')?.split('`').next()?;
    let text = inline::plain(line);
    let (_, kind) = split_kind(&text);
    let index = listed.positions.len();
    is_identifier(name).then(|| Position { index, name: name.to_owned(), kind, is_marked: true, is_sentence: false })
}

/// Returns whether a sample of rows has names in place of values.
pub(crate) fn has_names(text: &str) -> bool {
    in_code(text, 0, 1).is_some()
}

/// Reads a sample of rows that has names in place of values: `[[MTS, OPEN, CLOSE], ...]`.
fn in_code(text: &str, document: usize, first: usize) -> Option<Named> {
    if text.contains(['"', '\'', '{', '(']) {
        return None;
    }
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or(line));
    let plain: String = lines.collect::<Vec<&str>>().join(" ");
    let inner = plain.trim().trim_end_matches(';').trim_end().strip_prefix('[')?.strip_suffix(']')?.trim();
    let (row, whole) = match inner.strip_prefix('[') {
        Some(rest) => (rest.split(']').next()?, Whole::Rows),
        None => (inner, Whole::Row),
    };
    let names: Vec<&str> = row.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let is_value = |name: &&str| matches!(*name, "true" | "false" | "null");
    if names.len() < 2 || !names.iter().all(|name| is_identifier(name)) || names.iter().all(is_value) {
        return None;
    }
    let line_of = |name: &str| text.lines().position(|line| line.contains(name)).map_or(first, |at| first + at);
    let columns: Vec<(String, Lines)> =
        names.into_iter().map(|name| (name.to_owned(), Lines::one(document, line_of(name)))).collect();
    are_distinct(&columns).then(|| Named { columns, whole: Some(whole), ..Named::default() })
}

/// Returns the names in backticks of a line that ends with a colon: "Each entry of `rows`:".
fn spans(line: &str) -> Vec<String> {
    let ends = line.trim_end().trim_end_matches('*').ends_with([':', '：']);
    let spans = inline::code_spans(line).into_iter().filter(|span| is_identifier(span));
    if ends { spans.collect() } else { Vec::new() }
}

/// Reads "0: open time", "`[0]` - open time", `[3] BALANCE float`.
fn position(line: &str) -> Option<Position> {
    let plain = inline::plain(line);
    let rest = plain.trim_start_matches(['-', '•', '[', '#', ' ']);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let index: usize = rest.get(..digits)?.parse().ok().filter(|index| *index < 64)?;
    let after = rest.get(digits..)?;
    let text = after.trim_start_matches([']', ' ']).trim_start();
    let is_bracket = after.starts_with(']');
    if !is_bracket && !text.starts_with([':', '：', '=', '-', '–', '—', ')', '.']) {
        return None;
    }
    let text = text.trim_start_matches([':', '：', '=', '-', '–', '—', ')', '.', ' ']);
    let (named, kind) = split_kind(text);
    let name = column_name(named)?;
    let is_sentence = text.trim_end().ends_with('.') && inline::words(text).len() > 2;
    let is_span = inline::code_spans(line).first().is_some_and(|span| text.starts_with(span.as_str()));
    Some(Position { index, name, kind, is_marked: is_bracket || is_span, is_sentence })
}

/// Returns the name of a column: the words before a remark.
fn column_name(text: &str) -> Option<String> {
    let end = text.find(['(', ',', ';', '.', ':', '，', '（', '：']).unwrap_or(text.len());
    let own = text.get(..end)?.split(" - ").next()?.split(" – ").next()?.trim().trim_matches(['"', '\'', '`', ' ']);
    if is_identifier(own) {
        return Some(own.to_owned());
    }
    let words: Vec<String> = inline::words(own)
        .into_iter()
        .filter(|word| !matches!(word.as_str(), "the" | "a" | "an" | "of" | "in"))
        .collect();
    let fits = !words.is_empty() && words.len() <= 5 && words.iter().all(|word| word.is_ascii());
    let name = inline::camel(words.get(..words.len().min(4))?);
    (fits && name.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(name)
}

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.len() < 40
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn are_distinct(columns: &[(String, Lines)]) -> bool {
    columns.iter().enumerate().all(|(at, (own, _))| columns.iter().skip(at + 1).all(|(other, _)| other != own))
}

/// Returns the columns of a table of positions.
fn in_table(table: &Table, lead: Option<&str>, at: Lines, remarks: &mut Vec<Remark>) -> Option<Named> {
    let head = inline::words(&inline::plain(table.header.first()?)).join(" ");
    // `[4][0]` is a column of the row in the fourth column.
    let is_inner = |row: &&Row| row.cells.first().is_some_and(|cell| inline::plain(cell).contains("]["));
    let (inner, rows): (Vec<&Row>, Vec<&Row>) = table.rows.iter().partition(is_inner);
    let base: usize = inline::plain(rows.first()?.cells.first()?).trim_matches(['[', ']', '#']).parse().ok()?;
    let is_index = matches!(head.as_str(), "index" | "idx" | "position" | "pos" | "column" | "下标");
    let is_position = match head.as_str() {
        _ if is_index => true,
        // The rows of a table with numbers from 1 can be steps.
        "" | "no" | "nr" | "number" | "place" | "i" | "n" | "序号" => {
            let names = |row: &&Row| row.cells.get(1).is_some_and(|cell| cell.trim().starts_with('`'));
            base == 0 || lead.is_some_and(is_about_rows) || rows.iter().all(names)
        }
        _ => false,
    };
    let own = |(place, row): (usize, &&Row)| {
        let index = inline::plain(row.cells.first()?);
        let index: usize = index.trim_matches(['[', ']', '#']).parse().ok()?;
        let name = column_name(&inline::plain(row.cells.get(1)?))?;
        (base <= 1 && index == base + place).then(|| (name, Lines::one(at.document, row.line)))
    };
    let columns = rows.iter().enumerate().map(own).collect::<Option<Vec<_>>>()?;
    let is_type = |cell: &String| inline::words(&inline::plain(cell)).last().is_some_and(|word| word == "type");
    let place = table.header.iter().position(is_type);
    let kind = |row: &&Row| {
        let cell = row.cells.get(place?)?;
        let is_list = matches!(types::read(cell, Lines::default()).form, Form::Array(_));
        kind_of(cell).or(is_list.then_some("array"))
    };
    let kinds = rows.iter().map(kind).collect();
    // A table can have the only position of a row.
    let is_table = is_position && (columns.len() > 1 || is_index && place.is_some()) && are_distinct(&columns);
    if let (Some(first), Some(last), true) = (inner.first(), inner.last(), is_table) {
        let lines = Lines { first: first.line, last: last.line, ..at };
        remarks.push(Remark::unread(lines, "the columns of a row inside a row"));
    }
    is_table.then(|| Named { columns, kinds, ..Named::default() })
}

/// Reads a sentence about rows: "each entry is `[time, price, size]`".
fn in_text(sentence: &str, at: Lines) -> Option<Named> {
    let lower = sentence.to_lowercase();
    let is_about = [
        "each", "every", "entry", "entries", "row", "element", "array", "tuple", "level", "item", "format", "list",
        "column", "candle", "order", "consist", "hold", "pair", "triple", "contain", "is `[", "are `[", "形如", "格式",
        "每",
    ];
    let bracket = bracket(sentence, at).filter(|_| is_about.iter().any(|word| lower.contains(word)));
    let columns = bracket.or_else(|| enumerated(sentence, at))?;
    Some(Named { columns, members: vec![String::new()], ..Named::default() })
}

/// Reads "Each fill is an array: trade id, price, quantity."
fn enumerated(sentence: &str, at: Lines) -> Option<Vec<(String, Lines)>> {
    let plain = inline::plain(sentence);
    let (lead, list) = plain.rsplit_once(": ")?;
    let words = inline::words(lead);
    let is_row = |word: &String| matches!(word.as_str(), "array" | "row" | "rows" | "entry" | "tuple" | "arrays");
    if !words.iter().any(is_row) || words.len() > 12 {
        return None;
    }
    let parts = list.trim_end_matches('.').split(", ").flat_map(|part| part.split(" and "));
    let parts = parts.map(|part| part.trim_start_matches("and ").trim()).filter(|part| !part.is_empty());
    let columns = parts.map(|part| Some((column_name(part)?, at))).collect::<Option<Vec<_>>>()?;
    (columns.len() > 1 && are_distinct(&columns)).then_some(columns)
}

/// Returns the members that a sentence about rows names.
fn about(sentence: &str, named: &Named) -> Vec<String> {
    let is_column = |span: &String| named.columns.iter().any(|(name, _)| name == span);
    inline::code_spans(sentence).into_iter().filter(|span| is_identifier(span) && !is_column(span)).collect()
}

/// Returns the names in the first brackets of a text: `[time, price, size]`.
fn bracket(text: &str, at: Lines) -> Option<Vec<(String, Lines)>> {
    let open = text.rmatch_indices('[').find(|(at, _)| text.get(at + 1..).is_some_and(|rest| rest.contains(',')))?.0;
    let inner = text.get(open + 1..)?;
    let close = inner.find(']')?;
    // A link has its target behind it.
    if inner.get(close + 1..).is_some_and(|rest| rest.starts_with('(')) {
        return None;
    }
    let parts: Vec<&str> = inner.get(..close)?.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let is_more = |part: &&str| matches!(*part, "..." | "…");
    let name = |part: &str| {
        let part = part.trim_matches(['`', '"', '\'', '<', '>', '{', '}', '*', ' ']);
        let is_word = part.chars().any(|c| c.is_ascii_lowercase())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' ' | '-' | '/'));
        column_name(part).filter(|_| is_word).map(|name| (name, at))
    };
    if parts.iter().any(is_more) {
        return None;
    }
    let columns = parts.into_iter().map(name).collect::<Option<Vec<_>>>()?;
    (columns.len() > 1 && are_distinct(&columns)).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_the_columns_of_rows() {
        let names = |text| {
            let own = in_text(text, Lines::default())?;
            let all: Vec<String> = own.columns.iter().map(|(name, _)| name.clone()).collect();
            Some(format!("{}; {}", all.join(" "), about(text, &own).join(" ")))
        };
        assert_eq!(names("Each entry is `[time, price, size]`.").as_deref(), Some("time price size; "));
        assert_eq!(names("`bids` and `asks` hold `[price, size]` pairs").as_deref(), Some("price size; bids asks"));
        assert_eq!(names("Each fill is an array: trade id, price and size.").as_deref(), Some("tradeId price size; "));
        assert_eq!(names("Every level of `bids` is [price, size].").as_deref(), Some("price size; bids"));
        assert_eq!(
            names("Rows: `[\"open time\", \"high\", \"low\"]`, an array").as_deref(),
            Some("openTime high low; ")
        );
        for text in
            ["Each entry is `[1, 2]`.", "Each is one of [`A`, `B`].", "Each [is, a](link)", "Each `[a, ...]`", "`[a]`"]
        {
            assert_eq!(names(text), None, "{text}");
        }
        let place = |line| {
            position(line).map(|own| {
                let mark = if own.is_marked { "!" } else { "" };
                let kind = own.kind.map(|kind| format!(" {kind}")).unwrap_or_default();
                format!("{} {}{mark}{kind}", own.index, own.name)
            })
        };
        assert_eq!(place("0: open time").as_deref(), Some("0 openTime"));
        assert_eq!(place("`[3]` - close price, in the quote asset").as_deref(), Some("3 closePrice!"));
        assert_eq!(place("1. `volume` (of the day)").as_deref(), Some("1 volume!"));
        assert_eq!(place("1. Call it once.").as_deref(), Some("1 callItOnce"));
        assert_eq!(place("1) Call `ping` once.").as_deref(), Some("1 callPingOnce"));
        assert_eq!(place("10 orders are open"), None);
        assert_eq!(place("[3] LEFT_OVER float").as_deref(), Some("3 LEFT_OVER! number"));
        assert_eq!(place("0: open time (integer)").as_deref(), Some("0 openTime integer"));
        assert_eq!(place("0: open timestamp").as_deref(), Some("0 openTimestamp"));
    }

    /// Returns the columns that the lines of a section name, and the texts of its remarks.
    fn listed(lines: &[&str]) -> (Vec<String>, Vec<String>) {
        let mut remarks = Vec::new();
        let text = format!("# A\n\n{}\n", lines.join("\n\n"));
        let blocks = crate::blocks::read(&text, 0);
        let all = crate::sections::divide(&blocks.blocks);
        let named = all.iter().flat_map(|section| named_in(section, &mut remarks)).collect::<Vec<Named>>();
        let names = |own: &Named| own.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ");
        (named.iter().map(names).collect(), remarks.into_iter().map(|own| own.text).collect())
    }

    #[test]
    fn a_numbered_list_names_columns_only_if_the_text_says_so() {
        let columns = |lines: &[&str]| listed(lines).0;
        let steps = ["1. Call it once.", "2. Apply the changes."];
        assert!(columns(&steps).is_empty());
        assert!(columns(&["To keep a book:", "1) Call it once.", "2) Apply the changes."]).is_empty());
        assert!(columns(&["To keep a book:", "1: Call it once", "2: Apply the changes"]).is_empty());
        assert!(columns(&["To read all rows:", "1. Call `ping`", "2. Call it again"]).is_empty());
        assert!(columns(&["For each of the rows:", "1. Call `ping` once.", "2. Apply the changes."]).is_empty());
        assert!(columns(&["0. Open the socket.", "1. Apply the changes."]).is_empty());
        assert_eq!(columns(&["0. time", "1. price"]), ["time price"]);
        assert_eq!(columns(&["Each row is an array:", "1. time", "2. price"]), ["time price"]);
        assert_eq!(columns(&["Each row is an array:", "1. time int", "2. price (float)"]), ["time price"]);
        assert!(columns(&["For each of the rows:", "1. Send it as string.", "2. Read an int"]).is_empty());
        assert_eq!(columns(&["Prices:", "1. `time`", "2. `price`"]), ["time price"]);
        assert_eq!(columns(&["Prices:", "- 0: time", "- 1: price"]), ["time price"]);
        assert_eq!(columns(&["Prices:", "- [1] time", "- [2] price"]), ["time price"]);
        // Two lists, one after the other.
        assert_eq!(columns(&["0: time", "1: price", "0: id", "1: size"]), ["time price", "id size"]);
        assert_eq!(columns(&["Rows:", "1. time", "2. price", "1. id", "2. size"]), ["time price", "id size"]);
        assert!(columns(&["No | Step\n--- | ---\n1 | Call it once\n2 | Apply the changes"]).is_empty());
        assert_eq!(columns(&["No | Name\n--- | ---\n1 | `time`\n2 | `price`"]), ["time price"]);
        assert_eq!(columns(&["Each row is an array of:", "- `time` its time", "- `price` a price"]), ["time price"]);
        assert!(columns(&["Each row has:", "- `time` its time", "- `price` a price"]).is_empty());
        assert_eq!(columns(&["```\n[\n [MTS, OPEN, CLOSE], // a row\n ...\n]\n```"]), ["MTS OPEN CLOSE"]);
        assert_eq!(columns(&["```\n[bid, ask]\n```"]), ["bid ask"]);
        for code in ["[1, 2]", "[\"a\", \"b\"]", "[true, false]", "[a]", "f(a, [b, c])"] {
            assert!(columns(&[&format!("```\n{code}\n```")]).is_empty(), "{code}");
        }
        assert_eq!(columns(&["Index | Name | Type\n--- | --- | ---\n[0] | OK | int"]), ["OK"]);
        assert_eq!(columns(&["Index | Name\n--- | ---\n[0] | a\n[1] | b\n[1][0] | c"]), ["a b"]);
        assert!(columns(&["Index | Name\n--- | ---\n0 | time\n2 | price"]).is_empty());
        assert!(columns(&["Index | Name\n--- | ---\n1 | time\n1 | price"]).is_empty());
    }

    #[test]
    fn a_list_of_columns_with_a_gap_is_not_read_and_the_report_says_so() {
        let gap = vec!["a list of columns with numbers that do not follow each other".to_owned()];
        for lines in [["0: time", "1: price", "3: size"], ["0: time", "2: price", "3: size"], ["0: a", "1: b", "1: c"]]
        {
            assert_eq!(listed(&lines), (Vec::new(), gap.clone()), "{lines:?}");
        }
        let twice = vec!["a list of columns with a name twice".to_owned()];
        assert_eq!(listed(&["0: time", "1: time"]), (Vec::new(), twice));
    }
}
