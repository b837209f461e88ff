//! The behaviour of a venue beyond its spec, as data: its profile.

#[cfg(test)]
mod tests;

use venuekit_json::quoted;

use crate::clock::TimeForm;
use crate::http::Answer;
use crate::record::Refusal;
use crate::refuse::{Context, Refuse, Rejection};
use crate::sign::{Caller, Keys, SignedRequest};

/// The behaviour of one venue.
#[derive(Debug)]
pub(crate) struct Profile {
    /// The path that stands before those of the operations, where the spec has no server to tell
    /// it.
    pub(crate) base: Option<&'static str>,
    /// Checks key, signature and time.
    pub(crate) verify: fn(&SignedRequest<'_>, &Keys) -> Result<Caller, Rejection>,
    pub(crate) refuse: Refuse,
    /// The parameters that signing adds to the query or to the body; `*`: any that the spec lacks.
    pub(crate) signing: &'static [&'static str],
    /// The example that is the reply, if there are several and it is not the first.
    pub(crate) variants: &'static [Variant],
    /// The operations that keep, change or show something.
    pub(crate) does: &'static [(&'static str, Effect)],
    /// The parameters that name a user, where a key serves many: each user has orders and balances
    /// of their own.
    pub(crate) users: &'static [&'static str],
    /// Headers that repeat another one.
    pub(crate) same_headers: &'static [(&'static str, &'static str)],
    /// True if further requests after a 429 lead to a 418.
    pub(crate) bans: bool,
}

impl Profile {
    /// Returns whether a parameter or member that the spec lacks may be part of the signature.
    pub(crate) fn is_signing(&self, name: &str) -> bool {
        self.signing.contains(&name) || self.signing.contains(&"*")
    }
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
pub(crate) enum ValuesIn {
    /// In its parameters.
    Parameters,
    /// In the object of the body that this JSON pointer points at.
    Body(&'static str),
    /// In each object of the list that this JSON pointer points at.
    Each(&'static str),
}

/// The effect of an operation on orders and balances.
#[derive(Debug)]
pub(crate) enum Effect {
    Place {
        from: ValuesIn,
        order: OrderParameters,
        reply: Shape,
    },
    /// Cancels one order; where no id is given, all of the market, if it does that.
    Cancel {
        from: ValuesIn,
        id: Ids,
        market: Option<&'static str>,
        all_without_id: bool,
        reply: Option<Shape>,
    },
    /// Cancels all orders, of one market where there is such a parameter; `count`: where the reply
    /// says how many.
    CancelAll {
        market: Option<&'static str>,
        count: Option<&'static str>,
    },
    List {
        which: OrderFilter,
        market: Option<&'static str>,
        pages: Option<Pages>,
        reply: Shape,
    },
    /// One order by its id, or several by their ids, separated by commas.
    Get {
        which: OrderFilter,
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

/// The orders that an operation concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderFilter {
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
pub(crate) struct OrderParameters {
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

/// The place of orders in a reply, and their members; all else stays as in the example.
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

/// The profile of a venue that has none of its own.
pub(crate) static GENERAL: Profile = Profile {
    base: None,
    verify: |_, _| Ok(Caller::new("anyone")),
    refuse: plain,
    signing: &["*"],
    variants: &[],
    does: &[],
    users: &[],
    same_headers: &[],
    bans: false,
};

fn plain(no: &Rejection, _: &Context<'_>) -> Answer {
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
