//! Schemas with references resolved, redundant wrappers removed, and `null` separated.

use std::collections::HashSet;
use std::rc::Rc;

use crate::keys::DOCUMENTATION;
use venuekit_codegen::source::Located;
use venuekit_codegen::source::follow;
use venuekit_codegen::source::{Document, Kind, Node, parent, pointer_join, pointer_segments};

/// A schema with references resolved.
///
/// A value of a schema with `allOf` matches all of its parts, so the parts are read as one schema.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedSchema<'d> {
    pub(crate) at: Located<'d>,
    /// The place of the keyword that allows null.
    pub(crate) null: Option<String>,
    /// The schemas around it that add only annotations, the outermost first.
    pub(crate) wrappers: Vec<Located<'d>>,
    /// The schema itself, then the schemas of its `allOf`.
    parts: Rc<[Located<'d>]>,
}

/// The maximum number of wrappers around a schema that are removed.
const MAX_WRAPPERS: usize = 32;

/// The maximum number of parts of a schema. The others are not read.
const MAX_PARTS: usize = 500;

impl<'d> ResolvedSchema<'d> {
    pub(crate) fn new(document: &'d Document, found: Located<'d>) -> Self {
        let mut at = followed(document, found);
        let (mut null, mut wrappers) = (None, Vec::new());
        for _ in 0..MAX_WRAPPERS {
            null = null.or_else(|| null_keyword(&at));
            match unwrapped(document, &at) {
                Some(Unwrapped { inner, null: because }) => {
                    null = null.or(because);
                    wrappers.push(std::mem::replace(&mut at, followed(document, inner)));
                }
                None => break,
            }
        }
        let parts = parts(document, &at);
        null = null.or_else(|| null_of_parts(document, &parts));
        Self { at, null, wrappers, parts }
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

    /// Returns the pointer by which the schema is known: that of its outermost wrapper, if a
    /// wrapper has a meaning beside documentation.
    pub(crate) fn identity(&self) -> &str {
        let has_meaning = |key: &str| !DOCUMENTATION.contains(&key) && !MEANINGLESS.contains(&key);
        let keys = self.wrappers.iter().flat_map(|wrapper| wrapper.node.as_map()).flat_map(|keys| keys.keys());
        match self.wrappers.first().filter(|_| keys.into_iter().any(has_meaning)) {
            Some(outermost) => &outermost.pointer,
            None => &self.at.pointer,
        }
    }

    /// Returns the parts, of which a value matches each.
    pub(crate) fn parts(&self) -> &[Located<'d>] {
        &self.parts
    }

    /// Returns the value of a key in the first part that has it.
    pub(crate) fn get(&self, key: &str) -> Option<Located<'d>> {
        self.parts.iter().find_map(|part| part.get(key))
    }

    /// Returns the values of a key in all parts.
    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = Located<'d>> {
        self.parts.iter().filter_map(move |part| part.get(key))
    }

    /// Returns the elements of the list of a key, of all parts.
    pub(crate) fn list(&self, key: &str) -> impl Iterator<Item = Located<'d>> {
        self.parts.iter().flat_map(move |part| part.list(key).collect::<Vec<_>>())
    }

    /// Returns the text of a key in the first part that has it.
    pub(crate) fn text(&self, key: &str) -> Option<&'d str> {
        self.parts.iter().find_map(|part| part.text(key))
    }

    /// Returns whether a key is `true` in a part.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.parts.iter().any(|part| part.flag(key))
    }

    /// Returns the first wrapper or part in which an annotation is stated.
    pub(crate) fn annotated(&self, key: &str) -> Option<&Located<'d>> {
        self.wrappers.iter().chain(self.parts.iter()).find(|part| part.node.get(key).is_some())
    }

    /// Returns whether an annotation is `true` in a wrapper or a part.
    pub(crate) fn is_annotated(&self, key: &str) -> bool {
        self.wrappers.iter().chain(self.parts.iter()).any(|part| part.flag(key))
    }

    /// Returns the JSON types without `null`. Without `type` they follow from the other keys.
    pub(crate) fn types(&self) -> Vec<&'d str> {
        let stated = self.parts.iter().map(types_of).filter(|types| !types.is_empty());
        let common = stated.reduce(|all, types| {
            let fits = |ty: &&str| types.contains(ty) || *ty == "integer" && types.contains(&"number");
            let is_integer = |ty: &&str| *ty == "integer" && all.contains(&"number");
            let mut common: Vec<&str> = all.iter().copied().filter(fits).collect();
            common
                .extend(types.iter().copied().filter(|ty| is_integer(ty) && !common.contains(ty)).collect::<Vec<_>>());
            // No value has both types. The first one counts, as everywhere.
            if common.is_empty() { all } else { common }
        });
        let mut types = common.unwrap_or_default();
        types.sort_unstable();
        types
    }

    pub(crate) fn format(&self) -> Option<&'d str> {
        self.text("format")
    }

    /// Returns the values of `enum` or `const` as JSON text with their places, without null. Of
    /// several lists, the common values.
    pub(crate) fn values(&self) -> Option<Vec<(String, String)>> {
        let mut lists = self.parts.iter().filter_map(values_of);
        let first = lists.next()?;
        Some(lists.fold(first, |mut values, other| {
            values.retain(|(value, _)| other.iter().any(|(known, _)| known == value));
            values
        }))
    }

    /// Returns the part that lists the values.
    pub(crate) fn listing(&self) -> Option<&Located<'d>> {
        self.parts.iter().find(|part| values_of(part).is_some())
    }

    /// Returns the properties of all parts. One name can have several schemas.
    pub(crate) fn properties(&self) -> Vec<(&'d str, Located<'d>)> {
        self.all("properties").flat_map(|properties| properties.members().collect::<Vec<_>>()).collect()
    }

    /// Returns the names of the properties that are always present.
    pub(crate) fn required(&self) -> Vec<&'d str> {
        let always = self.all("x-always").flat_map(|always| always.list("members").collect::<Vec<_>>());
        self.list("required").chain(always).filter_map(|name| name.node.as_str()).collect()
    }

    /// Returns the alternatives of `oneOf` and `anyOf`, without null.
    pub(crate) fn alternatives(&self) -> Vec<Located<'d>> {
        let lists = self.parts.iter().flat_map(|part| CHOICES.map(|key| not_null(part, key)));
        // A single alternative is one of the parts.
        lists.filter(|alternatives| alternatives.len() > 1).flatten().collect()
    }

    /// Returns whether exactly one alternative has to match.
    pub(crate) fn is_exclusive(&self) -> bool {
        self.parts.iter().any(|part| not_null(part, "oneOf").len() > 1)
    }

    /// Returns whether it has `allOf`.
    pub(crate) fn is_composed(&self) -> bool {
        self.at.node.get("allOf").is_some()
    }

    /// Returns `x-time`.
    pub(crate) fn time(&self) -> Option<Located<'d>> {
        self.annotated("x-time")?.get("x-time").filter(|time| time.node.as_map().is_some())
    }

    /// Returns the schemas of the elements of an array, if it is not a row.
    pub(crate) fn items(&self) -> Vec<Located<'d>> {
        if self.columns().is_some() {
            return Vec::new();
        }
        self.all("items").filter(|items| items.node.as_map().is_some()).collect()
    }

    /// Returns the schemas of the properties that are not listed.
    pub(crate) fn other_properties(&self) -> Vec<Located<'d>> {
        self.all("additionalProperties").filter(|others| others.node.as_map().is_some()).collect()
    }

    /// Returns whether properties that are not listed are forbidden.
    pub(crate) fn is_closed(&self) -> bool {
        self.all("additionalProperties").any(|others| others.node.as_bool() == Some(false))
    }

    /// Returns the columns of a row.
    pub(crate) fn columns(&self) -> Option<Vec<Located<'d>>> {
        let columns = self.get("x-tuple").filter(|columns| columns.node.as_seq().is_some())?;
        Some(columns.elements().collect())
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
            ["array"] => match self.get("items") {
                Some(items) => format!("list of {}", describe_inner(document, &items, depth)),
                None => "list".to_owned(),
            },
            ["object"] => match self.other_properties().into_iter().next() {
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

/// Returns the JSON types that one part states, without `null`.
fn types_of<'d>(part: &Located<'d>) -> Vec<&'d str> {
    let node = part.node;
    let mut types: Vec<&str> = match node.get("type").map(Node::kind) {
        Some(Kind::String(one)) => vec![&**one],
        Some(Kind::Seq(several)) => several.iter().filter_map(Node::as_str).collect(),
        _ if node.get("properties").is_some() => vec!["object"],
        _ if node.get("items").is_some() => vec!["array"],
        _ => types_of_values(part),
    };
    types.retain(|ty| *ty != "null");
    types
}

/// Returns the JSON types of the listed values.
fn types_of_values<'d>(part: &Located<'d>) -> Vec<&'d str> {
    let listed = part.list("enum").chain(part.get("const"));
    let types = listed.filter_map(|value| match value.node.kind() {
        Kind::String(_) => Some("string"),
        Kind::Bool(_) => Some("boolean"),
        Kind::Number(text) if text.contains(['.', 'e', 'E']) => Some("number"),
        Kind::Number(_) => Some("integer"),
        Kind::Map(_) => Some("object"),
        Kind::Seq(_) => Some("array"),
        Kind::Null => None,
    });
    let mut types: Vec<&str> = types.collect();
    types.sort_unstable();
    types.dedup();
    types
}

/// Returns the values that one part lists, as JSON text with their places, without null.
fn values_of(part: &Located<'_>) -> Option<Vec<(String, String)>> {
    if let Some(value) = part.get("const") {
        return Some(vec![(value.node.to_json(), value.pointer)]);
    }
    let values = part.get("enum")?;
    values.node.as_seq()?;
    Some(values.elements().filter(|v| !v.node.is_null()).map(|v| (v.node.to_json(), v.pointer)).collect())
}

/// The keywords with alternatives.
const CHOICES: [&str; 2] = ["oneOf", "anyOf"];

/// Returns the alternatives of a keyword, without null.
fn not_null<'d>(part: &Located<'d>, key: &str) -> Vec<Located<'d>> {
    part.list(key).filter(|alternative| alternative.text("type") != Some("null")).collect()
}

/// Returns a schema and the schemas of its `allOf`, at every depth. The only schema of a `oneOf` or
/// an `anyOf` is a part as well.
fn parts<'d>(document: &'d Document, at: &Located<'d>) -> Rc<[Located<'d>]> {
    if !["allOf", "$ref", "oneOf", "anyOf"].iter().any(|key| at.node.get(key).is_some()) {
        return Rc::new([at.clone()]);
    }
    let (mut parts, mut seen) = (Vec::new(), HashSet::new());
    let mut open = vec![at.clone()];
    while let Some(part) = open.pop() {
        if parts.len() >= MAX_PARTS || !seen.insert(part.pointer.clone()) {
            continue;
        }
        let inner = part.list("allOf").map(|inner| followed(document, inner));
        let target = part.node.get("$ref").map(|_| follow(document, part.clone()));
        let single = CHOICES.into_iter().filter_map(|key| match not_null(&part, key).as_slice() {
            [single] => Some(followed(document, single.clone())),
            _ => None,
        });
        open.extend(inner.chain(target).chain(single).collect::<Vec<_>>().into_iter().rev());
        parts.push(part);
    }
    parts.into()
}

/// Follows the `$ref`s of a place. Since OpenAPI 3.1, keys beside a `$ref` have a meaning: the
/// object with such keys is a schema of its own.
fn followed<'d>(document: &'d Document, place: Located<'d>) -> Located<'d> {
    let version =
        || document.root().get("openapi").and_then(|version| version.as_str().or_else(|| version.as_number()));
    let has_others = || {
        let keys = place.node.as_map().into_iter().flat_map(|members| members.keys());
        keys.filter(|key| *key != "$ref" && *key != "x-rust-name").any(|key| !DOCUMENTATION.contains(&key))
    };
    let is_own = place.node.get("$ref").is_some()
        && has_others()
        && version().is_some_and(|version| version.starts_with("3.") && !version.starts_with("3.0"));
    if is_own { place } else { follow(document, place) }
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

/// Returns the place of the keyword that allows null, if each part that limits the type has one.
fn null_of_parts(document: &Document, parts: &[Located<'_>]) -> Option<String> {
    let among = |part: &Located<'_>, key: &str| {
        part.list(key).find(|element| is_null(document, element)).map(|null| null.pointer)
    };
    let of = |part: &Located<'_>| null_keyword(part).or_else(|| among(part, "oneOf")).or_else(|| among(part, "anyOf"));
    let has = |part: &Located<'_>, keys: &[&str]| keys.iter().any(|key| part.node.get(key).is_some());
    // The only schema of a choice with null may be anything but null.
    let is_beside_null = |pointer: &str| {
        let choice = parent(pointer).and_then(parent);
        parts.iter().any(|part| Some(part.pointer.as_str()) == choice && of(part).is_some())
    };
    let limits = |part: &&Located<'_>| {
        has(part, &["type", "enum", "const", "properties", "items"]) && !is_beside_null(&part.pointer)
            || CHOICES.iter().any(|key| not_null(part, key).len() > 1 || among(part, key).is_some())
    };
    let nulls: Option<Vec<String>> = parts.iter().filter(limits).map(of).collect();
    nulls?.into_iter().next()
}

struct Unwrapped<'d> {
    inner: Located<'d>,
    null: Option<String>,
}

/// The keys of a wrapper that are read elsewhere, or that have no meaning.
const MEANINGLESS: [&str; 8] = ["allOf", "oneOf", "anyOf", "$ref", "nullable", "x-rust-name", "$comment", "xml"];

/// The extensions that limit values or describe the schema, and not its place.
const LIMITING: [&str; 6] =
    ["x-tuple", "x-max-bytes", "x-always", "x-constraints", "x-enum-varnames", "x-enum-spellings"];

/// Returns whether a key of a wrapper tells about the place, and does not limit the values.
fn is_annotation(key: &str) -> bool {
    DOCUMENTATION.contains(&key)
        || matches!(key, "nullable" | "deprecated" | "readOnly" | "writeOnly" | "default" | "xml" | "$comment")
        || key.starts_with("x-") && !LIMITING.contains(&key)
}

/// Returns the schema inside an `allOf`, `oneOf` or `anyOf` of one schema, or of one and null, if
/// the other keywords are annotations. A `$ref` with keys beside it is such a wrapper too.
fn unwrapped<'d>(document: &'d Document, at: &Located<'d>) -> Option<Unwrapped<'d>> {
    let wrapper = ["allOf", "oneOf", "anyOf", "$ref"].into_iter().find(|key| at.node.get(key).is_some())?;
    if at.node.as_map()?.keys().any(|key| key != wrapper && !is_annotation(key)) {
        return None;
    }
    if wrapper == "$ref" {
        let inner = follow(document, at.clone());
        return (inner.pointer != at.pointer).then_some(Unwrapped { inner, null: None });
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
