//! Values that match several schemas.

use std::collections::HashSet;

use venuekit_codegen::source::Document;

use super::resolved::ResolvedSchema;
use crate::json_text;
use crate::keys::DOCUMENTATION;

/// The maximum depth to which two schemas are compared.
const MAX_DEPTH: usize = 8;

/// Returns whether no value matches both schemas. It is false if that is not known.
pub(crate) fn are_disjoint<'d>(
    (one_document, one): (&'d Document, &ResolvedSchema<'d>),
    (other_document, other): (&'d Document, &ResolvedSchema<'d>),
) -> bool {
    disjoint((one_document, one), (other_document, other), MAX_DEPTH)
}

fn disjoint<'d>(
    (one_document, one): (&'d Document, &ResolvedSchema<'d>),
    (other_document, other): (&'d Document, &ResolvedSchema<'d>),
    depth: usize,
) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    if one.null.is_some() && other.null.is_some() {
        return false;
    }
    let (types, others) = (one.types(), other.types());
    let is_number = |ty: &&str| matches!(*ty, "integer" | "number");
    let meets = |ty: &&str| others.contains(ty) || is_number(ty) && others.iter().any(is_number);
    if !types.is_empty() && !others.is_empty() && !types.iter().any(meets) {
        return true;
    }
    if let (Some(values), Some(others)) = (one.values(), other.values()) {
        let known: HashSet<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
        return !others.iter().any(|(value, _)| known.contains(value.as_str()));
    }
    let (required, others_required) = (one.required(), other.required());
    let (properties, others_properties) = (one.properties(), other.properties());
    let lacks = |schema: &ResolvedSchema<'_>, required: &[&str]| {
        schema.is_closed() && required.iter().any(|name| !schema.properties().iter().any(|(known, _)| known == name))
    };
    if types == ["object"] && others == ["object"] && (lacks(one, &others_required) || lacks(other, &required)) {
        return true;
    }
    properties.into_iter().any(|(name, found)| {
        let partner = others_properties.iter().find(|(other, _)| *other == name);
        let is_required = required.contains(&name) && others_required.contains(&name);
        partner.filter(|_| is_required).is_some_and(|(_, partner)| {
            let one = ResolvedSchema::new(one_document, found.clone());
            let other = ResolvedSchema::new(other_document, partner.clone());
            disjoint((one_document, &one), (other_document, &other), depth)
        })
    })
}

/// Returns whether each value of a schema matches the other one. It is false if that is not known.
pub(crate) fn admits<'d>(
    (wide_document, wide): (&'d Document, &ResolvedSchema<'d>),
    (narrow_document, narrow): (&'d Document, &ResolvedSchema<'d>),
) -> bool {
    admits_to_depth((wide_document, wide), (narrow_document, narrow), MAX_DEPTH)
}

fn admits_to_depth<'d>(
    (wide_document, wide): (&'d Document, &ResolvedSchema<'d>),
    (narrow_document, narrow): (&'d Document, &ResolvedSchema<'d>),
    depth: usize,
) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    if text(wide) == text(narrow) {
        return true;
    }
    // Only these keywords are judged.
    let is_judged = |key: &str| {
        matches!(key, "type" | "properties" | "required" | "allOf" | "$ref" | "nullable" | "deprecated" | "default")
            || DOCUMENTATION.contains(&key)
            || key.starts_with("x-")
    };
    let keys = wide.parts().iter().filter_map(|part| part.node.as_map()).flat_map(|members| members.keys());
    if !keys.into_iter().all(is_judged) || narrow.null.is_some() && wide.null.is_none() {
        return false;
    }
    let (types, narrow_types) = (wide.types(), narrow.types());
    let fits = |ty: &&str| types.contains(ty) || *ty == "integer" && types.contains(&"number");
    if !types.is_empty() && (narrow_types.is_empty() || !narrow_types.iter().all(fits)) {
        return false;
    }
    let required = narrow.required();
    if !wide.required().iter().all(|name| required.contains(name)) {
        return false;
    }
    let narrow_properties = narrow.properties();
    wide.properties().into_iter().all(|(name, found)| {
        let wide = ResolvedSchema::new(wide_document, found);
        let partner = narrow_properties.iter().find(|(other, _)| *other == name);
        match partner {
            Some((_, found)) => {
                let narrow = ResolvedSchema::new(narrow_document, found.clone());
                admits_to_depth((wide_document, &wide), (narrow_document, &narrow), depth)
            }
            // The narrow schema allows any value there, unless it forbids the property.
            None => narrow.is_closed() || text(&wide) == "{}",
        }
    })
}

/// Returns the keywords of a schema that limit values.
fn text(schema: &ResolvedSchema<'_>) -> String {
    let members = schema.parts().iter().filter_map(|part| part.node.as_map()).flat_map(|members| members.iter());
    json_text::object(members.filter(|(key, _)| !DOCUMENTATION.contains(key)))
}
