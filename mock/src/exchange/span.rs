//! The prices and volumes of trades over a time.

use std::collections::VecDeque;

use venuekit::Decimal;

use super::exact::{add, multiply};
use super::order::Trade;

/// The number of candles that one list has at most.
const CANDLES: i64 = 10_000;

/// The prices and volumes of some trades.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) open: Decimal,
    pub(crate) close: Decimal,
    pub(crate) high: Decimal,
    pub(crate) low: Decimal,
    /// The amount of stock.
    pub(crate) volume: Decimal,
    /// The money that was paid for it.
    pub(crate) value: Decimal,
}

impl Span {
    /// Returns the span of trades, the oldest first. Without a trade, all prices are `before`.
    fn new<'a>(trades: impl Iterator<Item = &'a Trade>, before: Decimal) -> Self {
        let mut span = Self { open: before, close: before, high: before, low: before, ..Self::default() };
        let mut is_first = true;
        for trade in trades {
            let price = trade.price;
            if std::mem::take(&mut is_first) {
                (span.open, span.high, span.low) = (price, price, price);
            }
            span.close = price;
            (span.high, span.low) = (span.high.max(price), span.low.min(price));
            // A sum that does not fit stays at what fits: it is only shown.
            span.volume = add(span.volume, trade.amount).unwrap_or(span.volume);
            let value = multiply(price, trade.amount).and_then(|value| add(span.value, value));
            span.value = value.unwrap_or(span.value);
        }
        span
    }

    /// Returns the span of the trades of the last seconds before `now`, which is in milliseconds.
    /// `trades` has the newest first. Without a trade in this time, all numbers are 0.
    pub(crate) fn recent<'a>(trades: impl Iterator<Item = &'a Trade>, now: i64, seconds: i64) -> Self {
        let from = now.saturating_sub(seconds.saturating_mul(1000));
        let mut own: Vec<&Trade> = trades.take_while(|trade| trade.time >= from).collect();
        own.reverse();
        Self::new(own.into_iter(), Decimal::ZERO)
    }
}

/// Returns the candles of these seconds with their first second, both ends included. `trades` has
/// the newest first; `now` is in milliseconds. A candle without a trade has the close before it;
/// before the first trade there is none.
pub(crate) fn candles<'a>(
    trades: impl Iterator<Item = &'a Trade>,
    now: i64,
    (start, end): (i64, i64),
    seconds: i64,
) -> Vec<(i64, Span)> {
    let mut trades: VecDeque<&Trade> = trades.collect();
    let end = end.min(now.div_euclid(1000));
    let bucket_of = |trade: &Trade| trade.time.div_euclid(1000).div_euclid(seconds);
    if seconds <= 0 || start > end {
        return Vec::new();
    }
    let Some(first) = trades.back().map(|trade| bucket_of(trade)) else { return Vec::new() };
    let (from, to) = (start.div_euclid(seconds).max(first), end.div_euclid(seconds));
    let from = from.max(to.saturating_sub(CANDLES));
    let mut close = Decimal::ZERO;
    let mut next = |bucket: i64, is_before: bool| {
        let is_due = |trade: &&&Trade| if is_before { bucket_of(trade) < bucket } else { bucket_of(trade) == bucket };
        let is_next = trades.back().is_some_and(|trade| is_due(&trade));
        if is_next { trades.pop_back() } else { None }
    };
    while let Some(trade) = next(from, true) {
        close = trade.price;
    }
    let candle = |bucket: i64| {
        let span = Span::new(std::iter::from_fn(|| next(bucket, false)), close);
        close = span.close;
        (bucket * seconds, span)
    };
    (from..=to).map(candle).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candles_begin_with_the_first_trade_and_are_filled_with_the_close_before_them() {
        let trade = |number: u64, time: i64, price: i64| Trade {
            number,
            time,
            price: Decimal::from(price),
            amount: Decimal::TWO,
            taker_buys: true,
        };
        let trades = [trade(3, 185_000, 4), trade(2, 62_000, 7), trade(1, 61_000, 5)];
        let shown = |from: i64, to: i64, now: i64| -> Vec<(i64, i64, i64, i64)> {
            let number = |number: Decimal| i64::try_from(number).unwrap();
            let all = candles(trades.iter(), now, (from, to), 60);
            all.into_iter().map(|(time, it)| (time, number(it.open), number(it.close), number(it.value))).collect()
        };
        let all = [(60, 5, 7, 24), (120, 7, 7, 0), (180, 4, 4, 8)];
        assert_eq!(shown(1, 1_000, 200_000), all);
        assert_eq!(shown(130, 1_000, 200_000), all[1..]);
        assert_eq!(shown(1, 1_000, 130_000), all[..2]);
        assert_eq!(shown(900, 1_000, 200_000), []);
        assert_eq!(candles(trades.iter(), 200_000, (1, 10), 0), []);
        assert_eq!(Span::recent(trades.iter(), 200_000, 20).volume, Decimal::TWO);
        assert_eq!(Span::recent(trades.iter(), 200_000, 1), Span::default());
    }
}
