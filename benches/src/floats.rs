//! The same responses as other clients have them: prices are floats, ignored columns are dropped.
#![expect(dead_code, reason = "the values are read only")]

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, Visitor};

/// A float, written as a number or as text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Float(f64);

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FloatVisitor;

        impl Visitor<'_> for FloatVisitor {
            type Value = Float;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number")
            }

            fn visit_f64<E>(self, value: f64) -> Result<Float, E> {
                Ok(Float(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Float, E> {
                Ok(Float(value as f64))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Float, E> {
                Ok(Float(value as f64))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Float, E> {
                text.parse().map(Float).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(FloatVisitor)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BtseBook {
    buy_quote: Vec<Quote>,
    sell_quote: Vec<Quote>,
    symbol: Option<String>,
    timestamp: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Quote {
    price: Float,
    size: Float,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JexBook {
    last_update_id: Option<i64>,
    bids: Vec<Level>,
    asks: Vec<Level>,
}

#[derive(Debug, Deserialize)]
struct Level(Float, Float, IgnoredAny);

#[derive(Debug, Deserialize)]
pub struct Kline(i64, Float, Float, Float, Float, Float, i64, Float, i64, Float, Float, IgnoredAny);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    symbol: String,
    order_id: i64,
    price: Float,
    orig_qty: Float,
    executed_qty: Float,
    cummulative_quote_qty: Float,
    status: Status,
    time_in_force: TimeInForce,
    #[serde(rename = "type")]
    kind: Kind,
    side: Side,
    time: i64,
    update_time: i64,
    working: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    New,
    PartiallyFilled,
    Filled,
    Canceled,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
enum TimeInForce {
    #[serde(rename = "GTC")]
    GoodTillCanceled,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    Limit,
    Market,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Side {
    Buy,
    Sell,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExchangeInfo {
    timezone: String,
    server_time: i64,
    rate_limits: Vec<RateLimit>,
    option_symbols: Vec<Symbol>,
    contract_symbols: Vec<Symbol>,
    spot_symbols: Vec<Symbol>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RateLimit {
    rate_limit_type: String,
    interval: String,
    interval_num: i32,
    limit: i32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Symbol {
    symbol: String,
    status: SymbolStatus,
    base_asset: String,
    base_asset_precision: i32,
    quote_asset: String,
    quote_precision: i32,
    order_types: Vec<Kind>,
    iceberg_allowed: bool,
    filters: Vec<Filter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SymbolStatus {
    PreTrading,
    Trading,
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    filter_type: FilterType,
    #[serde(default)]
    min_price: Option<Float>,
    #[serde(default)]
    max_price: Option<Float>,
    #[serde(default)]
    tick_size: Option<Float>,
    #[serde(default)]
    min_qty: Option<Float>,
    #[serde(default)]
    max_qty: Option<Float>,
    #[serde(default)]
    step_size: Option<Float>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum FilterType {
    PriceFilter,
    LotSize,
    MinNotional,
    #[serde(other)]
    Other,
}
