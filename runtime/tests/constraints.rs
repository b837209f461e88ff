//! Constraints between values: a request that breaks one is neither signed nor sent.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{LONG, ScriptedResponse, Server};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{
    Constraint, Idempotent, Method, Operation, Parameter, ParameterIn, Security, ValueAt, Venue, When,
};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::{BoxError, BoxFuture, Client, ErrorKind, Outcome, Retry};

static VENUE: Venue = Venue::new("hand-made", "venuekit-hand-made", "0.1.0");

const ID: ValueAt = ValueAt::Parameter("id");
const TAG: ValueAt = ValueAt::Parameter("tag");
const PRICE: ValueAt = ValueAt::Pointer("/price");

static CANCEL: Operation = Operation::http("cancel", Method::Delete, "/order")
    .with_parameters(&[
        Parameter::optional("id", ParameterIn::Query),
        Parameter::optional("tag", ParameterIn::Query),
        Parameter::optional("kinds", ParameterIn::QueryJoined),
    ])
    .with_security(Security::Signed)
    .with_idempotent(Idempotent::WhenPresent(&["id", "tag"]))
    .with_constraints(&[
        Constraint::exactly_one_of("exactly one of `id` and `tag` has to be given", &[ID, TAG]).widens(),
        Constraint::at_most_one_of("hint", &[ID, ValueAt::Parameter("kinds")]).stated_by_evidence(),
    ]);
static PLACE: Operation = Operation::http("place", Method::Post, "/orders")
    .with_parameters(&[Parameter::optional("dry", ParameterIn::Query)])
    .with_body(true)
    .with_constraints(&[
        Constraint::needed(
            "`price` has to be given",
            &[PRICE],
            When::equals(&[(ValueAt::Parameter("dry"), &["true"])]),
        ),
        Constraint::needed(
            "`price` has to be given if `type` is `LIMIT`",
            &[PRICE],
            When::equals(&[(ValueAt::Pointer("/type"), &[r#""LIMIT""#])]),
        )
        .within_body("/orders/*"),
    ]);
static QUERY: Operation = Operation::rpc("query", "query")
    .with_parameters(&[
        Parameter::optional("id", ParameterIn::Position),
        Parameter::optional("tag", ParameterIn::Position),
        Parameter::optional("filter", ParameterIn::Position),
    ])
    .with_constraints(&[
        Constraint::at_least_one_of("at least one has to be given", &[ID, TAG]),
        Constraint::all_or_none("all or none", &[PRICE, ValueAt::Pointer("/size")]).within_parameter("filter", ""),
    ]);

/// A signer that always fails, so that a test sees whether it was called.
#[derive(Debug)]
struct NeverAsked;

impl Signer for NeverAsked {
    fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(std::future::ready(Err("the signer was called".into())))
    }
}

async fn client(response: ScriptedResponse) -> (Client, Server) {
    let server = Server::start(response).await;
    let builder = venuekit::ClientBuilder::for_venue(&VENUE).base_url(server.url()).timeout(LONG);
    (builder.signer(NeverAsked).retry(Retry::never()).build().unwrap(), server)
}

async fn assert_not_sent(server: &Server, request: RequestBuilder, expected: &str) {
    let error = request.send::<Value>().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent), "{error}");
    assert!(error.to_string().contains(expected), "{error}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_request_that_breaks_a_constraint_is_neither_signed_nor_sent() {
    let (client, server) = client(ScriptedResponse::json(200, "1")).await;
    let cancel = || RequestBuilder::new(&client, &CANCEL);
    let none = "exactly one of `id` and `tag` has to be given (a request that breaks this may do more than intended); none of them is \
                given; help: give one of them";
    assert_not_sent(&server, cancel(), none).await;
    assert_not_sent(&server, cancel().set(0, ""), none).await;
    assert_not_sent(&server, cancel().set(1, &Vec::<String>::new()), none).await;
    assert_not_sent(&server, cancel().set(0, "7").set(1, "a"), "given: `id`, `tag`; help: leave out all but one").await;
    // A request that keeps the constraint is signed.
    let error = cancel().set(0, "7").send::<Value>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Sign);

    let place = || RequestBuilder::new(&client, &PLACE);
    let orders = json!({"orders": [{"type": "LIMIT", "price": 1}, {"type": "LIMIT", "price": null}]});
    let expected =
        "at `/orders/1`: `price` has to be given if `type` is `LIMIT`; it is missing or empty; help: give `price`";
    assert_not_sent(&server, place().set_body(&orders), expected).await;
    assert_not_sent(&server, place().set(0, &true).set_body(&json!({})), "`price` has to be given; it is missing")
        .await;

    let query = || RequestBuilder::new(&client, &QUERY);
    assert_not_sent(&server, query().set(0, &None::<i64>), "at least one has to be given; none").await;
    let half = query().set(0, &1).set(2, &json!({"size": 1}));
    assert_not_sent(&server, half, "all or none; given: `size`; help: give `price` too").await;
}

#[tokio::test]
async fn a_request_that_keeps_all_constraints_is_sent() {
    let (client, server) = client(ScriptedResponse::json(200, "1")).await;
    let place = RequestBuilder::new(&client, &PLACE);
    place.set(0, &false).set_body(&json!({"orders": [{"type": "MARKET"}]})).send::<Value>().await.unwrap();
    assert_eq!(server.requests().len(), 1);
}
