//! The values of enums that a document defines once, under the name of their property:
//! `Order side (side):` and a list or a table of the values.

use crate::document::Lines;
use crate::facts::{Facts, Form, Member, Schema};
use crate::inline;
use crate::sections::{Item, ItemKind, Section};

/// The values of the properties with these names.
struct Definition {
    names: Vec<String>,
    values: Vec<(String, Lines)>,
    /// The table of the values; `None` for a list.
    table: Option<Lines>,
}

/// Adds the values that the document defines to the enums of these names whose tables list none.
pub(crate) fn fill(facts: &mut Facts, sections: &[Section]) {
    let all: Vec<Definition> = sections.iter().flat_map(definitions).filter(|own| own.values.len() > 1).collect();
    let mut found: Vec<Lines> = Vec::new();
    let operations = facts.operations.iter_mut().flat_map(|own| {
        let parameters = own.parameters.iter_mut().map(|own| &mut own.member);
        let body = own.body.iter_mut().map(|body| &mut body.schema);
        let responses = own.responses.iter_mut().filter_map(|response| response.schema.as_mut());
        let schemas: Vec<&mut Schema> = body.chain(responses).collect();
        parameters.map(Part::Member).chain(schemas.into_iter().map(Part::Schema)).collect::<Vec<_>>()
    });
    let methods = facts.methods.iter_mut().flat_map(|own| {
        let members = own.forms.iter_mut().flat_map(|(_, members)| members);
        let members: Vec<Part<'_>> = members.map(Part::Member).collect();
        members.into_iter().chain(own.result.iter_mut().map(Part::Schema))
    });
    let schemas = facts.schemas.iter_mut().map(|(_, schema)| Part::Schema(schema));
    for part in operations.chain(methods).chain(schemas) {
        match part {
            Part::Member(member) => visit_member(member, &all, &mut found, 0),
            Part::Schema(schema) => visit(schema, &all, &mut found, 0),
        }
    }
    let tables: Vec<Lines> = all.iter().filter_map(|own| own.table).collect();
    facts.remarks.retain(|own| {
        let is_filled = own.text.starts_with(OPEN) && found.contains(&own.at);
        let is_definition = tables.contains(&own.at) && own.text.starts_with("a table outside operations");
        !(is_filled || is_definition)
    });
}

/// The beginning of the remark on an enum without values.
pub(crate) const OPEN: &str = "the values of the enum";

enum Part<'a> {
    Member(&'a mut Member),
    Schema(&'a mut Schema),
}

fn visit_member(member: &mut Member, all: &[Definition], found: &mut Vec<Lines>, depth: usize) {
    let schema = &mut member.schema;
    if schema.is_open_enum
        && schema.values.is_empty()
        && let Some(definition) = all.iter().find(|own| own.names.contains(&member.name))
    {
        schema.values.clone_from(&definition.values);
        found.push(member.at);
    }
    visit(&mut member.schema, all, found, depth + 1);
}

fn visit(schema: &mut Schema, all: &[Definition], found: &mut Vec<Lines>, depth: usize) {
    if depth > 32 {
        return;
    }
    if let Some(inline) = &mut schema.inline {
        visit(inline, all, found, depth + 1);
    }
    match &mut schema.form {
        Form::Object(members) | Form::Tuple(members) => {
            members.iter_mut().for_each(|own| visit_member(own, all, found, depth + 1));
        }
        Form::Array(items) | Form::Map(items) => visit(items, all, found, depth + 1),
        Form::Choice { of, .. } => of.iter_mut().for_each(|one| visit(one, all, found, depth + 1)),
        Form::Any | Form::Scalar { .. } | Form::Ref(_) => {}
    }
}

/// Returns the definitions in a section.
fn definitions(section: &Section) -> Vec<Definition> {
    let mut out: Vec<Definition> = Vec::new();
    let mut is_open = false;
    let new = |names| Definition { names, values: Vec::new(), table: None };
    if let Some(names) = names_in(&section.heading) {
        out.push(new(names));
        is_open = true;
    }
    for item in &section.items {
        match &item.kind {
            ItemKind::Line(line) if !item.is_element => {
                let names = names_in(line);
                // Words between the name and the list change nothing.
                is_open = names.is_some() || is_open && out.last().is_some_and(|own| own.values.is_empty());
                out.extend(names.map(new));
            }
            ItemKind::Line(line) if is_open => match (value_in(line), out.last_mut()) {
                (Some(value), Some(own)) => own.values.push((value, item.at)),
                _ => is_open = false,
            },
            ItemKind::Table { .. } if is_open => {
                if let Some(own) = out.last_mut().filter(|own| own.values.is_empty()) {
                    own.values = values_of(item);
                    own.table = Some(item.at);
                }
                is_open = false;
            }
            _ => {}
        }
    }
    out
}

/// Returns the values in the first column of a table, if each cell is one.
fn values_of(item: &Item) -> Vec<(String, Lines)> {
    let ItemKind::Table { table, .. } = &item.kind else { return Vec::new() };
    let value = |row: &crate::table::Row| {
        let cell = inline::plain(row.cells.first()?);
        let at = Lines::one(item.at.document, row.line);
        is_value(&cell).then_some((cell, at))
    };
    table.rows.iter().map(value).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// Returns the names in brackets at the end of a title: `Order types (orderTypes, type):`.
fn names_in(title: &str) -> Option<Vec<String>> {
    let plain = inline::plain(title);
    let trimmed = plain.trim().trim_end_matches([':', '：']).trim_end();
    let (before, inner) = trimmed.strip_suffix(')')?.rsplit_once('(')?;
    let names: Vec<String> = inner.split(',').map(|name| name.trim().to_owned()).collect();
    let is_name = |name: &String| {
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    (!before.trim().is_empty() && before.len() < 60 && names.iter().all(is_name)).then_some(names)
}

/// Returns the value at the beginning of an element of a list.
fn value_in(line: &str) -> Option<String> {
    let plain = inline::plain(line);
    let plain = plain.trim();
    let first = plain.split([' ', ':', '：', '=']).next().unwrap_or("");
    let rest = plain.get(first.len()..).unwrap_or("").trim_start();
    let is_explained = rest.is_empty() || rest.starts_with([':', '：', '=', '-', '–', '—', '(']);
    (is_value(first) && is_explained).then(|| first.to_owned())
}

fn is_value(text: &str) -> bool {
    !text.is_empty() && text.len() < 40 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}
