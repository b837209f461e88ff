//! The public items of a generated crate, and the values that they require.

use std::collections::BTreeSet;

use venuekit_codegen::model::{Api, Field, Idempotent, Operation, Type, TypeDef, TypeKind};

/// The public items of a crate, as texts.
#[derive(Debug, Default)]
pub(crate) struct Surface {
    /// Items that programs can use. They must not disappear.
    offers: BTreeSet<String>,
    /// Values that programs must provide, with their items. One more value breaks the programs that
    /// use the item.
    asks: BTreeSet<(String, String)>,
}

impl Surface {
    pub(crate) fn of(api: &Api) -> Self {
        let mut surface = Self::default();
        if let Some(auth) = &api.auth {
            surface.offer(format!("credentials of {}", auth.package));
        }
        if api.server_time.is_some() {
            surface.offer("sync_clock");
        }
        api.types.iter().for_each(|def| surface.type_def(api, def));
        for operation in &api.operations {
            let method = format!("client.{}()", operation.method_name);
            surface.offer(&method);
            surface.offer(format!("operations::{}", operation.type_name));
            let response = operation.response.as_ref().map_or_else(|| "()".to_owned(), |ty| shown(api, ty));
            surface.offer(format!("{method} -> {response}"));
            for parameter in &operation.parameters {
                let ty = shown(api, &parameter.ty);
                if !parameter.required && !is_decided(operation, &parameter.wire) {
                    surface.offer(format!("{method}.{}(Option<{ty}>)", parameter.name));
                }
                surface.offer(format!("{method}.{}({ty})", parameter.name));
                if parameter.required {
                    surface.asks.insert((method.clone(), parameter.name.clone()));
                }
            }
            if let Some(body) = &operation.body {
                let ty = shown(api, &body.ty);
                if !body.required {
                    surface.offer(format!("{method}.body(Option<{ty}>)"));
                }
                surface.offer(format!("{method}.body({ty})"));
                if body.required {
                    surface.asks.insert((method.clone(), "body".to_owned()));
                }
            }
        }
        surface
    }

    fn offer(&mut self, item: impl Into<String>) {
        self.offers.insert(item.into());
    }

    fn type_def(&mut self, api: &Api, def: &TypeDef) {
        let name = &def.name;
        self.offer(format!("types::{name}"));
        match &def.kind {
            TypeKind::Struct(fields) | TypeKind::Row { columns: fields, .. } => {
                fields.iter().for_each(|field| self.field(api, def, field));
                if def.in_request {
                    self.offer(format!("builders::{name}Builder"));
                }
            }
            TypeKind::Enum { integer, variants } => {
                self.offer(format!("types::{name} of integers: {integer}"));
                variants.iter().for_each(|variant| self.offer(format!("types::{name}::{}", variant.name)));
            }
            TypeKind::Either(alternatives) => {
                for alternative in alternatives {
                    let variant = format!("{}({})", alternative.name, shown(api, &alternative.ty));
                    // A `match` has an arm for each variant.
                    self.asks.insert((format!("types::{name}"), format!("an arm for {variant}")));
                    self.offer(format!("types::{name}::{variant}"));
                }
            }
            TypeKind::Union(union) => {
                for alternative in &union.alternatives {
                    self.offer(format!("types::{name}::{}({})", alternative.name, shown(api, &alternative.ty)));
                }
            }
            TypeKind::ByStatus(variants) => {
                for variant in variants {
                    let content = variant.content.as_ref().map(|(_, ty)| shown(api, ty)).unwrap_or_default();
                    self.offer(format!("types::{name}::{}({content})", variant.name));
                }
            }
            TypeKind::OneOrMany(ty) => self.offer(format!("types::{name} = OneOrMany<{}>", shown(api, ty))),
            TypeKind::Alias(ty) => self.offer(format!("types::{name} = {}", shown(api, ty))),
        }
    }

    fn field(&mut self, api: &Api, def: &TypeDef, field: &Field) {
        let (name, read) = (&def.name, shown(api, &field.held()));
        let ty = if matches!(field.held(), Type::Maybe(_)) { read.clone() } else { shown(api, &field.ty) };
        self.offer(format!("types::{name}.{}: {read}", field.name));
        if def.in_request {
            let is_decided = api.operations.iter().any(|operation| {
                let body = operation.body.as_ref().map(|body| api.resolve(&body.ty));
                is_decided(operation, &field.wire) && body == Some(&Type::Named(name.clone()))
            });
            if !field.required && !is_decided {
                self.offer(format!("builders::{name}Builder.{}(Option<{ty}>)", field.name));
            }
            self.offer(format!("builders::{name}Builder.{}({ty})", field.name));
            if field.required {
                self.asks.insert((format!("builders::{name}Builder"), field.name.clone()));
            }
        }
    }

    /// Returns the items that programs would miss in the other crate.
    pub(crate) fn lost(&self, other: &Self) -> Vec<String> {
        let gone = self.offers.difference(&other.offers).cloned();
        let asked = other.asks.difference(&self.asks).filter(|(item, _)| self.offers.contains(item));
        gone.chain(asked.map(|(item, what)| format!("{item} needs {what}"))).collect()
    }
}

/// Returns whether the setter of an optional value takes no option, because an operation may be
/// sent again only with the value.
fn is_decided(operation: &Operation, wire: &str) -> bool {
    matches!(&operation.idempotent, Idempotent::WhenPresent(names) if names.iter().any(|name| name == wire))
}

/// Returns a type as programs see it, with aliases resolved.
fn shown(api: &Api, ty: &Type) -> String {
    match api.resolve(ty) {
        Type::Boolean => "bool".to_owned(),
        Type::Int32 => "i32".to_owned(),
        Type::Int64 => "i64".to_owned(),
        Type::Uint32 => "u32".to_owned(),
        Type::Uint64 => "u64".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Base64 => "Base64".to_owned(),
        Type::IntegerOrText => "IntegerOrText".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::DecimalText | Type::DecimalNumber => "Decimal".to_owned(),
        Type::Time(format) => format.rust_name().to_owned(),
        Type::Json | Type::Object => "Json".to_owned(),
        Type::List(inner) => format!("Vec<{}>", shown(api, inner)),
        Type::Map(inner) => format!("Map<{}>", shown(api, inner)),
        Type::Nullable(inner) => format!("Option<{}>", shown(api, inner)),
        Type::Maybe(inner) => format!("Maybe<{}>", shown(api, inner)),
        Type::Boxed(inner) => format!("Box<{}>", shown(api, inner)),
        Type::RawBytes => "Bytes".to_owned(),
        Type::File => "File".to_owned(),
        Type::Named(name) => name.clone(),
    }
}
