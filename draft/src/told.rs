//! The values of enums that running text states: "`state` is one of `open` and `filled`", or
//! "Possible values of `state`:" and a list.

use crate::access::{paragraphs, sentences};
use crate::columns::TableKind;
use crate::document::Lines;
use crate::facts::{Facts, Form, Member, Method, Operation, Remark, RemarkKind, Schema};
use crate::inline;
use crate::prose;
use crate::sample::Node;
use crate::sections::{ItemKind, Section};
use crate::table::{Row, Table};

/// The values of a member, and where they are stated.
struct Definition {
    name: String,
    values: Vec<(String, Lines)>,
    at: Lines,
    table: Option<Lines>,
    /// The name stands in backticks, so that it is one of a member.
    is_marked: bool,
}

/// Adds the values that the text of a section states to the members of its operation. The values in
/// a section without an operation are those of all members with the name.
pub(crate) fn fill(facts: &mut Facts, sections: &[Section]) {
    let mut remarks = Vec::new();
    let mut tables: Vec<Lines> = Vec::new();
    for section in sections {
        for own in definitions(section) {
            let at = section.at;
            let is_own = |other: Lines| other.document == at.document && other.first == at.first;
            let operation = facts.operations.iter().position(|operation| is_own(operation.at));
            let method = facts.methods.iter().position(|method| is_own(method.at));
            // "The status is .." can speak about something else.
            let own_operation = operation.and_then(|index| facts.operations.get(index));
            if !own.is_marked && !own_operation.is_some_and(|operation| shows(operation, &own)) {
                continue;
            }
            let mut found = Found::default();
            let mut add = |member: &mut Member| found.add(member, &own);
            let own_method = method.and_then(|index| facts.methods.get(index));
            let names = match (own_operation, own_method) {
                (Some(operation), _) => names_members(operation, &own),
                (None, Some(method)) => names_parameters(method, &own),
                (None, None) => false,
            };
            if names {
                let values: Vec<String> = own.values.iter().map(|(value, _)| format!("`{value}`")).collect();
                let values = values.join(", ");
                let text = format!("the values of `{}`: {values} are names of parameters too", own.name);
                remarks.push(Remark::unread(own.at, text));
                continue;
            }
            match (operation.and_then(|index| facts.operations.get_mut(index)), method) {
                (Some(operation), _) => each_of_operation(operation, &mut add),
                (None, Some(index)) => {
                    let method = facts.methods.get_mut(index);
                    method.into_iter().for_each(|method| {
                        let members = method.forms.iter_mut().flat_map(|(_, members)| members);
                        members.for_each(|member| each(member, &mut add, 0));
                        method.result.iter_mut().for_each(|schema| below(schema, &mut add, 0));
                    });
                }
                (None, None) => {
                    let others = facts.operations.iter_mut().filter(|one| !names_members(one, &own));
                    others.for_each(|operation| each_of_operation(operation, &mut add));
                    facts.schemas.iter_mut().for_each(|(_, schema)| below(schema, &mut add, 0));
                    for method in &mut facts.methods {
                        let members = method.forms.iter_mut().flat_map(|(_, members)| members);
                        members.for_each(|member| each(member, &mut add, 0));
                        method.result.iter_mut().for_each(|schema| below(schema, &mut add, 0));
                    }
                }
            }
            if found.count == 0 && own.is_marked && (operation.is_some() || method.is_some()) {
                let text = format!("the values of `{}`: no member of this name was found", own.name);
                remarks.push(Remark::unread(own.at, text));
            }
            if found.count > 0 {
                tables.extend(own.table);
            }
            remarks.extend(found.remarks);
        }
    }
    facts.remarks.retain(|own| !(own.kind == RemarkKind::Unread && tables.contains(&own.at)));
    for remark in remarks {
        if !facts.remarks.contains(&remark) {
            facts.remarks.push(remark);
        }
    }
}

/// The members that have the values, and the contradictions.
#[derive(Default)]
struct Found {
    count: usize,
    remarks: Vec<Remark>,
}

impl Found {
    fn add(&mut self, member: &mut Member, own: &Definition) {
        if member.name != own.name {
            return;
        }
        let Some(schema) = scalar(&mut member.schema) else { return };
        if !fits(schema, own) {
            return;
        }
        self.count += 1;
        if schema.values.is_empty() {
            schema.values.clone_from(&own.values);
            return;
        }
        let other = own.values.iter().find(|(value, _)| !schema.values.iter().any(|(own, _)| own == value));
        if let Some((value, at)) = other {
            self.remarks.push(Remark {
                kind: RemarkKind::Contradiction,
                at: member.at,
                other: Some(*at),
                text: format!("`{}` can be `{value}` in the text, and its table does not list it", member.name),
            });
        }
    }
}

/// Returns the scalar of a schema, or of the elements of a list.
fn scalar(schema: &mut Schema) -> Option<&mut Schema> {
    if matches!(schema.form, Form::Array(_)) {
        return match &mut schema.form {
            Form::Array(items) => scalar(items),
            _ => None,
        };
    }
    let is_flag = matches!(schema.form, Form::Scalar { kind: "boolean", .. });
    (matches!(schema.form, Form::Scalar { .. } | Form::Any) && !is_flag).then_some(schema)
}

/// Returns whether the values have the type of a schema.
fn fits(schema: &Schema, own: &Definition) -> bool {
    let is_number = matches!(schema.form, Form::Scalar { kind: "integer" | "number", .. });
    !is_number || own.values.iter().all(|(value, _)| venuekit_json::is_number(value))
}

/// Returns whether the samples of an operation show the values, and no others.
fn shows(operation: &Operation, own: &Definition) -> bool {
    let mut all = Vec::new();
    let responses = operation.responses.iter().flat_map(|response| &response.samples);
    let bodies = operation.body.iter().flat_map(|body| &body.samples);
    responses.chain(bodies).for_each(|(node, _)| shown(node, &own.name, &mut all, 0));
    !all.is_empty() && all.iter().all(|text| own.values.iter().any(|(value, _)| value == text))
}

/// Collects the texts of the members with a name.
fn shown<'a>(node: &'a Node, name: &str, out: &mut Vec<&'a str>, depth: usize) {
    if depth > 32 {
        return;
    }
    for (own, member) in node.members() {
        if own == name {
            out.push(member.as_text().unwrap_or(""));
        }
        shown(member, name, out, depth + 1);
    }
    node.elements().iter().for_each(|element| shown(element, name, out, depth + 1));
}

/// Returns whether all values are names of members: "`id` can be `order_id` or `client_id`". One of
/// the values of an enum can be the name of a parameter by chance.
fn names_members(operation: &Operation, own: &Definition) -> bool {
    let is_member = |value: &String| {
        operation.parameters.iter().any(|parameter| parameter.member.name == *value)
            || operation.body.as_ref().is_some_and(|body| body.schema_members().iter().any(|own| own.name == *value))
    };
    own.values.iter().all(|(value, _)| is_member(value)) && !shows(operation, own)
}

/// Returns whether all values are names of parameters of a method.
fn names_parameters(method: &Method, own: &Definition) -> bool {
    let is_parameter = |value: &String| method.forms.iter().flat_map(|(_, all)| all).any(|one| one.name == *value);
    own.values.iter().all(|(value, _)| is_parameter(value))
}

fn each_of_operation(operation: &mut Operation, visit: &mut impl FnMut(&mut Member)) {
    operation.parameters.iter_mut().for_each(|parameter| each(&mut parameter.member, visit, 0));
    operation.body.iter_mut().for_each(|body| below(&mut body.schema, visit, 0));
    let responses = operation.responses.iter_mut().filter_map(|response| response.schema.as_mut());
    responses.for_each(|schema| below(schema, visit, 0));
}

fn each(member: &mut Member, visit: &mut impl FnMut(&mut Member), depth: usize) {
    visit(member);
    below(&mut member.schema, visit, depth + 1);
}

fn below(schema: &mut Schema, visit: &mut impl FnMut(&mut Member), depth: usize) {
    if depth > 32 {
        return;
    }
    if let Some(inline) = &mut schema.inline {
        below(inline, visit, depth + 1);
    }
    match &mut schema.form {
        Form::Object(members) | Form::Tuple(members) => members.iter_mut().for_each(|own| each(own, visit, depth + 1)),
        Form::Array(items) | Form::Map(items) => below(items, visit, depth + 1),
        Form::Choice { of, .. } => of.iter_mut().for_each(|one| below(one, visit, depth + 1)),
        Form::Any | Form::Scalar { .. } | Form::Ref(_) => {}
    }
}

/// Returns the values that the sentences of a section state, and those of the lists and tables that
/// they announce.
fn definitions(section: &Section) -> Vec<Definition> {
    let mut out: Vec<Definition> = Vec::new();
    for (text, at) in paragraphs(section) {
        for told in sentences(&text).into_iter().filter_map(prose::told).filter(|told| !told.values.is_empty()) {
            let line = line_of(section, at, &told.values);
            let values = told.values.into_iter().map(|value| (value, line)).collect();
            out.push(Definition { name: told.name, values, at: line, table: None, is_marked: told.is_marked });
        }
    }
    let mut open: Option<Definition> = None;
    for item in &section.items {
        match &item.kind {
            ItemKind::Line(line) => {
                if let (true, Some(own)) = (item.is_element, open.as_mut())
                    && let Some(value) = element(line)
                {
                    own.values.push((value, item.at));
                    continue;
                }
                out.extend(open.take());
                let told = sentences(line).into_iter().filter_map(prose::told).next_back();
                open = told.filter(|told| told.values.is_empty() && is_last(line)).map(|told| Definition {
                    name: told.name,
                    values: Vec::new(),
                    at: item.at,
                    table: None,
                    is_marked: true,
                });
            }
            ItemKind::Table { table, columns } => {
                if let Some(mut own) = open.take().filter(|own| own.values.is_empty()) {
                    own.values = first_cells(table, item.at).filter(|(cell, _)| is_value(cell)).collect();
                    own.table = Some(item.at);
                    out.push(own);
                } else if columns.kind == TableKind::Other {
                    out.extend(of_table(table, item.at));
                }
            }
            ItemKind::Code { .. } | ItemKind::Route(_) => out.extend(open.take()),
        }
    }
    out.extend(open);
    out.retain(|own| own.values.len() > 1);
    out
}

fn first_cells(table: &Table, at: Lines) -> impl Iterator<Item = (String, Lines)> {
    let cell = move |row: &Row| Some((inline::plain(row.cells.first()?), Lines::one(at.document, row.line)));
    table.rows.iter().filter_map(cell)
}

/// Returns the values in the first column of a table, under the names of the member that its head
/// can mean: `Order Type` is `order_type` or `orderType`. Samples tell whether it is one.
fn of_table(table: &Table, at: Lines) -> Vec<Definition> {
    let words = table.header.first().map(|head| inline::words(&inline::plain(head))).unwrap_or_default();
    let values: Vec<(String, Lines)> = first_cells(table, at).collect();
    if words.is_empty() || words.len() > 3 || values.len() < 2 || !values.iter().all(|(value, _)| is_value(value)) {
        return Vec::new();
    }
    let mut names = vec![words.join("_"), inline::camel(&words), words.concat()];
    names.dedup();
    let of = |name| Definition { name, values: values.clone(), at, table: Some(at), is_marked: false };
    names.into_iter().map(of).collect()
}

/// Returns whether a list can follow a line.
fn is_last(line: &str) -> bool {
    line.trim_end().trim_end_matches('*').ends_with([':', '：', '`']) || inline::words(line).len() <= 6
}

/// Returns the line of a paragraph that has the most of the values.
fn line_of(section: &Section, at: Lines, values: &[String]) -> Lines {
    let lines = section
        .items
        .iter()
        .filter(|item| item.at.document == at.document && at.first <= item.at.first && item.at.last <= at.last);
    let count = |line: &str| values.iter().filter(|value| line.contains(value.as_str())).count();
    let of = |item: &crate::sections::Item| match &item.kind {
        ItemKind::Line(line) => Some((count(line), item.at)),
        _ => None,
    };
    let better = |best: (usize, Lines), own: (usize, Lines)| if own.0 > best.0 { own } else { best };
    lines.filter_map(of).reduce(better).map_or(at, |(_, at)| at)
}

/// Returns the value at the beginning of an element: "`open` - in the book".
fn element(line: &str) -> Option<String> {
    let span = line.trim_start().strip_prefix('`').and_then(|rest| rest.split('`').next());
    let plain = inline::plain(line);
    let first = span.map_or_else(
        || plain.split([' ', ':', '：', '=']).next().unwrap_or("").to_owned(),
        |span| span.trim().trim_matches('"').to_owned(),
    );
    let rest = plain.get(plain.find(first.as_str())? + first.len()..).unwrap_or("").trim_start();
    let is_explained =
        span.is_some() || rest.is_empty() || rest.starts_with([':', '：', '=', '-', '–', '—', '(', ',', ';']);
    (is_value(&first) && is_explained).then_some(first)
}

fn is_value(text: &str) -> bool {
    !text.is_empty()
        && text.len() < 40
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+'))
}
