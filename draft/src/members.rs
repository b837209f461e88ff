//! The members of an object, from the rows of a table. `»` before a name is its depth.

use crate::access::sentences;
use crate::columns::{Column, Columns, flag};
use crate::document::Lines;
use crate::enums;
use crate::facts::{Confidence, Form, Member, Remark, RemarkKind, Schema};
use crate::inline;
use crate::prose;
use crate::sample;
use crate::table::{Row, Table};
use crate::types;

/// A row of a table of members.
#[derive(Clone, Debug)]
pub(crate) struct MemberRow {
    pub(crate) depth: usize,
    pub(crate) name: String,
    pub(crate) place: String,
    pub(crate) at: Lines,
    pub(crate) schema: Schema,
    pub(crate) has_type: bool,
    pub(crate) required: Option<bool>,
    pub(crate) is_conditional: bool,
    pub(crate) note: String,
    /// `oneOf`, `anyOf` or `allOf`, if the row is one of several alternatives.
    pub(crate) choice: Option<&'static str>,
}

impl MemberRow {
    /// Creates the row of a name of which a text only says whether it is required.
    pub(crate) fn named(name: String, required: bool, at: Lines) -> Self {
        Self {
            depth: 0,
            name,
            place: String::new(),
            at,
            schema: Schema::new(at, Form::Any),
            has_type: false,
            required: Some(required),
            is_conditional: false,
            note: String::new(),
            choice: None,
        }
    }
}

/// The name of a value without a name.
pub(crate) const ANONYMOUS: &str = "*anonymous*";
/// The name of the values of a map.
pub(crate) const ADDITIONAL: &str = "**additionalProperties**";

/// Reads the rows of a table.
pub(crate) fn rows(table: &Table, columns: &Columns, document: usize, choice: Option<&'static str>) -> Vec<MemberRow> {
    let mut out: Vec<MemberRow> = Vec::new();
    let mut indents: Vec<usize> = Vec::new();
    let goes_on =
        |row: &Row| columns.goes_on(row, Column::Name) || split_depth(columns.get(row, Column::Name)).1.is_empty();
    for (index, row) in table.rows.iter().enumerate() {
        if goes_on(row) {
            continue;
        }
        let mut at = Lines::one(document, row.line);
        let cell = columns.get(row, Column::Name);
        let (mut depth, name) = split_depth(cell);
        if depth == 0 {
            // Spaces in front of a name show its depth too.
            let indent = indent(cell);
            indents.retain(|above| *above < indent);
            depth = indents.len();
            indents.push(indent);
        }
        let type_cell = columns.get(row, Column::Type);
        let mut note = columns.get(row, Column::Description).to_owned();
        let mut listed = columns.get(row, Column::Value).to_owned();
        // The text of a row goes on in the rows without a name.
        for more in table.rows.iter().skip(index + 1).take_while(|row| goes_on(row)) {
            at = at.to(Lines::one(document, more.line));
            for (text, column) in [(&mut note, Column::Description), (&mut listed, Column::Value)] {
                if !columns.goes_on(more, column) {
                    text.push(' ');
                    text.push_str(columns.get(more, column));
                }
            }
        }
        let mut schema = types::read(type_cell, at);
        let in_type = types::values(type_cell);
        if !in_type.is_empty() {
            let is_number = in_type.iter().all(|value| sample::is_integer(value) && venuekit_json::is_number(value));
            schema = Schema::scalar(at, if is_number { "integer" } else { "string" });
            schema.values = in_type.into_iter().map(|value| (value, at)).collect();
        }
        let mut required = if columns.has(Column::Required) {
            Some(flag(columns.get(row, Column::Required)).unwrap_or(false))
        } else if columns.has(Column::Optional) {
            flag(columns.get(row, Column::Optional)).map(|optional| !optional)
        } else {
            None
        };
        let mut name = name;
        if let Some((own, value)) = split_mark(&name) {
            required = required
                .filter(|_| columns.has(Column::Required) && !columns.get(row, Column::Required).trim().is_empty())
                .or(Some(value));
            name = own;
        }
        if let Some(own) = name.strip_prefix('"').and_then(|own| own.strip_suffix('"')) {
            name = own.to_owned();
        }
        let restrictions = columns.get(row, Column::Restrictions).to_ascii_lowercase();
        schema.read_only = restrictions.contains("read-only");
        if columns.has(Column::Default) {
            let default = inline::plain(columns.get(row, Column::Default));
            // Without a type, `false` may say that there is no default.
            let is_flag = matches!(schema.form, Form::Scalar { kind: "boolean", .. });
            let is_value = match default.to_lowercase().as_str() {
                "" | "-" | "none" | "n/a" | "null" | "no" => false,
                "false" => is_flag,
                _ => true,
            };
            if matches!(schema.form, Form::Any) && !columns.has(Column::Type) {
                schema.form = of_default(&default);
            }
            schema.default = Some(default).filter(|_| is_value);
        }
        if types::is_enum(type_cell) {
            schema.values = stated_values(&note, at);
            schema.is_open_enum = schema.values.is_empty();
        }
        if columns.has(Column::Value) && columns.has(Column::Type) {
            let mut values = inline::code_spans(&listed);
            if values.len() < 2 {
                let kind = if let Form::Scalar { kind, .. } = &schema.form { Some(*kind) } else { None };
                values = prose::values(&listed, kind);
            }
            if values.len() > 1 {
                schema.values = values.into_iter().map(|value| (value, at)).collect();
            }
        }
        let place = inline::plain(columns.get(row, Column::Place)).to_lowercase();
        let has_type = !type_cell.trim().is_empty();
        if !columns.has(Column::Restrictions) {
            // Generators list the values of parameters in tables of their own.
            let is_generated = columns.has(Column::Place) && !columns.has(Column::Value);
            prose(&mut schema, &note, is_generated, at);
        }
        let mark = columns.get(row, Column::Required);
        let is_clear = mark.trim().is_empty() || flag(mark).is_some() && inline::words(mark).len() <= 2;
        let is_conditional = !is_clear
            || matches!(inline::plain(mark).to_lowercase().as_str(), "c" | "cond")
            || prose::is_conditional(mark)
            || prose::is_conditional(&note);
        required = required.or_else(|| prose::required(&note).filter(|_| !is_conditional));
        let own = MemberRow { depth, name, place, at, schema, has_type, required, is_conditional, note, choice };
        match several(&own.name) {
            Some((names, are_alternatives)) => out.extend(names.into_iter().map(|name| MemberRow {
                name,
                required: if are_alternatives { Some(false) } else { own.required },
                is_conditional: own.is_conditional || are_alternatives,
                ..own.clone()
            })),
            None => out.push(own),
        }
    }
    without_artefacts(&mut out);
    out
}

/// Splits a mark from a name: `limit (optional)`, `limit _optional_`.
fn split_mark(name: &str) -> Option<(String, bool)> {
    let (own, mark) = name.rsplit_once([' ', '\u{a0}'])?;
    let value = match mark.trim_matches(['(', ')', '[', ']', '_', '*']).to_lowercase().as_str() {
        "required" | "mandatory" => true,
        "optional" => false,
        _ => return None,
    };
    Some((own.trim_end_matches([',', ' ', '\u{a0}']).to_owned(), value)).filter(|(own, _)| !own.is_empty())
}

/// Splits the names of a row about several members: `from, to`, `id or cid`. Returns whether one of
/// them is sent.
fn several(name: &str) -> Option<(Vec<String>, bool)> {
    let is_name = |own: &String| {
        own.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && own.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    [(" or ", true), (" / ", true), (",", false), (" and ", false)].into_iter().find_map(|(joint, are_alternatives)| {
        let names: Vec<String> = name.split(joint).map(|own| own.trim().to_owned()).collect();
        (names.len() > 1 && names.iter().all(is_name)).then_some((names, are_alternatives))
    })
}

/// Returns a remark for each row of an enum whose values the table does not list, and for columns
/// that are not known.
pub(crate) fn unread(table: &Table, columns: &Columns, rows: &[MemberRow], at: Lines) -> Vec<Remark> {
    let mut out = Vec::new();
    let unknown: Vec<String> = columns.unknown(table).map(|name| format!("`{name}`")).collect();
    if !unknown.is_empty() {
        let text = format!("the columns {} of a table: their meaning is not known", unknown.join(", "));
        out.push(Remark::unread(at, text));
    }
    if columns.has(Column::Required) {
        let is_unclear = |row: &&Row| {
            let mark = columns.get(row, Column::Required);
            !mark.trim().is_empty() && flag(mark).is_none()
        };
        for row in table.rows.iter().filter(is_unclear) {
            let (_, name) = split_depth(columns.get(row, Column::Name));
            out.push(Remark {
                kind: RemarkKind::Guess(Confidence::Low),
                at: Lines::one(at.document, row.line),
                other: None,
                text: format!("`{name}` is optional: its mark says neither yes nor no"),
            });
        }
    }
    for row in table.rows.iter().filter(|_| columns.has(Column::Type)) {
        let cell = columns.get(row, Column::Type);
        let own = rows.iter().find(|own| own.at.first == row.line);
        let is_unknown = |own: &&MemberRow| matches!(own.schema.form, Form::Any) && !types::is_open(cell);
        if let Some(own) = own.filter(is_unknown) {
            let text = format!("the type `{}` of `{}`: it is not known", inline::plain(cell).trim(), own.name);
            out.push(Remark::unread(own.at, text));
        }
    }
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| row.name == ADDITIONAL) {
        let is_beside = |other: &&MemberRow| other.depth == row.depth && other.name != ADDITIONAL;
        let before = rows.iter().take(index).rev().take_while(|other| other.depth >= row.depth);
        let behind = rows.iter().skip(index + 1).take_while(|other| other.depth >= row.depth);
        if before.chain(behind).any(|other| is_beside(&other)) {
            let text = "the values of further members, beside those with names: write `additionalProperties`";
            out.push(Remark::unread(row.at, text));
        }
    }
    // A name with a sign can stand for several members.
    let is_odd = |row: &&MemberRow| row.name.contains(['/', ',', '|', '"', '(']);
    for row in rows.iter().filter(is_odd) {
        out.push(Remark {
            kind: RemarkKind::Guess(Confidence::Low),
            at: row.at,
            other: None,
            text: format!("`{}` is the name of one value, as it is written", row.name),
        });
    }
    let silent: Vec<&MemberRow> = rows.iter().filter(|own| is_silent(own)).collect();
    if let (false, Some(first)) = (columns.has(Column::Restrictions), silent.first()) {
        let names: Vec<String> = silent.iter().map(|own| own.name.clone()).collect();
        let at = silent.iter().fold(first.at, |at, own| at.to(own.at));
        out.push(Remark::unread(at, self::silent(&names)));
    }
    for row in table.rows.iter().filter(|row| types::is_enum(columns.get(row, Column::Type))) {
        let own = rows.iter().find(|own| own.at.first == row.line);
        let has_values = |schema: &Schema| match &schema.form {
            Form::Array(items) => !items.values.is_empty(),
            _ => !schema.values.is_empty(),
        };
        if let Some(own) = own.filter(|own| !has_values(&own.schema)) {
            out.push(Remark::unread(own.at, format!("{} `{}`: the table lists none", enums::OPEN, own.name)));
        }
    }
    out
}

/// The beginning of a remark on texts that gave no fact.
pub(crate) const SILENT: &str = "values in the text about ";

/// Returns the remark on the texts about some values that gave no fact.
pub(crate) fn silent(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    format!("{SILENT}{}: no enum, bound or default was read", names.join(", "))
}

/// Returns whether no text states a bound or a default of a value.
pub(crate) fn is_unbounded(schema: &Schema) -> bool {
    let bounds = &schema.bounds;
    let all = [&bounds.minimum, &bounds.maximum, &bounds.min_length, &bounds.max_length, &bounds.default];
    all.iter().all(|own| own.is_none())
}

/// Returns whether the text about a value has marked values or a number, and gave no fact.
fn is_silent(row: &MemberRow) -> bool {
    let schema = match &row.schema.form {
        Form::Array(items) => items,
        _ => &row.schema,
    };
    let is_scalar = matches!(schema.form, Form::Scalar { .. } | Form::Any);
    let has_fact = !schema.values.is_empty() || schema.default.is_some() || !is_unbounded(&row.schema);
    is_scalar && !has_fact && prose::is_telling(&row.note)
}

/// Adds what the text about a value states: its values, its bounds and its default.
pub(crate) fn prose(schema: &mut Schema, note: &str, has_place: bool, at: Lines) {
    if let Form::Array(items) = &mut schema.form {
        let kind = match &items.form {
            Form::Scalar { kind, .. } => Some(*kind),
            Form::Any => None,
            _ => return,
        };
        if items.values.is_empty() && !has_place {
            items.values = prose::values(note, kind).into_iter().map(|value| (value, at)).collect();
            if kind.is_none() && !items.values.is_empty() {
                items.form = Form::Scalar { kind: "string", format: None };
            }
        }
        return;
    }
    let own = schema;
    let kind = match &own.form {
        Form::Scalar { kind, .. } => Some(*kind),
        Form::Any => None,
        _ => return,
    };
    if own.values.is_empty() && !has_place {
        own.values = prose::values(note, kind).into_iter().map(|value| (value, at)).collect();
    }
    // A value that is one of several texts is a text.
    let are_numbers = own.values.iter().all(|(value, _)| sample::is_integer(value) && venuekit_json::is_number(value));
    let listed = if are_numbers { "integer" } else { "string" };
    if kind.is_none() && !own.values.is_empty() {
        own.form = Form::Scalar { kind: listed, format: None };
    }
    if let Some(kind) = kind.or_else(|| (!own.values.is_empty()).then_some(listed)) {
        own.bounds = prose::bounds(note, kind);
    }
}

/// Returns the type of a default value, if it shows one.
fn of_default(default: &str) -> Form {
    let kind = match default {
        "true" | "false" => "boolean",
        text if venuekit_json::is_number(text) => {
            if sample::is_integer(text) {
                "integer"
            } else {
                "number"
            }
        }
        _ => return Form::Any,
    };
    Form::Scalar { kind, format: None }
}

/// Removes what Widdershins 2 writes for schemas that it cannot show: the key of a choice as a row,
/// and a name for a list.
fn without_artefacts(rows: &mut Vec<MemberRow>) {
    let is_old = |row: &MemberRow| row.note == NO_DESCRIPTION && row.depth == 0;
    let is_key = |row: &MemberRow| KEYS.contains(&row.name.as_str()) || row.name.starts_with("x-");
    let is_unknown = |row: &MemberRow| matches!(&row.schema.form, Form::Ref(name) if name == "Unknown");
    let is_artefact = |row: &MemberRow| is_old(row) && is_key(row) && is_unknown(row);
    // The keys of a list: `type`, and the schema of its elements.
    let is_list = rows.iter().any(|row| row.name == "type" && is_artefact(row));
    rows.retain(|row| !is_artefact(row));
    for row in rows.iter_mut().filter(|row| is_old(row)) {
        match row.name.as_str() {
            "additionalProperties" => ADDITIONAL.clone_into(&mut row.name),
            // Its type is that of the elements.
            "items" if is_list => list(&mut row.schema),
            _ => {}
        }
    }
    // The members of the values of a map have the depth of the row of the map.
    if let Some((first, rest)) = rows.split_first_mut()
        && first.name == ADDITIONAL
        && matches!(&first.schema.form, Form::Object(members) if members.is_empty())
        && rest.first().is_some_and(|row| row.depth == 0)
    {
        rest.iter_mut().for_each(|row| row.depth += 1);
    }
    let mut tops = rows.iter_mut().filter(|row| row.depth == 0);
    if let (Some(row), None) = (tops.next(), tops.next()) {
        // A scalar has a description there.
        let is_scalar = matches!(row.schema.form, Form::Scalar { .. }) && row.required == Some(false);
        match row.name.as_str() {
            "anonymous" if is_old(row) => ANONYMOUS.clone_into(&mut row.name),
            "simple" if is_old(row) || is_scalar => ANONYMOUS.clone_into(&mut row.name),
            "items" if is_list && is_old(row) => ANONYMOUS.clone_into(&mut row.name),
            _ => {}
        }
    }
}

/// The keys of schemas that Widdershins 2 writes as rows of the type `Unknown`.
const KEYS: [&str; 19] = [
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "type",
    "nullable",
    "description",
    "title",
    "$ref",
    "example",
    "default",
    "required",
    "properties",
    "enum",
    "format",
    "deprecated",
    "discriminator",
    "externalDocs",
    "undefined",
];

/// The text of Widdershins 2 for a description that is not there.
pub(crate) const NO_DESCRIPTION: &str = "No description";

/// Returns the way that a word between two tables joins them.
pub(crate) fn connector(line: &str) -> Option<Option<&'static str>> {
    match inline::plain(line).as_str() {
        "oneOf" | "xor" => Some(Some("oneOf")),
        "anyOf" | "or" => Some(Some("anyOf")),
        "allOf" | "and" => Some(Some("allOf")),
        "continued" => Some(None),
        _ => None,
    }
}

/// Returns the number of fixed spaces at the beginning of a cell.
fn indent(cell: &str) -> usize {
    let mut rest = cell;
    let mut count = 0;
    while let Some(after) = rest.strip_prefix("&nbsp;").or_else(|| rest.strip_prefix(['\u{a0}', ' '])) {
        count += usize::from(!rest.starts_with(' '));
        rest = after;
    }
    count
}

/// The marks of depth that stand before a name.
const DEPTH: [char; 7] = ['»', '›', '∟', '└', '├', '↳', '→'];

/// Splits the marks of depth from a name.
pub(crate) fn split_depth(cell: &str) -> (usize, String) {
    let mut depth = 0;
    let mut rest = cell.trim();
    loop {
        rest = rest.trim_start_matches(' ');
        if let Some(after) = rest.strip_prefix(DEPTH) {
            depth += 1;
            rest = after;
        } else if let Some(after) = rest.strip_prefix("&gt;").or_else(|| rest.strip_prefix('>')) {
            depth += 1;
            rest = after;
        } else if let Some(after) = ["&nbsp;", "&emsp;", "&ensp;"].iter().find_map(|mark| rest.strip_prefix(mark)) {
            rest = after;
        } else if let Some(after) = rest.trim_start_matches('-').strip_prefix(' ').filter(|_| rest.starts_with("--")) {
            depth += rest.len() - rest.trim_start_matches('-').len();
            rest = after;
        } else if let Some(after) = rest.strip_prefix("- ").or_else(|| rest.strip_prefix('─')) {
            if depth == 0 {
                depth = 1;
            }
            rest = after;
        } else {
            break;
        }
    }
    let name = rest.trim();
    let name = match name {
        ANONYMOUS | "*anonymous" | "_anonymous_" => ANONYMOUS.to_owned(),
        ADDITIONAL => ADDITIONAL.to_owned(),
        name => inline::plain(name),
    };
    (depth, name)
}

/// Returns the values in the text of an enum: those in backticks or in quotes. The values of a
/// later sentence are examples of something else, if the first one lists several.
fn stated_values(note: &str, at: Lines) -> Vec<(String, Lines)> {
    let first = sentences(note).into_iter().map(inline::code_spans).find(|spans| !spans.is_empty());
    let mut values = first.filter(|spans| spans.len() > 1).unwrap_or_else(|| inline::code_spans(note));
    if values.is_empty() {
        values = quoted(note);
    }
    if values.is_empty() {
        let words: Vec<&str> = note.split([',', '/', '|', ';', ' ']).map(str::trim).filter(|w| !w.is_empty()).collect();
        let is_value = |word: &&str| {
            word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit())
        };
        if words.len() > 1 && words.iter().all(is_value) {
            values = words.into_iter().map(str::to_owned).collect();
        }
    }
    distinct(values, at)
}

fn quoted(text: &str) -> Vec<String> {
    let text = text.replace(['“', '”'], "\"");
    text.split('"').skip(1).step_by(2).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
}

fn distinct(values: Vec<String>, at: Lines) -> Vec<(String, Lines)> {
    let mut out: Vec<(String, Lines)> = Vec::new();
    for value in values {
        let value = value.trim_matches(['"', '\'']).to_owned();
        if !out.iter().any(|(own, _)| *own == value) {
            out.push((value, at));
        }
    }
    out
}

/// Moves the alternatives of a member below it. Generators write them at the depth of the member.
fn adopt(rows: &[MemberRow]) -> Vec<MemberRow> {
    let mut out: Vec<MemberRow> = Vec::with_capacity(rows.len());
    let mut owner: Option<usize> = None;
    for row in rows {
        let mut row = row.clone();
        if row.name != ANONYMOUS {
            owner = Some(row.depth);
        } else if row.choice.is_some() && owner == Some(row.depth) {
            row.depth += 1;
        } else if owner.is_some_and(|owner| row.depth <= owner) {
            owner = None;
        }
        out.push(row);
    }
    out
}

/// Splits a name such as `legs[].size` into its parts, each with whether it is a list. Returns
/// `None` for the name of one member.
fn parts(name: &str) -> Option<Vec<(String, bool)>> {
    let part = |text: &str| {
        let own = ["[]", "[*]", "[n]", "[i]", "[0]"].iter().find_map(|mark| text.strip_suffix(mark));
        let name = own.unwrap_or(text);
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        is_name.then(|| (name.to_owned(), own.is_some()))
    };
    let all: Vec<(String, bool)> = name.split('.').map(part).collect::<Option<_>>()?;
    (all.len() > 1 || all.iter().any(|(_, is_list)| *is_list)).then_some(all)
}

/// Moves rows such as `owner.id` below the row `owner`. A name that a sample shows as it is stays.
pub(crate) fn nested(rows: &[MemberRow], is_literal: impl Fn(&str) -> bool) -> Vec<MemberRow> {
    if !rows.iter().any(|row| parts(&row.name).is_some()) {
        return rows.to_vec();
    }
    let least = rows.iter().map(|row| row.depth).min().unwrap_or(0);
    let mut out: Vec<MemberRow> = Vec::new();
    let end = |out: &[MemberRow], parent: Option<usize>| match parent {
        Some(at) => {
            let depth = out.get(at).map_or(0, |row| row.depth);
            at + 1 + out.iter().skip(at + 1).take_while(|row| row.depth > depth).count()
        }
        None => out.len(),
    };
    for (row, below) in children(rows, least) {
        let mut names =
            parts(&row.name).filter(|_| !is_literal(&row.name)).unwrap_or_else(|| vec![(row.name.clone(), false)]);
        let Some((name, is_list)) = names.pop() else { continue };
        let (mut parent, mut depth) = (None, least);
        for (name, is_list) in names {
            let end = end(&out, parent);
            let start = parent.map_or(0, |at: usize| at + 1);
            let is_own = |at: &usize| out.get(*at).is_some_and(|own| own.depth == depth && own.name == name);
            let at = (start..end).find(is_own).unwrap_or(end);
            if at == end {
                let schema = Schema::new(row.at, Form::Object(Vec::new()));
                out.insert(at, MemberRow { schema, place: row.place.clone(), ..MemberRow::named(name, false, row.at) });
                if let Some(own) = out.get_mut(at) {
                    (own.depth, own.required, own.choice) = (depth, None, row.choice);
                }
            }
            if let Some(own) = out.get_mut(at).filter(|_| is_list) {
                list(&mut own.schema);
            }
            (parent, depth) = (Some(at), depth + 1);
        }
        let mut own = MemberRow { name, depth, ..row.clone() };
        if is_list {
            list(&mut own.schema);
        }
        let deeper = below.iter().map(|row| MemberRow { depth: row.depth + depth - least, ..row.clone() });
        let at = end(&out, parent);
        out.splice(at..at, std::iter::once(own).chain(deeper));
    }
    out
}

/// Makes a schema that of a list.
fn list(schema: &mut Schema) {
    if !matches!(schema.form, Form::Array(_)) {
        let items = std::mem::take(schema);
        *schema = Schema::new(items.at, Form::Array(Box::new(items)));
    }
}

/// Returns the schema of the rows that describe one value.
pub(crate) fn schema(rows: &[MemberRow], at: Lines) -> Schema {
    schema_of(&adopt(rows), at)
}

fn schema_of(rows: &[MemberRow], at: Lines) -> Schema {
    let least = rows.iter().map(|row| row.depth).min().unwrap_or(0);
    let tops = children(rows, least);
    let anonymous: Vec<Schema> =
        tops.iter().filter(|(row, _)| row.name == ANONYMOUS).map(|(row, below)| complete(row, below)).collect();
    if anonymous.is_empty() {
        return object(&tops, at);
    }
    one_of(&tops, anonymous, at)
}

/// Returns one schema, or the choice of several.
fn one_of(tops: &[(&MemberRow, &[MemberRow])], mut of: Vec<Schema>, at: Lines) -> Schema {
    let how = tops.iter().find_map(|(row, _)| row.choice);
    if of.len() == 1 && how.is_none_or(|how| how != "allOf") {
        return of.pop().unwrap_or_default();
    }
    let named: Vec<(&MemberRow, &[MemberRow])> =
        tops.iter().filter(|(row, _)| row.name != ANONYMOUS).copied().collect();
    if !named.is_empty() {
        of.push(object(&named, at));
    }
    Schema::new(at, Form::Choice { how: how.unwrap_or("oneOf"), of })
}

/// Splits rows into those of a depth, each with the deeper rows that follow it.
fn children(rows: &[MemberRow], depth: usize) -> Vec<(&MemberRow, &[MemberRow])> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let rest = rows.get(at + 1..).unwrap_or(&[]);
        let length = rest.iter().take_while(|below| below.depth > depth).count();
        out.push((row, rest.get(..length).unwrap_or(&[])));
        at += length + 1;
    }
    out
}

fn object(tops: &[(&MemberRow, &[MemberRow])], at: Lines) -> Schema {
    let additional = tops.iter().find(|(row, _)| row.name == ADDITIONAL);
    let named: Vec<Member> =
        tops.iter().filter(|(row, _)| row.name != ADDITIONAL).map(|(row, below)| member(row, below)).collect();
    match additional {
        Some((row, below)) if named.is_empty() => Schema::new(at, Form::Map(Box::new(complete(row, below)))),
        _ => Schema::new(at, Form::Object(named)),
    }
}

/// Returns the member of a row, with the rows below it.
pub(crate) fn member(row: &MemberRow, below: &[MemberRow]) -> Member {
    Member {
        name: row.name.clone(),
        at: row.at,
        required: row.required,
        states_required: row.required.is_some(),
        states_type: row.has_type,
        schema: complete(row, below),
        is_conditional: row.is_conditional,
        in_table: true,
        other_type: None,
        note: row.note.clone(),
    }
}

/// Returns the members of rows, at the least depth.
pub(crate) fn members(rows: &[MemberRow]) -> Vec<Member> {
    let rows = &adopt(rows);
    let least = rows.iter().map(|row| row.depth).min().unwrap_or(0);
    children(rows, least).into_iter().map(|(row, below)| member(row, below)).collect()
}

/// Completes the type of a row by the rows below it.
fn complete(row: &MemberRow, below: &[MemberRow]) -> Schema {
    let mut schema = row.schema.clone();
    if below.is_empty() {
        return schema;
    }
    let inner = || schema_of(below, row.at);
    let is_ref = match &schema.form {
        Form::Ref(_) => true,
        Form::Array(items) => matches!(items.form, Form::Ref(_)),
        _ => false,
    };
    if is_ref {
        schema.inline = Some(Box::new(schema_of(below, row.at)));
        return schema;
    }
    schema.form = match schema.form {
        Form::Ref(name) => Form::Ref(name),
        Form::Array(items) => match items.form {
            Form::Any | Form::Object(_) => Form::Array(Box::new(inner())),
            Form::Array(_) => {
                let inner = inner();
                let is_item = matches!(inner.form, Form::Array(_));
                let item = if is_item { inner } else { Schema::new(row.at, Form::Array(Box::new(inner))) };
                Form::Array(Box::new(item))
            }
            form => Form::Array(Box::new(Schema { form, ..*items })),
        },
        Form::Map(values) => Form::Map(values),
        Form::Any | Form::Object(_) | Form::Choice { .. } | Form::Tuple(_) | Form::Scalar { .. } => inner().form,
    };
    schema
}
