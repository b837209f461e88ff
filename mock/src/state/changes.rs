//! The changes of the balances of an account, as its history shows them.

use std::collections::VecDeque;

use venuekit::Decimal;
use venuekit_json::Tree;

use super::order::Order;
use crate::balance_change::BalanceChange;
use crate::exchange::Fill;
use crate::json;

/// The number of changes of an account that are kept.
const MAX_CHANGES: usize = 2_000;

/// The latest changes of an account, the oldest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct BalanceChanges(VecDeque<BalanceChange>);

impl BalanceChanges {
    pub(crate) fn push(&mut self, change: BalanceChange) {
        if self.0.len() >= MAX_CHANGES {
            self.0.pop_front();
        }
        self.0.push_back(change);
    }

    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &BalanceChange> {
        self.0.iter().rev()
    }
}

/// A change that happened, before the balance after it is known.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    pub(crate) account: (String, String),
    pub(crate) asset: String,
    pub(crate) business: String,
    pub(crate) change: Decimal,
    pub(crate) detail: Tree,
}

/// Returns what a fill of an order moves: the price, what was bought for it, and the fee. `assets`
/// are the base and the quote asset.
pub(crate) fn moved_by(
    fill: &Fill,
    account: &(String, String),
    order: &Order,
    (base, quote): &(String, String),
    is_maker: bool,
) -> Vec<Moved> {
    let (rate, fee) = if is_maker { (order.rates.1, fill.maker_fee) } else { (order.rates.0, fill.taker_fee) };
    let (pays, gets) = if order.buys {
        ((quote, fill.value), (base, fill.amount))
    } else {
        ((base, fill.amount), (quote, fill.value))
    };
    let text = |number: Decimal| Tree::Text(number.normalize().to_string());
    let detail = |fee: Option<Decimal>| {
        let id = json::parse(&order.id).filter(Tree::is_scalar).unwrap_or_else(|| Tree::text(&order.id));
        let mut members = vec![("a".to_owned(), text(fill.amount))];
        members.extend(fee.map(|rate| ("f".to_owned(), text(rate))));
        members.push(("id".to_owned(), id));
        members.push(("m".to_owned(), Tree::text(&order.market)));
        members.push(("p".to_owned(), text(fill.price)));
        Tree::Object(members)
    };
    let moved = |asset: &str, change: Decimal, detail: Tree| Moved {
        account: account.clone(),
        asset: asset.to_owned(),
        business: "trade".to_owned(),
        change,
        detail,
    };
    let mut all = vec![moved(pays.0, -pays.1, detail(None)), moved(gets.0, gets.1, detail(None))];
    if !fee.is_zero() {
        all.push(moved(gets.0, -fee, detail(Some(rate))));
    }
    all
}
