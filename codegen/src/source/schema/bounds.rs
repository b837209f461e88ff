//! The bounds of a value, as its schema states them.

use std::fmt;

use super::union::union;
use crate::source::located::Located;
use crate::source::node::{Members, Node};
use crate::source::object::Object;
use crate::source::references::ComponentKind;
use crate::source::refusal::Refusal;
use crate::source::shapes::schema::SCHEMA;
use crate::source::standard::Standard;
use crate::source::view::View;

/// The maximum nesting of schemas whose bounds are read. It limits the time as well: if both the
/// elements of a list and the values of a map have the same schema, each level doubles the number
/// of readings.
const MAX_DEPTH: usize = 8;

/// The bounds and the default of a value, as the keys of its schema state them. `$ref`s are
/// followed.
///
/// A bound restricts only values of its own JSON kind, as in JSON Schema: `maximum` restricts
/// numbers, `maxLength` restricts text. So one `Bounds` can have the bounds of all alternatives of
/// a `oneOf`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// `minimum`, as written; `None` if it is exclusive.
    pub minimum: Option<String>,
    /// The number that the value has to be above: `minimum` with `exclusiveMinimum: true`, or the
    /// number of `exclusiveMinimum`.
    pub exclusive_minimum: Option<String>,
    /// `maximum`, as written; `None` if it is exclusive.
    pub maximum: Option<String>,
    /// The number that the value has to be below: `maximum` with `exclusiveMaximum: true`, or the
    /// number of `exclusiveMaximum`.
    pub exclusive_maximum: Option<String>,
    /// `multipleOf`, as written.
    pub multiple_of: Option<String>,
    /// `minLength`, in characters; not 0.
    pub min_length: Option<u32>,
    /// `maxLength`, in characters.
    pub max_length: Option<u32>,
    /// `x-max-bytes`: the maximum number of bytes of a text in UTF-8.
    pub max_bytes: Option<u32>,
    /// `minItems`; not 0. `None` for a row, whose `minItems` states the number of its columns.
    pub min_items: Option<u32>,
    /// `maxItems`.
    pub max_items: Option<u32>,
    /// `pattern`: a regular expression of ECMA-262.
    pub pattern: Option<String>,
    /// `default`, as JSON.
    pub default: Option<String>,
    /// The bounds of the elements of a list.
    pub elements: Option<Box<Bounds>>,
    /// The bounds of the values of a map.
    pub values: Option<Box<Bounds>>,
}

impl Bounds {
    /// Reads the bounds of a schema, which may be a `$ref`.
    ///
    /// # Errors
    /// Returns a refusal if a value does not have the required form.
    pub(crate) fn read<'a>(view: &View<'a>, schema: &Located<'a>) -> Result<Self, Refusal<'a>> {
        Self::inside(view, schema, &mut Vec::new())
    }

    /// Reads the bounds of a schema. `open` are the JSON pointers of the schemas that contain this
    /// one. A schema that contains itself is read only once.
    fn inside<'a>(view: &View<'a>, schema: &Located<'a>, open: &mut Vec<String>) -> Result<Self, Refusal<'a>> {
        // A `$ref` that leads nowhere is refused by another reader.
        let at = view.resolved(schema.clone(), ComponentKind::Schema);
        let Some(at) = at.filter(|at| open.len() < MAX_DEPTH && !open.contains(&at.pointer)) else {
            return Ok(Self::default());
        };
        let mut bounds = Self::own(view.standard, &Object::new(at.clone(), &SCHEMA))?;
        open.push(at.pointer.clone());
        // The bounds of one alternative of a union do not apply to the others.
        let alternatives = at.list("oneOf").filter(|_| union(view, &at).is_none());
        for alternative in alternatives {
            bounds.add(Self::inside(view, &alternative, open)?);
        }
        let mut inner = |key| {
            let inner = at.get(key).filter(|inner: &Located<'a>| inner.node.as_map().is_some());
            let inner = inner.map(|inner| Self::inside(view, &inner, open)).transpose();
            inner.map(|bounds| bounds.filter(|bounds| !bounds.is_empty()).map(Box::new))
        };
        // Beside properties, they are the values of other names.
        let is_map = at.node.get("properties").and_then(Node::as_map).is_none_or(Members::is_empty);
        let values = if is_map { inner("additionalProperties")? } else { None };
        let elements = inner("items")?;
        bounds.elements = bounds.elements.take().or(elements);
        bounds.values = bounds.values.take().or(values);
        open.pop();
        Ok(bounds)
    }

    /// Reads the bounds that the keys of the schema itself state, without those of alternatives,
    /// elements and values.
    fn own<'a>(standard: Standard, schema: &Object<'a>) -> Result<Self, Refusal<'a>> {
        let number = |key| schema.at.get(key).and_then(|bound| bound.node.as_number()).map(str::to_owned);
        let side = |key, exclusive| match standard {
            // `true` makes the bound beside it exclusive.
            Standard::OpenApi if schema.at.flag(exclusive) => (None, number(key)),
            Standard::OpenApi => (number(key), None),
            Standard::OpenRpc => (number(key), number(exclusive)),
        };
        let ((minimum, exclusive_minimum), (maximum, exclusive_maximum)) =
            (side("minimum", "exclusiveMinimum"), side("maximum", "exclusiveMaximum"));
        let at_least = |key| schema.count(key).map(|count| count.filter(|count| *count > 0));
        let is_row = schema.at.node.get("x-tuple").is_some();
        Ok(Self {
            minimum,
            exclusive_minimum,
            maximum,
            exclusive_maximum,
            multiple_of: number("multipleOf"),
            min_length: at_least("minLength")?,
            max_length: schema.count("maxLength")?,
            max_bytes: schema.count("x-max-bytes")?,
            min_items: if is_row { None } else { at_least("minItems")? },
            max_items: schema.count("maxItems")?,
            pattern: schema.text("pattern")?.map(str::to_owned),
            default: schema.at.node.get("default").map(|default| default.to_json()),
            elements: None,
            values: None,
        })
    }

    /// Adds the bounds of an alternative. A bound that is already stated stays as it is.
    fn add(&mut self, other: Self) {
        fn add<T>(one: &mut Option<T>, other: Option<T>) {
            if one.is_none() {
                *one = other;
            }
        }
        add(&mut self.minimum, other.minimum);
        add(&mut self.exclusive_minimum, other.exclusive_minimum);
        add(&mut self.maximum, other.maximum);
        add(&mut self.exclusive_maximum, other.exclusive_maximum);
        add(&mut self.multiple_of, other.multiple_of);
        add(&mut self.min_length, other.min_length);
        add(&mut self.max_length, other.max_length);
        add(&mut self.max_bytes, other.max_bytes);
        add(&mut self.min_items, other.min_items);
        add(&mut self.max_items, other.max_items);
        add(&mut self.pattern, other.pattern);
        add(&mut self.default, other.default);
        add(&mut self.elements, other.elements);
        add(&mut self.values, other.values);
    }

    /// Returns whether neither the value nor a part of it has bounds or a default.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the keys with their values, except the bounds of elements and of values.
    fn keys(&self) -> Vec<(&'static str, String)> {
        let text = |text: &Option<String>| text.clone();
        let count = |count: Option<u32>| count.map(|count| count.to_string());
        let all = [
            ("minimum", text(&self.minimum)),
            ("exclusiveMinimum", text(&self.exclusive_minimum)),
            ("maximum", text(&self.maximum)),
            ("exclusiveMaximum", text(&self.exclusive_maximum)),
            ("multipleOf", text(&self.multiple_of)),
            ("minLength", count(self.min_length)),
            ("maxLength", count(self.max_length)),
            ("x-max-bytes", count(self.max_bytes)),
            ("minItems", count(self.min_items)),
            ("maxItems", count(self.max_items)),
            ("pattern", self.pattern.as_ref().map(|pattern| format!("{pattern:?}"))),
            ("default", text(&self.default)),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

impl fmt::Display for Bounds {
    /// Writes `maximum 1000, default 500`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.keys().into_iter().map(|(key, value)| format!("{key} {value}")).collect();
        for (name, inner) in [("elements", &self.elements), ("values", &self.values)] {
            parts.extend(inner.as_ref().map(|inner| format!("{name} [{inner}]")));
        }
        f.write_str(&parts.join(", "))
    }
}
