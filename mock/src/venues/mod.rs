//! What the mock has to know of each venue beyond its spec: one small table a venue.
//!
//! A venue that has none here is served all the same, from its spec alone: nobody checks its signatures, and it keeps no orders.

mod altmarket;
mod anboto;
mod btse_spot;
mod excore;
mod jex_spot;

use venuekit_json::quoted;

use crate::clock::TimeForm;
use crate::http::Answer;
use crate::record::Refusal;
use crate::refuse::{Context, No, Refuse};
use crate::sign::{Caller, Keys, Seen};

/// A venue's table.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) venue: &'static str,
    /// The path that stands before those of the operations, where the spec has no server to tell it.
    pub(crate) base: Option<&'static str>,
    /// Checks key, signature and time.
    pub(crate) verify: fn(&Seen<'_>, &Keys) -> Result<Caller, No>,
    pub(crate) refuse: Refuse,
    /// What signing adds to the query or to the body.
    pub(crate) signing: &'static [&'static str],
    /// Which example a reply is, where there are several and it is not the first.
    pub(crate) variants: &'static [Variant],
    /// The operations that keep, change or show something.
    pub(crate) does: &'static [(&'static str, Does)],
    /// The parameters that name a user, where a key serves many: each user has orders and balances of their own.
    pub(crate) users: &'static [&'static str],
    /// Headers that repeat another one.
    pub(crate) same_headers: &'static [(&'static str, &'static str)],
    /// Whether going on after 429 leads to 418.
    pub(crate) bans: bool,
}

/// The example of this name answers when the parameter has this value (`None`: any).
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) operation: &'static str,
    pub(crate) parameter: &'static str,
    pub(crate) value: Option<&'static str>,
    pub(crate) then: &'static str,
    pub(crate) otherwise: &'static str,
}

/// Where a request has its values.
#[derive(Clone, Copy, Debug)]
pub(crate) enum From {
    /// In its parameters.
    Parameters,
    /// In the object of the body that this JSON pointer points at.
    Body(&'static str),
    /// In each object of the list that this JSON pointer points at.
    Each(&'static str),
}

/// What an operation does.
#[derive(Debug)]
pub(crate) enum Does {
    Place {
        from: From,
        order: OrderIn,
        reply: Shape,
    },
    /// Cancels one order; where no id is given, all of the market, if it does that.
    Cancel {
        from: From,
        id: Ids,
        market: Option<&'static str>,
        all_without_id: bool,
        reply: Option<Shape>,
    },
    /// Cancels all orders, of one market where there is such a parameter; `count`: where the reply says how many.
    CancelAll {
        market: Option<&'static str>,
        count: Option<&'static str>,
    },
    List {
        which: Which,
        market: Option<&'static str>,
        pages: Option<Pages>,
        reply: Shape,
    },
    /// One order by its id, or several by their ids, separated by commas.
    Get {
        which: Which,
        id: Ids,
        reply: Shape,
    },
    Balances(Balances),
    /// Adds to a balance; a change is made once for these members.
    ChangeBalance {
        asset: &'static str,
        change: &'static str,
        force: &'static str,
        once_for: &'static [&'static str],
    },
    /// Answers with members of the request: (in the reply, in the request).
    Echo(&'static [(&'static str, &'static str)]),
}

/// Which orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Open,
    Done,
    All,
}

/// Where a request says which order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids {
    pub(crate) id: &'static str,
    /// The caller's own id.
    pub(crate) own: Option<&'static str>,
}

/// Where a list's page is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pages {
    pub(crate) offset: &'static str,
    pub(crate) limit: &'static str,
    /// Where the reply says how many there are.
    pub(crate) total: Option<&'static str>,
}

/// Where an order's values are in a request.
#[derive(Debug)]
pub(crate) struct OrderIn {
    pub(crate) market: &'static str,
    pub(crate) side: &'static str,
    /// The values of `side` that buy, and those that sell, in lower case; others are refused.
    pub(crate) buys: &'static [&'static str],
    pub(crate) sells: &'static [&'static str],
    pub(crate) amount: &'static str,
    pub(crate) price: &'static str,
    pub(crate) own_id: Option<&'static str>,
    /// Orders that trade at once and never rest: when this member has this value (`*`: all are).
    pub(crate) at_once: Option<(&'static str, &'static str)>,
}

/// What of a reply is of an order; the rest stays as the example has it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// A JSON pointer to the order or to the list of orders.
    pub(crate) at: &'static str,
    pub(crate) members: &'static [(&'static str, Field)],
}

/// A value of an order. It is written as text or as a number, whichever the example has.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field {
    Id,
    OwnId,
    Market,
    /// As JSON, of an order that buys and of one that sells.
    Side(&'static str, &'static str),
    Amount,
    Price,
    Filled,
    Left,
    /// As JSON, of an order that is open, filled, cancelled.
    Status(&'static str, &'static str, &'static str),
    Created(TimeForm),
    Changed(TimeForm),
    /// The user, where a key serves many.
    User,
    /// A member of the request that placed it.
    Given(&'static str),
    /// As JSON, of an order that rests and of one that trades at once.
    Kind(&'static str, &'static str),
    /// Always this JSON.
    Is(&'static str),
}

/// Where a reply has balances.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Balances {
    /// A JSON pointer to the list, or to the object whose members are the balances.
    pub(crate) at: &'static str,
    /// The member that names the asset; `None`: an object by asset.
    pub(crate) asset: Option<&'static str>,
    pub(crate) free: &'static str,
    pub(crate) reserved: Option<&'static str>,
    pub(crate) total: Option<&'static str>,
    /// The parameter that picks one asset.
    pub(crate) only: Option<&'static str>,
}

/// All tables.
pub(crate) static PROFILES: &[&Profile] =
    &[&altmarket::PROFILE, &anboto::PROFILE, &btse_spot::PROFILE, &excore::PROFILE, &jex_spot::PROFILE];

/// For venues that have no table.
static PLAIN: Profile = Profile {
    venue: "",
    base: None,
    verify: |_, _| Ok(Caller::new("anyone")),
    refuse: plain,
    signing: &[],
    variants: &[],
    does: &[],
    users: &[],
    same_headers: &[],
    bans: false,
};

/// The table of a venue.
pub(crate) fn profile(venue: &str) -> &'static Profile {
    PROFILES.iter().copied().find(|profile| profile.venue == venue).unwrap_or(&PLAIN)
}

fn plain(no: &No, _: &Context<'_>) -> Answer {
    let status = http_status(no.refusal);
    Answer::json(status, format!(r#"{{"code":{status},"message":{}}}"#, quoted(&no.why)))
}

/// The HTTP status that is usual for a refusal.
pub(crate) fn http_status(refusal: Refusal) -> u16 {
    match refusal {
        Refusal::UnknownPath => 404,
        Refusal::WrongMethod => 405,
        Refusal::TooManyRequests => 429,
        Refusal::Banned => 418,
        Refusal::MissingKey
        | Refusal::UnknownKey
        | Refusal::MissingSignature
        | Refusal::BadSignature
        | Refusal::StaleTime
        | Refusal::NonceNotRising => 401,
        _ => 400,
    }
}

#[cfg(test)]
mod tests {
    use venuekit::meta::{ExampleOf, OperationMeta, VenueMeta};

    use venuekit_json::Tree;

    use super::*;

    fn tables() -> impl Iterator<Item = (&'static Profile, &'static VenueMeta)> {
        PROFILES.iter().map(|profile| {
            let venue = venuekit_venues::venue(profile.venue);
            (*profile, venue.unwrap_or_else(|| panic!("there is no venue {}", profile.venue)))
        })
    }

    fn operation(venue: &VenueMeta, id: &str) -> &'static OperationMeta {
        venue.operation(id).unwrap_or_else(|| panic!("{} has no operation {id}", venue.spec))
    }

    fn replies(venue: &'static VenueMeta, id: &str) -> Vec<(&'static str, Tree)> {
        let of_id = venue.examples.iter().filter(|example| {
            matches!(example.of, ExampleOf::Reply { operation, status, .. } if operation == id && !status.starts_with(['4', '5']))
        });
        of_id.map(|example| (example.pointer, Tree::parse(example.json).unwrap())).collect()
    }

    #[test]
    fn tables_name_what_the_specs_have() {
        for (profile, venue) in tables() {
            for variant in profile.variants {
                let meta = operation(venue, variant.operation);
                assert!(meta.parameters.iter().any(|parameter| parameter.name == variant.parameter));
                for name in [variant.then, variant.otherwise] {
                    let found = replies(venue, variant.operation).iter().any(|(pointer, _)| pointer.contains(name));
                    assert!(found, "{} has no example {name}", variant.operation);
                }
            }
            for (id, does) in profile.does {
                let meta = operation(venue, id);
                let named = |name: &str| {
                    let schemas = meta.body.iter().map(|body| body.schema);
                    let all: Vec<&str> = schemas.chain(venue.schemas.iter().map(|(_, schema)| *schema)).collect();
                    meta.parameters.iter().any(|parameter| parameter.name == name)
                        || meta.body.is_some() && all.iter().any(|schema| schema.contains(&format!("\"{name}\":")))
                };
                let (shape, names) = match does {
                    Does::Place { order, reply, .. } => {
                        let mut names = vec![order.market, order.side, order.amount];
                        names.extend(order.own_id);
                        (Some(reply), names)
                    }
                    Does::Cancel { id, market, reply, .. } => {
                        (reply.as_ref(), [Some(id.id), id.own, *market].into_iter().flatten().collect())
                    }
                    Does::CancelAll { market, .. } => (None, market.iter().copied().collect()),
                    Does::List { market, reply, .. } => (Some(reply), market.iter().copied().collect()),
                    Does::Get { id, reply, .. } => (Some(reply), [Some(id.id), id.own].into_iter().flatten().collect()),
                    Does::Balances(balances) => (None, balances.only.into_iter().collect()),
                    Does::ChangeBalance { asset, change, force, once_for } => {
                        (None, [*asset, *change, *force].into_iter().chain(once_for.iter().copied()).collect())
                    }
                    Does::Echo(members) => (None, members.iter().map(|(_, name)| *name).collect()),
                };
                for name in names {
                    assert!(named(name), "{id} has no {name}");
                }
                let Some(shape) = shape else { continue };
                for (pointer, example) in replies(venue, id).into_iter().filter(|(_, example)| !example.is_null()) {
                    let order = match example.at(shape.at) {
                        Some(Tree::Array(orders)) => orders.first().cloned(),
                        order => order.cloned(),
                    };
                    let order = order.unwrap_or_else(|| panic!("{id}: there is nothing at {} of {pointer}", shape.at));
                    let has_id = shape
                        .members
                        .iter()
                        .any(|(name, field)| matches!(field, Field::Id) && order.get(name).is_some());
                    assert!(has_id, "{id}: {pointer} has no id");
                }
            }
        }
    }
}
