//! What the profiles of Excore over HTTP and over a WebSocket share.

use crate::clock::TimeForm;
use crate::http::Response;
use crate::profile::{Effect, Field, Ids, OrderKinds, OrderParameters, Rates, Shape, ValuesIn};
use crate::record::Refusal;
use crate::refuse::{Context, Rejection};

pub(crate) const ORDER: &[(&str, Field)] = &[
    ("id", Field::Id),
    ("market", Field::Market),
    ("source", Field::Given("source")),
    ("type", Field::Kind("1", "2")),
    ("side", Field::Given("side")),
    ("user", Field::User),
    ("ctime", Field::Created(TimeForm::Seconds)),
    ("mtime", Field::Changed(TimeForm::Seconds)),
    ("ftime", Field::Changed(TimeForm::Seconds)),
    ("price", Field::Price),
    ("amount", Field::Amount),
    ("taker_fee", Field::GivenAs(&["taker_fee", "taker_fee_rate"], r#""0""#)),
    ("maker_fee", Field::GivenAs(&["maker_fee"], r#""0""#)),
    ("left", Field::Left),
    ("deal_stock", Field::Filled),
    ("deal_money", Field::Value),
    ("deal_fee", Field::Fee),
    ("ref_user", Field::Given("ref_user")),
    ("ref_rate", Field::Given("ref_rate")),
];

pub(crate) const fn place(
    at_once: Option<(&'static str, &'static str)>,
    members: &'static [(&'static str, Field)],
) -> Effect {
    Effect::Place {
        from: ValuesIn::Parameters,
        order: OrderParameters {
            market: "market",
            side: "side",
            buys: &["2"],
            sells: &["1"],
            amount: "amount",
            price: "price",
            limit: None,
            // This holds for market orders, which are those that trade at once.
            buys_with_money: at_once.is_some(),
            needs_trader: true,
            rates: Rates::Given { taker: &["taker_fee", "taker_fee_rate"], maker: &["maker_fee"] },
            own_id: None,
            at_once,
            kinds: OrderKinds::PLAIN,
        },
        response: Shape { at: "", members },
    }
}

pub(crate) const ID: Ids = Ids { id: "order_id", own: None, market: None };

pub(crate) static PUT_LIMIT: Effect = place(None, ORDER);
pub(crate) static CANCEL: Effect = Effect::Cancel { from: ValuesIn::Parameters, id: ID, response: None };

pub(crate) fn refuse(no: &Rejection, context: &Context<'_>) -> Response {
    let (status, code, message) = match no.refusal {
        Refusal::Malformed | Refusal::WrongMethod => return Response::new(400, "", ""),
        Refusal::UnknownPath if context.rpc_id.is_empty() => return Response::new(404, "", ""),
        Refusal::UnknownPath => (404, 4, "method not found"),
        Refusal::MissingKey | Refusal::UnknownKey | Refusal::MissingSignature | Refusal::BadSignature => {
            (401, 1, "invalid argument")
        }
        // The document states no rate limits, and so no response for them.
        Refusal::TooManyRequests => return Response::new(429, "", ""),
        Refusal::Banned => return Response::new(418, "", ""),
        // The gateway sends this if the core did not respond in time.
        Refusal::Unsure => (504, 5, "service timeout"),
        Refusal::Rejected if context.is("order.cancel") => (200, 24, "user not match"),
        Refusal::Rejected => (200, 21, "amount too small"),
        Refusal::Repeated => (200, 10, "repeat update"),
        Refusal::InsufficientBalance => (200, 11, "balance not enough"),
        Refusal::OrderNotFound => (200, 23, "order not found"),
        Refusal::NoTrader => (200, 22, "no enough trader"),
        Refusal::UnknownMarket => (200, 25, "market not found"),
        Refusal::TooSmall if no.subject() == "amount" => (200, 21, "amount too small"),
        Refusal::BadParameter if no.subject() == "side" => (200, 26, "invalid side"),
        Refusal::BadParameter if no.subject() == "source" => (200, 27, "source too long"),
        Refusal::BadParameter if no.subject() == "limit" => (200, 27, "limit too big"),
        _ => (200, 1, "invalid argument"),
    };
    let id = if context.rpc_id.is_empty() { "null" } else { context.rpc_id };
    Response::json(status, format!(r#"{{"error":{{"code":{code},"message":"{message}"}},"result":null,"id":{id}}}"#))
}
