//! A checked call with the values that orders and balances need.

use std::collections::HashSet;

use venuekit::Decimal;
use venuekit_json::Tree;

use crate::markets::Markets;
use crate::profile::{Effect, Ids, Liquidity, ValuesIn};

/// A call that was checked.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) effect: &'static Effect,
    pub(crate) key: &'a str,
    /// The user; `None`: the key is the user, or the call names no user.
    pub(crate) user: Option<String>,
    pub(crate) values: &'a [(String, Tree)],
    /// The values of the example in the spec.
    pub(crate) example_values: &'a [(String, Tree)],
    /// The parameters with a natural number as their default, and the number.
    pub(crate) defaults: Vec<(&'static str, usize)>,
    pub(crate) body: Option<&'a Tree>,
    /// True if all values are the values of the example in the spec.
    pub(crate) is_example: bool,
    /// The example of the response.
    pub(crate) example: &'a Tree,
    /// True if the spec has an example response of null, which means that there is no order.
    pub(crate) may_be_null: bool,
    pub(crate) now: i64,
}

/// The markets, orders and balances that the examples of a venue show.
#[derive(Debug)]
pub(crate) struct Seeds {
    pub(crate) markets: Markets,
    /// The orders of other traders that are in the books from the start.
    pub(crate) liquidity: Vec<&'static Liquidity>,
    /// The ids of orders in the examples, which can be cancelled or read without being placed.
    pub(crate) ids: HashSet<String>,
    /// The asset, the free amount and the reserved amount.
    pub(crate) balances: Vec<(String, Decimal, Decimal)>,
    /// The largest number of a trade; 0 if there is none.
    pub(crate) last_trade: u64,
}

impl Seeds {
    /// Returns the base and the quote asset of a market, in upper case. A market of which they are
    /// not known has two of its own.
    pub(crate) fn assets(&self, market: &str) -> (String, String) {
        let own = || (market.to_uppercase(), format!("MONEY OF {}", market.to_uppercase()));
        self.markets.assets(market).unwrap_or_else(own)
    }

    /// Returns the amount of an asset that the examples' orders reserve; 0 if they have none.
    pub(crate) fn reserved(&self, asset: &str) -> Decimal {
        self.balances.iter().find(|(other, ..)| other == asset).map(|(.., reserved)| *reserved).unwrap_or_default()
    }

    /// Returns the free amount of an asset in the examples; 0 if they have none.
    pub(crate) fn free(&self, asset: &str) -> Decimal {
        self.balances.iter().find(|(other, ..)| other == asset).map(|(_, free, _)| *free).unwrap_or_default()
    }
}

/// Returns the values of each order in a request.
pub(crate) fn scopes(call: &Call<'_>, from: ValuesIn) -> Vec<Vec<(String, Tree)>> {
    match from {
        ValuesIn::Parameters => vec![call.values.to_vec()],
        ValuesIn::Body(pointer) => {
            let object = call.body.and_then(|body| body.at(pointer));
            vec![object.map(|object| object.members().to_vec()).unwrap_or_default()]
        }
        ValuesIn::Each(pointer) => {
            let list = call.body.and_then(|body| body.at(pointer)).map(Tree::elements).unwrap_or_default();
            list.iter().map(|object| object.members().to_vec()).collect()
        }
    }
}

/// Returns the ids that a request names, and whether each is the caller's own.
pub(crate) fn wanted(scope: &[(String, Tree)], ids: Ids) -> Vec<(String, bool)> {
    let mut wanted = Vec::new();
    for (name, own) in [(Some(ids.id), false), (ids.own, true)] {
        let Some(node) = name.and_then(|name| value(scope, name)) else { continue };
        let each = if let Tree::Array(elements) = node { elements.as_slice() } else { std::slice::from_ref(node) };
        wanted.extend(each.iter().filter_map(Tree::scalar).map(|id| (id, own)));
    }
    wanted
}

pub(crate) fn value<'a>(values: &'a [(String, Tree)], name: &str) -> Option<&'a Tree> {
    values.iter().find(|(other, _)| other == name).map(|(_, node)| node)
}

pub(crate) fn market_of(call: &Call<'_>, name: &str) -> Option<String> {
    let in_body = || call.body.and_then(|body| body.get(name));
    value(call.values, name).or_else(in_body)?.scalar()
}

/// Returns the number of rows that a call asks for: that of a parameter or a property of the body,
/// or else the default of the parameter. Without both, all rows are meant.
pub(crate) fn limit_of(call: &Call<'_>, name: Option<&str>) -> usize {
    let given = name.and_then(|name| market_of(call, name)).and_then(|given| given.parse().ok());
    let default = || call.defaults.iter().find(|(other, _)| Some(*other) == name).map(|(_, number)| *number);
    given.or_else(default).unwrap_or(usize::MAX)
}

pub(crate) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
