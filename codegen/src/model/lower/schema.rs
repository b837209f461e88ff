//! Lowers schemas to types.

use super::always::AlwaysPresent;
use super::constraints::{Named, constraints};
use super::extensions::{own_docs, prose, time_format};
use super::lowering::{Lowering, Place};
use crate::model::api::{
    Alternative, Docs, EnumVariant, ExampleOf, Field, JsonKind, Others, Spelling, Type, TypeDef, TypeKind,
};
use crate::model::names::{RESERVED_VARIANTS, Scope, Words, compound};
use crate::source::evidence::has_hints_only;
use crate::source::extensions::{Column, SchemaExtensions};
use crate::source::located::Located;
use crate::source::market_rules::MarketRule;
use crate::source::pointer::pointer_join;
use crate::source::references::ComponentKind;
use crate::source::schema::alternatives;
use crate::source::schema::bounds::Bounds;
use crate::source::schema::formats::{IntegerFormat, TextFormat};
use crate::source::schema::read::{EnumValue, OtherProperties, Property, Schema, Values, is_nullable};
use crate::source::schema::spellings;
use crate::source::schema::types::JsonType;

/// The field of an object for its properties of other names.
const OTHERS_FIELD: &str = "additional_properties";

/// The type of a schema: a type that needs no new name, or the kind of a type that needs one.
enum Shape {
    Plain(Type),
    Named(TypeKind),
    /// An object that can have properties of other names.
    Open(TypeKind, Box<Others>),
}

impl Shape {
    /// Returns the kind of the type and the properties of other names; the type if it needs no
    /// name.
    fn into_kind(self) -> Result<(TypeKind, Option<Others>), Type> {
        match self {
            Self::Plain(ty) => Err(ty),
            Self::Named(kind) => Ok((kind, None)),
            Self::Open(kind, others) => Ok((kind, Some(*others))),
        }
    }
}

impl<'a> Lowering<'a> {
    /// Returns the type of a schema, which may be a `$ref`. `name` is the name of the type if it
    /// needs one, `of` is the owner of an example on the schema.
    pub(super) fn schema(&mut self, place: &Located<'a>, name: &str, of: &ExampleOf) -> Type {
        let resolved = self.view.resolve(place.clone(), ComponentKind::Schema);
        let Some(resolved) = self.take(resolved) else { return Type::Json };
        if let Some((component, at)) = resolved.first {
            let ty = self.reference(&component, &at, &resolved.at);
            // A document in normal form can have `nullable` beside a `$ref`.
            return if place.flag("nullable") { nullable(ty) } else { ty };
        }
        if place.flag("readOnly") && !is_member(&place.pointer) {
            self.refuse_read_only(&place.pointer);
        }
        let plain = self.inline_type(place, name);
        let ty = if is_nullable(self.view.standard, place) { nullable(plain) } else { plain };
        self.own_example(place, &ty, of);
        ty
    }

    fn refuse_read_only(&mut self, pointer: &str) {
        let help = "leave it out; it is for properties of an object that are never sent";
        self.refuse(&pointer_join(pointer, "readOnly"), "`readOnly` has no effect here", help);
    }

    /// Returns the example on a schema, or on the component that it refers to.
    pub(super) fn schema_example(&self, place: &Located<'a>) -> Option<String> {
        let schema = self.view.resolved(place.clone(), ComponentKind::Schema)?;
        schema.node.get("example").map(|example| example.to_json())
    }

    /// Returns the description on a schema, or on the component that it refers to.
    pub(super) fn schema_description(&self, place: &Located<'a>) -> Option<String> {
        own_docs(&self.view.resolved(place.clone(), ComponentKind::Schema)?).description
    }

    /// Returns the bounds on a schema, or on the component that it refers to.
    pub(super) fn bounds(&mut self, place: &Located<'a>) -> Bounds {
        let bounds = Bounds::read(self.view, place);
        self.take(bounds).unwrap_or_default()
    }

    /// Returns whether a schema, or the component that it refers to, is deprecated.
    pub(super) fn is_deprecated(&self, place: &Located<'a>) -> bool {
        self.view.resolved(place.clone(), ComponentKind::Schema).is_some_and(|schema| schema.flag("deprecated"))
    }

    /// Returns the type of a schema inside another schema.
    fn inner(&mut self, place: &Located<'a>, name: &str) -> Type {
        self.schema(place, name, &ExampleOf::Schema)
    }

    /// Lowers a component.
    pub(super) fn component(&mut self, wire: &str, name: &str, at: &Located<'a>) {
        let resolved = self.view.resolve(at.clone(), ComponentKind::Schema);
        let Some(resolved) = self.take(resolved) else { return };
        let mut constrained = Vec::new();
        let (kind, others, docs) = if let Some((component, first)) = resolved.first {
            // The alias is a type without null: each reference to this component adds null, if the
            // component may be null.
            let alias = without_null(self.reference(&component, &first, &resolved.at));
            (TypeKind::Alias(alias), None, Docs::default())
        } else {
            let Some(schema) = self.read_schema(at) else { return };
            if schema.read_only {
                self.refuse_read_only(&at.pointer);
            }
            let shape = self.shape(&schema, name).into_kind();
            let (kind, others) = shape.unwrap_or_else(|ty| (TypeKind::Alias(ty), None));
            let named = Type::Named(name.to_owned());
            let ty = if schema.nullable { nullable(named) } else { named };
            self.own_example(at, &ty, &ExampleOf::Component(wire.to_owned()));
            constrained = constraints(at, &schema.extensions.constraints, &Named::ByObject);
            (kind, others, self.schema_docs(&schema, name))
        };
        // If two components have the same name, which is a finding, the first one applies.
        self.component_index.entry(name.to_owned()).or_insert(self.components.len());
        let bounds = self.bounds(at);
        self.components.push(TypeDef {
            name: name.to_owned(),
            docs,
            kind,
            others,
            bounds,
            constraints: constrained,
            in_request: false,
            in_response: false,
            pointer: at.pointer.clone(),
        });
    }

    fn read_schema(&mut self, at: &Located<'a>) -> Option<Schema<'a>> {
        let schema = Schema::read(self.view, at.clone());
        self.take(schema)
    }

    /// Returns the type of a component. A nullable component makes the type nullable.
    fn reference(&mut self, component: &str, at: &Located<'a>, resolved: &Located<'a>) -> Type {
        let named = Type::Named(self.component_name(component, at));
        if is_nullable(self.view.standard, resolved) { nullable(named) } else { named }
    }

    /// Returns the type of an inline schema, without null.
    fn inline_type(&mut self, place: &Located<'a>, name: &str) -> Type {
        let pointer = place.pointer.as_str();
        if let Some(known) = self.places.get(pointer) {
            return known.clone();
        }
        let index = self.inline.len();
        let Some(schema) = self.read_schema(place) else { return Type::Json };
        let own = schema.extensions.rust_name.filter(|_| !is_member(pointer));
        let name = match own {
            Some(own) => self.words("schema", own, None, pointer).pascal(),
            None => name.to_owned(),
        };
        match self.shape(&schema, &name).into_kind() {
            Err(ty) => {
                if own.is_some() {
                    let help =
                        "leave it out; a list or a scalar that is to have a name goes under `components/schemas`";
                    self.refuse(&pointer_join(pointer, "x-rust-name"), "the schema needs no name", help);
                }
                ty
            }
            Ok((kind, others)) => {
                let def = TypeDef {
                    docs: self.schema_docs(&schema, &name),
                    kind,
                    others,
                    bounds: self.bounds(place),
                    constraints: constraints(place, &schema.extensions.constraints, &Named::ByObject),
                    in_request: false,
                    in_response: false,
                    pointer: pointer.to_owned(),
                    name,
                };
                let ty = self.define(index, def);
                self.places.insert(pointer.to_owned(), ty.clone());
                ty
            }
        }
    }

    /// Returns the documentation of a schema. The sentence about `x-always` is added once it is
    /// known whether requests or responses contain the type.
    fn schema_docs(&mut self, schema: &Schema<'a>, name: &str) -> Docs {
        if let Some(always) = &schema.extensions.always {
            self.always.insert(name.to_owned(), AlwaysPresent::new(always));
        }
        Docs {
            summary: prose(schema.title),
            description: prose(schema.description),
            deprecated: schema.deprecated,
            deviation: prose(schema.extensions.doc_deviation),
        }
    }

    fn shape(&mut self, schema: &Schema<'a>, name: &str) -> Shape {
        Shape::Plain(match &schema.values {
            Values::Any => Type::Json,
            Values::Boolean => Type::Boolean,
            Values::Text(TextFormat::Plain) => Type::Text,
            Values::Text(TextFormat::Bytes) => Type::Base64,
            Values::Text(TextFormat::Decimal) => Type::DecimalText,
            Values::Integer(IntegerFormat::Int32) => Type::Int32,
            Values::Integer(IntegerFormat::Int64) => Type::Int64,
            Values::Integer(IntegerFormat::Uint32) => Type::Uint32,
            Values::Integer(IntegerFormat::Uint64) => Type::Uint64,
            Values::Decimal => Type::DecimalNumber,
            Values::Time(format) => Type::Time(time_format(*format)),
            Values::Number => Type::Number,
            Values::AnyObject => Type::Object,
            Values::Map(values) => Type::Map(Box::new(self.inner(values, &compound(name, "Value")))),
            Values::List(items) => Type::List(Box::new(self.inner(items, &compound(name, "Item")))),
            Values::Empty => return Shape::Named(TypeKind::Struct(Vec::new())),
            Values::Enum { values, integer } => return self.enumeration(values, *integer, &schema.extensions),
            Values::Object { properties, others } => return self.object(properties, others.as_ref(), name),
            Values::Row { columns, required } => return self.row(columns, *required, name),
            Values::OneOf(alternatives) => return self.one_of(alternatives, name),
            Values::Union(union) => return Shape::Named(self.union(union, name)),
        })
    }

    fn enumeration(&mut self, values: &[EnumValue<'a>], integer: bool, extensions: &SchemaExtensions<'a>) -> Shape {
        let mut scope = Scope::default();
        let mut variants = Vec::new();
        for (index, EnumValue { at, wire, spellings }) in values.iter().enumerate() {
            let place = at.pointer.as_str();
            let text = extensions.enum_varnames.get(index).copied().unwrap_or(wire);
            let mend = "with `x-enum-varnames`, a list as long as `enum`";
            let is_normal = self.view.document.is_normal();
            let words = if is_normal { Ok(Words::spelled(text)) } else { Words::parse(text) };
            let mut name = match words {
                Ok(words) => words.pascal_beside(RESERVED_VARIANTS),
                Err(problem) => {
                    self.refuse(place, format!("value `{text}` {problem}"), format!("give it a name {mend}"));
                    continue;
                }
            };
            match scope.claim(&name, wire, place) {
                Ok(()) => {}
                Err(_) if is_normal => name = scope.claim_numbered(&name, place),
                Err(holder) => self.collision("value", wire, &name, place, &holder, mend),
            }
            let description = extensions.enum_descriptions.get(index).copied();
            let spellings = spellings.iter().map(|spelling| match spelling {
                spellings::Spelling::Text(text) => Spelling::Text(text.clone()),
                spellings::Spelling::Integer(integer) => Spelling::Integer(*integer),
            });
            let spellings = spellings.collect();
            variants.push(EnumVariant { wire: wire.clone(), name, description: prose(description), spellings });
        }
        Shape::Named(TypeKind::Enum { integer, variants })
    }

    fn object(&mut self, properties: &[Property<'a>], others: Option<&OtherProperties<'a>>, name: &str) -> Shape {
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        let words = |property: &Property<'a>, lowering: &mut Self| {
            lowering.words("property", property.name, property.schema.text("x-rust-name"), &property.schema.pointer)
        };
        let words: Vec<Words> = properties.iter().map(|property| words(property, self)).collect();
        let places: Vec<Place<'_>> = properties
            .iter()
            .zip(&words)
            .map(|(property, words)| Place {
                wire: property.name,
                name: words.snake(),
                pointer: &property.schema.pointer,
            })
            .collect();
        let names = self.member_names("property", &places, &mut scope);
        for ((Property { name: wire, schema, required }, words), rust) in properties.iter().zip(&words).zip(names) {
            let member = Member { wire, at: schema, schema, required: *required };
            fields.push(self.field(&member, words, rust, name));
            if schema.flag("readOnly") {
                self.read_only.insert((name.to_owned(), (*wire).to_owned()), schema.pointer.clone());
            }
        }
        let kind = TypeKind::Struct(fields);
        let Some(others) = others else { return Shape::Named(kind) };
        let mut field = OTHERS_FIELD.to_owned();
        while scope.claim(&field, "", "").is_err() {
            field.push('_');
        }
        let (values, bounds) = match others {
            OtherProperties::Any => (Type::Json, Bounds::default()),
            OtherProperties::Schema(schema) => (self.inner(schema, &compound(name, "Value")), self.bounds(schema)),
        };
        let bounds = Bounds { values: (!bounds.is_empty()).then(|| Box::new(bounds)), ..Bounds::default() };
        Shape::Open(kind, Box::new(Others { name: field, map: Type::Map(Box::new(values)), bounds }))
    }

    /// Lowers a member, whose name in Rust is `name`, of the type `parent`.
    fn field(&mut self, member: &Member<'_, 'a>, words: &Words, name: String, parent: &str) -> Field {
        let Member { wire, at, schema, required } = *member;
        let ty = self.inner(schema, &words.pascal_after(parent));
        let mut docs = own_docs(at);
        docs.description = docs.description.or_else(|| self.schema_description(schema));
        if at.pointer != schema.pointer {
            let own = own_docs(schema);
            docs.summary = docs.summary.or(own.summary);
            docs.deviation = docs.deviation.or(own.deviation);
        }
        docs.deprecated |= self.is_deprecated(schema);
        let bounds = self.bounds(schema);
        let market_rule = MarketRule::read(at);
        let market_rule = self.take(market_rule).flatten();
        Field {
            wire: wire.to_owned(),
            name,
            type_parameter: words.pascal(),
            docs,
            market_rule,
            market_rule_is_hint: has_hints_only(at),
            required,
            ty,
            bounds,
        }
    }

    fn row(&mut self, columns: &[Column<'a>], required: usize, name: &str) -> Shape {
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        let words: Vec<Words> = columns
            .iter()
            .map(|column| self.words("column", column.name, column.rust_name, &column.at.pointer))
            .collect();
        let places: Vec<Place<'_>> = columns
            .iter()
            .zip(&words)
            .map(|(column, words)| Place { wire: column.name, name: words.snake(), pointer: &column.at.pointer })
            .collect();
        let names = self.member_names("property", &places, &mut scope);
        for (index, ((column, words), rust)) in columns.iter().zip(&words).zip(names).enumerate() {
            let always = index < required;
            let member = Member { wire: column.name, at: &column.at, schema: &column.schema, required: always };
            let field = self.field(&member, words, rust, name);
            // Null in a row stands for a missing column, so that the other columns keep their
            // places.
            let ty = if always { field.ty } else { without_null(field.ty) };
            fields.push(Field { ty, ..field });
        }
        Shape::Named(TypeKind::Row { required: required.min(fields.len()), columns: fields })
    }

    fn one_of(&mut self, found: &[alternatives::Alternative<'a>], name: &str) -> Shape {
        if self.is_integer_or_text(found) {
            return Shape::Plain(Type::IntegerOrText);
        }
        if let [only] = found {
            return Shape::Plain(self.inner(&only.place, name));
        }
        let mut alternatives: Vec<Alternative> = Vec::new();
        for alternative in found {
            let (kind, kind_name) = match alternative.json_type {
                JsonType::Object => (JsonKind::Object, "Object"),
                JsonType::Array => (JsonKind::Array, "Array"),
                JsonType::String => (JsonKind::String, "String"),
                JsonType::Integer => (JsonKind::Integer, "Integer"),
                JsonType::Number => (JsonKind::Number, "Number"),
                JsonType::Boolean => (JsonKind::Boolean, "Boolean"),
            };
            let ty = self.inner(&alternative.place, &format!("{name}{kind_name}"));
            alternatives.push(Alternative { kind, name: kind_name.to_owned(), ty });
        }
        // The alternatives are `T` and an array of `T`, in either order.
        if let [a, b] = alternatives.as_slice() {
            for (one, many) in [(&a.ty, &b.ty), (&b.ty, &a.ty)] {
                // Decimals need an adaptor, which `OneOrMany` does not support. Lists and maps may
                // contain decimals.
                let plain = !matches!(
                    self.resolve(one),
                    Type::DecimalText | Type::DecimalNumber | Type::List(_) | Type::Map(_)
                );
                if plain && matches!(many, Type::List(item) if **item == *one) {
                    return Shape::Named(TypeKind::OneOrMany(one.clone()));
                }
            }
        }
        Shape::Named(TypeKind::Either(alternatives))
    }

    /// Returns whether the alternatives are an integer and text, neither of them an enum: an id
    /// with two spellings.
    fn is_integer_or_text(&mut self, found: &[alternatives::Alternative<'a>]) -> bool {
        let [a, b] = found else { return false };
        let (Some(a), Some(b)) = (self.read_schema(&a.resolved), self.read_schema(&b.resolved)) else { return false };
        matches!(
            (a.values, b.values),
            (Values::Integer(_), Values::Text(TextFormat::Plain))
                | (Values::Text(TextFormat::Plain), Values::Integer(_))
        )
    }
}

/// A property of an object, or a column of a row.
struct Member<'m, 'a> {
    wire: &'m str,
    /// The property or the column.
    at: &'m Located<'a>,
    /// The schema of the column. For a property, the same as `at`.
    schema: &'m Located<'a>,
    required: bool,
}

/// Returns the type with null as a value: an `Option`, unless null is already a value of the type.
pub(super) fn nullable(ty: Type) -> Type {
    match ty {
        Type::Nullable(_) | Type::Json => ty,
        Type::Object => Type::Json,
        other => Type::Nullable(Box::new(other)),
    }
}

/// Returns the type of an optional parameter or column, for which null means absence.
pub(super) fn without_null(ty: Type) -> Type {
    match ty {
        Type::Nullable(inner) => *inner,
        other => other,
    }
}

/// Returns whether the JSON pointer leads to a property of an object.
fn is_member(pointer: &str) -> bool {
    pointer.rsplit('/').nth(1) == Some("properties")
}
