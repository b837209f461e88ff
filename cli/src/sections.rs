//! Divides a response into parts that are shown as tables: its scalar properties, its lists, and
//! its maps.

use std::borrow::Cow;

use serde_json::Value;
use venuekit::meta::VenueMeta;
use venuekit_json::Tree;

use crate::output::harmless;
use crate::value::{json_type, resolve};

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cell {
    /// The text; empty for null and for a property that is missing.
    pub(crate) text: String,
    /// True if the value is null.
    pub(crate) is_null: bool,
}

impl Cell {
    fn new(tree: &Tree) -> Self {
        match tree {
            Tree::Null => Self { text: String::new(), is_null: true },
            Tree::Text(text) => Self::from(text.as_str()),
            other => Self::from(other.to_line()),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), is_null: false }
    }
}

/// A part of a response.
#[derive(Debug)]
pub(crate) struct Section {
    /// The path of the part, such as `asks`; empty for the response itself.
    pub(crate) title: String,
    pub(crate) content: Content,
}

/// The content of a part.
#[derive(Debug)]
pub(crate) enum Content {
    /// A scalar.
    Scalar(Cell),
    /// The scalar properties of an object, by name.
    Pairs(Vec<(String, Cell)>),
    /// A list without elements.
    Empty,
    /// Rows of cells, with a name for each column.
    Rows(Rows),
}

/// Rows of cells, with a name for each column.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// The columns that the user has chosen, in their order; all if there are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen(pub(crate) Vec<String>);

impl Chosen {
    /// Keeps the chosen columns, and the parts that have them. Returns a message if a chosen
    /// column does not exist. If none of them exists, all columns stay.
    pub(crate) fn apply(&self, sections: &mut Vec<Section>) -> Option<String> {
        let existing: Vec<String> = sections.iter().flat_map(Section::columns).collect();
        let exists = |wanted: &str| sections.iter().any(|section| section.position(wanted).is_some());
        let unknown: Vec<&str> = self.0.iter().map(String::as_str).filter(|wanted| !exists(wanted)).collect();
        if self.0.is_empty() {
            return None;
        }
        if unknown.len() < self.0.len() {
            sections.retain_mut(|section| section.keep(&self.0));
        }
        let column = if unknown.len() == 1 { "column" } else { "columns" };
        (!unknown.is_empty()).then(|| {
            let existing = if existing.is_empty() { "it has none".to_owned() } else { existing.join(", ") };
            let unknown = unknown.join("`, `");
            harmless(&format!("the response has no {column} `{unknown}` (help: its columns are: {existing})"))
        })
    }
}

impl Section {
    fn names(&self) -> Vec<&str> {
        match &self.content {
            Content::Scalar(_) | Content::Empty => Vec::new(),
            Content::Pairs(pairs) => pairs.iter().map(|(name, _)| name.as_str()).collect(),
            Content::Rows(rows) => rows.names.iter().map(String::as_str).collect(),
        }
    }

    /// Returns the names with which the user chooses the columns.
    fn columns(&self) -> Vec<String> {
        self.names().into_iter().map(|name| self.path(name).into_owned()).collect()
    }

    fn path<'a>(&self, name: &'a str) -> Cow<'a, str> {
        if self.title.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{}.{name}", self.title)) }
    }

    /// Returns the position of the column with this name or this path. Upper case and lower case
    /// matter only if there are both.
    fn position(&self, wanted: &str) -> Option<usize> {
        let names = self.names();
        let find = |is: &dyn Fn(&str) -> bool| names.iter().position(|name| is(name) || is(&self.path(name)));
        find(&|name| name == wanted).or_else(|| find(&|name| name.eq_ignore_ascii_case(wanted)))
    }

    /// Keeps the wanted columns in this order. Returns false if there are none.
    fn keep(&mut self, wanted: &[String]) -> bool {
        let positions: Vec<usize> = wanted.iter().filter_map(|wanted| self.position(wanted)).collect();
        match &mut self.content {
            Content::Scalar(_) | Content::Empty => {}
            Content::Pairs(pairs) => {
                *pairs = positions.iter().filter_map(|at| pairs.get(*at).cloned()).collect();
            }
            Content::Rows(rows) => {
                rows.names = positions.iter().filter_map(|at| rows.names.get(*at).cloned()).collect();
                for row in &mut rows.rows {
                    *row = positions.iter().map(|at| row.get(*at).cloned().unwrap_or(Cell::from(""))).collect();
                }
            }
        }
        !positions.is_empty()
    }
}

/// Divides a response. Its schema gives the names of the columns of rows.
pub(crate) fn of_response(venue: &VenueMeta, schema: &Value, response: &Tree) -> Vec<Section> {
    let mut sections = Vec::new();
    divide(venue, schema, "", response, &mut sections);
    sections
}

fn divide(venue: &VenueMeta, schema: &Value, title: &str, tree: &Tree, out: &mut Vec<Section>) {
    let schema = &alternative(venue, schema, tree);
    let mut add = |content: Content| out.push(Section { title: title.to_owned(), content });
    match tree {
        Tree::Array(elements) if elements.is_empty() => add(Content::Empty),
        Tree::Array(elements) => add(Content::Rows(list(venue, schema, elements))),
        Tree::Object(members) if is_map(schema, members) => add(Content::Rows(map(members))),
        Tree::Object(members) => {
            let (tables, others): (Vec<_>, Vec<_>) = members.iter().partition(|(_, value)| is_table(value));
            if !others.is_empty() {
                add(Content::Pairs(others.iter().map(|(name, value)| (name.clone(), Cell::new(value))).collect()));
            }
            for (name, value) in tables {
                let title = if title.is_empty() { name.clone() } else { format!("{title}.{name}") };
                let schema = schema.get("properties").and_then(|all| all.get(name)).unwrap_or(&Value::Null);
                divide(venue, schema, &title, value, out);
            }
        }
        scalar => add(Content::Scalar(Cell::new(scalar))),
    }
}

/// Returns the schema. If the schema has alternatives and the value is an array or an object,
/// returns the alternative of that type; null if there is none.
pub(crate) fn alternative(venue: &VenueMeta, schema: &Value, tree: &Tree) -> Value {
    let schema = resolve(venue, schema);
    let Some(alternatives) = schema.get("oneOf").and_then(Value::as_array) else { return schema };
    let wanted = match tree {
        Tree::Array(_) => "array",
        Tree::Object(_) => "object",
        _ => return schema,
    };
    let mut alternatives = alternatives.iter().map(|schema| resolve(venue, schema));
    alternatives.find(|schema| json_type(schema) == wanted).unwrap_or(Value::Null)
}

/// Returns whether a property becomes a separate table.
fn is_table(value: &Tree) -> bool {
    match value {
        Tree::Array(elements) => !elements.iter().all(Tree::is_scalar) || elements.is_empty(),
        Tree::Object(members) => !members.is_empty(),
        _ => false,
    }
}

/// Returns whether the property names of an object are data, such as balances by asset.
fn is_map(schema: &Value, members: &[(String, Tree)]) -> bool {
    schema.get("properties").is_none()
        && !members.is_empty()
        && members.iter().all(|(_, value)| matches!(value, Tree::Object(_)))
}

fn list(venue: &VenueMeta, schema: &Value, elements: &[Tree]) -> Rows {
    if elements.iter().all(|element| matches!(element, Tree::Object(_))) {
        return records(&[], elements.iter().map(|element| (Vec::new(), fields(element))).collect());
    }
    if elements.iter().all(|element| matches!(element, Tree::Array(_))) {
        let items = resolve(venue, schema.get("items").unwrap_or(&Value::Null));
        let names = items.get("x-tuple").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let rows: Vec<Vec<Cell>> = elements.iter().map(|row| row.elements().iter().map(Cell::new).collect()).collect();
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        let name = |index: usize| {
            let name = names.get(index).and_then(|column| column.get("name")).and_then(Value::as_str);
            name.map_or_else(|| (index + 1).to_string(), str::to_owned)
        };
        return Rows { names: (0..widest).map(name).collect(), rows };
    }
    Rows { names: vec!["value".to_owned()], rows: elements.iter().map(|element| vec![Cell::new(element)]).collect() }
}

fn map(members: &[(String, Tree)]) -> Rows {
    let rows = members.iter().map(|(name, value)| (vec![Cell::from(name.as_str())], fields(value))).collect();
    records(&["name"], rows)
}

/// Returns rows of named cells as a table. Each name gets a column, in the order of first use.
fn records(first: &[&str], rows: Vec<(Vec<Cell>, Vec<(String, Cell)>)>) -> Rows {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in rows.iter().flat_map(|(_, fields)| fields) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let row = |(mut row, fields): (Vec<Cell>, Vec<(String, Cell)>)| {
        row.extend(names.iter().map(|wanted| {
            let cell = fields.iter().find(|(name, _)| name == wanted).map(|(_, cell)| cell.clone());
            cell.unwrap_or(Cell::from(""))
        }));
        row
    };
    let rows = rows.into_iter().map(row).collect();
    Rows { names: first.iter().map(|name| (*name).to_owned()).chain(names).collect(), rows }
}

/// Returns the properties of an object as cells. Properties of nested objects are named
/// `outer.inner`.
fn fields(tree: &Tree) -> Vec<(String, Cell)> {
    let mut all = Vec::new();
    for (name, value) in tree.members() {
        match value {
            Tree::Object(inner) if !inner.is_empty() => {
                all.extend(fields(value).into_iter().map(|(inner, cell)| (format!("{name}.{inner}"), cell)));
            }
            _ => all.push((name.clone(), Cell::new(value))),
        }
    }
    all
}
