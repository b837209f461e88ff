//! Anboto: the scheme of the documentation, and the scheme of the live service, which has other
//! headers.
//!
//! The exchanges behind Anboto share one book for each symbol. An order with a limit price is in it
//! from the start, whatever its strategy, and a market order trades at once. Any other order stays
//! open and does not trade. There are no fees.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};
use venuekit_json::{Tree, quoted};

use crate::clock::TimeForm;
use crate::http::Response;
use crate::profile::general::http_status;
use crate::profile::{
    Effect, Field, Ids, Liquidity, MarketNames, OrderFilter, OrderKinds, OrderParameters, Profile, Rates, Shape,
    ValuesIn,
};
use crate::record::Refusal;
use crate::refuse::{Context, Rejection};
use crate::sign::{Caller, Keys, Secret, SignedRequest, compare, hex, hmac_sha256, in_window, verify_rsa};

const STATUS: Field = Field::Status("\"ACCEPTED\"", "\"PARTIALLY_FILLED\"", "\"FILLED\"", "\"CANCELLED\"");

const DETAILS: &[(&str, Field)] = &[
    ("orderId", Field::Id),
    ("clientOrderId", Field::OwnId),
    ("symbol", Field::Market),
    ("assetClass", Field::Given("assetClass")),
    ("exchange", Field::Given("exchange")),
    ("status", STATUS),
    ("filledQuantity", Field::Filled),
    ("leavesQuantity", Field::Left),
    ("side", Field::Given("side")),
    ("lastQuantity", Field::LastAmount),
    ("lastPrice", Field::LastPrice),
    ("averagePrice", Field::AveragePrice),
];

const PLACED: &[(&str, Field)] = &[
    ("orderId", Field::Id),
    ("clientOrderId", Field::OwnId),
    ("status", Field::Is("\"PENDING_NEW\"")),
    ("createdAt", Field::Created(TimeForm::Iso)),
];

const CANCELLED: &[(&str, Field)] =
    &[("orderId", Field::Id), ("clientOrderId", Field::OwnId), ("createdAt", Field::Created(TimeForm::Iso))];

const ORDER: OrderParameters = OrderParameters {
    market: "symbol",
    side: "side",
    buys: &["buy"],
    sells: &["sell", "short_sell"],
    amount: "quantity",
    price: "limitPrice",
    // The document does not say which strategies need it.
    limit: None,
    buys_with_money: false,
    needs_trader: false,
    rates: Rates::None,
    own_id: Some("clientOrderId"),
    at_once: Some(("strategy", "market")),
    // Their slices are not simulated, and the document has no price at which a stop order starts.
    kinds: OrderKinds { waits: Some(("strategy", &["twap", "vwap", "iceberg", "stop_loss"])), ..OrderKinds::PLAIN },
};

const ID: Ids = Ids { id: "orderId", own: Some("clientOrderId"), market: None };

pub(crate) static PROFILE: Profile = Profile {
    verify,
    refuse,
    signing: &[],
    variants: &[],
    effects: &[
        (
            "createOrder",
            Effect::Place { from: ValuesIn::Body(""), order: ORDER, response: Shape { at: "", members: PLACED } },
        ),
        (
            "createBatchOrders",
            Effect::Place {
                from: ValuesIn::Each("/orders"),
                order: ORDER,
                response: Shape { at: "/responses", members: PLACED },
            },
        ),
        ("cancelOrder", cancel(ValuesIn::Body(""))),
        ("cancelMany", cancel(ValuesIn::Each("/orders"))),
        ("getOrder", Effect::Get { which: OrderFilter::All, id: ID, response: Shape { at: "", members: DETAILS } }),
        (
            "getOrders",
            Effect::Get {
                which: OrderFilter::All,
                id: Ids { id: "orderIds", own: Some("clientOrderIds"), market: None },
                response: Shape { at: "/responses", members: DETAILS },
            },
        ),
        (
            "getOpenOrders",
            Effect::List {
                which: OrderFilter::Open,
                market: None,
                pages: None,
                response: Shape { at: "/responses", members: DETAILS },
            },
        ),
    ],
    // The document lists no markets, and does not state the form of their names.
    markets: MarketNames { names: &["symbol"], lists: &[] },
    // The prices are those of the examples; the amounts are invented.
    liquidity: &[
        Liquidity {
            market: "BTC/USDT",
            bids: &[("42190.5", "2")],
            asks: &[("42250.5", "2")],
            middle: "42220.5",
            tick: "10",
            unit: "0.01",
        },
        Liquidity {
            market: "ETH/USDT",
            bids: &[("2200.1", "20")],
            asks: &[("2210.1", "20")],
            middle: "2205.1",
            tick: "1",
            unit: "0.1",
        },
    ],
    users: &[],
    same_headers: &[],
    bans: false,
    socket: None,
    streamed: None,
};

const fn cancel(from: ValuesIn) -> Effect {
    Effect::Cancel { from, id: ID, response: Some(Shape { at: "", members: CANCELLED }) }
}

/// Verifies the signature, which covers time, key, recv window, and then query or body.
fn verify(seen: &SignedRequest<'_>, keys: &Keys) -> Result<Caller, Rejection> {
    let live = seen.header("X-API-KEY").is_some();
    let name = |live_name: &'static str, name: &'static str| if live { live_name } else { name };
    let (key, secret) = seen.any_key(name("X-API-KEY", "ANBOTO-API-KEY"), keys)?;
    let signature = seen.signature(name("X-SIGN", "ANBOTO-SIGN"))?;
    let (one, other) = (seen.header("ANBOTO-TS"), seen.header("ANBOTO-TIMESTAMP"));
    if one.is_some() && other.is_some() && one != other {
        return Err(Rejection::new(Refusal::StaleTime, "`ANBOTO-TS` and `ANBOTO-TIMESTAMP` differ"));
    }
    let time_header = name("X-TIMESTAMP", if one.is_some() { "ANBOTO-TS" } else { "ANBOTO-TIMESTAMP" });
    let time: i64 = seen.number(time_header, Refusal::StaleTime)?;
    let window_header = name("X-RECV-WINDOW", "ANBOTO-RECV-WINDOW");
    let window: i64 = match seen.header(window_header) {
        Some(_) => seen.number(window_header, Refusal::StaleTime)?,
        None => 5000,
    };
    let payload = if seen.method != "GET" {
        seen.body.to_vec()
    } else if live {
        let mut pairs = seen.pairs();
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&").into_bytes()
    } else {
        seen.query.as_bytes().to_vec()
    };
    let written = |header: &str| seen.header(header).unwrap_or_default().as_bytes();
    let string_to_sign = [written(time_header), key.as_bytes(), written(window_header), payload.as_slice()].concat();
    match secret {
        Secret::Rsa(public_key) => verify_rsa(public_key, signature, &string_to_sign)?,
        Secret::Text(secret) if live => {
            let secret =
                base64(secret).ok_or_else(|| Rejection::new(Refusal::BadSignature, "the secret is not base64"))?;
            compare(signature, &STANDARD.encode(hmac_sha256(&secret, &string_to_sign)), &string_to_sign)?;
        }
        Secret::Text(secret) => {
            compare(signature, &hex(&hmac_sha256(secret.as_bytes(), &string_to_sign)), &string_to_sign)?;
        }
    }
    // The documentation does not state how far ahead a time may be.
    in_window(seen.now, time, window, 1000)?;
    Ok(Caller::new(key))
}

/// Decodes base64, standard or URL-safe, padded or not.
fn base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const ENGINE: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    ENGINE.decode(text.replace('-', "+").replace('_', "/")).ok()
}

/// Writes a refusal. Orders are refused within a response of status 200 or 201. A malformed request
/// gets 400; the documentation does not describe its body. The documentation does not describe the
/// response to an unknown id either: `INVALID_ORDER` with `REJECTED` is invented.
fn refuse(no: &Rejection, context: &Context<'_>) -> Response {
    let (code, message) = match no.refusal {
        Refusal::OrderNotFound => ("INVALID_ORDER", "order not found"),
        Refusal::NotPositive => ("INVALID_ORDER", "a number of the order is not above zero"),
        Refusal::InsufficientBalance => ("INSUFFICIENT_FUNDS", "margin is not sufficient"),
        // An order can be refused without a code.
        Refusal::Rejected => ("", "refused"),
        Refusal::Unsure => ("NETWORK_ERROR", "the connection to the exchange broke"),
        Refusal::TooManyRequests | Refusal::Banned => ("RATE_LIMIT_EXCEEDED", "too many requests"),
        _ if http_status(no.refusal) == 401 => ("AUTHENTICATION_ERROR", "authentication failed"),
        _ => return Response::new(http_status(no.refusal), "", ""),
    };
    let creates = context.is("createOrder") || context.is("createBatchOrders");
    let cancels = context.is("cancelOrder") || context.is("cancelMany");
    let (status, order) = match (no.refusal, http_status(no.refusal)) {
        (Refusal::Rejected, status) if !creates && !cancels => return Response::new(status, "", ""),
        // The order may exist at the exchange.
        (Refusal::Unsure, _) if creates => (201, "PENDING_NEW"),
        (Refusal::Unsure, _) if cancels => (200, "PENDING_CANCEL"),
        (_, 400) if creates => (201, "REJECTED"),
        // A later version of the API has this status. `REJECTED` would leave the outcome of a
        // cancel open.
        (Refusal::Rejected, _) if cancels => (200, "CANCEL_REJECTED"),
        (_, 400) => (200, "REJECTED"),
        (_, status) => return Response::json(status, format!(r#"{{"errorCode":"{code}","message":"{message}"}}"#)),
    };
    let created = quoted(&TimeForm::Iso.write(context.now));
    let code = if code.is_empty() { "null".to_owned() } else { quoted(code) };
    let summary = |id: &str| {
        format!(r#"{{{id}"status":"{order}","createdAt":{created},"message":"{message}","errorCode":{code}}}"#)
    };
    if !context.is("createBatchOrders") {
        return Response::json(status, summary(""));
    }
    // There is a summary for each order. If the body cannot be read, there is one for the request.
    let mut summaries: Vec<String> = own_ids(context.body).iter().map(|id| summary(id)).collect();
    if summaries.is_empty() {
        summaries.push(summary(""));
    }
    Response::json(status, format!(r#"{{"responses":[{}]}}"#, summaries.join(",")))
}

/// Returns the `clientOrderId` of each order of a batch, as a member of JSON; an empty text for an
/// order without one.
fn own_ids(body: &[u8]) -> Vec<String> {
    let body = std::str::from_utf8(body).ok().and_then(|body| Tree::parse(body).ok());
    let orders = body.as_ref().and_then(|body| body.get("orders")).map(Tree::elements).unwrap_or_default();
    let id = |order: &Tree| order.get("clientOrderId").and_then(Tree::as_text).map(quoted);
    orders.iter().map(|order| id(order).map(|id| format!(r#""clientOrderId":{id},"#)).unwrap_or_default()).collect()
}
