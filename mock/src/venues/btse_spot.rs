//! BTSE. Its errors have several forms, and the mock uses each known one. Cancels fail with status
//! 200.
//!
//! The document does not say whether the amount of a pending order is the ordered amount or the
//! amount that is still open. The mock shows the amount that is open.
//!
//! The document has the message for an unknown market, and no codes for orders that break the rules
//! of their market: the mock invents the messages, in the form of other bad requests.
//!
//! There are no fees. What does not trade of a market order is cancelled.

use venuekit_json::quoted;

use crate::clock::TimeForm;
use crate::http::Response;
use crate::profile::general::http_status;
use crate::profile::{
    Balances, Depth, Effect, Field, Ids, Liquidity, MarketList, MarketNames, OrderFilter, OrderKinds, OrderParameters,
    Period, Profile, Quote, Rates, Shape, Ticker, TradeField, Trades, Unsimulated, ValuesIn,
};
use crate::record::Refusal;
use crate::refuse::{Context, Rejection};
use crate::sign::{Caller, Keys, SignedRequest, compare, hex, hmac_sha384};

pub(crate) static PROFILE: Profile = Profile {
    verify,
    refuse,
    signing: &[],
    variants: &[],
    effects: &[
        (
            "placeOrder",
            Effect::Place {
                from: ValuesIn::Body(""),
                order: OrderParameters {
                    market: "symbol",
                    side: "side",
                    buys: &["buy"],
                    sells: &["sell"],
                    amount: "amount",
                    price: "price",
                    limit: Some(("type", &["limit"])),
                    buys_with_money: false,
                    needs_trader: false,
                    rates: Rates::None,
                    own_id: Some("client_oid"),
                    at_once: Some(("type", "market")),
                    kinds: OrderKinds {
                        time_in_force: Some("time_in_force"),
                        post_only: Some("post_only"),
                        waits: None,
                        unsimulated: &[
                            Unsimulated::Given("stop"),
                            Unsimulated::Given("stop_price"),
                            Unsimulated::NotOneOf("type", &["limit", "market"]),
                        ],
                    },
                },
                response: Shape { at: "", members: &[("id", Field::Id)] },
            },
        ),
        (
            "cancelOrder",
            Effect::Cancel {
                from: ValuesIn::Body(""),
                id: Ids { id: "order_id", own: None, market: None },
                response: None,
            },
        ),
        ("cancelAllOrders", Effect::CancelAll { market: Some("symbol"), count: None }),
        (
            "getPendingOrders",
            Effect::List {
                which: OrderFilter::Open,
                market: Some("symbol"),
                pages: None,
                response: Shape {
                    at: "",
                    members: &[
                        ("amount", Field::Left),
                        ("created_at", Field::Created(TimeForm::Spaced)),
                        ("id", Field::Id),
                        ("price", Field::Price),
                        ("symbol", Field::Market),
                        ("side", Field::Side("66", "83")),
                        ("tag", Field::Given("tag")),
                    ],
                },
            },
        ),
        (
            "getFills",
            // The document does not say which fills are returned if there are more than `limit`.
            Effect::Fills {
                order: Some("order_id"),
                market: Some("symbol"),
                limit: Some("limit"),
                pages: None,
                response: Shape {
                    at: "",
                    members: &[
                        ("amount", Field::FillAmount),
                        ("created_at", Field::FillTime(TimeForm::Spaced)),
                        ("fee", Field::FillFee),
                        ("id", Field::FillNumber),
                        ("order_id", Field::Id),
                        ("price", Field::FillPrice),
                        ("symbol", Field::Market),
                        ("side", Field::Given("side")),
                        ("tag", Field::Given("tag")),
                        ("trade_id", Field::FillNumber),
                    ],
                },
            },
        ),
        (
            "getOrderBook",
            // The document does not say what `group` does. The mock ignores it.
            Effect::Depth(Depth {
                market: "symbol",
                bids: "/buyQuote",
                asks: "/sellQuote",
                limits: (Some("limit_bids"), Some("limit_asks")),
                interval: None,
                best_ask_last: true,
                row: Some(("price", "size")),
                shown_market: Some("/symbol"),
                time: Some("/timestamp"),
            }),
        ),
        (
            "getTicker",
            Effect::Ticker(Ticker {
                market: Some("symbol"),
                name: None,
                period: Period::Seconds(86_400),
                members: &[
                    ("ask", Quote::Ask),
                    ("bid", Quote::Bid),
                    ("price", Quote::Last),
                    ("size", Quote::LastAmount),
                    ("time", Quote::LastTime(TimeForm::Iso)),
                ],
            }),
        ),
        (
            "getMarketSummary",
            Effect::Ticker(Ticker {
                market: None,
                name: None,
                period: Period::Seconds(86_400),
                members: &[("highest_bid", Quote::Bid), ("lowest_ask", Quote::Ask), ("last", Quote::Last)],
            }),
        ),
        (
            "getMarketStats",
            Effect::Ticker(Ticker {
                market: Some("symbol"),
                name: None,
                period: Period::Seconds(86_400),
                members: &[("close", Quote::Last), ("time", Quote::LastTime(TimeForm::Iso))],
            }),
        ),
        (
            "getTrades",
            Effect::Trades(Trades {
                at: "",
                market: "symbol",
                limit: None,
                after: None,
                oldest_first: false,
                members: &[
                    ("amount", TradeField::Amount),
                    ("price", TradeField::Price),
                    ("serial_id", TradeField::Number),
                    ("symbol", TradeField::Market),
                    ("time", TradeField::Time(TimeForm::Iso)),
                    ("type", TradeField::Side("\"buy\"", "\"sell\"")),
                ],
            }),
        ),
        (
            "getAccount",
            Effect::Balances(Balances {
                at: "",
                asset: Some("currency"),
                free: "available",
                reserved: None,
                total: Some("total"),
                only: None,
            }),
        ),
    ],
    markets: MarketNames {
        names: &["symbol"],
        lists: &[
            // The summary has markets that the other list lacks.
            MarketList {
                operation: "getMarketSummary",
                at: "",
                name: None,
                base: None,
                quote: None,
                open: None,
                rates: None,
            },
            MarketList {
                operation: "getMarkets",
                at: "",
                name: Some("id"),
                base: Some("base_currency"),
                quote: Some("quote_currency"),
                open: Some(("status", "active")),
                rates: None,
            },
        ],
    },
    // The order book of the examples.
    liquidity: &[Liquidity {
        market: "BTC-USD",
        bids: &[("9523.0", "0.72400000"), ("9522.5", "1.05000000")],
        asks: &[("9524.5", "0.00000001"), ("9525.0", "2.31600000")],
        middle: "9523.5",
        tick: "0.5",
        unit: "0.05",
    }],
    users: &[],
    same_headers: &[],
    bans: false,
    socket: None,
    streamed: None,
};

/// Verifies `btse-sign`, a hex HMAC-SHA384 of path, nonce and body. The nonce of a key must rise.
fn verify(seen: &SignedRequest<'_>, keys: &Keys) -> Result<Caller, Rejection> {
    let (key, secret) = seen.key("btse-api", keys)?;
    let nonce = seen.number("btse-nonce", Refusal::NonceNotRising)?;
    let written = seen.header("btse-nonce").unwrap_or_default();
    let string_to_sign = [seen.path.as_bytes(), written.as_bytes(), seen.body].concat();
    let expected = hex(&hmac_sha384(secret.as_bytes(), &string_to_sign));
    compare(seen.signature("btse-sign")?, &expected, &string_to_sign)?;
    Ok(Caller { key: key.to_owned(), nonce: Some(nonce) })
}

fn refuse(no: &Rejection, context: &Context<'_>) -> Response {
    let status = http_status(no.refusal);
    let cancels = context.is("cancelOrder") || context.is("cancelAllOrders");
    let time = context.now;
    let message = match no.refusal {
        // Cancels fail with status 200.
        Refusal::Rejected if cancels => {
            // No code is known to refuse a cancel for certain.
            let result = r#""msg":"cancellation unsuccessful","data":{},"success":false"#;
            return Response::json(200, format!(r#"[{{{result},"time":{time}}}]"#));
        }
        Refusal::Unsure if cancels => return Response::json(200, format!(r#"[{{"code":4,"time":{time}}}]"#)),
        Refusal::Unsure => {
            return Response::json(408, r#"{"code":408,"errorCode":408,"message":"REQUESTTIMEOUT"}"#);
        }
        Refusal::OrderNotFound => {
            // BTSE sends it with the status of a rate limit, and without `Retry-After`.
            let body = format!(r#"{{"code":-1,"msg":"Not found","time":{time},"data":{{}},"success":false}}"#);
            return Response::json(429, body);
        }
        Refusal::UnknownPath | Refusal::WrongMethod => {
            let error = if status == 404 { "Not Found" } else { "Method Not Allowed" };
            let message = quoted(&no.why);
            return Response::json(
                status,
                format!(r#"{{"status":{status},"error":"{error}","code":{status},"message":{message}}}"#),
            );
        }
        Refusal::InsufficientBalance => {
            let body = r#"{"status":400,"errorCode":51523,"message":"Insufficient balance","extraData":null}"#;
            return Response::json(400, body);
        }
        Refusal::UnknownMarket => "BADREQUEST: symbol is invalid".to_owned(),
        Refusal::TooManyRequests | Refusal::Banned => "TOOMANYREQUESTS: the rate limit is exceeded".to_owned(),
        Refusal::BadSignature => "UNAUTHORIZED: signature does not match".to_owned(),
        Refusal::UnknownKey | Refusal::MissingKey => "UNAUTHORIZED: API key is invalid".to_owned(),
        Refusal::MissingSignature => "UNAUTHORIZED: signature is missing".to_owned(),
        Refusal::NonceNotRising => "UNAUTHORIZED: nonce is invalid".to_owned(),
        _ if status == 401 => "UNAUTHORIZED".to_owned(),
        _ => format!("BADREQUEST: {}", no.why),
    };
    let message = quoted(&message);
    let body = match status {
        401 => format!(r#"{{"errorCode":{status},"message":{message},"status":{status}}}"#),
        _ => format!(r#"{{"code":{status},"errorCode":{status},"message":{message}}}"#),
    };
    Response::json(status, body)
}
