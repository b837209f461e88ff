//! The state of the exchange in the form of the venue: balances, books, prices and trades.

use std::collections::HashSet;

use venuekit::Decimal;
use venuekit_json::Tree;

use super::call::{Call, limit_of, value};
use super::response::set;
use crate::exchange::{Exchange, Trade, Wallet, add, subtract};
use crate::json::{self, Amount as _};
use crate::profile::{Balances, Depth, Quote, Ticker, TradeField, Trades};

fn number(number: Decimal) -> Tree {
    Tree::Number(number.normalize().to_string())
}

/// Writes a balance into a row of the example. `free` is the free amount of the example.
pub(crate) fn balance(row: &mut Tree, rules: &Balances, wallet: Wallet, free: Decimal) {
    let mut change = |member: &str, amount: Option<Decimal>| {
        let Some(node) = row.get_mut(member) else { return };
        let sum = amount.filter(|amount| !amount.is_zero()).and_then(|amount| add(node.decimal()?, amount));
        if let Some(sum) = sum {
            *node = number(sum).like(node);
        }
    };
    let free = subtract(wallet.free, free);
    change(rules.free, free);
    if let Some(member) = rules.reserved {
        change(member, Some(wallet.locked));
    }
    if let Some(member) = rules.total {
        change(member, free.and_then(|free| add(free, wallet.locked)));
    }
}

/// Returns the market that a call names. `None`: the response is the example, which is of this
/// market, and no order was placed in it.
pub(crate) fn shown<'a>(call: &'a Call<'_>, moved: &HashSet<String>, parameter: &str) -> Option<&'a str> {
    let market = value(call.values, parameter)?.as_text()?;
    let example = value(call.example_values, parameter).and_then(Tree::as_text);
    (moved.contains(market) || example != Some(market)).then_some(market)
}

pub(crate) fn depth(call: &Call<'_>, exchange: &Exchange, moved: &HashSet<String>, rules: &Depth) -> Option<Tree> {
    let market = shown(call, moved, rules.market)?;
    let interval = rules.interval.and_then(|name| value(call.values, name)?.decimal());
    let mut response = call.example.clone();
    for (buys, at, most) in [(true, rules.bids, rules.limits.0), (false, rules.asks, rules.limits.1)] {
        let template = call.example.at(at).and_then(|rows| rows.elements().first()).cloned();
        let mut levels = grouped(exchange.levels(market, buys), buys, interval);
        levels.truncate(limit_of(call, most));
        if !buys && rules.best_ask_last {
            levels.reverse();
        }
        let rows = levels.into_iter().filter_map(|(price, amount)| {
            let mut row = template.clone()?;
            match (rules.row, &mut row) {
                (Some((price_member, amount_member)), row) => {
                    set(row.get_mut(price_member), number(price));
                    set(row.get_mut(amount_member), number(amount));
                }
                (None, Tree::Array(columns)) => {
                    set(columns.first_mut(), number(price));
                    set(columns.get_mut(1), number(amount));
                }
                _ => return None,
            }
            Some(row)
        });
        if let Some(Tree::Array(shown)) = response.at_mut(at) {
            *shown = rows.collect();
        }
    }
    if let Some(at) = rules.shown_market {
        set(response.at_mut(at), Tree::text(market));
    }
    if let Some(at) = rules.time {
        set(response.at_mut(at), Tree::number(call.now));
    }
    Some(response)
}

/// Adds the amounts of all prices within an interval. Bids are rounded down to it, and asks up.
pub(crate) fn grouped(
    levels: Vec<(Decimal, Decimal)>,
    buys: bool,
    interval: Option<Decimal>,
) -> Vec<(Decimal, Decimal)> {
    let Some(interval) = interval.filter(|interval| *interval > Decimal::ZERO) else { return levels };
    let mut groups: Vec<(Decimal, Decimal)> = Vec::new();
    for (price, amount) in levels {
        let below = price.checked_rem(interval).and_then(|rest| subtract(price, rest)).unwrap_or(price);
        let rounded = if buys || below == price { below } else { add(below, interval).unwrap_or(price) };
        match groups.last_mut().filter(|(other, _)| *other == rounded) {
            Some((_, total)) => *total = add(*total, amount).unwrap_or(*total),
            None => groups.push((rounded, amount)),
        }
    }
    groups
}

pub(crate) fn ticker(call: &Call<'_>, exchange: &Exchange, moved: &HashSet<String>, rules: &Ticker) -> Option<Tree> {
    let mut response = call.example.clone();
    let asked = rules.market.and_then(|parameter| value(call.values, parameter)?.as_text());
    let name = |row: &Tree| rules.name.and_then(|name| row.get(name)?.scalar());
    match (&mut response, asked, rules.name) {
        // All markets: those of the example, with the prices of those that moved.
        (Tree::Array(rows), _, Some(_)) => {
            for row in rows {
                if let Some(market) = name(row).filter(|market| moved.contains(market)) {
                    quote(row, rules, exchange, &market, true);
                }
            }
        }
        (Tree::Object(rows), None, None) => {
            for (market, row) in rows.iter_mut().filter(|(market, _)| moved.contains(market)) {
                quote(row, rules, exchange, market, true);
            }
        }
        (row, Some(market), _) => {
            let own = name(row).or_else(|| value(call.example_values, rules.market?)?.scalar());
            let is_own = own.as_deref() == Some(market);
            if is_own && !moved.contains(market) {
                return None;
            }
            if let Some(name) = rules.name {
                set(row.get_mut(name), Tree::text(market));
            }
            quote(row, rules, exchange, market, is_own);
        }
        _ => return None,
    }
    (response != *call.example).then_some(response)
}

/// Writes the prices of a market into a row. A value that is not known stays as it is if the row is
/// of this market, and is 0 otherwise.
fn quote(row: &mut Tree, rules: &Ticker, exchange: &Exchange, market: &str, is_own: bool) {
    let (bids, asks) = (exchange.levels(market, true), exchange.levels(market, false));
    let last = exchange.trades(market).next();
    for (member, quote) in rules.members {
        let shown = match quote {
            Quote::Bid => bids.first().map(|(price, _)| number(*price)),
            Quote::BidAmount => bids.first().map(|(_, amount)| number(*amount)),
            Quote::Ask => asks.first().map(|(price, _)| number(*price)),
            Quote::AskAmount => asks.first().map(|(_, amount)| number(*amount)),
            Quote::Last => last.map(|trade| number(trade.price)),
            Quote::LastAmount => last.map(|trade| number(trade.amount)),
            Quote::LastTime(form) => last.map(|trade| {
                let text = form.write(trade.time);
                if form.is_text() { Tree::Text(text) } else { Tree::Number(text) }
            }),
        };
        let unknown = || (!is_own && !matches!(quote, Quote::LastTime(_))).then(|| Tree::number(0));
        if let Some(shown) = shown.or_else(unknown) {
            set(row.get_mut(member), shown);
        }
    }
}

pub(crate) fn trades(call: &Call<'_>, exchange: &Exchange, moved: &HashSet<String>, rules: &Trades) -> Option<Tree> {
    let market = shown(call, moved, rules.market)?;
    let template = call.example.at(rules.at).and_then(|rows| rows.elements().first()).cloned()?;
    let after = rules.after.and_then(|name| value(call.values, name)?.scalar()?.parse().ok()).unwrap_or(0);
    let most = limit_of(call, rules.limit);
    let mut shown: Vec<&Trade> = exchange.trades(market).filter(|trade| trade.number > after).collect();
    if rules.oldest_first {
        shown.reverse();
    }
    let rows = shown.into_iter().take(most).map(|trade| {
        let mut row = template.clone();
        for (member, field) in rules.members {
            let shown = match field {
                TradeField::Number => Tree::number(trade.number),
                TradeField::Time(form) if form.is_text() => Tree::Text(form.write(trade.time)),
                TradeField::Time(form) => Tree::Number(form.write(trade.time)),
                TradeField::Price => number(trade.price),
                TradeField::Amount => number(trade.amount),
                TradeField::Market => Tree::text(market),
                TradeField::Side(buy, sell) => {
                    json::parse(if trade.taker_buys { buy } else { sell }).unwrap_or(Tree::Null)
                }
            };
            set(row.get_mut(member), shown);
        }
        row
    });
    let rows = rows.collect();
    let mut response = call.example.clone();
    if let Some(Tree::Array(shown)) = response.at_mut(rules.at) {
        *shown = rows;
    }
    Some(response)
}
