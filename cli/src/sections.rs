//! Divides a response into parts that are shown as tables: its scalar properties, its lists, and
//! its maps.

use std::borrow::Cow;

use serde_json::Value;
use venuekit::meta::VenueMeta;
use venuekit_json::Tree;

use crate::columns::{self, Columns};
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
    /// The columns that the type of the part has, as far as they are known. The response may lack
    /// some of them.
    typed: Vec<String>,
}

/// The content of a part.
#[derive(Debug)]
pub(crate) enum Content {
    /// A scalar.
    Scalar(Cell),
    /// The scalar properties of an object, by name.
    Pairs(Vec<(String, Cell)>),
    /// A list without elements, with the names of its columns as far as its type has them.
    Empty(Vec<String>),
    /// Rows of cells, with a name for each column.
    Rows(Rows),
}

/// Rows of cells, with a name for each column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// The columns that the user has chosen, in their order; all if there are none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chosen(pub(crate) Vec<String>);

impl Chosen {
    /// Keeps the chosen columns, and the parts that have them. A column that only the type has is
    /// empty. `typed`: the columns of the type.
    ///
    /// # Errors
    ///
    /// Returns a message if a chosen column does not exist.
    pub(crate) fn apply(&self, sections: &mut Vec<Section>, typed: &Columns) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        sections.iter_mut().for_each(Section::complete);
        let existing: Vec<String> = sections.iter().flat_map(Section::columns).collect();
        let exists =
            |wanted: &str| typed.has(wanted) || sections.iter().any(|section| section.position(wanted).is_some());
        self.check(exists, &existing)?;
        sections.retain_mut(|section| section.keep(&self.0));
        Ok(())
    }

    /// Checks that each chosen column exists. `existing` has the names for the message.
    ///
    /// # Errors
    ///
    /// Returns a message if one does not.
    pub(crate) fn check(&self, exists: impl Fn(&str) -> bool, existing: &[String]) -> Result<(), String> {
        let unknown: Vec<&str> = self.0.iter().map(String::as_str).filter(|wanted| !exists(wanted)).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        let no_column = if unknown.len() == 1 { "is no column" } else { "are no columns" };
        let mut known: Vec<&str> = Vec::new();
        for name in existing {
            if !known.contains(&name.as_str()) {
                known.push(name);
            }
        }
        let known = if known.is_empty() { "there are none".to_owned() } else { known.join(", ") };
        let unknown = unknown.join("`, `");
        Err(harmless(&format!("there {no_column} `{unknown}` (help: the columns are: {known})")))
    }
}

impl Section {
    /// Creates a part without a title, of rows whose columns are all known.
    pub(crate) fn of_rows(rows: Rows) -> Self {
        Self { title: String::new(), content: Content::Rows(rows), typed: Vec::new() }
    }

    fn names(&self) -> Vec<&str> {
        match &self.content {
            Content::Scalar(_) => Vec::new(),
            Content::Empty(names) => names.iter().map(String::as_str).collect(),
            Content::Pairs(pairs) => pairs.iter().map(|(name, _)| name.as_str()).collect(),
            Content::Rows(rows) => rows.names.iter().map(String::as_str).collect(),
        }
    }

    /// Adds the columns that only the type has, without values.
    fn complete(&mut self) {
        let names: Vec<String> = self.names().into_iter().map(str::to_owned).collect();
        let lacking = self.typed.iter().filter(|name| !names.contains(name));
        match &mut self.content {
            Content::Scalar(_) | Content::Empty(_) => {}
            Content::Pairs(pairs) => pairs.extend(lacking.map(|name| (name.clone(), Cell::from("")))),
            Content::Rows(rows) => {
                rows.names.extend(lacking.cloned());
                let count = rows.names.len();
                rows.rows.iter_mut().for_each(|row| row.resize(count, Cell::from("")));
            }
        }
    }

    /// Returns the names with which the user chooses the columns.
    pub(crate) fn columns(&self) -> Vec<String> {
        self.names().into_iter().map(|name| path(&self.title, name).into_owned()).collect()
    }

    /// Returns the position of the column with this name or this path. Upper case and lower case
    /// matter only if there are both.
    fn position(&self, wanted: &str) -> Option<usize> {
        let names = self.names();
        let find = |is: &dyn Fn(&str) -> bool| names.iter().position(|name| is(name) || is(&path(&self.title, name)));
        find(&|name| name == wanted).or_else(|| find(&|name| name.eq_ignore_ascii_case(wanted)))
    }

    /// Keeps the wanted columns in this order. Returns false if there are none.
    fn keep(&mut self, wanted: &[String]) -> bool {
        let positions: Vec<usize> = wanted.iter().filter_map(|wanted| self.position(wanted)).collect();
        match &mut self.content {
            Content::Scalar(_) => {}
            Content::Empty(names) => *names = positions.iter().filter_map(|at| names.get(*at).cloned()).collect(),
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

/// Returns the name of a column below the title of its part.
fn path<'a>(title: &str, name: &'a str) -> Cow<'a, str> {
    if title.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{title}.{name}")) }
}

/// Divides a response. Its schema gives the names of the columns of rows.
pub(crate) fn of_response(venue: &VenueMeta, schema: &Value, response: &Tree) -> Vec<Section> {
    let mut sections = Vec::new();
    divide(venue, schema, "", response, &mut sections);
    sections
}

fn divide(venue: &VenueMeta, schema: &Value, title: &str, tree: &Tree, out: &mut Vec<Section>) {
    let schema = &alternative(venue, schema, tree);
    let mut add = |content: Content, typed: Vec<String>| out.push(Section { title: title.to_owned(), content, typed });
    if let Some(members) = members(schema, tree).filter(|_| !is_map(schema, tree)) {
        let (tables, others): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|(_, schema, value)| is_table(venue, schema, value));
        if !others.is_empty() {
            let pairs = others.iter().map(|(name, _, value)| (name.clone(), Cell::new(value))).collect();
            add(Content::Pairs(pairs), columns::of_scalars(venue, schema));
        }
        for (name, schema, value) in tables {
            divide(venue, schema, &path(title, &name), value, out);
        }
        return;
    }
    let of_elements = || columns::of_elements(venue, schema).unwrap_or_default();
    match tree {
        Tree::Array(elements) if elements.is_empty() => add(Content::Empty(of_elements()), Vec::new()),
        Tree::Array(elements) => add(Content::Rows(list(venue, schema, elements)), of_elements()),
        Tree::Object(members) if members.is_empty() => {
            if let Some(names) = columns::of_elements(venue, schema) {
                add(Content::Empty(names), Vec::new());
            }
        }
        Tree::Object(members) => add(Content::Rows(map(venue, schema, members)), of_elements()),
        scalar => add(Content::Scalar(Cell::new(scalar)), Vec::new()),
    }
}

/// Returns the members of a value that is one record, with their schemas: the properties of an
/// object, or the columns of a row that have names. `None` for any other value.
fn members<'a>(schema: &'a Value, tree: &'a Tree) -> Option<Vec<(String, &'a Value, &'a Tree)>> {
    match tree {
        Tree::Object(members) if !members.is_empty() => {
            let properties = schema.get("properties");
            let others = schema.get("additionalProperties").unwrap_or(&Value::Null);
            let of = |name: &str| properties.and_then(|all| all.get(name)).unwrap_or(others);
            Some(members.iter().map(|(name, value)| (name.clone(), of(name), value)).collect())
        }
        Tree::Array(elements) => {
            let columns = schema.get("x-tuple").and_then(Value::as_array)?;
            let member = |(index, value): (usize, &'a Tree)| {
                let column: Option<&Value> = columns.get(index);
                let schema = column.and_then(|column| column.get("schema")).unwrap_or(&Value::Null);
                (column_name(columns, index), schema, value)
            };
            Some(elements.iter().enumerate().map(member).collect())
        }
        _ => None,
    }
}

/// Returns the name of a column of a row; its number if it has no name.
fn column_name(columns: &[Value], index: usize) -> String {
    let name = columns.get(index).and_then(|column| column.get("name")).and_then(Value::as_str);
    name.map_or_else(|| (index + 1).to_string(), str::to_owned)
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
fn is_table(venue: &VenueMeta, schema: &Value, value: &Tree) -> bool {
    match value {
        // The type tells whether it would be a list of scalars.
        Tree::Array(elements) if elements.is_empty() => {
            let items = resolve(venue, resolve(venue, schema).get("items").unwrap_or(&Value::Null));
            !matches!(json_type(&items), "string" | "integer" | "number" | "boolean")
        }
        Tree::Array(elements) => {
            !elements.iter().all(Tree::is_scalar) || resolve(venue, schema).get("x-tuple").is_some()
        }
        Tree::Object(members) => !members.is_empty(),
        _ => false,
    }
}

/// Returns whether the property names of an object are data, such as balances by asset.
fn is_map(schema: &Value, tree: &Tree) -> bool {
    let Tree::Object(members) = tree else { return false };
    schema.get("properties").is_none()
        && !members.is_empty()
        && members.iter().all(|(_, value)| matches!(value, Tree::Object(_)))
}

fn list(venue: &VenueMeta, schema: &Value, elements: &[Tree]) -> Rows {
    let items = resolve(venue, schema.get("items").unwrap_or(&Value::Null));
    let all = |is: fn(&Tree) -> bool| elements.iter().all(is);
    if all(|element| matches!(element, Tree::Object(_))) {
        return records(&[], elements.iter().map(|element| (Vec::new(), fields(venue, &items, element))).collect());
    }
    if all(|element| matches!(element, Tree::Array(_))) {
        let names = items.get("x-tuple").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if !names.is_empty() && !all(|element| element.elements().iter().all(Tree::is_scalar)) {
            return records(&[], elements.iter().map(|row| (Vec::new(), fields(venue, &items, row))).collect());
        }
        let rows: Vec<Vec<Cell>> = elements.iter().map(|row| row.elements().iter().map(Cell::new).collect()).collect();
        let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
        return Rows { names: (0..widest).map(|index| column_name(names, index)).collect(), rows };
    }
    Rows { names: vec!["value".to_owned()], rows: elements.iter().map(|element| vec![Cell::new(element)]).collect() }
}

fn map(venue: &VenueMeta, schema: &Value, members: &[(String, Tree)]) -> Rows {
    let values = resolve(venue, schema.get("additionalProperties").unwrap_or(&Value::Null));
    let row = |(name, value): &(String, Tree)| (vec![Cell::from(name.as_str())], fields(venue, &values, value));
    records(&[columns::NAME], members.iter().map(row).collect())
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

/// Returns the members of a record as cells. Members of a nested record are named `outer.inner`.
fn fields(venue: &VenueMeta, schema: &Value, tree: &Tree) -> Vec<(String, Cell)> {
    let mut all = Vec::new();
    for (name, schema, value) in members(schema, tree).unwrap_or_default() {
        let schema = if value.is_scalar() { Value::Null } else { alternative(venue, schema, value) };
        let is_record = match value {
            Tree::Object(members) => !members.is_empty(),
            Tree::Array(_) => schema.get("x-tuple").is_some(),
            _ => false,
        };
        if is_record {
            let inner = fields(venue, &schema, value).into_iter();
            all.extend(inner.map(|(inner, cell)| (format!("{name}.{inner}"), cell)));
        } else {
            all.push((name, Cell::new(value)));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use venuekit::meta::ExampleOf;
    use venuekit_venues::VENUES;

    use super::*;
    use crate::value;

    #[test]
    fn the_type_has_each_column_of_the_examples_of_all_venues() {
        let mut checked = 0;
        for venue in VENUES {
            for example in venue.examples {
                let ExampleOf::Response { operation, status, .. } = example.subject else { continue };
                let meta = venue.operation(operation).filter(|_| !status.starts_with(['4', '5']));
                let Some(schema) = meta.and_then(|meta| meta.response_schema) else { continue };
                let schema = value::schema(venue, schema);
                let typed = Columns::of(venue, &schema);
                if typed.is_open() {
                    continue;
                }
                let parts = of_response(venue, &schema, &Tree::parse(example.json).unwrap());
                for name in parts.iter().flat_map(Section::columns) {
                    assert!(typed.has(&name), "{} {operation}: {name}: {:?}", venue.venue.name(), typed.paths());
                    checked += 1;
                }
            }
        }
        assert!(checked > 100, "{checked}");
    }
}
