//! The state of the exchange in the form of the venue: balances, books, prices and trades.

use std::collections::HashSet;

use venuekit::Decimal;
use venuekit_json::Tree;

use super::call::{Call, limit_of, value};
use super::page::Page;
use super::response::set;
use crate::balance_change::BalanceChange;
use crate::exchange::{self, Exchange, Span, Trade, Wallet, add, subtract};
use crate::json::{self, Amount as _};
use crate::profile::{
    Balances, BookCounts, CandleColumn, Candles, ChangeField, Depth, History, Period, Quote, SpanField, Ticker,
    TradeField, Trades,
};

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
                    quote(row, rules, exchange, (&market, true), call);
                }
            }
        }
        (Tree::Object(rows), None, None) => {
            for (market, row) in rows.iter_mut().filter(|(market, _)| moved.contains(market)) {
                quote(row, rules, exchange, (market, true), call);
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
            quote(row, rules, exchange, (market, is_own), call);
        }
        _ => return None,
    }
    (response != *call.example).then_some(response)
}

/// Writes the prices of a market into a row. A value that is not known stays as it is if the row is
/// of this market, and is 0 otherwise.
fn quote(row: &mut Tree, rules: &Ticker, exchange: &Exchange, (market, is_own): (&str, bool), call: &Call<'_>) {
    let seconds = match rules.period {
        Period::Seconds(seconds) => seconds,
        Period::Parameter(name) => whole(call, name),
    };
    let span = Span::recent(exchange.trades(market), call.now, seconds);
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
            Quote::Span(field) => Some(number(of_span(span, *field))),
            Quote::Seconds => Some(Tree::number(seconds)),
        };
        let unknown = || (!is_own && !matches!(quote, Quote::LastTime(_))).then(|| Tree::number(0));
        if let Some(shown) = shown.or_else(unknown) {
            set(row.get_mut(member), shown);
        }
    }
}

fn of_span(span: Span, field: SpanField) -> Decimal {
    match field {
        SpanField::Open => span.open,
        SpanField::Close => span.close,
        SpanField::High => span.high,
        SpanField::Low => span.low,
        SpanField::Volume => span.volume,
        SpanField::Value => span.value,
    }
}

/// Returns a parameter as a whole number; 0 if it is none.
fn whole(call: &Call<'_>, name: &str) -> i64 {
    value(call.values, name).and_then(Tree::scalar).and_then(|text| text.parse().ok()).unwrap_or(0)
}

pub(crate) fn candles(call: &Call<'_>, exchange: &Exchange, moved: &HashSet<String>, rules: &Candles) -> Option<Tree> {
    let market = shown(call, moved, rules.market)?;
    let template = call.example.elements().first()?;
    let times = (whole(call, rules.times.0), whole(call, rules.times.1));
    let candles = exchange::candles(exchange.trades(market), call.now, times, whole(call, rules.interval));
    let row = |(time, span): (i64, Span)| {
        let columns = rules.columns.iter().zip(template.elements()).map(|(column, example)| {
            let shown = match column {
                CandleColumn::Time => Tree::number(time),
                CandleColumn::Span(field) => number(of_span(span, *field)),
                CandleColumn::Market => Tree::text(market),
            };
            shown.like(example)
        });
        Tree::Array(columns.collect())
    };
    Some(Tree::Array(candles.into_iter().map(row).collect()))
}

/// Lists the numbers of orders in the books. The row of a market without a placed order is that of
/// the example, if the example has one.
pub(crate) fn counts(
    call: &Call<'_>,
    exchange: &Exchange,
    moved: &HashSet<String>,
    rules: &BookCounts,
) -> Option<Tree> {
    let asked = value(call.values, rules.markets)?.elements().iter().filter_map(Tree::as_text);
    let examples = call.example.elements();
    let row = |market: &str| {
        let is_own = |row: &&Tree| row.get(rules.name).and_then(Tree::as_text) == Some(market);
        let own = examples.iter().find(is_own).filter(|_| !moved.contains(market));
        if let Some(own) = own {
            return Some(own.clone());
        }
        let mut row = examples.first()?.clone();
        set(row.get_mut(rules.name), Tree::text(market));
        for (member, buys) in [(rules.asks, false), (rules.bids, true)] {
            set(row.get_mut(member), Tree::number(exchange.resting(market, buys).len()));
        }
        Some(row)
    };
    let response = Tree::Array(asked.filter_map(row).collect());
    (response != *call.example).then_some(response)
}

/// Lists changes of balances, which come the newest first.
pub(crate) fn history<'a>(call: &Call<'_>, changes: impl Iterator<Item = &'a BalanceChange>, rules: &History) -> Tree {
    let text = |name: &str| value(call.values, name).and_then(Tree::as_text).unwrap_or_default();
    let bound = |name: &str| Some(whole(call, name)).filter(|seconds| *seconds > 0).map(|it| it.saturating_mul(1000));
    let (from, end) = (bound(rules.times.0).unwrap_or(i64::MIN), bound(rules.times.1).unwrap_or(i64::MAX));
    let times = from..=end.saturating_sub(1);
    let fits = |change: &&BalanceChange| change.is(text(rules.asset), text(rules.business), &times);
    let changes: Vec<&BalanceChange> = changes.filter(fits).collect();
    let (page, total) = (Page::new(rules.pages, call.values), changes.len());
    let template = call.example.at(rules.at).and_then(|rows| rows.elements().first()).cloned().unwrap_or(Tree::Null);
    let row = |change: &BalanceChange| {
        let mut row = template.clone();
        for (member, field) in rules.members {
            let shown = match field {
                ChangeField::Time(form) if form.is_text() => Tree::Text(form.write(change.time)),
                ChangeField::Time(form) => Tree::Number(form.write(change.time)),
                ChangeField::Asset => Tree::text(&change.asset),
                ChangeField::Business => Tree::text(&change.business),
                ChangeField::Change => number(change.change),
                ChangeField::Balance => number(change.balance),
                ChangeField::Detail => change.detail.clone(),
            };
            set(row.get_mut(member), shown);
        }
        row
    };
    let mut response = call.example.clone();
    if let Some(Tree::Array(rows)) = response.at_mut(rules.at) {
        *rows = page.select(changes, |_| "").into_iter().map(row).collect();
    }
    page.show(&mut response, total);
    response
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
