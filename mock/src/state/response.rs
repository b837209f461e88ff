//! Makes responses from the examples of the spec, with other orders and balances in them.

use venuekit_json::Tree;

use super::call::{Call, value};
use super::order::{Order, OrderFill};
use crate::json::Amount as _;
use crate::profile::{Balances, Field, Shape};

/// Replaces a value that exists, and keeps its JSON type.
pub(crate) fn set(place: Option<&mut Tree>, value: Tree) {
    if let Some(place) = place {
        *place = value.like(place);
    }
}

pub(crate) fn zero(row: &mut Tree, rules: &Balances) {
    for member in [Some(rules.free), rules.reserved, rules.total].into_iter().flatten() {
        set(row.get_mut(member), Tree::number(0));
    }
}

/// Returns the orders that an example shows.
pub(crate) fn templates<'a>(example: &'a Tree, shape: &Shape) -> Vec<&'a Tree> {
    match example.at(shape.at) {
        Some(Tree::Array(elements)) => elements.iter().collect(),
        Some(node) => vec![node],
        None => Vec::new(),
    }
}

/// Returns the text of the first property that the shape maps to this field; `None` if there is
/// none.
pub(crate) fn field(template: &Tree, shape: &Shape, wanted: Field) -> Option<String> {
    let is_wanted = |field: &Field| std::mem::discriminant(field) == std::mem::discriminant(&wanted);
    let mut names = shape.members.iter().filter(|(_, field)| is_wanted(field)).map(|(name, _)| name);
    names.find_map(|name| template.get(name)?.scalar())
}

/// Returns the ids in an example.
pub(crate) fn ids_in(example: &Tree, shape: &Shape) -> Vec<String> {
    let ids = |template: &&Tree| [field(template, shape, Field::Id), field(template, shape, Field::OwnId)];
    templates(example, shape).iter().flat_map(ids).flatten().collect()
}

/// Returns the example with its orders replaced by these.
pub(crate) fn with_orders(example: &Tree, shape: &Shape, orders: &[&Order]) -> Tree {
    with_rows(example, shape, &orders.iter().map(|order| (*order, None)).collect::<Vec<_>>())
}

/// Returns the example with its orders or fills replaced by these.
pub(crate) fn with_rows(example: &Tree, shape: &Shape, rows: &[(&Order, Option<&OrderFill>)]) -> Tree {
    let mut response = example.clone();
    let template = templates(example, shape).first().copied().cloned().unwrap_or(Tree::Null);
    match response.at_mut(shape.at) {
        Some(Tree::Array(elements)) => {
            *elements = rows.iter().map(|(order, fill)| order.shown_as(&template, shape, *fill)).collect();
        }
        Some(node) => {
            if let Some((order, fill)) = rows.first() {
                *node = order.shown_as(&template, shape, *fill);
            }
        }
        None => {}
    }
    response
}

/// Returns the example with another id.
pub(crate) fn with_id(example: &Tree, shape: &Shape, id: &str) -> Tree {
    let mut response = example.clone();
    for (name, _) in shape.members.iter().filter(|(_, field)| matches!(field, Field::Id)) {
        set(response.at_mut(shape.at).and_then(|order| order.get_mut(name)), Tree::text(id));
    }
    response
}

pub(crate) fn echo(call: &Call<'_>, members: &[(&str, &str)]) -> Option<Tree> {
    if call.is_example {
        return None;
    }
    let mut response = call.example.clone();
    for (pointer, name) in members {
        let given = call.body.and_then(|body| body.get(name)).or_else(|| value(call.values, name));
        if let Some(given) = given.filter(|given| !given.is_null()) {
            set(response.at_mut(pointer), given.clone());
        }
    }
    Some(response)
}
