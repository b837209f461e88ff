//! Binance JEX.

use venuekit_json::quoted;

use crate::clock::TimeForm;
use crate::http::Response;
use crate::profile::{
    Balances, Depth, Effect, Field, Ids, Liquidity, MarketList, MarketNames, OrderFilter, OrderKinds, OrderParameters,
    PageStart, Pages, Period, Profile, Quote, Rates, Shape, Ticker, TradeField, Trades, ValuesIn, Variant,
};
use crate::record::Refusal;
use crate::refuse::{Context, Rejection};
use crate::sign::{Caller, Keys, SignedRequest, compare, hex, hmac_sha256, in_window};
use venuekit::operation::Security;

const ORDER: &[(&str, Field)] = &[
    ("symbol", Field::Market),
    ("orderId", Field::Id),
    ("price", Field::Price),
    ("origQty", Field::Amount),
    ("executedQty", Field::Filled),
    ("cummulativeQuoteQty", Field::Value),
    ("status", Field::Status("\"NEW\"", "\"PARTIALLY_FILLED\"", "\"FILLED\"", "\"CANCELED\"")),
    ("type", Field::Given("type")),
    ("side", Field::Side("\"BUY\"", "\"SELL\"")),
    ("time", Field::Created(TimeForm::Millis)),
    ("updateTime", Field::Changed(TimeForm::Millis)),
    ("transactTime", Field::Changed(TimeForm::Millis)),
];

const ORDER_PARAMETERS: OrderParameters = OrderParameters {
    market: "symbol",
    side: "side",
    buys: &["buy"],
    sells: &["sell"],
    amount: "quantity",
    price: "price",
    limit: None,
    buys_with_money: false,
    needs_trader: false,
    rates: Rates::None,
    own_id: None,
    at_once: None,
    kinds: OrderKinds::PLAIN,
};

const ID: Ids = Ids { id: "orderId", own: None, market: Some("symbol") };

/// Orders after `orderId`. The documentation does not say which orders are returned if there are
/// more than `limit`; the mock returns the oldest. It ignores `startTime` and `endTime`, because
/// the documentation does not say which time is compared.
const PAGES: Pages = Pages {
    start: PageStart::After("orderId"),
    limit: "limit",
    default_limit: Some(500),
    shown: None,
    total: None,
    newest_first: false,
};

pub(crate) static PROFILE: Profile = Profile {
    verify,
    refuse,
    signing: &["recvWindow", "timestamp", "signature"],
    variants: &[
        one_or_all("getDayTicker"),
        one_or_all("getPriceTicker"),
        one_or_all("getBookTicker"),
        one_or_all("getTradeFees"),
        Variant {
            operation: "placeOrder",
            parameter: "newOrderRespType",
            value: Some("RESULT"),
            then: "result",
            otherwise: "ack",
        },
    ],
    effects: &[
        (
            "placeOrder",
            Effect::Place {
                from: ValuesIn::Parameters,
                order: ORDER_PARAMETERS,
                response: Shape { at: "", members: ORDER },
            },
        ),
        ("testOrder", Effect::Test { from: ValuesIn::Parameters, order: ORDER_PARAMETERS }),
        (
            "cancelOrder",
            Effect::Cancel { from: ValuesIn::Parameters, id: ID, response: Some(Shape { at: "", members: ORDER }) },
        ),
        ("getOrder", Effect::Get { which: OrderFilter::All, id: ID, response: Shape { at: "", members: ORDER } }),
        (
            "getOpenOrders",
            Effect::List {
                which: OrderFilter::Open,
                market: Some("symbol"),
                pages: Some(PAGES),
                response: Shape { at: "", members: ORDER },
            },
        ),
        (
            "getOrderHistory",
            Effect::List {
                // The documentation does not say whether the history has open orders.
                which: OrderFilter::Done,
                market: Some("symbol"),
                pages: Some(PAGES),
                response: Shape { at: "", members: ORDER },
            },
        ),
        (
            "getDepth",
            Effect::Depth(Depth {
                market: "symbol",
                bids: "/bids",
                asks: "/asks",
                limits: (Some("limit"), Some("limit")),
                interval: None,
                best_ask_last: false,
                row: None,
                shown_market: None,
                time: None,
            }),
        ),
        ("getPriceTicker", ticker(&[("price", Quote::Last)])),
        (
            "getBookTicker",
            ticker(&[
                ("bidPrice", Quote::Bid),
                ("bidQty", Quote::BidAmount),
                ("askPrice", Quote::Ask),
                ("askQty", Quote::AskAmount),
            ]),
        ),
        (
            "getDayTicker",
            ticker(&[
                ("lastPrice", Quote::Last),
                ("bidPrice", Quote::Bid),
                ("bidQty", Quote::BidAmount),
                ("askPrice", Quote::Ask),
                ("askQty", Quote::AskAmount),
            ]),
        ),
        (
            "getRecentTrades",
            trades(&[
                ("price", TradeField::Price),
                ("qty", TradeField::Amount),
                ("time", TradeField::Time(TimeForm::Millis)),
            ]),
        ),
        (
            "getHistoricalTrades",
            // The document does not say in which direction `fromId` goes. The mock ignores it.
            trades(&[
                ("id", TradeField::Number),
                ("price", TradeField::Price),
                ("qty", TradeField::Amount),
                ("time", TradeField::Time(TimeForm::Millis)),
                ("buyerMaker", TradeField::Side("false", "true")),
            ]),
        ),
        (
            "getAccount",
            Effect::Balances(Balances {
                at: "/spotBalances",
                asset: Some("asset"),
                free: "free",
                reserved: Some("locked"),
                total: None,
                only: None,
            }),
        ),
    ],
    markets: MarketNames {
        names: &["symbol"],
        lists: &[MarketList {
            operation: "getExchangeInfo",
            at: "/spotSymbols",
            name: Some("symbol"),
            base: Some("baseAsset"),
            quote: Some("quoteAsset"),
            open: Some(("status", "TRADING")),
            rates: None,
        }],
    },
    // The example of `getDepth` has the prices of LTCBTC in the tickers. There is no book of
    // JEXBTC.
    liquidity: &[
        Liquidity {
            market: "LTCBTC",
            bids: &[("4.00000000", "431.00000000")],
            asks: &[("4.00000200", "12.00000000")],
            middle: "4.000001",
            tick: "0.000001",
            unit: "1",
        },
        Liquidity { market: "JEXBTC", bids: &[], asks: &[], middle: "0.0000146", tick: "0.00000001", unit: "1" },
    ],
    users: &[],
    same_headers: &[("X-MBX-USED-WEIGHT", "X-MBX-USED-WEIGHT-1M")],
    bans: true,
    socket: None,
    streamed: None,
};

const fn ticker(members: &'static [(&'static str, Quote)]) -> Effect {
    Effect::Ticker(Ticker { market: Some("symbol"), name: Some("symbol"), period: Period::Seconds(86_400), members })
}

const fn trades(members: &'static [(&'static str, TradeField)]) -> Effect {
    Effect::Trades(Trades { at: "", market: "symbol", limit: Some("limit"), after: None, oldest_first: false, members })
}

const fn one_or_all(operation: &'static str) -> Variant {
    Variant { operation, parameter: "symbol", value: None, then: "oneSymbol", otherwise: "allSymbols" }
}

/// Verifies `signature`, which is the last parameter of the query: a hex HMAC-SHA256 of the rest of
/// the query, followed by the body. The parameters have the order of the documentation, then
/// `recvWindow`, then `timestamp`.
fn verify(seen: &SignedRequest<'_>, keys: &Keys) -> Result<Caller, Rejection> {
    let (key, secret) = seen.key("X-JEX-APIKEY", keys)?;
    if seen.security() != Security::Signed {
        return Ok(Caller::new(key));
    }
    let missing = || Rejection::new(Refusal::MissingSignature, "`signature` is missing, or not the last of the query");
    let (rest, signature) = match seen.query.rsplit_once("&signature=") {
        Some(parts) => parts,
        None => ("", seen.query.strip_prefix("signature=").ok_or_else(missing)?),
    };
    if signature.contains('&') {
        return Err(missing());
    }
    let string_to_sign = [rest.as_bytes(), seen.body].concat();
    compare(signature, &hex(&hmac_sha256(secret.as_bytes(), &string_to_sign)), &string_to_sign)?;
    in_order(seen)?;
    let pairs = seen.pairs();
    let millis = |name: &str| {
        let pair = pairs.iter().find(|(other, _)| other == name);
        let bad = || Rejection::new(Refusal::StaleTime, format!("`{name}` is not a number of milliseconds"));
        pair.map(|(_, value)| value.parse::<i64>().map_err(|_| bad())).transpose()
    };
    let window = millis("recvWindow")?.unwrap_or(5000);
    if !(1..=60_000).contains(&window) {
        return Err(Rejection::new(Refusal::BadParameter, "`recvWindow` is not from 1 to 60000").about("recvWindow"));
    }
    let time = millis("timestamp")?.ok_or_else(|| Rejection::new(Refusal::StaleTime, "`timestamp` is missing"))?;
    in_time(seen.now, time, window)?;
    Ok(Caller::new(key))
}

/// Checks the time of a request. A time that is exactly 1000 ms ahead is refused.
fn in_time(now: i64, time: i64, window: i64) -> Result<(), Rejection> {
    in_window(now, time, window, 999)
}

fn in_order(seen: &SignedRequest<'_>) -> Result<(), Rejection> {
    let parameters = seen.operation.operation.parameters();
    let place = |name: &str| match name {
        "recvWindow" => Some(parameters.len()),
        "timestamp" => Some(parameters.len() + 1),
        "signature" => Some(parameters.len() + 2),
        name => parameters.iter().position(|parameter| parameter.name() == name),
    };
    let names = seen.pairs();
    if names.iter().filter_map(|(name, _)| place(name)).is_sorted() {
        return Ok(());
    }
    let given: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let why = format!("the parameters are not in the order of the document: {}", given.join(", "));
    Err(Rejection::new(Refusal::BadSignature, why))
}

fn refuse(no: &Rejection, context: &Context<'_>) -> Response {
    let subject = no.subject();
    let (status, code, message) = match no.refusal {
        Refusal::UnknownPath => (404, -1020, "This operation is not supported.".to_owned()),
        Refusal::WrongMethod => (405, -1020, "This operation is not supported.".to_owned()),
        Refusal::TooManyRequests => (429, -1003, "Too many requests; see the limits of the API.".to_owned()),
        Refusal::Banned => {
            let until = context.now + 1000 * i64::try_from(no.retry_after.unwrap_or(120)).unwrap_or(120);
            (418, -1003, format!("Too many requests; IP banned until {until}."))
        }
        Refusal::MissingKey => (401, -2014, "API-key format invalid.".to_owned()),
        Refusal::UnknownKey | Refusal::BadSignature => {
            (400, -1022, "Signature for this request is not valid or user does not exist.".to_owned())
        }
        Refusal::MissingSignature => {
            let message = "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.";
            (400, -1102, message.to_owned())
        }
        Refusal::StaleTime => (400, -1021, "Timestamp for this request is outside of the recvWindow.".to_owned()),
        Refusal::UnknownParameter => (400, -1104, format!("Not all sent parameters were read: '{subject}'.")),
        Refusal::MissingParameter => {
            (400, -1102, format!("Mandatory parameter '{subject}' was not sent, was empty/null, or malformed."))
        }
        Refusal::BadParameter => (400, -1100, format!("Illegal characters found in parameter '{subject}'.")),
        Refusal::OrderNotFound if context.is("cancelOrder") && no.is_done => {
            (400, -2011, "Unknown order sent.".to_owned())
        }
        Refusal::OrderNotFound if context.is("cancelOrder") => (400, -2012, "Order does not exist.".to_owned()),
        Refusal::OrderNotFound => (400, -2013, "Order does not exist.".to_owned()),
        Refusal::UnknownMarket => (400, -1121, "Invalid symbol.".to_owned()),
        Refusal::OffStep => (400, -1111, "Precision is over the maximum defined for this asset.".to_owned()),
        Refusal::MarketClosed => (400, -1010, "Market is closed.".to_owned()),
        // The page of errors has these messages for codes from -9000 on, and not which one.
        Refusal::NotPositive | Refusal::TooSmall | Refusal::TooLarge => {
            let filter = if subject == "price" { "PRICE_FILTER" } else { "LOT_SIZE" };
            (400, -9000, format!("Filter failure: {filter}"))
        }
        Refusal::Rejected if context.is("cancelOrder") => (400, -2011, "CANCEL_REJECTED".to_owned()),
        Refusal::Rejected => (400, -2010, "NEW_ORDER_REJECTED".to_owned()),
        Refusal::Unsure => (504, -1007, "Timeout waiting for response from backend server.".to_owned()),
        Refusal::InsufficientBalance => {
            (400, -2010, "Account has insufficient balance for requested action.".to_owned())
        }
        _ => (400, -1100, "Illegal characters found in a parameter.".to_owned()),
    };
    Response::json(status, format!(r#"{{"code":{code},"msg":{}}}"#, quoted(&message)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_less_than_a_second_ahead_and_at_most_the_window_behind() {
        for (time, fits) in [(10_999, true), (11_000, false), (5_000, true), (4_999, false)] {
            assert_eq!(in_time(10_000, time, 5_000).is_ok(), fits, "{time}");
        }
    }
}
