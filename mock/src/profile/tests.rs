//! Tests of all profiles against the specs of their venues.

use venuekit::Decimal;
use venuekit::meta::{ExampleOf, OperationMeta, VenueMeta};
use venuekit_json::Tree;
use venuekit_venues::VENUES;

use crate::profile::{Effect, Field, Period, Profile, Unsimulated};
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

/// The orders of other traders have numbers that a book can hold, and do not cross.
#[test]
fn the_liquidity_of_each_profile_is_a_book() {
    for (profile, venue) in profiles() {
        let shares = profile.socket.and_then(|socket| socket.shares.as_ref());
        for liquidity in profile.liquidity.iter().chain(shares.into_iter().flat_map(|shares| shares.liquidity)) {
            let number = |text: &str| text.parse::<Decimal>().unwrap_or_else(|_| panic!("{}: {text}", venue.spec));
            let prices = |rows: &[(&str, &str)]| -> Vec<Decimal> {
                rows.iter()
                    .map(|(price, amount)| {
                        assert!(number(amount) > Decimal::ZERO && number(price) > Decimal::ZERO);
                        number(price)
                    })
                    .collect()
            };
            let (bids, asks) = (prices(liquidity.bids), prices(liquidity.asks));
            assert!(bids.is_sorted_by(|one, other| one > other), "{}", liquidity.market);
            assert!(asks.is_sorted_by(|one, other| one < other), "{}", liquidity.market);
            let middle = number(liquidity.middle);
            assert!(bids.first().is_none_or(|bid| *bid <= middle) && asks.first().is_none_or(|ask| middle <= *ask));
            assert!(number(liquidity.tick) > Decimal::ZERO && number(liquidity.unit) > Decimal::ZERO);
        }
    }
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
                    names.extend(order.kinds.time_in_force.into_iter().chain(order.kinds.post_only));
                    names.extend(order.kinds.waits.map(|(name, _)| name));
                    names.extend(order.kinds.unsimulated.iter().map(|kind| match kind {
                        Unsimulated::Given(name) | Unsimulated::True(name) | Unsimulated::NotOneOf(name, _) => *name,
                    }));
                    (Some(response), names)
                }
                Effect::Test { order, .. } => (None, vec![order.market, order.side, order.amount]),
                Effect::Cancel { id, response, .. } => {
                    (response.as_ref(), [Some(id.id), id.own].into_iter().flatten().collect())
                }
                Effect::CancelAll { market, .. } => (None, market.iter().copied().collect()),
                Effect::List { market, response, .. } => (Some(response), market.iter().copied().collect()),
                Effect::Fills { order, market, limit, response, .. } => {
                    (Some(response), [*order, *market, *limit].into_iter().flatten().collect())
                }
                Effect::Get { id, response, .. } => {
                    (Some(response), [Some(id.id), id.own].into_iter().flatten().collect())
                }
                Effect::Balances(balances) => (None, balances.only.into_iter().collect()),
                Effect::ChangeBalance(rules) => {
                    let names = [rules.asset, rules.change, rules.force, rules.business, rules.number, rules.detail];
                    (None, names.into_iter().chain(rules.once_for.iter().copied()).collect())
                }
                Effect::History(rules) => {
                    (None, vec![rules.asset, rules.business, rules.times.0, rules.times.1, rules.pages.limit])
                }
                Effect::OpenMarkets { pages, .. } => (None, vec![pages.limit]),
                Effect::BookCounts(rules) => (None, vec![rules.markets]),
                Effect::Candles(rules) => (None, vec![rules.market, rules.times.0, rules.times.1, rules.interval]),
                Effect::Resting { market, side, response, .. } => (Some(response), vec![*market, side.0]),
                Effect::Depth(rules) => {
                    let (bids, asks) = rules.limits;
                    let names = [Some(rules.market), bids, asks, rules.interval];
                    (None, names.into_iter().flatten().collect())
                }
                Effect::Ticker(rules) => {
                    let period = if let Period::Parameter(name) = rules.period { Some(name) } else { None };
                    (None, rules.market.into_iter().chain(period).collect())
                }
                Effect::Trades(rules) => {
                    let names = [Some(rules.market), rules.limit, rules.after];
                    (None, names.into_iter().flatten().collect())
                }
                Effect::Echo(members) => (None, members.iter().map(|(_, name)| *name).collect()),
            };
            for name in names {
                assert!(named(name), "{id} has no {name}");
            }
            for (pointer, example) in responses(venue, id) {
                let rows = |at: &str| example.at(at).map(Tree::elements).unwrap_or_default().to_vec();
                match effect {
                    Effect::Depth(rules) => {
                        for row in [rules.bids, rules.asks].map(rows).concat() {
                            let (price, amount) = match rules.row {
                                Some((price, amount)) => (row.get(price), row.get(amount)),
                                None => (row.elements().first(), row.elements().get(1)),
                            };
                            assert!(price.is_some() && amount.is_some(), "{id}: {pointer}");
                        }
                        let places = [Some(rules.bids), Some(rules.asks), rules.shown_market, rules.time];
                        assert!(places.into_iter().flatten().all(|at| example.at(at).is_some()), "{id}: {pointer}");
                    }
                    Effect::Ticker(rules) => {
                        let row = match &example {
                            Tree::Array(rows) => rows[0].clone(),
                            Tree::Object(rows) if rules.market.is_none() => rows[0].1.clone(),
                            row => row.clone(),
                        };
                        let names = rules.members.iter().map(|(name, _)| *name).chain(rules.name);
                        names.for_each(|name| assert!(row.get(name).is_some(), "{id}: {pointer} has no {name}"));
                    }
                    Effect::History(rules) => {
                        let row = &rows(rules.at)[0];
                        let names = rules.members.iter().map(|(name, _)| *name);
                        names.for_each(|name| assert!(row.get(name).is_some(), "{id}: {pointer} has no {name}"));
                    }
                    Effect::OpenMarkets { at, name, total, .. } => {
                        let row = &rows(at)[0];
                        assert!(row.get(name).is_some() && row.get(total).is_some(), "{id}: {pointer}");
                    }
                    Effect::BookCounts(rules) => {
                        let row = &rows("")[0];
                        let names = [rules.name, rules.asks, rules.bids];
                        names.iter().for_each(|name| assert!(row.get(name).is_some(), "{id}: {pointer} has no {name}"));
                    }
                    Effect::Candles(rules) => {
                        assert_eq!(rows("")[0].elements().len(), rules.columns.len(), "{id}: {pointer}");
                    }
                    Effect::Trades(rules) => {
                        let row = &rows(rules.at)[0];
                        let names = rules.members.iter().map(|(name, _)| *name);
                        names.for_each(|name| assert!(row.get(name).is_some(), "{id}: {pointer} has no {name}"));
                    }
                    _ => {}
                }
            }
            let Some(shape) = shape else { continue };
            for (pointer, example) in responses(venue, id).into_iter().filter(|(_, example)| !example.is_null()) {
                let order = match example.at(shape.at) {
                    Some(Tree::Array(orders)) => orders.first().cloned(),
                    order => order.cloned(),
                };
                let order = order.unwrap_or_else(|| panic!("{id}: there is nothing at {} of {pointer}", shape.at));
                let has_id = shape
                    .members
                    .iter()
                    .any(|(name, field)| matches!(field, Field::Id | Field::FillNumber) && order.get(name).is_some());
                assert!(has_id, "{id}: {pointer} has no id");
            }
        }
    }
}
