//! The types of unions, as calls of the macros of the runtime.

use super::docs::push_docs;
use super::format::Piece;
use super::markdown;
use super::paths::Paths;
use super::tokens::{Scope, adaptor_within, rust_type};
use crate::model::{Api, Bounds, Docs, Spelling, Told, TypeDef, Union, UnionAlternative};

/// Returns a union as text, because code inside a macro is not formatted.
pub(super) fn union(api: &Api, paths: &Paths, def: &TypeDef, union: &Union) -> Piece {
    let name = &def.name;
    let is_raw = union.told == Told::Nothing;
    let (r#macro, keyword) = match &union.told {
        Told::Tag(_) => ("tagged", "enum"),
        Told::Presence => ("by_presence", "enum"),
        Told::Nothing => ("raw_union", "struct"),
    };
    let mut text = format!("venuekit::{macro}! {{\n");
    push_docs(&mut text, "    ", &def.docs, &Bounds::default(), &format!("`{name}`."));
    let by = match &union.told {
        Told::Tag(member) => format!(" by {member:?}"),
        Told::Presence | Told::Nothing => String::new(),
    };
    let from = if is_raw || has_distinct_types(api, union) { "" } else { " without From" };
    text.push_str(&format!("    pub {keyword} {name}{from}{by} {{\n"));
    for alternative in &union.alternatives {
        let UnionAlternative { name, method, ty, values, members, .. } = alternative;
        let plain = paths.short_text(rust_type(ty, Scope::Types));
        push_docs(&mut text, "        ", &Docs::default(), &Bounds::default(), &told(union, alternative, &plain));
        text.push_str("        ");
        match &union.told {
            Told::Tag(_) => {
                let values: Vec<String> = values.iter().map(Spelling::literal).collect();
                text.push_str(&format!("{} => {name}({plain}),\n", values.join(" | ")));
            }
            Told::Presence => {
                let members: Vec<String> = members.iter().map(|member| format!("{member:?}")).collect();
                text.push_str(&format!("[{}] => {name}({plain}),\n", members.join(", ")));
            }
            Told::Nothing => {
                let adaptor = adaptor_within(api, def, ty);
                let adaptor = adaptor.map(|adaptor| format!(" as {}", paths.short_text(adaptor)));
                let adaptor = adaptor.unwrap_or_default();
                text.push_str(&format!("as_{method}, from_{method}: {plain}{adaptor},\n"));
            }
        }
    }
    text.push_str("    }\n}\n");
    Piece::Text(text)
}

/// Returns the sentence that says how an alternative is recognized.
fn told(union: &Union, alternative: &UnionAlternative, ty: &str) -> String {
    let codes = |texts: &mut dyn Iterator<Item = String>, last: &str| {
        let all: Vec<String> = texts.map(|text| markdown::code(&text)).collect();
        match all.as_slice() {
            [first @ .., one, other] => {
                let first: String = first.iter().map(|code| format!("{code}, ")).collect();
                format!("{first}{one} {last} {other}")
            }
            all => all.concat(),
        }
    };
    match &union.told {
        Told::Tag(member) => {
            let texts = alternative.values.iter().map(|value| match value {
                Spelling::Text(text) => text.clone(),
                Spelling::Integer(integer) => integer.to_string(),
            });
            let values = codes(&mut { texts }, "or");
            format!("{} is {values}.", markdown::code(member))
        }
        Told::Presence => format!("It has {}.", codes(&mut alternative.members.iter().cloned(), "and")),
        Told::Nothing => format!("Reads it as {}.", markdown::code(ty)),
    }
}

/// Returns whether all alternatives have different types, so that each can have `From`.
fn has_distinct_types(api: &Api, union: &Union) -> bool {
    let mut types: Vec<String> =
        union.alternatives.iter().map(|one| rust_type(api.resolve(&one.ty), Scope::Types).to_string()).collect();
    types.sort();
    types.dedup();
    types.len() == union.alternatives.len()
}
