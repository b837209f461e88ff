//! Schemas with references resolved, redundant wrappers removed, and `null` separated.

use crate::keys::DOCUMENTATION;
use venuekit_codegen::source::Located;
use venuekit_codegen::source::follow;
use venuekit_codegen::source::{Document, Kind, Node, pointer_join, pointer_segments};

/// A schema with references resolved.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedSchema<'d> {
    pub(crate) at: Located<'d>,
    /// The place of the keyword that allows null.
    pub(crate) null: Option<String>,
}

/// The maximum number of wrappers around a schema that are removed.
const MAX_WRAPPERS: usize = 32;

impl<'d> ResolvedSchema<'d> {
    pub(crate) fn new(document: &'d Document, found: Located<'d>) -> Self {
        let mut at = follow(document, found);
        let mut null = None;
        for _ in 0..MAX_WRAPPERS {
            null = null.or_else(|| null_keyword(&at));
            match unwrapped(document, &at) {
                Some(Unwrapped { inner, null: because }) => {
                    null = null.or(because);
                    at = follow(document, inner);
                }
                None => break,
            }
        }
        let among = |key: &str| at.list(key).find(|element| is_null(document, element)).map(|null| null.pointer);
        null = null.or_else(|| among("oneOf")).or_else(|| among("anyOf"));
        Self { at, null }
    }

    /// Returns the schema at a place, if it is a wrapper around another: its documentation is not
    /// that of the schema inside.
    pub(crate) fn wrapper(document: &'d Document, found: &Located<'d>) -> Option<Located<'d>> {
        let is_reference = found.node.get("$ref").is_some();
        (!is_reference && unwrapped(document, found).is_some()).then(|| found.clone())
    }

    /// Returns the name of the component that the schema is.
    pub(crate) fn component(&self) -> Option<String> {
        component(&self.at.pointer)
    }

    /// Returns the JSON types without `null`. Without `type` they follow from the other keys.
    pub(crate) fn types(&self) -> Vec<&'d str> {
        let node = self.at.node;
        let mut types: Vec<&str> = match node.get("type").map(Node::kind) {
            Some(Kind::String(one)) => vec![&**one],
            Some(Kind::Seq(several)) => several.iter().filter_map(Node::as_str).collect(),
            _ if node.get("properties").is_some() => vec!["object"],
            _ if node.get("items").is_some() => vec!["array"],
            _ => Vec::new(),
        };
        types.retain(|ty| *ty != "null");
        types.sort_unstable();
        types
    }

    pub(crate) fn format(&self) -> Option<&'d str> {
        self.at.text("format")
    }

    /// Returns the values of `enum` or `const` as JSON text with their places, without null.
    pub(crate) fn values(&self) -> Option<Vec<(String, String)>> {
        if let Some(value) = self.at.get("const") {
            return Some(vec![(value.node.to_json(), value.pointer)]);
        }
        let values = self.at.get("enum")?;
        values.node.as_seq()?;
        Some(values.elements().filter(|v| !v.node.is_null()).map(|v| (v.node.to_json(), v.pointer)).collect())
    }

    /// Returns the properties.
    pub(crate) fn properties(&self) -> Vec<(&'d str, Located<'d>)> {
        self.at.get("properties").map(|properties| properties.members().collect()).unwrap_or_default()
    }

    /// Returns the names of the properties that are always present.
    pub(crate) fn required(&self) -> Vec<&'d str> {
        let always = self.at.get("x-always").into_iter().flat_map(|always| always.list("members"));
        self.at.list("required").chain(always).filter_map(|name| name.node.as_str()).collect()
    }

    /// Returns the alternatives of `oneOf` and `anyOf`, without null.
    pub(crate) fn alternatives(&self) -> Vec<Located<'d>> {
        let all = self.at.list("oneOf").chain(self.at.list("anyOf"));
        all.filter(|alternative| alternative.text("type") != Some("null")).collect()
    }

    /// Returns whether it has `allOf`.
    pub(crate) fn is_composed(&self) -> bool {
        self.at.node.get("allOf").is_some()
    }

    /// Returns `x-time`.
    pub(crate) fn time(&self) -> Option<Located<'d>> {
        self.at.get("x-time").filter(|time| time.node.as_map().is_some())
    }

    /// Returns the columns of a row.
    pub(crate) fn columns(&self) -> Option<Vec<Located<'d>>> {
        self.at.node.get("x-tuple").and_then(Node::as_seq)?;
        Some(self.at.list("x-tuple").collect())
    }

    /// Describes the schema to a reader: `string (decimal)`, `list of Order`. A component is
    /// described by its name.
    pub(crate) fn describe(&self, document: &'d Document) -> String {
        self.describe_to_depth(document, 3)
    }

    /// Describes the schema to a reader. A component is described by its content.
    pub(crate) fn describe_content(&self, document: &'d Document) -> String {
        self.content(document, 3)
    }

    fn describe_to_depth(&self, document: &'d Document, depth: usize) -> String {
        self.component().unwrap_or_else(|| self.content(document, depth))
    }

    fn content(&self, document: &'d Document, depth: usize) -> String {
        if let Some(values) = self.values() {
            let values = values.into_iter().map(|(value, _)| value.trim_matches('"').to_owned()).collect();
            return format!("one of {}", some(values, ", "));
        }
        if let (Some(columns), true) = (self.columns(), depth > 0) {
            let names = columns.iter().filter_map(|column| column.text("name").map(str::to_owned)).collect();
            return format!("row of {}", some(names, ", "));
        }
        let alternatives = self.alternatives();
        if !alternatives.is_empty() {
            let more = alternatives.len().saturating_sub(FEW);
            let few = alternatives.iter().take(FEW).map(|found| describe_inner(document, found, depth));
            let few = few.collect::<Vec<_>>().join(", or ");
            return if more > 0 { format!("{few}, or {more} more") } else { few };
        }
        let types = self.types();
        let text = match types.as_slice() {
            [] => "anything".to_owned(),
            ["array"] => match self.at.get("items") {
                Some(items) => format!("list of {}", describe_inner(document, &items, depth)),
                None => "list".to_owned(),
            },
            ["object"] => match self.at.get("additionalProperties").filter(|extra| extra.node.as_map().is_some()) {
                Some(values) if self.properties().is_empty() => {
                    format!("map of {}", describe_inner(document, &values, depth))
                }
                _ => "object".to_owned(),
            },
            types => types.join(" or "),
        };
        match self.format() {
            Some(format) => format!("{text} ({format})"),
            None => text,
        }
    }
}

/// The maximum number of described alternatives. Each can contain others.
const FEW: usize = 4;
/// The maximum number of described values or names.
const SOME: usize = 24;

fn some(mut texts: Vec<String>, separator: &str) -> String {
    let more = texts.len().saturating_sub(SOME);
    if more > 0 {
        texts.truncate(SOME);
        texts.push(format!("and {more} more"));
    }
    texts.join(separator)
}

fn describe_inner<'d>(document: &'d Document, found: &Located<'d>, depth: usize) -> String {
    match depth.checked_sub(1) {
        Some(depth) => ResolvedSchema::new(document, found.clone()).describe_to_depth(document, depth),
        None => "..".to_owned(),
    }
}

/// Returns the name of the component schema at a place.
pub(crate) fn component(pointer: &str) -> Option<String> {
    match pointer_segments(pointer)?.as_slice() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => Some(name.clone()),
        _ => None,
    }
}

/// Returns the place of `nullable: true`, of a type `null` beside others, or of null in `enum`.
fn null_keyword(at: &Located<'_>) -> Option<String> {
    if at.flag("nullable") {
        return Some(pointer_join(&at.pointer, "nullable"));
    }
    let several = at.node.get("type").and_then(Node::as_seq).is_some_and(|types| types.len() > 1);
    let null = at.list("type").find(|ty| several && ty.node.as_str() == Some("null"));
    null.or_else(|| at.list("enum").find(|value| value.node.is_null())).map(|null| null.pointer)
}

struct Unwrapped<'d> {
    inner: Located<'d>,
    null: Option<String>,
}

/// The keywords that say nothing if they are false.
const FLAGS: [&str; 3] = ["deprecated", "readOnly", "writeOnly"];

/// Returns the schema inside an `allOf`, `oneOf` or `anyOf` of one schema, or of one and null, if
/// there are no other keywords.
fn unwrapped<'d>(document: &'d Document, at: &Located<'d>) -> Option<Unwrapped<'d>> {
    let wrapper = ["allOf", "oneOf", "anyOf"].into_iter().find(|key| at.node.get(key).is_some())?;
    let says_nothing = |key: &str| FLAGS.contains(&key) && !at.flag(key);
    let is_other_keyword = |key: &str| {
        key != wrapper
            && key != "nullable"
            && key != "x-rust-name"
            && !DOCUMENTATION.contains(&key)
            && !says_nothing(key)
    };
    if at.node.as_map()?.keys().any(is_other_keyword) {
        return None;
    }
    let elements = at.list(wrapper);
    let (nulls, mut others): (Vec<_>, Vec<_>) =
        elements.partition(|element| wrapper != "allOf" && is_null(document, element));
    let inner = others.pop().filter(|_| others.is_empty())?;
    Some(Unwrapped { inner, null: nulls.into_iter().next().map(|null| null.pointer) })
}

fn is_null(document: &Document, found: &Located<'_>) -> bool {
    let found = follow(document, Located { pointer: found.pointer.clone(), node: found.node });
    found.text("type") == Some("null")
}
