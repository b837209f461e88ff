//! The schemas that a document describes in sections of their own.

use crate::columns::TableKind;
use crate::document::Lines;
use crate::facts::{Form, Member, Remark, RemarkKind, Schema};
use crate::infer::{infer, is_placeholder};
use crate::inline;
use crate::members::{self, MemberRow};
use crate::sample::{self, Node};
use crate::sections::{ItemKind, Section};
use crate::values;

/// Reads the section of a schema. Returns `None` if it has neither a table nor a sample.
pub(crate) fn read(section: &Section, remarks: &mut Vec<Remark>) -> Option<(String, Schema)> {
    let mut rows: Vec<MemberRow> = Vec::new();
    let mut listed: Vec<(String, String, Lines)> = Vec::new();
    let mut sample: Option<(Node, usize)> = None;
    let mut choice = None;
    for item in &section.items {
        let document = item.at.document;
        match &item.kind {
            ItemKind::Line(line) => {
                if let Some(how) = members::connector(line) {
                    choice = how;
                }
            }
            ItemKind::Code { text, first, .. } if sample.is_none() => {
                let node = sample::read(text, *first).into_iter().next().or_else(|| sample::scalar(text, *first));
                sample = node.map(|node| (node, document));
            }
            ItemKind::Table { table, columns } => match columns.kind {
                TableKind::Values => {
                    for row in &table.rows {
                        let (_, name) = members::split_depth(row.cells.first().map_or("", String::as_str));
                        let value = row.cells.get(1).map(|cell| inline::plain(cell)).unwrap_or_default();
                        listed.push((name, value, Lines::one(document, row.line)));
                    }
                }
                TableKind::Members => {
                    let own = members::rows(table, columns, document, choice);
                    remarks.extend(members::unread(table, columns, &own, item.at));
                    rows.extend(own);
                }
                _ => {}
            },
            _ => {}
        }
    }
    if rows.is_empty() && sample.is_none() {
        return None;
    }
    let name = section.heading.clone();
    let mut schema = match (&sample, rows.is_empty()) {
        (Some((node, document)), true) => infer(node, *document),
        _ => members::schema(&rows, section.at),
    };
    schema.at = section.at;
    if let Some((node, document)) = &sample {
        compare(&name, &mut schema, node, *document, remarks);
    }
    for (member, value, at) in &listed {
        values::add_named(&mut schema, member, value, *at);
    }
    Some((name, schema))
}

/// Completes a schema by its sample: old generators leave out that a schema is a list or a map.
fn compare(name: &str, schema: &mut Schema, node: &Node, document: usize, remarks: &mut Vec<Remark>) {
    complete(schema, node, document);
    check(name, schema, node, document, remarks);
}

/// Completes a schema by its sample.
pub(crate) fn complete(schema: &mut Schema, node: &Node, document: usize) {
    let is_list = matches!(node.value, sample::Value::Array(_));
    let is_element = match &schema.form {
        Form::Object(members) => !members.is_empty(),
        Form::Choice { .. } => true,
        _ => false,
    };
    if is_list && is_element {
        let items = Schema { form: std::mem::take(&mut schema.form), ..Schema::new(schema.at, Form::Any) };
        schema.form = Form::Array(Box::new(items));
        return;
    }
    let names: Vec<&String> = node.members().iter().map(|(name, _)| name).collect();
    let is_map = !names.is_empty() && names.iter().all(|name| is_placeholder(name));
    if is_map && matches!(&schema.form, Form::Object(members) if members.is_empty()) {
        *schema = Schema { at: schema.at, ..infer(node, document) };
        return;
    }
    fill(schema, node, document);
}

/// Adds what only the sample shows: the elements of a list, and the values of a map.
fn fill(schema: &mut Schema, node: &Node, document: usize) {
    match &mut schema.form {
        Form::Object(members) => {
            for member in members {
                let Some(own) = node.get(&member.name) else { continue };
                let is_empty = matches!(&member.schema.form, Form::Object(members) if members.is_empty());
                let names = own.members();
                if is_empty && !names.is_empty() && names.iter().all(|(name, _)| is_placeholder(name)) {
                    let at = member.schema.at;
                    member.schema.form = Schema { at, ..infer(own, document) }.form;
                }
                fill(&mut member.schema, own, document);
            }
        }
        Form::Array(items) => {
            if let Some(first) = node.elements().first() {
                let is_open = matches!(&items.form, Form::Array(inner) if matches!(inner.form, Form::Any));
                if is_open && !first.elements().is_empty() {
                    **items = Schema { at: items.at, ..infer(first, document) };
                }
                fill(items, first, document);
            }
        }
        _ => {}
    }
}

/// Compares the table of a schema with its sample.
pub(crate) fn check(name: &str, schema: &Schema, node: &Node, document: usize, remarks: &mut Vec<Remark>) {
    let Form::Object(members) = &schema.form else {
        if let (Form::Array(items), Some(first)) = (&schema.form, node.elements().first()) {
            check(name, items, first, document, remarks);
        }
        return;
    };
    let mut remark = |at, line: usize, text| {
        let other = Some(Lines::one(document, line));
        remarks.push(Remark { kind: RemarkKind::Contradiction, at, other, text });
    };
    for (own, value) in node.members() {
        match members.iter().find(|member| member.name == *own) {
            Some(member) => check_member(name, member, value, document, &mut remark),
            None if !members.is_empty() && !is_placeholder(own) => {
                remark(schema.at, value.line, format!("`{name}`: `{own}` is in the sample and not in the table"));
            }
            None => {}
        }
    }
}

fn check_member(
    name: &str,
    member: &Member,
    value: &Node,
    document: usize,
    remark: &mut impl FnMut(Lines, usize, String),
) {
    let shown = infer(value, document);
    if crate::refine::contradicts(&member.schema, &shown) {
        let (stated, shown) = (member.schema.type_name(), shown.type_name());
        let text = format!("`{name}`: `{}` is {stated} in the table and {shown} in the sample", member.name);
        remark(member.at, value.line, text);
    }
}
