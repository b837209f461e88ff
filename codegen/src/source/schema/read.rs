//! Reads a schema: its values, its documentation and its extensions.

use super::alternatives::{Alternative, alternatives, is_null_type};
use super::enums::EnumValues;
use super::formats::{IntegerFormat, TextFormat, decimal_number, integer_format, text_format};
use super::keys::misplaced_keys;
use super::spellings::{Spelling, spellings};
use super::types::{JsonType, TypeName, stated_type};
use super::union::{Union, union};
use crate::source::document::Document;
use crate::source::extensions::{Column, SchemaExtensions};
use crate::source::located::Located;
use crate::source::object::{Object, elements};
use crate::source::refusal::Refusal;
use crate::source::shapes::schema::SCHEMA;
use crate::source::standard::Standard;
use crate::source::times::TimeFormat;
use crate::source::view::View;

/// A schema that is not a `$ref`.
pub(crate) struct Schema<'a> {
    pub(crate) title: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) deprecated: bool,
    pub(crate) read_only: bool,
    pub(crate) nullable: bool,
    pub(crate) extensions: SchemaExtensions<'a>,
    pub(crate) values: Values<'a>,
}

/// The values that a schema describes, apart from null.
pub(crate) enum Values<'a> {
    /// Any JSON value.
    Any,
    Boolean,
    Text(TextFormat),
    Integer(IntegerFormat),
    /// A number that is an exact decimal.
    Decimal,
    /// A time.
    Time(TimeFormat),
    /// A number of any size.
    Number,
    /// One of several texts or integers.
    Enum {
        values: Vec<EnumValue<'a>>,
        integer: bool,
    },
    /// An object with known properties.
    Object {
        properties: Vec<Property<'a>>,
        /// The properties of other names; `None` if they are ignored.
        others: Option<OtherProperties<'a>>,
    },
    /// An object with properties of any name, which all have this schema.
    Map(Located<'a>),
    /// An object without properties.
    Empty,
    /// Any object.
    AnyObject,
    /// A list whose elements all have this schema.
    List(Located<'a>),
    /// A list in which each position has a meaning of its own. The first `required` positions are
    /// always present.
    Row {
        columns: Vec<Column<'a>>,
        required: usize,
    },
    /// One of several alternatives that the first character of the value tells apart.
    OneOf(Vec<Alternative<'a>>),
    /// One of several alternatives that their JSON type does not tell apart.
    Union(Union<'a>),
}

/// A value of an `enum`.
pub(crate) struct EnumValue<'a> {
    pub(crate) at: Located<'a>,
    /// The text, or the integer in decimal.
    pub(crate) wire: String,
    /// The other spellings of the value in responses.
    pub(crate) spellings: Vec<Spelling>,
}

/// The properties of an object that have no name in the document.
pub(crate) enum OtherProperties<'a> {
    /// Any JSON values.
    Any,
    /// Values of a schema, which may be a `$ref`.
    Schema(Located<'a>),
}

/// A property of an object.
pub(crate) struct Property<'a> {
    pub(crate) name: &'a str,
    /// The schema of the property, which may be a `$ref`.
    pub(crate) schema: Located<'a>,
    /// True if the property is always present (`required` or `x-always`).
    pub(crate) required: bool,
}

impl<'a> Schema<'a> {
    /// Reads a schema that is not a `$ref`.
    ///
    /// # Errors
    /// Returns the refusal of the first key that cannot be read, or of a schema whose values have
    /// no exact type.
    pub(crate) fn read(view: &View<'a>, at: Located<'a>) -> Result<Self, Refusal<'a>> {
        let object = Object::new(at.clone(), &SCHEMA);
        let extensions = SchemaExtensions::read(&at)?;
        Ok(Self {
            title: object.text("title")?,
            description: object.text("description")?,
            deprecated: object.flag("deprecated")?,
            read_only: object.flag("readOnly")?,
            nullable: is_nullable(view.standard, &at),
            values: Values::read(view, &object, &extensions)?,
            extensions,
        })
    }
}

/// Returns whether a schema states that its value may be null.
pub(crate) fn is_nullable(standard: Standard, schema: &Located<'_>) -> bool {
    match standard {
        Standard::OpenApi => schema.flag("nullable"),
        Standard::OpenRpc => {
            schema.node.get("type").is_some_and(|stated| stated.as_seq().is_some())
                || schema.list("oneOf").any(|alternative| is_null_type(alternative.node))
        }
    }
}

impl<'a> Values<'a> {
    fn read(view: &View<'a>, schema: &Object<'a>, extensions: &SchemaExtensions<'a>) -> Result<Self, Refusal<'a>> {
        let at = &schema.at;
        let (type_name, refusal) = stated_type(view.standard, at);
        let refusal = refusal.or_else(|| misplaced_keys(at, type_name).into_iter().next());
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let json_type = match type_name {
            TypeName::Known(json_type) => json_type,
            TypeName::None | TypeName::Unknown => {
                return match at.get("oneOf") {
                    Some(choice) => match union(view, at) {
                        Some(union) => Ok(Self::Union(union)),
                        None => one_of(view, &choice),
                    },
                    None => Ok(Self::Any),
                };
            }
        };
        let time = TimeFormat::read(at, json_type)?;
        match (json_type, at.get("enum")) {
            (JsonType::String | JsonType::Integer, Some(list)) => {
                let values = EnumValues::new(&list, type_name);
                let (spelt, refusals) = spellings(at, type_name);
                if let Some(refusal) = refusals.into_iter().next() {
                    return Err(refusal);
                }
                let mut spelt = spelt.into_iter();
                let read = |at: Located<'a>| {
                    let wire = values.read(&at)?;
                    Ok(EnumValue { wire, at, spellings: spelt.next().unwrap_or_default() })
                };
                let all = elements(&list)?;
                if all.is_empty() {
                    return Err(no_values(&list));
                }
                let values = all.into_iter().map(read).collect::<Result<_, _>>()?;
                Ok(Self::Enum { values, integer: json_type == JsonType::Integer })
            }
            (JsonType::String, None) => text_format(at).map(|format| time.map_or(Self::Text(format), Self::Time)),
            (JsonType::Integer, None) => {
                integer_format(at).map(|format| time.map_or(Self::Integer(format), Self::Time))
            }
            (JsonType::Number, _) if is_any_number(view.document, at) => Ok(Self::Number),
            (JsonType::Number, _) => decimal_number(at).map(|()| time.map_or(Self::Decimal, Self::Time)),
            (JsonType::Boolean, _) => Ok(Self::Boolean),
            (JsonType::Object, _) => Self::object(view.document, schema, extensions),
            (JsonType::Array, _) => Self::array(schema, extensions),
        }
    }

    fn object(
        document: &Document,
        schema: &Object<'a>,
        extensions: &SchemaExtensions<'a>,
    ) -> Result<Self, Refusal<'a>> {
        let properties = schema.map("properties")?;
        let Some(others) = schema.at.get("additionalProperties") else {
            return if properties.is_empty() { Ok(Self::AnyObject) } else { Self::members(schema, extensions, None) };
        };
        let is_allowed = others.node.as_map().is_some() || schema.flag("additionalProperties")?;
        match (others.node.as_map(), properties.is_empty()) {
            (Some(_), true) => Ok(Self::Map(others)),
            (None, true) => Ok(if is_allowed { Self::AnyObject } else { Self::Empty }),
            (Some(_), false) if !document.is_normal() => Err(members_beside_map(&others)),
            (Some(_), false) => Self::members(schema, extensions, Some(OtherProperties::Schema(others))),
            // A strict document ignores properties of other names.
            (None, false) => {
                let others = (is_allowed && document.is_normal()).then_some(OtherProperties::Any);
                Self::members(schema, extensions, others)
            }
        }
    }

    fn members(
        schema: &Object<'a>,
        extensions: &SchemaExtensions<'a>,
        others: Option<OtherProperties<'a>>,
    ) -> Result<Self, Refusal<'a>> {
        let always = extensions.always.as_ref().map(|always| always.members.clone()).unwrap_or_default();
        let required: std::collections::HashSet<&str> = schema.texts("required")?.into_iter().chain(always).collect();
        let property =
            |(name, schema): (&'a str, Located<'a>)| Property { name, schema, required: required.contains(name) };
        Ok(Self::Object { properties: schema.map("properties")?.into_iter().map(property).collect(), others })
    }

    fn array(schema: &Object<'a>, extensions: &SchemaExtensions<'a>) -> Result<Self, Refusal<'a>> {
        match &extensions.tuple {
            Some(columns) => {
                let stated = schema.count("minItems")?.and_then(|count| usize::try_from(count).ok());
                Ok(Self::Row { columns: columns.clone(), required: stated.unwrap_or(columns.len()) })
            }
            None => Ok(Self::List(items(&schema.at)?)),
        }
    }
}

fn one_of<'a>(view: &View<'a>, choice: &Located<'a>) -> Result<Values<'a>, Refusal<'a>> {
    let _ = elements(choice)?;
    let (alternatives, refusals) = alternatives(view, choice);
    match refusals.into_iter().next() {
        Some(refusal) => Err(refusal),
        None => Ok(Values::OneOf(alternatives)),
    }
}

/// Returns whether the values of a `type: number` are kept as numbers of any size. This is so only
/// in documents that are not strict. A strict document has to state `format: decimal`.
pub(crate) fn is_any_number(document: &Document, number: &Located<'_>) -> bool {
    document.is_normal() && number.get("format").is_none()
}

/// Returns the schema of an array's elements.
///
/// # Errors
/// Returns a refusal if the array has no `items`.
pub(crate) fn items<'a>(schema: &Located<'a>) -> Result<Located<'a>, Refusal<'a>> {
    schema.get("items").ok_or_else(|| {
        let help = "write items: {type: ..}, or items: {} for any JSON value";
        Refusal::new(&*schema.pointer, "an array has no `items`", help)
    })
}

/// Returns the refusal of an object that has named properties and a schema for all others.
pub(crate) fn members_beside_map<'a>(others: &Located<'a>) -> Refusal<'a> {
    let message = "named properties and a schema for all others are not supported together";
    let help = "describe all properties under `properties`, or all of them as `additionalProperties`";
    Refusal::new(&*others.pointer, message, help).on_key()
}

/// Returns the refusal of an `enum` without values.
pub(crate) fn no_values<'a>(list: &Located<'a>) -> Refusal<'a> {
    let help = "list the values known today, or leave it out";
    Refusal::new(&*list.pointer, "an `enum` has no values", help)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the schema as the component `A` of a document, and passes it to `ask`.
    fn asked<T>(standard: Standard, schema: &str, ask: impl FnOnce(&Schema<'_>) -> T) -> T {
        let text = format!("components: {{schemas: {{A: {schema}}}}}\n");
        let document = Document::parse("acme.yaml", &text).unwrap_or_else(|findings| panic!("{findings}"));
        let view = View::new(&document, standard);
        let at = view.at("/components/schemas/A").expect("the schema is there");
        ask(&Schema::read(&view, at).unwrap_or_else(|refusal| panic!("{refusal:?}")))
    }

    #[test]
    fn a_schema_is_nullable_by_the_notation_of_its_standard() {
        let is_nullable = |standard, schema: &str| asked(standard, schema, |schema| schema.nullable);
        assert!(is_nullable(Standard::OpenApi, "{type: string, nullable: true}"));
        assert!(!is_nullable(Standard::OpenApi, "{type: string}"));
        assert!(is_nullable(Standard::OpenRpc, "{type: [string, 'null']}"));
        assert!(is_nullable(Standard::OpenRpc, "{oneOf: [{type: string}, {type: integer}, {type: 'null'}]}"));
        assert!(!is_nullable(Standard::OpenRpc, "{oneOf: [{type: string}, {type: integer}]}"));
    }

    #[test]
    fn properties_may_have_the_names_of_schema_keys() {
        let schema = "{type: object, required: [enum], properties: {type: {type: [integer, 'null']}, \
                      enum: {type: string}, oneOf: {type: array, items: {}}, $ref: {type: string}}}";
        let members = asked(Standard::OpenRpc, schema, |schema| match &schema.values {
            Values::Object { properties, .. } => {
                properties.iter().map(|property| (property.name.to_owned(), property.required)).collect()
            }
            _ => Vec::new(),
        });
        let expected = [("type", false), ("enum", true), ("oneOf", false), ("$ref", false)];
        assert_eq!(members, expected.map(|(name, required)| (name.to_owned(), required)));
    }

    #[test]
    fn the_values_of_an_enum_keep_their_order_and_integers_are_in_decimal() {
        let values = |schema: &str| {
            asked(Standard::OpenApi, schema, |schema| match &schema.values {
                Values::Enum { values, .. } => values.iter().map(|value| value.wire.clone()).collect(),
                _ => Vec::new(),
            })
        };
        assert_eq!(values("{type: string, enum: [b, '10', a]}"), ["b", "10", "a"]);
        assert_eq!(values("{type: integer, enum: [2, -0, -7]}"), ["2", "0", "-7"]);
    }
}
