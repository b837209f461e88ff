//! Objects that a document describes in sections of their own, and to which operations refer:
//! `[The order](#the-order-object)`, `array of [orders](#the-order-object)`.

use std::collections::BTreeMap;

use crate::columns::{Column, Columns, TableKind};
use crate::document::Lines;
use crate::facts::{Facts, Form, Member, Operation, Remark, Schema};
use crate::infer::{infer, unify};
use crate::inline;
use crate::labels::{self, LabelKind};
use crate::links::{self, Link};
use crate::members::{self, MemberRow};
use crate::refine::refine;
use crate::sample::{self, Node, Value};
use crate::schemas;
use crate::sections::{Item, ItemKind, Section};
use crate::table::{Row, Table};
use crate::types;
use crate::values;

/// The objects with sections of their own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objects {
    all: Vec<Object>,
    /// The rows whose type is an object, or a list of it.
    rows: Vec<Use>,
}

#[derive(Clone, Debug)]
struct Object {
    name: String,
    /// The lines of its section.
    at: Lines,
    heading: String,
}

#[derive(Clone, Debug)]
struct Use {
    at: Lines,
    name: String,
    is_list: bool,
}

/// Marks the sections of the objects to which operations refer, and writes the references as those
/// of a schema: `[Order](#schemaOrder)`.
pub(crate) fn mark(documents: &mut [Vec<Section>]) -> Objects {
    let mut out = Objects::default();
    let mut references = References::default();
    documents.iter().flatten().for_each(|section| references.add(section));
    for section in documents.iter().flatten().filter(|own| is_candidate(own)) {
        let Some(name) = name_of(&section.heading) else { continue };
        if references.lead_to(section, &name) && !out.all.iter().any(|own| own.name == name) {
            out.all.push(Object { name, at: section.at, heading: section.heading.clone() });
        }
    }
    if out.all.is_empty() {
        return out;
    }
    for section in documents.iter_mut().flatten() {
        section.is_schema |= out.all.iter().any(|own| own.at == section.at);
        for item in &mut section.items {
            match &mut item.kind {
                ItemKind::Line(line) => *line = rewritten(line, &out.all),
                ItemKind::Table { table, columns } => {
                    let found = rows(table, columns, item.at.document, &out.all);
                    out.rows.extend(found);
                }
                ItemKind::Code { .. } | ItemKind::Route(_) => {}
            }
        }
    }
    out
}

/// Returns whether a section can describe an object: it has a table of fields, or a sample below a
/// title such as `The order object`, and no operation.
fn is_candidate(section: &Section) -> bool {
    let has_route = section.items.iter().any(|item| matches!(item.kind, ItemKind::Route(_)));
    if section.is_schema || has_route || section.operation_id.is_some() || section.heading.is_empty() {
        return false;
    }
    let is_fields = |item: &Item| match &item.kind {
        ItemKind::Table { table, columns } => is_fields(table, columns),
        _ => false,
    };
    let has_table = section.items.iter().any(|item| matches!(item.kind, ItemKind::Table { .. }));
    let says = inline::words(&section.heading).iter().any(|word| matches!(word.as_str(), "object" | "model"));
    section.items.iter().any(is_fields) || !has_table && says && !samples(section).is_empty()
}

/// Returns whether a table lists the fields of an object.
fn is_fields(table: &Table, columns: &Columns) -> bool {
    let head = table.header.first().map(|name| inline::words(&inline::plain(name))).unwrap_or_default();
    let is_request = |word: &String| {
        matches!(
            word.as_str(),
            "parameter" | "parameters" | "param" | "argument" | "header" | "headers" | "query" | "path" | "code"
        )
    };
    columns.kind == TableKind::Members && !head.iter().any(is_request)
}

/// Returns the samples of JSON of a section.
fn samples(section: &Section) -> Vec<(Node, Lines)> {
    let of = |item: &Item| match &item.kind {
        ItemKind::Code { text, first, .. } if text.trim_start().starts_with(['{', '[']) => {
            Some(sample::read(text, *first).into_iter().map(|node| (node, item.at)).collect::<Vec<_>>())
        }
        _ => None,
    };
    section.items.iter().filter_map(of).flatten().collect()
}

/// Returns the name of an object: `The order object` is `Order`.
fn name_of(heading: &str) -> Option<String> {
    let words = inline::words(&inline::plain(heading));
    let is_other = |word: &&String| {
        matches!(
            word.as_str(),
            "the" | "a" | "an" | "object" | "objects" | "model" | "schema" | "structure" | "resource" | "type"
        )
    };
    let words = words.iter().filter(|word| !is_other(word));
    let name: String = words.filter(|word| word.is_ascii()).map(|word| capital(word)).collect();
    name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name).filter(|name| name.len() < 40)
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// The anchors and the names to which sections refer as types, with the lines of these sections.
#[derive(Debug, Default)]
struct References {
    anchors: BTreeMap<String, Vec<Lines>>,
    names: BTreeMap<String, Vec<Lines>>,
}

impl References {
    /// Adds the references of a section: those in the types of values, and in lines about a whole
    /// request or response.
    fn add(&mut self, section: &Section) {
        for item in &section.items {
            match &item.kind {
                ItemKind::Table { table, columns } if columns.has(Column::Name) => {
                    for row in &table.rows {
                        let cell = columns.get(row, Column::Type);
                        let note = columns.get(row, Column::Description);
                        self.add_links(cell, section.at, false);
                        if note.contains("](") && is_open(cell) {
                            self.add_links(note, section.at, false);
                        }
                        let (name, _) = base(cell);
                        if !name.is_empty() {
                            self.names.entry(name).or_default().push(section.at);
                        }
                    }
                }
                ItemKind::Line(line) if line.contains("](") => {
                    let kind = item.label.kind;
                    let is_labelled = matches!(kind, LabelKind::Response | LabelKind::Body | LabelKind::Request);
                    if is_labelled || labels::caption(line).is_some() {
                        self.add_links(line, section.at, true);
                    }
                }
                _ => {}
            }
        }
    }

    fn add_links(&mut self, text: &str, at: Lines, is_sentence: bool) {
        for link in links::all(text).iter().filter(|own| !is_sentence || is_whole(own)) {
            self.anchors.entry(links::fold(link.anchor)).or_default().push(at);
        }
    }

    /// Returns whether another section refers to the one of an object.
    fn lead_to(&self, section: &Section, name: &str) -> bool {
        let is_other = |all: Option<&Vec<Lines>>| all.is_some_and(|all| all.iter().any(|at| *at != section.at));
        is_other(self.anchors.get(&links::key(&section.heading))) || is_other(self.names.get(name))
    }
}

/// Returns the name in the cell of a type, and whether it is the type of elements: `Order[]`.
fn base(cell: &str) -> (String, bool) {
    match types::read(&inline::plain(cell), Lines::default()).form {
        Form::Ref(name) => (name, false),
        Form::Array(items) => match items.form {
            Form::Ref(name) => (name, true),
            _ => (String::new(), true),
        },
        _ => (String::new(), false),
    }
}

/// Returns whether the cell of a type only says that a value is an object or a list.
fn is_open(cell: &str) -> bool {
    match types::read(cell, Lines::default()).form {
        Form::Object(members) => members.is_empty(),
        Form::Array(items) => match items.form {
            Form::Any => true,
            Form::Object(members) => members.is_empty(),
            _ => false,
        },
        _ => false,
    }
}

/// Writes the links of a text to objects as links to schemas.
fn rewritten(text: &str, objects: &[Object]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for link in links::all(text) {
        let start = link.before.len();
        let object = objects.iter().find(|own| links::is_anchor(link.anchor, &own.heading));
        if let Some(object) = object.filter(|_| start >= from) {
            out.push_str(text.get(from..start).unwrap_or(""));
            out.push_str(&reference(&object.name));
            from = start + link.text.len();
        }
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

fn reference(name: &str) -> String {
    format!("[{name}](#schema{name})")
}

/// Writes the types of rows that are objects as references, and returns these rows.
fn rows(table: &mut Table, columns: &Columns, document: usize, objects: &[Object]) -> Vec<Use> {
    let mut out = Vec::new();
    let Some(index) = columns.index(Column::Type).filter(|_| columns.has(Column::Name)) else { return out };
    let depths: Vec<usize> =
        table.rows.iter().map(|row| members::split_depth(columns.get(row, Column::Name)).0).collect();
    for (position, row) in table.rows.iter_mut().enumerate() {
        let is_described =
            depths.get(position + 1).is_some_and(|next| depths.get(position).is_some_and(|own| next > own));
        let Some((name, is_list)) = object_of(row, columns, objects, is_described) else { continue };
        let cell = columns.get(row, Column::Type);
        let is_nullable =
            inline::plain(cell).to_lowercase().split(|c: char| !c.is_alphabetic()).any(|own| own == "null");
        let reference = reference(&name);
        let reference = if is_list { format!("[{reference}]") } else { reference };
        if let Some(cell) = row.cells.get_mut(index) {
            *cell = if is_nullable { format!("{reference}¦null") } else { reference };
        }
        out.push(Use { at: Lines::one(document, row.line), name, is_list });
    }
    out
}

/// Returns the object that is the type of a row, and whether the value is a list of it.
fn object_of(row: &Row, columns: &Columns, objects: &[Object], is_described: bool) -> Option<(String, bool)> {
    let cell = columns.get(row, Column::Type);
    let linked = |text: &str| {
        let all = links::all(text);
        all.iter().find_map(|link| {
            let object = objects.iter().find(|own| links::is_anchor(link.anchor, &own.heading))?;
            Some((object.name.clone(), is_list(link.before, link.after)))
        })
    };
    if let Some(own) = linked(cell) {
        // The values of a map have no cell of their own.
        return Some(own).filter(|_| !cell.to_lowercase().contains("map"));
    }
    let (name, is_list) = base(cell);
    if let Some(own) = objects.iter().find(|own| own.name == name) {
        return Some((own.name.clone(), is_list));
    }
    let described = linked(columns.get(row, Column::Description)).filter(|_| is_open(cell) && !is_described);
    described.map(|(name, _)| (name, matches!(types::read(cell, Lines::default()).form, Form::Array(_))))
}

/// Returns whether the text around a link speaks about a list: `array of [orders](..)`, or
/// `[order](..)[]`.
fn is_list(before: &str, after: &str) -> bool {
    let words = inline::words(before);
    let last = words.get(words.len().saturating_sub(4)..).unwrap_or_default();
    let says = last.windows(2).any(|pair| match pair {
        [first, second] => matches!(first.as_str(), "array" | "list" | "arrays" | "lists") && second == "of",
        _ => false,
    });
    let is_open = before.trim_end().ends_with(['[', '<', '(']) && words.last().is_some_and(|own| own == "array");
    says || is_open || before.trim() == "[" || after.starts_with("[]")
}

/// Returns the part of a line from the beginning of the sentence with a link to an object; the
/// whole line if there is no such link. "Requires a key. Returns the [order](#schemaOrder)." says
/// two things.
pub(crate) fn sentence_of_link(line: &str) -> &str {
    let before = line.find("](#schema").and_then(|at| line.get(..at)).unwrap_or_default();
    before.rfind(". ").and_then(|end| line.get(end + 2..)).unwrap_or(line)
}

/// Returns the type to which a line about a request or a response refers: "Status `201` and [the
/// order](#schemaOrder)". A line that speaks about a part of an object has none.
pub(crate) fn type_of(line: &str) -> Option<String> {
    let link = links::all(line).into_iter().find(|own| own.anchor.starts_with("schema"))?;
    let is_list = is_list(link.before, link.after);
    is_whole(&link).then(|| if is_list { format!("[{}]", link.text) } else { link.text.to_owned() })
}

/// Returns whether the sentence around a link speaks about the whole object.
fn is_whole(link: &Link<'_>) -> bool {
    let is_filler = |word: &String| {
        let is_number = word.chars().all(|c| c.is_ascii_digit());
        is_number || FILLERS.contains(&word.as_str())
    };
    let begins = link.after.trim_start_matches("[]");
    let next = inline::words(begins).into_iter().next().filter(|_| begins.starts_with(' '));
    let goes_on = next.is_none_or(|own| FOLLOWS.contains(&own.as_str()));
    inline::words(&inline::plain(link.before)).iter().all(is_filler) && goes_on
}

/// Words before the link in a sentence about a whole request or response.
const FILLERS: [&str; 44] = [
    "a", "an", "and", "answer", "answers", "array", "as", "body", "code", "contains", "created", "data", "format",
    "full", "gives", "has", "http", "in", "is", "it", "json", "list", "new", "object", "of", "ok", "reply", "request",
    "responds", "response", "result", "return", "returns", "same", "see", "single", "status", "success", "the", "this",
    "updated", "with", "you", "your",
];

/// Words behind the link in such a sentence.
const FOLLOWS: [&str; 18] = [
    "after", "and", "as", "before", "for", "if", "in", "is", "object", "objects", "of", "on", "or", "sorted", "that",
    "when", "which", "with",
];

impl Objects {
    /// Returns the name and the schema of the object that a section describes.
    pub(crate) fn read(&self, section: &Section, remarks: &mut Vec<Remark>) -> Option<(String, Schema)> {
        let object = self.all.iter().find(|own| own.at == section.at && own.heading == section.heading)?;
        let mut rows: Vec<MemberRow> = Vec::new();
        let mut listed: Vec<(String, String, Lines)> = Vec::new();
        for item in &section.items {
            let ItemKind::Table { table, columns } = &item.kind else { continue };
            match columns.kind {
                TableKind::Members => {
                    let own = members::rows(table, columns, item.at.document, None);
                    remarks.extend(members::unread(table, columns, &own, item.at));
                    rows.extend(own);
                }
                TableKind::Values => listed.extend(table.rows.iter().map(|row| {
                    let (_, name) = members::split_depth(columns.get(row, Column::Name));
                    let value = inline::plain(columns.get(row, Column::Value));
                    (name, value, Lines::one(item.at.document, row.line))
                })),
                _ => {}
            }
        }
        let shown = samples(section).iter().map(|(node, at)| element(infer(node, at.document))).reduce(unify);
        let (mut schema, found) = refine(shown, &rows, &[], section.at);
        remarks.extend(found);
        for (name, value, at) in &listed {
            values::add_named(&mut schema, name, value, *at);
        }
        schema.at = section.at;
        Some((object.name.clone(), schema))
    }

    /// Makes the values of the rows that refer to objects references, and holds the samples of
    /// operations against the objects: a member that one of them lacks is optional, and one that is
    /// `null` can be.
    pub(crate) fn fill(&self, facts: &mut Facts) {
        if self.all.is_empty() {
            return;
        }
        let mut shown: Vec<(String, Node, usize)> = Vec::new();
        for operation in &mut facts.operations {
            let body = operation.body.iter_mut().map(|own| (&mut own.schema, &own.samples));
            let responses = operation.responses.iter_mut();
            let responses = responses.filter_map(|own| Some((own.schema.as_mut()?, &own.samples)));
            let all: Vec<(&mut Schema, &Vec<(Node, Lines)>)> = body.chain(responses).collect();
            for (schema, samples) in all {
                self.refer(schema, 0);
                samples.iter().for_each(|(node, at)| collect(schema, node, at.document, &mut shown, 0));
            }
        }
        facts.schemas.iter_mut().for_each(|(_, schema)| self.refer(schema, 0));
        let mut remarks: Vec<Remark> = Vec::new();
        for (name, node, document) in shown {
            let own = self.all.iter().any(|own| own.name == name);
            let Some((_, schema)) = facts.schemas.iter_mut().find(|(other, _)| own && *other == name) else { continue };
            if let Form::Object(members) = &mut schema.form {
                members.iter_mut().for_each(|member| hold(member, &node));
            }
            schemas::check(&name, schema, &node, document, &mut remarks);
        }
        for remark in remarks {
            if !facts.remarks.contains(&remark) {
                facts.remarks.push(remark);
            }
        }
    }

    /// Gives the elements of a list in a body the members of the body of another operation, if the
    /// text says so: "with the fields of [Place an order](#place-an-order)".
    pub(crate) fn same_fields(facts: &mut Facts) {
        let of = |own: &Operation| Some((own.heading.clone(), own.body.as_ref()?.schema_members().to_vec()));
        let bodies: Vec<(String, Vec<Member>)> = facts.operations.iter().filter_map(of).collect();
        for operation in &mut facts.operations {
            let heading = operation.heading.clone();
            let Some(Form::Object(members)) = operation.body.as_mut().map(|body| &mut body.schema.form) else {
                continue;
            };
            for member in members {
                let says = ["fields", "members", "parameters", "properties", "attributes", "like", "same"];
                if !inline::words(&inline::plain(&member.note)).iter().any(|word| says.contains(&word.as_str())) {
                    continue;
                }
                let all = links::all(&member.note);
                let body = all.iter().find_map(|link| {
                    bodies.iter().find(|(own, _)| *own != heading && links::is_anchor(link.anchor, own))
                });
                let Some((_, fields)) = body.filter(|(_, fields)| !fields.is_empty()) else { continue };
                if let Form::Array(items) = &mut member.schema.form {
                    describe(items, fields);
                } else {
                    describe(&mut member.schema, fields);
                }
            }
        }
    }

    fn refer(&self, schema: &mut Schema, depth: usize) {
        if depth > 32 {
            return;
        }
        match &mut schema.form {
            Form::Object(members) => {
                for member in members {
                    let own = self.rows.iter().find(|own| {
                        own.at.document == member.at.document && own.at.first == member.at.first && member.in_table
                    });
                    if let Some(own) = own {
                        let reference = Form::Ref(own.name.clone());
                        let items = || Form::Array(Box::new(Schema::new(member.at, reference.clone())));
                        member.schema.form = if own.is_list { items() } else { reference.clone() };
                    } else {
                        self.refer(&mut member.schema, depth + 1);
                    }
                }
            }
            Form::Array(items) | Form::Map(items) => self.refer(items, depth + 1),
            Form::Choice { of, .. } => of.iter_mut().for_each(|one| self.refer(one, depth + 1)),
            Form::Any | Form::Ref(_) | Form::Scalar { .. } | Form::Tuple(_) => {}
        }
    }
}

/// Gives a schema the members of an object, if no table describes it.
fn describe(schema: &mut Schema, fields: &[Member]) {
    let is_open = match &schema.form {
        Form::Any => true,
        Form::Object(own) => !own.iter().any(|own| own.in_table),
        _ => false,
    };
    if is_open {
        schema.form = Form::Object(fields.to_vec());
    }
}

/// Returns the schema of the elements, if a sample shows a list of the object.
fn element(schema: Schema) -> Schema {
    match schema.form {
        Form::Array(items) if matches!(items.form, Form::Object(_)) => *items,
        form => Schema { form, ..schema },
    }
}

/// Collects the parts of a sample that show objects.
fn collect(schema: &Schema, node: &Node, document: usize, out: &mut Vec<(String, Node, usize)>, depth: usize) {
    if depth > 32 {
        return;
    }
    match &schema.form {
        Form::Ref(name) if !node.members().is_empty() => out.push((name.clone(), node.clone(), document)),
        Form::Object(members) => {
            for member in members {
                if let Some(own) = node.get(&member.name) {
                    collect(&member.schema, own, document, out, depth + 1);
                }
            }
        }
        Form::Array(items) => node.elements().iter().for_each(|own| collect(items, own, document, out, depth + 1)),
        _ => {}
    }
}

/// Adds what a sample of the object shows about a member.
fn hold(member: &mut Member, node: &Node) {
    match node.get(&member.name).map(|own| &own.value) {
        Some(Value::Null) => member.schema.nullable = true,
        None if !member.states_required => member.required = Some(false),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_refers_to_a_whole_object_or_to_a_part_of_it() {
        for (line, wanted) in [
            ("[Order](#schemaOrder).", "[Order](#schemaOrder)"),
            ("Status `201` and [Order](#schemaOrder).", "[Order](#schemaOrder)"),
            ("Returns an array of [Order](#schemaOrder) objects.", "[[Order](#schemaOrder)]"),
            ("[Order](#schemaOrder), with the status `gone`.", "[Order](#schemaOrder)"),
            ("The id of the [Order](#schemaOrder).", ""),
            ("[Order](#schemaOrder) ids are texts.", ""),
            ("[The order](#the-order).", ""),
        ] {
            assert_eq!(type_of(line).unwrap_or_default(), wanted, "{line}");
        }
        let line = "Needs a key. Returns an [Order](#schemaOrder).";
        assert_eq!(sentence_of_link(line), "Returns an [Order](#schemaOrder).");
        assert_eq!(sentence_of_link("Returns it. See below."), "Returns it. See below.");
    }

    #[test]
    fn an_object_has_the_name_of_its_title() {
        for (heading, wanted) in
            [("The order object", "Order"), ("Order book level", "OrderBookLevel"), ("Object", ""), ("2 legs", "")]
        {
            assert_eq!(name_of(heading).unwrap_or_default(), wanted, "{heading}");
        }
    }
}
