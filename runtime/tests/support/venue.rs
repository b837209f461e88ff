//! A venue, and the retry table: requests to the venue, and whether each is sent again.

use serde_json::{Value, json};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{
    CodeRule, Condition, Idempotent, Method, Operation, Parameter, ParameterIn, Security, ServerTime, TimeUnit, Venue,
};
use venuekit::{Call, Client, ClientBuilder, Error};

use super::{Script, Step, TestClock, TestSigner, respond};

pub(crate) static VENUE: Venue = Venue::new("test-venue", "venuekit-test-venue", "0.1.0")
    .with_errors_at(&["/code"], &["/msg"])
    .with_failed_when(&[Condition::equals("/success", "false")])
    .with_unknown_codes(&[CodeRule::new("-1006")])
    .with_clock_codes(&[CodeRule::new("-1021")])
    .with_refused_codes(&[CodeRule::new("-1013").with_status(429)])
    .with_server_time(ServerTime::new(&TIME, "/time", TimeUnit::Milliseconds));

pub(crate) static TIME: Operation = Operation::http("time", Method::Get, "/time");
pub(crate) static BOOK: Operation = Operation::http("getBook", Method::Get, "/book").with_security(Security::Signed);
pub(crate) static ORDER: Operation =
    Operation::http("placeOrder", Method::Post, "/order").with_body(true).with_security(Security::Signed);
pub(crate) static CANCEL: Operation = Operation::http("cancelOrder", Method::Delete, "/order")
    .with_parameters(&[
        Parameter::required("symbol", ParameterIn::Query),
        Parameter::optional("order_id", ParameterIn::Query),
    ])
    .with_security(Security::Signed)
    .with_idempotent(Idempotent::WhenPresent(&["order_id"]))
    .with_gone_codes(&[CodeRule::new("-2011")]);
pub(crate) static WITHDRAWAL: Operation = Operation::http("withdraw", Method::Post, "/withdraw")
    .with_body(true)
    .with_security(Security::Signed)
    .with_idempotent(Idempotent::WhenPresent(&["transferId", "tag"]));
pub(crate) static RPC_QUERY: Operation = rpc("balance.query").with_idempotent(Idempotent::Always);
pub(crate) static RPC_UPDATE: Operation =
    rpc("balance.update").with_idempotent(Idempotent::Always).with_done_codes(&[CodeRule::new("10")]);
pub(crate) static RPC_ORDER: Operation = rpc("order.put_limit");

static USER: [Parameter; 1] = [Parameter::required("user", ParameterIn::Position)];

const fn rpc(method: &'static str) -> Operation {
    Operation::rpc(method, method).with_parameters(&USER).with_security(Security::Signed)
}

/// A row of the retry table.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) request_builder: fn(&Client) -> RequestBuilder,
    /// True if the request is sent again after an unknown outcome and after a 429.
    pub(crate) again: bool,
    pub(crate) is_rpc: bool,
}

pub(crate) static ROWS: [Row; 12] = [
    Row { name: "GET", request_builder: book, again: true, is_rpc: false },
    Row { name: "cancel one order", request_builder: cancel, again: true, is_rpc: false },
    Row { name: "cancel all", request_builder: cancel_all, again: false, is_rpc: false },
    Row { name: "place order", request_builder: order, again: false, is_rpc: false },
    Row { name: "withdraw", request_builder: withdrawal, again: false, is_rpc: false },
    Row { name: "cancel with an empty id", request_builder: cancel_of_nothing, again: false, is_rpc: false },
    Row {
        name: "withdrawal with an empty transferId",
        request_builder: withdrawal_by_nothing,
        again: false,
        is_rpc: false,
    },
    Row { name: "withdrawal with transferId", request_builder: withdrawal_by_id, again: true, is_rpc: false },
    Row { name: "withdrawal with its tag", request_builder: withdrawal_by_tag, again: true, is_rpc: false },
    Row { name: "balance.query", request_builder: rpc_query, again: true, is_rpc: true },
    Row { name: "balance.update", request_builder: rpc_update, again: true, is_rpc: true },
    Row { name: "order.put_limit", request_builder: rpc_order, again: false, is_rpc: true },
];

impl Row {
    /// Returns a successful response.
    pub(crate) fn response(&self) -> Step {
        self.response_of("ok")
    }

    /// Returns a response with this value.
    pub(crate) fn response_of(&self, value: &str) -> Step {
        let value = json!(value);
        respond(
            200,
            if self.is_rpc { format!(r#"{{"error":null,"result":{value},"id":$id}}"#) } else { value.to_string() },
        )
    }

    /// Returns a response with this code where the row's errors have it.
    pub(crate) fn error(&self, status: u16, code: &str) -> Step {
        let error = format!(r#"{{"code":{code},"msg":"no","message":"no"}}"#);
        respond(status, if self.is_rpc { format!(r#"{{"error":{error},"result":null,"id":$id}}"#) } else { error })
    }

    /// Sends the row's request.
    pub(crate) fn send(&self, client: &Client) -> Call<Value> {
        (self.request_builder)(client).send()
    }
}

pub(crate) fn row(name: &str) -> &'static Row {
    ROWS.iter().find(|row| row.name == name).unwrap()
}

pub(crate) fn book(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &BOOK)
}

pub(crate) fn order(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &ORDER).set_body(&json!({"symbol": "BTC", "price": 1}))
}

pub(crate) fn cancel(client: &Client) -> RequestBuilder {
    cancel_all(client).set(1, "17")
}

pub(crate) fn cancel_all(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &CANCEL).set(0, "BTC")
}

/// Makes a withdrawal whose `transferId` is null, which counts as absent.
pub(crate) fn withdrawal(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &WITHDRAWAL)
        .set_body(&json!({"amount": 1, "transferId": null, "more": {"transferId": 1}}))
}

pub(crate) fn withdrawal_by_id(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &WITHDRAWAL).set_body(&json!({"amount": 1, "transferId": "t1"}))
}

pub(crate) fn withdrawal_by_tag(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &WITHDRAWAL).set_body(&json!({"amount": 1, "tag": "t1"}))
}

/// Makes a cancel with an empty id. The id names no order, so a venue may cancel all orders.
pub(crate) fn cancel_of_nothing(client: &Client) -> RequestBuilder {
    cancel_all(client).set(1, "")
}

pub(crate) fn withdrawal_by_nothing(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &WITHDRAWAL).set_body(&json!({"amount": 1, "transferId": ""}))
}

pub(crate) fn rpc_query(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &RPC_QUERY).set(0, &1)
}

pub(crate) fn rpc_update(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &RPC_UPDATE).set(0, &1)
}

pub(crate) fn rpc_order(client: &Client) -> RequestBuilder {
    RequestBuilder::new(client, &RPC_ORDER).set(0, &1)
}

/// Returns a builder of a client with the scripted transport and a correct clock.
pub(crate) fn builder(script: &Script) -> ClientBuilder {
    builder_of(&VENUE, script)
}

pub(crate) fn builder_of(venue: &'static Venue, script: &Script) -> ClientBuilder {
    ClientBuilder::for_venue(venue)
        .base_url("https://venue.test/api")
        .transport(script.clone())
        .signer(TestSigner::new())
        .clock(TestClock::right())
}

pub(crate) fn client(script: &Script) -> Client {
    builder(script).build().unwrap()
}

/// A call, or a request builder that becomes one.
pub(crate) trait IntoCall {
    fn into_call(self) -> Call<Value>;
}

impl IntoCall for RequestBuilder {
    fn into_call(self) -> Call<Value> {
        self.send()
    }
}

impl IntoCall for Call<Value> {
    fn into_call(self) -> Self {
        self
    }
}

/// Sends a call that decodes its response as any JSON value.
pub(crate) async fn call(call: impl IntoCall) -> Result<Value, Error> {
    call.into_call().await
}
