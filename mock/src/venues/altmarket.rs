//! AltMarket. Only a few of its error codes are known; the mock invents the others in the same
//! style.
//!
//! Stop orders are not simulated: they are treated as orders without a stop. What does not trade of
//! a market order is cancelled. The fees are those of the market, in the asset that the user
//! receives; the document does not say in which.

use venuekit_json::quoted;

use crate::clock::{TimeForm, parse_utc};
use crate::http::Response;
use crate::json;
use crate::profile::general::http_status;
use crate::profile::{
    Balances, Effect, Field, Ids, Liquidity, MarketList, MarketNames, OrderFilter, OrderKinds, OrderParameters,
    PageStart, Pages, Profile, Rates, Shape, Unsimulated, ValuesIn,
};
use crate::record::Refusal;
use crate::refuse::{Context, Rejection};
use crate::sign::{Caller, Keys, SignedRequest, compare, hex, hmac_sha512, in_window};

const ORDER: &[(&str, Field)] = &[
    ("orderId", Field::Id),
    ("total", Field::Value),
    ("orderType", Field::Kind("\"Limit\"", "\"Market\"")),
    ("commission", Field::Fee),
    ("createdAt", Field::Created(TimeForm::Iso)),
    ("unitsFilled", Field::Filled),
    ("isPending", Field::Status("true", "true", "false", "false")),
    ("status", Field::Status("\"Working\"", "\"Working\"", "\"Completed\"", "\"Cancelled\"")),
    ("type", Field::Side("\"buy\"", "\"sell\"")),
    ("side", Field::Side("\"Buy\"", "\"Sell\"")),
    ("amount", Field::Amount),
    ("price", Field::Price),
    ("stopPrice", Field::GivenAs(&["activationPrice"], "0")),
    ("isLimit", Field::Given("isLimit")),
    ("instrument", Field::Market),
];

/// A cancelled order. Sister venues write its status in lower case here.
const CANCELLED: &[(&str, Field)] = &[
    ("orderId", Field::Id),
    ("createdAt", Field::Created(TimeForm::Iso)),
    ("unitsFilled", Field::Filled),
    ("isPending", Field::Is("false")),
    ("status", Field::Is("\"cancelled\"")),
    ("type", Field::Side("\"buy\"", "\"sell\"")),
    ("side", Field::Side("\"Buy\"", "\"Sell\"")),
    ("amount", Field::Amount),
    ("price", Field::Price),
    ("instrument", Field::Market),
];

/// The document states no default of the limit; 15 is that of a sister venue.
const PAGES: Pages = Pages {
    start: PageStart::Page("Page"),
    limit: "PerPage",
    default_limit: Some(15),
    shown: Some(("/paging/page", "/paging/per_page")),
    total: Some("/paging/total"),
    newest_first: false,
};

pub(crate) static PROFILE: Profile = Profile {
    verify,
    refuse,
    signing: &["ts", "nonce"],
    variants: &[],
    effects: &[
        (
            "placeOrder",
            Effect::Place {
                from: ValuesIn::Body("/order"),
                order: OrderParameters {
                    market: "instrument",
                    side: "type",
                    buys: &["buy"],
                    sells: &["sell"],
                    amount: "amount",
                    price: "price",
                    limit: Some(("isLimit", &["true"])),
                    buys_with_money: false,
                    needs_trader: false,
                    rates: Rates::Market,
                    own_id: None,
                    at_once: Some(("isLimit", "false")),
                    kinds: OrderKinds { unsimulated: &[Unsimulated::True("isStop")], ..OrderKinds::PLAIN },
                },
                response: Shape { at: "/order", members: ORDER },
            },
        ),
        (
            "cancelOrder",
            Effect::Cancel {
                from: ValuesIn::Parameters,
                id: Ids { id: "orderId", own: None, market: None },
                response: Some(Shape { at: "/order", members: CANCELLED }),
            },
        ),
        ("cancelAllOrders", Effect::CancelAll { market: None, count: Some("/data") }),
        (
            "getOpenOrders",
            Effect::List {
                which: OrderFilter::Open,
                market: None,
                pages: None,
                response: Shape { at: "", members: ORDER },
            },
        ),
        (
            "getOrderHistory",
            Effect::List {
                which: OrderFilter::Done,
                market: Some("Market"),
                pages: Some(PAGES),
                response: Shape { at: "/data", members: ORDER },
            },
        ),
        (
            "getTradeHistory",
            Effect::Fills {
                order: None,
                market: Some("Market"),
                limit: None,
                pages: Some(PAGES),
                response: Shape {
                    at: "/data",
                    members: &[
                        ("tradeSeq", Field::FillNumber),
                        ("tradeTime", Field::FillTime(TimeForm::Iso)),
                        ("amount", Field::FillAmount),
                        ("executionPrice", Field::FillPrice),
                        ("instrument", Field::Market),
                        ("side", Field::Side("\"Buy\"", "\"Sell\"")),
                        ("commission", Field::FillFee),
                    ],
                },
            },
        ),
        (
            "getBalances",
            Effect::Balances(Balances {
                at: "",
                asset: Some("asset"),
                free: "availableBalance",
                reserved: Some("inOrder"),
                total: Some("totalBalance"),
                only: None,
            }),
        ),
        ("getDepositAddress", Effect::Echo(&[("/asset", "assetId")])),
        (
            "withdraw",
            Effect::Echo(&[
                ("/transferId", "transferId"),
                ("/asset", "assetId"),
                ("/amount", "amount"),
                ("/targetAddress", "address"),
            ]),
        ),
    ],
    markets: MarketNames {
        names: &["instrument", "Market"],
        lists: &[MarketList {
            operation: "getMarkets",
            at: "/pairs",
            name: None,
            base: Some("baseAsset"),
            quote: Some("quoteAsset"),
            open: Some(("status", "Open")),
            rates: Some(("takerFee", "makerFee")),
        }],
    },
    // The price of the bid is that of a trade in the examples. The rest is invented.
    liquidity: &[Liquidity {
        market: "btc_usdt",
        bids: &[("31187.35159393", "1")],
        asks: &[("31250", "1")],
        middle: "31200",
        tick: "2.5",
        unit: "0.001",
    }],
    users: &[],
    same_headers: &[],
    bans: false,
    socket: None,
    streamed: None,
};

/// Verifies `Sign`, an upper-case hex HMAC-SHA512. For GET and DELETE it covers the query with its
/// question mark, else the body. Both contain `ts`.
fn verify(seen: &SignedRequest<'_>, keys: &Keys) -> Result<Caller, Rejection> {
    let (key, secret) = seen.key("Key", keys)?;
    let in_query = matches!(seen.method, "GET" | "DELETE");
    let (string_to_sign, stamp) = if in_query {
        (
            format!("?{}", seen.query).into_bytes(),
            seen.pairs().into_iter().find(|(name, _)| name == "ts").map(|(_, ts)| ts),
        )
    } else {
        let body = std::str::from_utf8(seen.body).ok().and_then(json::parse);
        (seen.body.to_vec(), body.and_then(|body| body.get("ts")?.scalar()))
    };
    let expected = hex(&hmac_sha512(secret.as_bytes(), &string_to_sign)).to_uppercase();
    compare(seen.signature("Sign")?, &expected, &string_to_sign)?;
    let stamp = stamp.ok_or_else(|| Rejection::new(Refusal::StaleTime, "the signed text has no `ts`"))?;
    let time = parse_utc(&stamp)
        .ok_or_else(|| Rejection::new(Refusal::StaleTime, format!("`ts` is not a time: `{stamp}`")))?;
    in_window(seen.now, time, 5000, 5000)?;
    Ok(Caller::new(key))
}

fn refuse(no: &Rejection, _: &Context<'_>) -> Response {
    if no.refusal == Refusal::Unsure {
        return Response::json(503, r#"{"errors":[{"code":"","message":"System is currently overloaded"}]}"#);
    }
    if no.refusal == Refusal::NotSimulated {
        // A sister venue responds so.
        let body = r#"{"errors":[{"code":"unexpected","message":"Stop orders are not supported."}]}"#;
        return Response::json(500, body);
    }
    let code = match no.refusal {
        Refusal::UnknownPath => "not_found",
        Refusal::WrongMethod => "method_not_allowed",
        Refusal::InsufficientBalance => "not_enough_funds",
        Refusal::OrderNotFound => "order_not_found",
        Refusal::StaleTime => "invalid_timestamp",
        Refusal::TooManyRequests | Refusal::Banned => "too_many_requests",
        Refusal::MissingKey | Refusal::UnknownKey | Refusal::MissingSignature | Refusal::BadSignature => "unauthorized",
        _ => "validation",
    };
    let message = match no.refusal {
        Refusal::InsufficientBalance => "Not enough funds.".to_owned(),
        Refusal::OrderNotFound => "Order not found.".to_owned(),
        Refusal::StaleTime => "The timestamp is out of the window.".to_owned(),
        _ if code == "unauthorized" => "Authentication failed.".to_owned(),
        _ => format!("{}.", no.why),
    };
    let body = format!(r#"{{"errors":[{{"code":"{code}","message":{}}}]}}"#, quoted(&message));
    Response::json(http_status(no.refusal), body)
}
