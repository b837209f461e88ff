//! Schemas become types.

use std::borrow::Borrow;
use std::collections::{BTreeSet, HashSet};

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, IntegerFormat, IntegerType, ObjectType, ReferenceOr, Schema,
    SchemaData, SchemaKind, StringFormat, StringType, Type as SchemaType, VariantOrUnknownOrEmpty as Format,
};

use super::Lowering;
use super::words::{self, prose};
use crate::model::names::{RESERVED_VARIANTS, Scope, Words, compound};
use crate::model::{Alternative, Docs, EnumVariant, ExampleOf, Field, JsonKind, Type, TypeDef, TypeKind};
use crate::spec::words::{Column, SchemaWords};
use crate::spec::{Node, is_null_type, pointer_join};

/// A schema, or where it stands.
#[derive(Clone, Copy)]
pub(super) enum View<'s> {
    Reference(&'s str),
    Item(&'s Schema),
}

impl<'s> View<'s> {
    pub(super) fn of<S: Borrow<Schema>>(schema: &'s ReferenceOr<S>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Item(schema.borrow()),
        }
    }
}

/// What a schema comes to: a type as it is, or one that needs a name.
enum Shape {
    Plain(Type),
    Named(TypeKind),
}

/// What stands in for a type that could not be read.
const UNREADABLE: Shape = Shape::Plain(Type::Json);

impl Lowering<'_> {
    /// The type of a schema; `name` is what it is called should it need a name, `of` what an example on it belongs to.
    pub(super) fn schema(&mut self, schema: View<'_>, pointer: &str, name: &str, of: &ExampleOf) -> Type {
        match schema {
            View::Reference(reference) => self.reference(reference, pointer),
            View::Item(schema) => {
                if schema.schema_data.read_only && !is_member(pointer) {
                    self.refuse_read_only(pointer);
                }
                let plain = self.inline_type(schema, pointer, name);
                let ty = if schema.schema_data.nullable { nullable(plain) } else { plain };
                self.note_example(&pointer_join(pointer, "example"), &ty, of);
                ty
            }
        }
    }

    fn refuse_read_only(&mut self, pointer: &str) {
        let help = "leave it out; it stands on the members of an object that are never sent";
        self.refuse(&pointer_join(pointer, "readOnly"), "`readOnly` says nothing here", help);
    }

    /// Where a schema stands that is no `$ref`.
    fn resolved_place(&self, schema: View<'_>, pointer: &str) -> Option<String> {
        let mut seen = BTreeSet::new();
        let (mut view, mut pointer) = (schema, pointer.to_owned());
        while let View::Reference(reference) = view {
            let name = words::component(reference, "schemas").filter(|name| seen.insert(name.clone()))?;
            view = View::of(self.schemas.get(&name)?);
            pointer = words::component_pointer("schemas", &name);
        }
        Some(pointer)
    }

    /// The example that stands on a schema, or on the component that it refers to.
    pub(super) fn schema_example(&self, schema: View<'_>, pointer: &str) -> Option<String> {
        let place = pointer_join(&self.resolved_place(schema, pointer)?, "example");
        self.document.node(&place).map(|node| node.to_json())
    }

    /// The description that stands on a schema, or on the component that it refers to (nothing can stand beside a `$ref`).
    pub(super) fn schema_description(&self, schema: View<'_>, pointer: &str) -> Option<String> {
        self.place_docs(&self.resolved_place(schema, pointer)?).description
    }

    /// The type of an item within a schema.
    fn inner(&mut self, schema: View<'_>, pointer: &str, name: &str) -> Type {
        self.schema(schema, pointer, name, &ExampleOf::Schema)
    }

    /// The type of a component.
    pub(super) fn component(&mut self, wire: &str, name: &str, schema: &ReferenceOr<Schema>, pointer: &str) {
        let (kind, docs) = match View::of(schema) {
            View::Reference(reference) => {
                // Who refers to this one sees whether the other may be null.
                let ty = self.reference(reference, pointer);
                (TypeKind::Alias(without_null(ty)), Docs::default())
            }
            View::Item(schema) => {
                if schema.schema_data.read_only {
                    self.refuse_read_only(pointer);
                }
                let words: SchemaWords = self.read(pointer);
                let kind = match self.shape(schema, &words, pointer, name) {
                    Shape::Plain(ty) => TypeKind::Alias(ty),
                    Shape::Named(kind) => kind,
                };
                let named = Type::Named(name.to_owned());
                let ty = if schema.schema_data.nullable { nullable(named) } else { named };
                self.note_example(&pointer_join(pointer, "example"), &ty, &ExampleOf::Component(wire.to_owned()));
                (kind, schema_docs(&schema.schema_data, &words))
            }
        };
        // Of two with one name, which is a finding of its own, the first counts.
        self.component_index.entry(name.to_owned()).or_insert(self.components.len());
        self.components.push(TypeDef {
            name: name.to_owned(),
            docs,
            kind,
            in_request: false,
            in_reply: false,
            pointer: pointer.to_owned(),
        });
    }

    fn reference(&mut self, reference: &str, pointer: &str) -> Type {
        let found = words::component(reference, "schemas").and_then(|name| {
            let rust = self.component_names.get(name.as_str()).cloned()?;
            Some((name, rust))
        });
        let Some((name, rust)) = found else {
            self.fault(pointer, "the `$ref` leads nowhere");
            return Type::Json;
        };
        let named = Type::Named(rust);
        if self.is_nullable(&name) { nullable(named) } else { named }
    }

    /// Whether a component, or what it stands for, may be null.
    fn is_nullable(&self, name: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut name = name.to_owned();
        while seen.insert(name.clone()) {
            match self.schemas.get(&name) {
                Some(ReferenceOr::Item(schema)) => return schema.schema_data.nullable,
                Some(ReferenceOr::Reference { reference }) => match words::component(reference, "schemas") {
                    Some(next) => name = next,
                    None => return false,
                },
                None => return false,
            }
        }
        false
    }

    /// The type of an inline schema, null aside.
    fn inline_type(&mut self, schema: &Schema, pointer: &str, name: &str) -> Type {
        if let Some(known) = self.places.get(pointer) {
            return known.clone();
        }
        let at = self.inline.len();
        let words: SchemaWords = self.read(pointer);
        let own = words.rust_name.as_deref().filter(|_| !is_member(pointer));
        let name = match own {
            Some(own) => self.words("schema", own, None, pointer).pascal(),
            None => name.to_owned(),
        };
        match self.shape(schema, &words, pointer, &name) {
            Shape::Plain(ty) => {
                if own.is_some() {
                    let help =
                        "leave it out; a list or a scalar that is to have a name goes under `components/schemas`";
                    self.refuse(&pointer_join(pointer, "x-rust-name"), "the schema needs no name", help);
                }
                ty
            }
            Shape::Named(kind) => {
                let docs = schema_docs(&schema.schema_data, &words);
                let ty = self.define(at, &name, docs, kind, pointer);
                self.places.insert(pointer.to_owned(), ty.clone());
                ty
            }
        }
    }

    fn shape(&mut self, schema: &Schema, words: &SchemaWords, pointer: &str, name: &str) -> Shape {
        match &schema.schema_kind {
            SchemaKind::Type(SchemaType::String(string)) => self.string(string, words, pointer),
            SchemaKind::Type(SchemaType::Integer(integer)) => self.integer(integer, words, pointer),
            SchemaKind::Type(SchemaType::Number(number)) => {
                if !is_decimal(&number.format) || !number.enumeration.is_empty() {
                    self.fault(pointer, "a number is not `format: decimal`, or has an `enum`");
                }
                Shape::Plain(Type::DecimalNumber)
            }
            SchemaKind::Type(SchemaType::Boolean(boolean)) => {
                if !boolean.enumeration.is_empty() {
                    self.fault(pointer, "a boolean has an `enum`");
                }
                Shape::Plain(Type::Boolean)
            }
            SchemaKind::Type(SchemaType::Object(object)) => self.object(object, words, pointer, name),
            SchemaKind::Type(SchemaType::Array(array)) => match &words.tuple {
                Some(columns) => self.row(columns, array, pointer, name),
                None => self.list(array, pointer, name),
            },
            SchemaKind::OneOf { one_of } => self.one_of(one_of, pointer, name),
            SchemaKind::Any(any) if *any == AnySchema::default() => Shape::Plain(Type::Json),
            SchemaKind::Any(_) | SchemaKind::AllOf { .. } | SchemaKind::AnyOf { .. } | SchemaKind::Not { .. } => {
                self.fault(pointer, "the schema is of no type that there is in Rust");
                UNREADABLE
            }
        }
    }

    fn string(&mut self, string: &StringType, words: &SchemaWords, pointer: &str) -> Shape {
        if !string.enumeration.is_empty() {
            return self.enumeration(&string.enumeration, false, words, pointer);
        }
        match &string.format {
            format if is_decimal(format) => Shape::Plain(Type::DecimalText),
            Format::Empty | Format::Item(StringFormat::Date | StringFormat::DateTime | StringFormat::Byte) => {
                Shape::Plain(Type::Text)
            }
            Format::Unknown(format) if format == "uuid" => Shape::Plain(Type::Text),
            Format::Item(_) | Format::Unknown(_) => {
                self.fault(pointer, "a string has a format that has no meaning here");
                UNREADABLE
            }
        }
    }

    fn integer(&mut self, integer: &IntegerType, words: &SchemaWords, pointer: &str) -> Shape {
        if !integer.enumeration.is_empty() {
            return self.enumeration(&integer.enumeration, true, words, pointer);
        }
        match &integer.format {
            Format::Empty | Format::Item(IntegerFormat::Int64) => Shape::Plain(Type::Int64),
            Format::Item(IntegerFormat::Int32) => Shape::Plain(Type::Int32),
            Format::Unknown(format) if format == "uint64" => Shape::Plain(Type::Uint64),
            Format::Unknown(format) if format == "uint32" => Shape::Plain(Type::Uint32),
            Format::Unknown(_) => {
                self.fault(pointer, "an integer has a format that has no meaning here");
                UNREADABLE
            }
        }
    }

    fn enumeration<T: ToString>(
        &mut self,
        values: &[Option<T>],
        integer: bool,
        words: &SchemaWords,
        pointer: &str,
    ) -> Shape {
        let mut scope = Scope::default();
        let mut variants = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let place = pointer_join(&pointer_join(pointer, "enum"), &index.to_string());
            let Some(value) = value else {
                self.fault(&place, "null is among the values of an `enum`");
                continue;
            };
            let wire = value.to_string();
            let text = words.enum_varnames.as_ref().and_then(|names| names.get(index)).unwrap_or(&wire);
            let mend = "with `x-enum-varnames`, a list as long as `enum`";
            let name = match Words::parse(text) {
                Ok(words) => words.pascal_beside(RESERVED_VARIANTS),
                Err(problem) => {
                    self.refuse(&place, format!("value `{text}` {problem}"), format!("give it a name {mend}"));
                    continue;
                }
            };
            if let Err(holder) = scope.claim(&name, &wire, &place) {
                self.collision("value", &wire, &name, &place, &holder, mend);
            }
            let description = words.enum_descriptions.as_ref().and_then(|texts| texts.get(index));
            variants.push(EnumVariant { wire, name, description: prose(description.map(String::as_str)) });
        }
        Shape::Named(TypeKind::Enum { integer, variants })
    }

    fn object(&mut self, object: &ObjectType, words: &SchemaWords, pointer: &str, name: &str) -> Shape {
        let extra = object.additional_properties.as_ref();
        if object.properties.is_empty() {
            return match extra {
                Some(AdditionalProperties::Schema(values)) => {
                    let place = pointer_join(pointer, "additionalProperties");
                    let ty = self.inner(View::of(values.as_ref()), &place, &compound(name, "Value"));
                    Shape::Plain(Type::Map(Box::new(ty)))
                }
                Some(AdditionalProperties::Any(false)) => Shape::Named(TypeKind::Struct(Vec::new())),
                Some(AdditionalProperties::Any(true)) | None => Shape::Plain(Type::Object),
            };
        }
        if let Some(AdditionalProperties::Schema(_)) = extra {
            self.fault(pointer, "an object with members of its own is a map as well");
        }
        let always = words.always.as_ref().map(|always| always.members.as_slice()).unwrap_or_default();
        let always: HashSet<&String> = object.required.iter().chain(always).collect();
        let properties = pointer_join(pointer, "properties");
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        for (wire, schema) in &object.properties {
            let place = pointer_join(&properties, wire);
            let required = always.contains(wire);
            let rust_name = self.read::<SchemaWords>(&place).rust_name;
            let words = self.words("member", wire, rust_name.as_deref(), &place);
            fields.push(self.field(wire, &words, View::of(schema), &place, &place, required, name, &mut scope));
            if let ReferenceOr::Item(schema) = schema
                && schema.schema_data.read_only
            {
                self.read_only.insert((name.to_owned(), wire.clone()), place);
            }
        }
        Shape::Named(TypeKind::Struct(fields))
    }

    /// A member or a column: `place` is where it stands, `schema_place` its schema.
    #[expect(clippy::too_many_arguments, reason = "one caller for members, one for columns")]
    fn field(
        &mut self,
        wire: &str,
        words: &Words,
        schema: View<'_>,
        place: &str,
        schema_place: &str,
        required: bool,
        parent: &str,
        scope: &mut Scope,
    ) -> Field {
        let name = words.snake();
        if let Err(holder) = scope.claim(&name, wire, place) {
            self.collision("member", wire, &name, place, &holder, "with `x-rust-name`");
        }
        let ty = self.inner(schema, schema_place, &words.pascal_after(parent));
        let mut docs = self.place_docs(place);
        docs.description = docs.description.or_else(|| self.schema_description(schema, schema_place));
        if place != schema_place {
            let own = self.place_docs(schema_place);
            docs.summary = docs.summary.or(own.summary);
            docs.deprecated |= own.deprecated;
            docs.deviation = docs.deviation.or(own.deviation);
        }
        Field { wire: wire.to_owned(), name, type_parameter: words.pascal(), docs, required, ty }
    }

    fn list(&mut self, array: &ArrayType, pointer: &str, name: &str) -> Shape {
        let Some(items) = &array.items else {
            self.fault(pointer, "an array has no `items`");
            return Shape::Plain(Type::List(Box::new(Type::Json)));
        };
        let ty = self.inner(View::of(items), &pointer_join(pointer, "items"), &compound(name, "Item"));
        Shape::Plain(Type::List(Box::new(ty)))
    }

    fn row(&mut self, columns: &[Column], array: &ArrayType, pointer: &str, name: &str) -> Shape {
        let place = pointer_join(pointer, "x-tuple");
        let required = array.min_items.unwrap_or(columns.len());
        let mut scope = Scope::default();
        let mut fields = Vec::new();
        for (index, column) in columns.iter().enumerate() {
            let place = pointer_join(&place, &index.to_string());
            let schema_place = pointer_join(&place, "schema");
            let schema = match self.document.schema_at(&schema_place) {
                Ok(schema) => schema,
                Err(findings) => {
                    self.findings.extend(findings);
                    continue;
                }
            };
            let words = self.words("column", &column.name, column.rust_name.as_deref(), &place);
            let always = index < required;
            let field =
                self.field(&column.name, &words, View::of(&schema), &place, &schema_place, always, name, &mut scope);
            // Null in a row stands for a column that is not there: the others keep their places.
            let ty = if always { field.ty } else { without_null(field.ty) };
            fields.push(Field { ty, ..field });
        }
        Shape::Named(TypeKind::Row { required: required.min(fields.len()), columns: fields })
    }

    fn one_of(&mut self, schemas: &[ReferenceOr<Schema>], pointer: &str, name: &str) -> Shape {
        if self.is_integer_or_text(schemas) {
            return Shape::Plain(Type::IntegerOrText);
        }
        let place = pointer_join(pointer, "oneOf");
        // Null, which makes the others nullable, is not among the schemas, but takes a place in the document.
        let written = self.document.node(&place).and_then(Node::as_seq).unwrap_or_default();
        let indices = written.iter().enumerate().filter(|(_, node)| !is_null_type(node)).map(|(index, _)| index);
        let places: Vec<String> = indices.map(|index| pointer_join(&place, &index.to_string())).collect();
        if let ([only], [place]) = (schemas, places.as_slice()) {
            return Shape::Plain(self.inner(View::of(only), place, name));
        }
        let mut alternatives: Vec<Alternative> = Vec::new();
        for (schema, place) in schemas.iter().zip(places) {
            let kind = self.json_kind(View::of(schema));
            let Some(kind) = kind.filter(|kind| !alternatives.iter().any(|other| other.kind == *kind)) else {
                self.fault(&place, "the alternative has no JSON kind of its own");
                continue;
            };
            let kind_name = match kind {
                JsonKind::Object => "Object",
                JsonKind::Array => "Array",
                JsonKind::String => "String",
                JsonKind::Integer => "Integer",
                JsonKind::Number => "Number",
                JsonKind::Boolean => "Boolean",
            };
            let ty = self.inner(View::of(schema), &place, &format!("{name}{kind_name}"));
            if matches!(ty, Type::Nullable(_)) {
                self.fault(&place, "the alternative is nullable");
            }
            alternatives.push(Alternative { kind, name: kind_name.to_owned(), ty });
        }
        // `[T, array of T]`, in either order.
        if let [a, b] = alternatives.as_slice() {
            for (one, many) in [(&a.ty, &b.ty), (&b.ty, &a.ty)] {
                // Decimals travel through an adaptor, which `OneOrMany` has no room for; so do lists and maps of them.
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

    /// The JSON kind of a schema's values, if there is only one.
    fn json_kind(&self, schema: View<'_>) -> Option<JsonKind> {
        Some(match self.schema_type(schema)? {
            SchemaType::String(_) => JsonKind::String,
            SchemaType::Number(_) => JsonKind::Number,
            SchemaType::Integer(_) => JsonKind::Integer,
            SchemaType::Object(_) => JsonKind::Object,
            SchemaType::Array(_) => JsonKind::Array,
            SchemaType::Boolean(_) => JsonKind::Boolean,
        })
    }

    /// Returns whether the alternatives are an integer and text, neither of them an enum: an id that comes in two
    /// spellings.
    fn is_integer_or_text(&self, schemas: &[ReferenceOr<Schema>]) -> bool {
        let is_integer = |schema: &Option<&SchemaType>| matches!(schema, Some(SchemaType::Integer(integer)) if integer.enumeration.is_empty());
        let is_text = |schema: &Option<&SchemaType>| matches!(schema, Some(SchemaType::String(string)) if string.enumeration.is_empty() && !is_decimal(&string.format));
        let types: Vec<_> = schemas.iter().map(|schema| self.schema_type(View::of(schema))).collect();
        types.len() == 2 && types.iter().any(is_integer) && types.iter().any(is_text)
    }

    /// Returns the type that a schema states, or the component that it refers to.
    fn schema_type<'s>(&'s self, schema: View<'s>) -> Option<&'s SchemaType> {
        let mut seen = BTreeSet::new();
        let mut view = schema;
        loop {
            match view {
                View::Reference(reference) => {
                    let name = words::component(reference, "schemas").filter(|name| seen.insert(name.clone()))?;
                    view = View::of(self.schemas.get(&name)?);
                }
                View::Item(schema) => {
                    let SchemaKind::Type(schema_type) = &schema.schema_kind else { return None };
                    return Some(schema_type);
                }
            }
        }
    }
}

/// What a schema says of itself.
fn schema_docs(data: &SchemaData, words: &SchemaWords) -> Docs {
    let always = words.always.as_ref().map(|always| {
        let members: Vec<String> = always.members.iter().map(|member| format!("`{member}`")).collect();
        format!("Taken to be always there: {}. {}", members.join(", "), always.because.trim())
    });
    let deviation =
        [prose(words.doc_deviation.as_deref()), always].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    Docs {
        summary: prose(data.title.as_deref()),
        description: prose(data.description.as_deref()),
        deprecated: data.deprecated,
        deviation: prose(Some(&deviation)),
    }
}

/// Returns the type with null: an `Option`, unless null is among its own values.
pub(super) fn nullable(ty: Type) -> Type {
    match ty {
        Type::Nullable(_) | Type::Json => ty,
        Type::Object => Type::Json,
        other => Type::Nullable(Box::new(other)),
    }
}

/// Returns the type of an optional parameter or column: null is the same as absence.
pub(super) fn without_null(ty: Type) -> Type {
    match ty {
        Type::Nullable(inner) => *inner,
        other => other,
    }
}

/// `format: decimal`, which `openapiv3` does not know.
fn is_decimal<T>(format: &Format<T>) -> bool {
    matches!(format, Format::Unknown(format) if format == "decimal")
}

/// Whether a schema is that of a member of an object.
fn is_member(pointer: &str) -> bool {
    pointer.rsplit('/').nth(1) == Some("properties")
}
