//! Finds the types inside a type.

use super::api::{Field, Type, TypeDef, TypeKind};

/// Returns the types directly inside a named type. The type of a field is returned together with
/// the field.
pub(super) fn parts(def: &TypeDef) -> Vec<(Option<&Field>, &Type)> {
    let mut parts: Vec<(Option<&Field>, &Type)> = match &def.kind {
        TypeKind::Struct(fields) | TypeKind::Row { columns: fields, .. } => {
            fields.iter().map(|f| (Some(f), &f.ty)).collect()
        }
        TypeKind::Enum { .. } => Vec::new(),
        TypeKind::Either(alternatives) => alternatives.iter().map(|a| (None, &a.ty)).collect(),
        TypeKind::Union(union) => union.alternatives.iter().map(|a| (None, &a.ty)).collect(),
        TypeKind::OneOrMany(ty) | TypeKind::Alias(ty) => vec![(None, ty)],
        TypeKind::ByStatus(variants) => {
            variants.iter().filter_map(|variant| Some((None, &variant.content.as_ref()?.1))).collect()
        }
    };
    parts.extend(def.others.iter().map(|others| (None, &others.map)));
    parts
}

/// Calls `visit` with the name of the named type in `ty`, if there is one. The types inside the
/// named type are not visited.
pub(super) fn visit_named<'t>(ty: &'t Type, visit: &mut dyn FnMut(&'t str)) {
    match ty {
        Type::Named(name) => visit(name),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Maybe(inner) | Type::Boxed(inner) => {
            visit_named(inner, visit);
        }
        _ => {}
    }
}
