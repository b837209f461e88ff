//! Excore. The form in which the gateway refuses a signature is not documented. The mock responds
//! with 401 and an envelope as for other errors.
//!
//! A price or an amount that is not above zero, or has too many decimals, gets code 1, which is a
//! guess: the document has no code for it. The mock does not know the markets that `market.add`
//! adds.
//!
//! As in the open source core that Excore descends from, the amount of a market order to buy is
//! money, what does not trade of a market order is cancelled, and a user can trade with itself.

use crate::clock::TimeForm;
use crate::excore_line::{ID, ORDER, place, refuse};
use crate::profile::{
    BalanceChangeParameters, Balances, BookCounts, CandleColumn, Candles, ChangeField, Depth, Effect, Field, History,
    Liquidity, MarketList, MarketNames, OrderFilter, PageStart, Pages, Period, Profile, Quote, Shape, SpanField,
    Ticker, TradeField, Trades, ValuesIn,
};
use crate::refuse::Rejection;
use crate::sign::{Caller, Keys, SignedRequest, compare, hex, hmac_sha512};

const MARKET_ORDER: &[(&str, Field)] = &[
    ("id", Field::Id),
    ("market", Field::Market),
    ("source", Field::Given("source")),
    ("side", Field::Given("side")),
    ("user", Field::User),
    ("ctime", Field::Created(TimeForm::Seconds)),
    ("mtime", Field::Changed(TimeForm::Seconds)),
    ("amount", Field::Amount),
    ("taker_fee", Field::Given("taker_fee_rate")),
    ("left", Field::Left),
    ("deal_stock", Field::Filled),
    ("deal_money", Field::Value),
    ("deal_fee", Field::Fee),
];

/// Returns the effect of an operation that shows prices of a market.
const fn ticker(period: Period, members: &'static [(&'static str, Quote)]) -> Effect {
    Effect::Ticker(Ticker { market: Some("market"), name: None, period, members })
}

const DAY: Period = Period::Seconds(86_400);

const DEALS: &[(&str, Field)] = &[
    ("id", Field::FillNumber),
    ("time", Field::FillTime(TimeForm::Seconds)),
    ("user", Field::User),
    ("market", Field::Market),
    ("side", Field::Given("side")),
    ("role", Field::FillRole("1", "2")),
    ("amount", Field::FillAmount),
    ("price", Field::FillPrice),
    ("deal", Field::FillValue),
    ("fee", Field::FillFee),
    ("deal_order_id", Field::FillOther),
];

const PAGES: Pages = Pages {
    start: PageStart::Offset("offset"),
    limit: "limit",
    default_limit: None,
    shown: Some(("/offset", "/limit")),
    total: None,
    newest_first: true,
};

pub(crate) static PROFILE: Profile = Profile {
    verify,
    refuse,
    signing: &[],
    variants: &[],
    effects: &[
        ("order.put_limit", place(None, ORDER)),
        ("order.put_limit_reference", place(None, ORDER)),
        ("order.put_market", place(Some(("market", "*")), MARKET_ORDER)),
        ("order.cancel", Effect::Cancel { from: ValuesIn::Parameters, id: ID, response: None }),
        ("order.cancel_all", Effect::CancelAll { market: Some("market"), count: None }),
        (
            "order.pending",
            Effect::List {
                which: OrderFilter::Open,
                market: Some("market"),
                pages: Some(Pages { total: Some("/total"), ..PAGES }),
                response: Shape { at: "/records", members: ORDER },
            },
        ),
        ("order.pending_list", Effect::OpenMarkets { pages: PAGES, at: "/markets", name: "name", total: "total" }),
        (
            "order.finished",
            Effect::List {
                which: OrderFilter::Traded,
                market: Some("market"),
                pages: Some(PAGES),
                response: Shape { at: "/records", members: ORDER },
            },
        ),
        (
            "order.pending_detail",
            Effect::Get { which: OrderFilter::Open, id: ID, response: Shape { at: "", members: ORDER } },
        ),
        (
            "order.finished_detail",
            Effect::Get { which: OrderFilter::Traded, id: ID, response: Shape { at: "", members: ORDER } },
        ),
        (
            "market.user_deals",
            Effect::Fills {
                order: None,
                market: Some("market"),
                limit: None,
                pages: Some(PAGES),
                response: Shape { at: "/records", members: DEALS },
            },
        ),
        (
            "order.deals",
            Effect::Fills {
                order: Some("order_id"),
                market: None,
                limit: None,
                pages: Some(PAGES),
                response: Shape { at: "/records", members: DEALS },
            },
        ),
        (
            "order.book",
            Effect::Resting {
                market: "market",
                side: ("side", "2"),
                pages: Pages { total: Some("/total"), ..PAGES },
                response: Shape { at: "/orders", members: ORDER },
            },
        ),
        (
            "order.depth",
            Effect::Depth(Depth {
                market: "market",
                bids: "/bids",
                asks: "/asks",
                limits: (Some("limit"), Some("limit")),
                interval: Some("interval"),
                best_ask_last: false,
                row: None,
                shown_market: None,
                time: None,
            }),
        ),
        ("market.last", ticker(DAY, &[("price", Quote::Last)])),
        (
            "market.status",
            ticker(
                Period::Parameter("period"),
                &[
                    ("period", Quote::Seconds),
                    ("last", Quote::Last),
                    ("open", Quote::Span(SpanField::Open)),
                    ("close", Quote::Span(SpanField::Close)),
                    ("high", Quote::Span(SpanField::High)),
                    ("low", Quote::Span(SpanField::Low)),
                    ("volume", Quote::Span(SpanField::Volume)),
                    ("deal", Quote::Span(SpanField::Value)),
                ],
            ),
        ),
        // The day of the mock is the last 24 hours.
        (
            "market.status_today",
            ticker(
                DAY,
                &[
                    ("last", Quote::Last),
                    ("open", Quote::Span(SpanField::Open)),
                    ("high", Quote::Span(SpanField::High)),
                    ("low", Quote::Span(SpanField::Low)),
                    ("volume", Quote::Span(SpanField::Volume)),
                    ("deal", Quote::Span(SpanField::Value)),
                ],
            ),
        ),
        (
            "market.kline",
            Effect::Candles(Candles {
                market: "market",
                times: ("start", "end"),
                interval: "interval",
                columns: &[
                    CandleColumn::Time,
                    CandleColumn::Span(SpanField::Open),
                    CandleColumn::Span(SpanField::Close),
                    CandleColumn::Span(SpanField::High),
                    CandleColumn::Span(SpanField::Low),
                    CandleColumn::Span(SpanField::Volume),
                    CandleColumn::Span(SpanField::Value),
                    CandleColumn::Market,
                ],
            }),
        ),
        (
            "market.summary",
            Effect::BookCounts(BookCounts {
                markets: "market_list",
                name: "name",
                asks: "ask_count",
                bids: "bid_count",
            }),
        ),
        (
            "market.deals",
            Effect::Trades(Trades {
                at: "",
                market: "market",
                limit: Some("limit"),
                after: Some("last_id"),
                oldest_first: false,
                members: &[
                    ("id", TradeField::Number),
                    ("time", TradeField::Time(TimeForm::Seconds)),
                    ("price", TradeField::Price),
                    ("amount", TradeField::Amount),
                    ("type", TradeField::Side("\"buy\"", "\"sell\"")),
                ],
            }),
        ),
        (
            "market.deal_history",
            Effect::Trades(Trades {
                at: "/records",
                market: "market",
                limit: Some("limit"),
                after: Some("last_id"),
                oldest_first: true,
                members: &[
                    ("id", TradeField::Number),
                    ("time", TradeField::Time(TimeForm::Seconds)),
                    ("price", TradeField::Price),
                    ("amount", TradeField::Amount),
                    ("side", TradeField::Side("2", "1")),
                    ("market", TradeField::Market),
                ],
            }),
        ),
        (
            "balance.query",
            Effect::Balances(Balances {
                at: "",
                asset: None,
                free: "available",
                reserved: Some("freeze"),
                total: None,
                only: Some("asset"),
            }),
        ),
        (
            "balance.update",
            Effect::ChangeBalance(BalanceChangeParameters {
                asset: "asset",
                change: "change",
                force: "force",
                once_for: &["asset", "business", "business_id"],
                business: "business",
                number: "business_id",
                detail: "detail",
            }),
        ),
        (
            "balance.history",
            Effect::History(History {
                asset: "asset",
                business: "business",
                times: ("start_time", "end_time"),
                pages: PAGES,
                at: "/records",
                members: &[
                    ("time", ChangeField::Time(TimeForm::Seconds)),
                    ("asset", ChangeField::Asset),
                    ("business", ChangeField::Business),
                    ("change", ChangeField::Change),
                    ("balance", ChangeField::Balance),
                    ("detail", ChangeField::Detail),
                ],
            }),
        ),
    ],
    markets: MarketNames {
        names: &["market", "market_list"],
        lists: &[MarketList {
            operation: "market.list",
            at: "/records",
            name: Some("name"),
            base: Some("stock"),
            quote: Some("money"),
            open: None,
            rates: None,
        }],
    },
    // Its `order.depth` is that of the examples. The best bid has the price of the market order in
    // the examples.
    liquidity: &[Liquidity {
        market: "BTCBCH",
        bids: &[("1.17433988", "201.863"), ("1.16", "725.464")],
        asks: &[("1.5158", "1.151"), ("1.53", "1.218")],
        middle: "1.3",
        tick: "0.01",
        unit: "0.5",
    }],
    users: &["user_id", "user"],
    same_headers: &[],
    bans: false,
    socket: None,
    streamed: None,
};

/// Verifies `SIGN`, a hex HMAC-SHA512 of the body.
fn verify(seen: &SignedRequest<'_>, keys: &Keys) -> Result<Caller, Rejection> {
    let (key, secret) = seen.key("KEY", keys)?;
    compare(seen.signature("SIGN")?, &hex(&hmac_sha512(secret.as_bytes(), seen.body)), seen.body)?;
    Ok(Caller::new(key))
}
