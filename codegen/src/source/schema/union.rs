//! Reads a `oneOf` with several alternatives of one JSON type, which only a document in normal form
//! can have.

use super::alternatives::is_null_alternative;
use super::sorts::{Sort, sort};
use super::told::{ObjectSchema, Told, told};
use crate::source::located::Located;
use crate::source::node::Node;
use crate::source::references::ComponentKind;
use crate::source::view::View;

/// Several alternatives that cannot all be told apart by their JSON type.
pub(crate) struct Union<'a> {
    pub(crate) told: Told,
    pub(crate) alternatives: Vec<UnionAlternative<'a>>,
}

/// An alternative of a [`Union`].
pub(crate) struct UnionAlternative<'a> {
    /// The place of the alternative, which may be a `$ref`.
    pub(crate) place: Located<'a>,
    /// The schema itself.
    pub(crate) resolved: Located<'a>,
    /// The name of the component, if the alternative is a `$ref`.
    pub(crate) component: Option<String>,
}

/// Returns the union of a schema with `oneOf`; `None` if the first character of a value tells the
/// alternatives apart, if an alternative cannot be resolved, or if the document is not in normal
/// form.
pub(crate) fn union<'a>(view: &View<'a>, schema: &Located<'a>) -> Option<Union<'a>> {
    if !view.document.is_normal() {
        return None;
    }
    let places = schema.list("oneOf").filter(|place| !is_null_alternative(view.standard, place));
    let alternatives: Vec<UnionAlternative<'a>> = places
        .map(|place| {
            let resolved = view.resolve(place.clone(), ComponentKind::Schema).ok()?;
            let component = resolved.first.map(|(name, _)| name);
            Some(UnionAlternative { place, resolved: resolved.at, component })
        })
        .collect::<Option<_>>()?;
    let kinds: Vec<Option<Sort>> = alternatives.iter().map(|alternative| sort(view, &alternative.resolved)).collect();
    let is_told = |kind: &Option<Sort>| kind.is_some() && kinds.iter().filter(|other| *other == kind).count() == 1;
    if alternatives.len() < 2 || kinds.iter().all(is_told) {
        return None;
    }
    let objects: Vec<ObjectSchema<'_>> = alternatives
        .iter()
        .filter(|alternative| alternative.resolved.text("type") == Some("object"))
        .map(|alternative| ObjectSchema {
            component: alternative.component.as_deref(),
            node: alternative.resolved.node,
        })
        .collect();
    let told = match objects.len() == alternatives.len() {
        true => told(schema.node, &objects, &|node| resolved(view, node)),
        false => Told::Nothing,
    };
    Some(Union { told, alternatives })
}

fn resolved<'n>(view: &View<'n>, node: &'n Node) -> &'n Node {
    let place = Located { pointer: String::new(), node };
    view.resolved(place, ComponentKind::Schema).map_or(node, |resolved| resolved.node)
}
