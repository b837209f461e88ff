//! Converts other spellings of `nullable`: `type: [T, 'null']`, null in an `enum`, `x-nullable`,
//! `nullable: 'true'`.

use std::collections::HashSet;

use crate::source::node::{Kind, Node};

/// Returns whether a schema is the type null and nothing else. YAML reads `null` without quotes as
/// the value null, which is changed to the name of the type.
pub(super) fn is_null(schema: &mut Node) -> bool {
    let Some(members) = schema.as_map_mut() else { return false };
    if !members.keys().all(|key| matches!(key, "type" | "title" | "description")) {
        return false;
    }
    let Some(stated) = members.get_mut("type") else { return false };
    if stated.is_null() {
        stated.set_kind(Kind::String("null".into()));
    }
    stated.as_str() == Some("null")
}

pub(super) fn normalise(schema: &mut Node) {
    let Some(members) = schema.as_map_mut() else { return };
    let mut is_nullable = false;
    if let Some(stated) = members.get_mut("nullable")
        && let Some(flag) = stated.as_str().and_then(|text| text.to_ascii_lowercase().parse().ok())
    {
        stated.set_kind(Kind::Bool(flag));
    }
    if let Some(mut types) = members.get("type").filter(|types| types.as_seq().is_some()).cloned() {
        let at = types.position();
        let mut types = types.take_elements();
        let all = types.len();
        types.retain(|name| name.as_str() != Some("null") && !name.is_null());
        is_nullable |= types.len() < all;
        match types.len() {
            0 => {
                members.remove("type");
            }
            1 => members.insert("type", types.remove(0)),
            _ => members.insert("type", Node::new(at, Kind::Seq(types.into_boxed_slice()))),
        }
    }
    if members.get("type").is_some_and(|name| name.as_str() == Some("null") || name.is_null()) {
        members.remove("type");
        is_nullable = true;
    }
    if let Some(mut values) = members.get("enum").filter(|values| values.as_seq().is_some()).cloned() {
        let at = values.position();
        let mut values = values.take_elements();
        let all = values.len();
        let nulls: HashSet<String> = values
            .iter()
            .enumerate()
            .filter(|(_, value)| value.is_null())
            .map(|(index, _)| index.to_string())
            .collect();
        for key in ["x-enum-varnames", "x-enum-descriptions", "x-enum-spellings"] {
            let list = members.get_mut(key).filter(|list| list.as_seq().is_some_and(|list| list.len() == all));
            list.into_iter().for_each(|list| list.remove_all(|index| nulls.contains(index)));
        }
        values.retain(|value| !value.is_null());
        if values.len() < all {
            is_nullable = true;
            if values.is_empty() {
                members.remove("enum");
            } else {
                members.insert("enum", Node::new(at, Kind::Seq(values.into_boxed_slice())));
            }
        }
    }
    let spelled = members.remove("x-nullable").is_some_and(|nullable| {
        nullable.as_bool() == Some(true) || nullable.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true"))
    });
    if is_nullable || spelled {
        let at = schema.position();
        if let Some(members) = schema.as_map_mut() {
            members.insert("nullable", Node::new(at, Kind::Bool(true)));
        }
    }
}
