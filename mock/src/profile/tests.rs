//! Tests of all profiles against the specs of their venues.

use venuekit::meta::{ExampleOf, OperationMeta, VenueMeta};
use venuekit_json::Tree;
use venuekit_venues::VENUES;

use crate::profile::{Effect, Field, Profile};
use crate::venues::profile_of;

fn profiles() -> impl Iterator<Item = (&'static Profile, &'static VenueMeta)> {
    VENUES.iter().filter_map(|venue| Some((profile_of(venue.venue.name())?, *venue)))
}

fn operation(venue: &VenueMeta, id: &str) -> &'static OperationMeta {
    venue.operation(id).unwrap_or_else(|| panic!("{} has no operation {id}", venue.spec))
}

fn responses(venue: &'static VenueMeta, id: &str) -> Vec<(&'static str, Tree)> {
    let of_id = venue.examples.iter().filter(|example| {
        matches!(example.subject, ExampleOf::Response { operation, status, .. } if operation == id && !status.starts_with(['4', '5']))
    });
    of_id.map(|example| (example.pointer, Tree::parse(example.json).unwrap())).collect()
}

#[test]
fn profiles_name_only_operations_and_properties_of_their_specs() {
    for (profile, venue) in profiles() {
        for list in profile.markets.lists {
            let (_, response) = responses(venue, list.operation).remove(0);
            let row = match response.at(list.at) {
                Some(Tree::Array(rows)) => rows.first(),
                Some(Tree::Object(rows)) => rows.first().map(|(_, row)| row),
                _ => None,
            };
            let row = row.unwrap_or_else(|| panic!("{} lists no market at {}", list.operation, list.at));
            for name in [list.name, list.base, list.quote, list.open.map(|(name, _)| name)].into_iter().flatten() {
                assert!(row.get(name).is_some(), "{}: a market has no {name}", list.operation);
            }
        }
        for variant in profile.variants {
            let meta = operation(venue, variant.operation);
            assert!(meta.parameters.iter().any(|parameter| parameter.name == variant.parameter));
            for name in [variant.then, variant.otherwise] {
                let found = responses(venue, variant.operation).iter().any(|(pointer, _)| pointer.contains(name));
                assert!(found, "{} has no example {name}", variant.operation);
            }
        }
        for (id, effect) in profile.effects {
            let meta = operation(venue, id);
            let named = |name: &str| {
                let schemas = meta.body.iter().map(|body| body.schema);
                let all: Vec<&str> = schemas.chain(venue.schemas.iter().map(|(_, schema)| *schema)).collect();
                meta.parameters.iter().any(|parameter| parameter.name == name)
                    || meta.body.is_some() && all.iter().any(|schema| schema.contains(&format!("\"{name}\":")))
            };
            let (shape, names) = match effect {
                Effect::Place { order, response, .. } => {
                    let mut names = vec![order.market, order.side, order.amount];
                    names.extend(order.own_id);
                    (Some(response), names)
                }
                Effect::Test { order, .. } => (None, vec![order.market, order.side, order.amount]),
                Effect::Cancel { id, response, .. } => {
                    (response.as_ref(), [Some(id.id), id.own].into_iter().flatten().collect())
                }
                Effect::CancelAll { market, .. } => (None, market.iter().copied().collect()),
                Effect::List { market, response, .. } => (Some(response), market.iter().copied().collect()),
                Effect::Fills { order, market, limit, response } => (Some(response), vec![*order, *market, *limit]),
                Effect::Get { id, response, .. } => {
                    (Some(response), [Some(id.id), id.own].into_iter().flatten().collect())
                }
                Effect::Balances(balances) => (None, balances.only.into_iter().collect()),
                Effect::ChangeBalance { asset, change, force, once_for } => {
                    (None, [*asset, *change, *force].into_iter().chain(once_for.iter().copied()).collect())
                }
                Effect::Echo(members) => (None, members.iter().map(|(_, name)| *name).collect()),
            };
            for name in names {
                assert!(named(name), "{id} has no {name}");
            }
            let Some(shape) = shape else { continue };
            for (pointer, example) in responses(venue, id).into_iter().filter(|(_, example)| !example.is_null()) {
                let order = match example.at(shape.at) {
                    Some(Tree::Array(orders)) => orders.first().cloned(),
                    order => order.cloned(),
                };
                let order = order.unwrap_or_else(|| panic!("{id}: there is nothing at {} of {pointer}", shape.at));
                let has_id =
                    shape.members.iter().any(|(name, field)| matches!(field, Field::Id) && order.get(name).is_some());
                assert!(has_id, "{id}: {pointer} has no id");
            }
        }
    }
}
