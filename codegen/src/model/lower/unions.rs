//! Lowers unions whose alternatives cannot be told apart by their JSON type.

use super::lowering::Lowering;
use super::schema::without_null;
use crate::model::api::{ExampleOf, Told, TypeKind, Union, UnionAlternative};
use crate::model::names::{RESERVED_VARIANTS, Scope, Words, compound};
use crate::source::schema::spellings::Spelling;
use crate::source::schema::told;
use crate::source::schema::union;

impl<'a> Lowering<'a> {
    /// Returns the type of a union. `name` is its name.
    pub(super) fn union(&mut self, found: &union::Union<'a>, name: &str) -> TypeKind {
        let (mut scope, mut methods) = (Scope::default(), Scope::default());
        let mut alternatives = Vec::new();
        for (index, alternative) in found.alternatives.iter().enumerate() {
            let (told, members) = match &found.told {
                told::Told::Tag { values, .. } => (values.get(index).cloned().unwrap_or_default(), Vec::new()),
                told::Told::Presence(sets) => (Vec::new(), sets.get(index).cloned().unwrap_or_default()),
                told::Told::Nothing => (Vec::new(), Vec::new()),
            };
            let words = name_of(alternative, &told, index);
            let mut variant = words.pascal_beside(RESERVED_VARIANTS);
            let pointer = alternative.place.pointer.as_str();
            if scope.claim(&variant, &variant, pointer).is_err() {
                variant = scope.claim_numbered(&variant, pointer);
            }
            let ty = self.schema(&alternative.place, &compound(name, variant.trim_matches('_')), &ExampleOf::Schema);
            let ty = if found.told == told::Told::Nothing { ty } else { without_null(ty) };
            // The methods are named `as_..` and `from_..`, so this may be a keyword. Two variants
            // such as `Ab` and `AB` have the same one.
            let mut method = Words::parse(&variant).map_or_else(|_| variant.to_lowercase(), |words| words.snake());
            if methods.claim(&method, &variant, pointer).is_err() {
                method = methods.claim_numbered(&format!("{method}_"), pointer);
            }
            alternatives.push(UnionAlternative {
                method,
                name: variant,
                ty,
                values: told.iter().map(model).collect(),
                members,
            });
        }
        let told = match &found.told {
            told::Told::Tag { member, .. } => Told::Tag(member.clone()),
            told::Told::Presence(_) => Told::Presence,
            told::Told::Nothing => Told::Nothing,
        };
        TypeKind::Union(Union { told, alternatives })
    }
}

/// Returns the name of an alternative: the name of its component, its `x-rust-name`, its title or
/// its tag value, or else its number.
fn name_of(alternative: &union::UnionAlternative<'_>, values: &[Spelling], index: usize) -> Words {
    let title = alternative.resolved.text("x-rust-name").or(alternative.resolved.text("title"));
    let title = title.filter(|title| title.len() <= LONGEST_TITLE);
    let tag = match values {
        [Spelling::Text(tag)] => Some(tag.as_str()),
        _ => None,
    };
    let named = [alternative.component.as_deref(), title, tag].into_iter().flatten();
    let mut words = named.filter_map(|name| Words::parse(name).ok());
    let number = index + 1;
    words.next().or_else(|| Words::parse(&format!("alternative{number}")).ok()).unwrap_or_else(|| Words::stand_in(""))
}

/// The maximum length of a title or an `x-rust-name` that becomes a name. A longer title is
/// probably a sentence.
const LONGEST_TITLE: usize = 40;

fn model(value: &Spelling) -> crate::model::api::Spelling {
    match value {
        Spelling::Text(text) => crate::model::api::Spelling::Text(text.clone()),
        Spelling::Integer(integer) => crate::model::api::Spelling::Integer(*integer),
    }
}
