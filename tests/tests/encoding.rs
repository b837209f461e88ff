//! Tests that other libraries read the given values from the URL or the envelope of a call.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use proptest::sample;
use serde_json::{Value, json};
use venuekit::meta::{Arguments, OperationMeta, ParameterMeta, VenueMeta};
use venuekit::operation::{Operation, Parameter, ParameterIn};
use venuekit::wire::Json;
use venuekit::{Error, ErrorKind, Outcome};
use venuekit_test_support::{Script, Sent, json::texts, respond};
use venuekit_tests::examples::{AddsNothing, ExampleCall, Values, base_url, once, operations, unsigned};
use venuekit_venues::VENUES;
use venuekit_venues::venuekit_altmarket as altmarket;
use venuekit_venues::venuekit_anboto as anboto;
use venuekit_venues::venuekit_btse_spot as btse;
use venuekit_venues::venuekit_jex_spot as jex;

/// A call by name. Each parameter that takes any text has a generated text; every other parameter
/// has its example.
#[derive(Debug)]
struct TextCall {
    venue: &'static VenueMeta,
    operation: &'static Operation,
    arguments: Arguments,
    /// The given values as texts: one text for a scalar, any number for a list.
    given: Vec<(Parameter, Vec<String>)>,
    /// True if the values keep the constraints of the operation.
    keeps: bool,
}

impl TextCall {
    /// Makes a call whose parameters take the elements of `supply` in turn. A scalar that takes any
    /// text takes the first text of its element, and a list of such scalars takes all texts. Other
    /// parameters take their examples. An optional parameter is left out if its element is empty.
    fn of(venue: &'static VenueMeta, operation: &'static OperationMeta, supply: &[Vec<String>]) -> Self {
        let example = ExampleCall::of(operation, Values::All);
        let mut call = Self {
            venue,
            operation: operation.operation,
            arguments: example.arguments(),
            given: Vec::new(),
            keeps: true,
        };
        let mut values: Vec<(&str, String)> = Vec::new();
        let mut arguments =
            example.body.map_or_else(Arguments::new, |body| Arguments::new().set_body(Json::parse(body).unwrap()));
        for (((parameter, value), meta), supplied) in
            example.values.iter().zip(operation.parameters).zip(supply.iter().cycle())
        {
            let (json, texts) = match (Takes::of(meta), supplied.first()) {
                (_, None) if !parameter.is_required() => continue,
                (Takes::Text, Some(text)) => (json!(text).to_string(), vec![text.clone()]),
                (Takes::Texts, Some(_)) => (json!(supplied).to_string(), supplied.clone()),
                _ => ((*value).to_owned(), texts(value)),
            };
            values.push((parameter.name(), json.clone()));
            arguments = arguments.set(parameter.name(), Json::parse(json).unwrap());
            call.given.push((*parameter, texts));
        }
        let values: Vec<(&str, &str)> = values.iter().map(|(name, json)| (*name, json.as_str())).collect();
        call.keeps = operation.check_constraints(&values, example.body.map(str::as_bytes)).is_ok();
        call.arguments = arguments;
        call
    }

    fn at(&self, location: ParameterIn) -> impl Iterator<Item = (&'static str, &[String])> {
        self.given
            .iter()
            .filter(move |(parameter, _)| parameter.place() == location)
            .map(|(p, texts)| (p.name(), &texts[..]))
    }

    /// Returns whether the call can be sent. A path segment cannot be empty or blank, `.` or `..`,
    /// and a joined list cannot hold an element with a comma. The values have to keep the
    /// constraints between them.
    fn is_sayable(&self) -> bool {
        self.keeps
            && self
                .at(ParameterIn::Path)
                .all(|(_, texts)| !texts[0].trim().is_empty() && ![".", ".."].contains(&&*texts[0]))
            && self.at(ParameterIn::QueryJoined).all(|(_, texts)| !texts.concat().contains(','))
    }

    /// Returns the request that was sent, or the error if none was.
    fn send(&self) -> Result<Sent, Error> {
        let transport = Script::new([respond(200, "")]);
        let client = unsigned(self.venue)
            .base_url(base_url(self.venue, "https://venue.invalid/base"))
            .transport(transport.clone());
        let call =
            (self.venue.connect)(client.build().unwrap()).call(self.operation.id(), self.arguments.clone()).unwrap();
        let result = block_on(call);
        match <[Sent; 1]>::try_from(transport.sent()) {
            Ok([sent]) => Ok(sent),
            Err(none) => {
                assert!(none.is_empty());
                Err(result.unwrap_err())
            }
        }
    }

    /// Asserts that `sent` holds the given values.
    fn check(&self, sent: &Sent) {
        match self.operation.route().http() {
            Some((_, path)) => self.check_url(path, &sent.url),
            None => self.check_params(&serde_json::from_str(sent.text()).unwrap()),
        }
    }

    fn check_url(&self, template: &str, url: &url::Url) {
        let expected: Vec<String> = template
            .split('/')
            .skip(1)
            .map(|segment| {
                let given = self.at(ParameterIn::Path).find(|(name, _)| segment == format!("{{{name}}}"));
                given.map_or(segment, |(_, texts)| &texts[0]).to_owned()
            })
            .collect();
        let base = url::Url::parse(&base_url(self.venue, "https://venue.invalid/base")).unwrap();
        let path = url.path().strip_prefix(base.path()).and_then(|path| path.strip_prefix('/')).unwrap();
        assert_eq!(path.split('/').map(decoded).collect::<Vec<_>>(), expected, "{url}");

        // A list is sent as one pair for each element, or as one pair.
        let expected: Vec<(String, Vec<String>)> = self
            .given
            .iter()
            .flat_map(|(parameter, texts)| {
                let name = || parameter.name().to_owned();
                match parameter.place() {
                    ParameterIn::Query => texts.iter().map(|text| (name(), vec![text.clone()])).collect(),
                    ParameterIn::QueryJoined => vec![(name(), texts.clone())],
                    _ => Vec::new(),
                }
            })
            .collect();
        // The query is read in two ways: as a form, where a plus is a space, and by hand, where
        // joined elements stay separate.
        let form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let joined: Vec<(String, String)> =
            expected.iter().map(|(name, texts)| (name.clone(), texts.join(","))).collect();
        assert_eq!(form, joined, "{url}");
        let by_hand: Vec<(String, Vec<String>)> = url.query().map_or_else(Vec::new, |query| {
            query
                .split('&')
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap();
                    (decoded(name), value.split(',').map(decoded).collect())
                })
                .collect()
        });
        assert_eq!(by_hand, expected, "{url}");
    }

    fn check_params(&self, envelope: &Value) {
        let params = envelope["params"].as_array().unwrap();
        for (parameter, texts) in &self.given {
            let position =
                self.operation.parameters().iter().position(|other| other.name() == parameter.name()).unwrap();
            let rest = if parameter.place() == ParameterIn::Rest { params.len() } else { position + 1 };
            let said: Vec<String> = params[position..rest]
                .iter()
                .flat_map(|value| venuekit_test_support::json::texts(&value.to_string()))
                .collect();
            assert_eq!(&said, texts, "{envelope}");
        }
    }
}

/// The values that a parameter takes, by its schema.
#[derive(PartialEq)]
enum Takes {
    Text,
    Texts,
    Other,
}

impl Takes {
    fn of(parameter: &ParameterMeta) -> Self {
        let any_text = |schema: &Value| {
            schema["type"] == "string" && schema.get("format").is_none() && schema.get("enum").is_none()
        };
        let schema: Value = serde_json::from_str(parameter.schema).unwrap();
        match () {
            () if any_text(&schema) => Self::Text,
            () if schema["type"] == "array" && any_text(&schema["items"]) => Self::Texts,
            () => Self::Other,
        }
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// Makes texts, among them many with a meaning in URLs or in JSON.
fn text() -> impl Strategy<Value = String> {
    let special = sample::select(vec![
        "", ".", "..", "...", "%2e", "%2E%2e", "./", "/", "//", "BTC/USDT", " ", "+", "a b", "&x=1", "=", "?", "#",
        ";", ",", "a,b", "%", "%zz", "%00", "\0", "\r\n", "\\", "\"", "é", "e\u{301}", "日本", "😀", "\u{202e}",
        "\u{feff}", "null", "[]", "{}", "{symbol}", "-1", "1e5",
    ]);
    prop_oneof![any::<String>(), special.prop_map(str::to_owned), "[a-zA-Z0-9%/?#&=+., ;:@\\\\~_-]{1,12}"]
}

fn text_calls() -> impl Strategy<Value = TextCall> {
    // Operations with a path parameter are rare, so they are chosen more often.
    let all: Vec<_> = operations(VENUES).collect();
    let has_path =
        |operation: &Operation| operation.parameters().iter().any(|parameter| parameter.place() == ParameterIn::Path);
    let with_path: Vec<_> = all.iter().copied().filter(|(_, operation)| has_path(operation.operation)).collect();
    let operation = prop_oneof![3 => sample::select(all), 1 => sample::select(with_path)];
    let supply = prop::collection::vec(prop::collection::vec(text(), 0..4), 1..8);
    (operation, supply).prop_map(|((venue, operation), supply)| TextCall::of(venue, operation, &supply))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn any_text_arrives_as_it_was_given_or_nothing_is_sent(call in text_calls()) {
        match call.send() {
            Ok(sent) => {
                prop_assert!(call.is_sayable(), "{}", sent.url);
                call.check(&sent);
            }
            Err(error) => {
                prop_assert!(!call.is_sayable(), "{error:?}");
                prop_assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent));
            }
        }
    }
}

#[test]
fn an_empty_or_a_dot_segment_is_refused_by_every_operation_with_text_in_its_path() {
    let mut operations_with_text_in_their_path = 0;
    for (venue, operation) in operations(VENUES) {
        let takes_text = operation.operation.parameters().iter().zip(operation.parameters);
        let mut takes_text =
            takes_text.filter(|(p, meta)| p.place() == ParameterIn::Path && Takes::of(meta) == Takes::Text);
        if takes_text.next().is_none() {
            continue;
        }
        operations_with_text_in_their_path += 1;
        for text in ["", " ", ".", ".."] {
            let error = TextCall::of(venue, operation, &[vec![text.to_owned()]]).send().unwrap_err();
            assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Request, Outcome::NotSent, 0));
        }
        TextCall::of(venue, operation, &[vec!["...".to_owned()]]).send().unwrap();
    }
    assert!(operations_with_text_in_their_path > 0, "no operation has text in its path");
}

#[test]
fn a_segment_is_percent_encoded_once_and_stays_one_segment() {
    for (symbol, segment) in [
        ("BTC-USD_1.~", "BTC-USD_1.~"),
        ("BTC/USDT", "BTC%2FUSDT"),
        ("a b+c&d=e", "a%20b%2Bc%26d%3De"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("?#;,:@", "%3F%23%3B%2C%3A%40"),
        ("é日😀", "%C3%A9%E6%97%A5%F0%9F%98%80"),
    ] {
        let transport = Script::new([respond(200, "")]);
        let client = btse::Client::builder().apply(once).transport(transport.clone()).build().unwrap();
        block_on(client.get_order_book().symbol(symbol).send()).unwrap_err();
        assert_eq!(transport.sent()[0].url.as_str(), format!("https://api.btse.com/spot/v2/orderbook/{segment}"));
    }
}

#[test]
fn a_negative_number_can_be_a_path_segment() {
    let transport = Script::new([respond(200, "")]);
    let client =
        altmarket::Client::builder().apply(once).transport(transport.clone()).signer(AddsNothing).build().unwrap();
    block_on(client.cancel_order().order_id(-72_057_592_875_995_720_i64).send()).unwrap_err();
    assert_eq!(transport.sent()[0].url.path(), "/api/orders/-72057592875995720");
}

#[test]
fn an_id_as_an_integer_equals_the_id_as_text_and_both_can_be_given_to_a_call() {
    let order = |id: &str| {
        let json = format!(
            r#"{{"symbol":"JEXBTC","orderId":{id},"price":"1","origQty":"1","executedQty":"0","cummulativeQuoteQty":"0","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY","time":1,"updateTime":1,"working":true}}"#
        );
        serde_json::from_str::<jex::types::OrderInfo>(&json).unwrap()
    };
    let placed =
        serde_json::from_str::<jex::types::PlacedOrder>(r#"{"symbol":"JEXBTC","orderId":28,"transactTime":1}"#);
    let (placed, open) = (placed.unwrap(), order(r#""28""#));
    assert_eq!(placed.order_id, open.order_id);
    assert_eq!(HashSet::from([placed.order_id.clone(), open.order_id.clone()]).len(), 1);
    assert_ne!(order(r#""028""#).order_id, open.order_id);

    let transport = Script::new([respond(200, "")]);
    let client = jex::Client::builder().apply(once).transport(transport.clone()).signer(AddsNothing).build().unwrap();
    let cancel = || client.cancel_order().symbol("JEXBTC");
    block_on(cancel().order_id(&placed.order_id).send()).unwrap_err();
    block_on(cancel().order_id(placed.order_id).send()).unwrap_err();
    block_on(cancel().order_id(open.order_id).send()).unwrap_err();
    block_on(cancel().order_id(28).send()).unwrap_err();
    block_on(cancel().order_id(28_i64).send()).unwrap_err();
    block_on(cancel().order_id("28").send()).unwrap_err();
    let sent = transport.sent();
    assert_eq!(sent.len(), 6);
    for request in sent {
        assert_eq!(request.url.query(), Some("symbol=JEXBTC&orderId=28"));
    }

    let trade = r#"{"id":"3488","price":"1","qty":"1","time":1,"buyerMaker":true}"#;
    let trade: jex::types::HistoricalTrade = serde_json::from_str(trade).unwrap();
    block_on(client.get_historical_trades().symbol("JEXBTC").from_id(trade.id).send()).unwrap_err();
    assert_eq!(transport.sent()[6].url.query(), Some("symbol=JEXBTC&fromId=3488"));
}

#[test]
fn a_list_is_sent_as_one_pair_per_element_if_the_spec_explodes_it_or_else_joined_by_commas() {
    let transport = Script::new([respond(200, "")]);
    let client =
        altmarket::Client::builder().apply(once).transport(transport.clone()).signer(AddsNothing).build().unwrap();
    block_on(client.get_order_history().desc_order(["c"]).asc_order(["a b", "é,+"]).send()).unwrap_err();
    assert_eq!(transport.sent()[0].url.query().unwrap(), "AscOrder=a%20b&AscOrder=%C3%A9%2C%2B&DescOrder=c");

    let transport = Script::new([respond(200, "")]);
    let client =
        anboto::Client::builder().apply(once).transport(transport.clone()).signer(AddsNothing).build().unwrap();
    block_on(client.get_orders().client_order_ids(["x&y", "z"]).order_ids(["1"]).send()).unwrap_err();
    assert_eq!(transport.sent()[0].url.query().unwrap(), "orderIds=1&clientOrderIds=x%26y,z");

    // An empty list is refused: a call without the list would have another meaning.
    let error = block_on(client.get_orders().client_order_ids(["z"]).order_ids([""; 0]).send()).unwrap_err();
    assert_eq!((error.kind(), error.outcome(), transport.sent().len()), (ErrorKind::Request, Outcome::NotSent, 1));
    assert!(error.to_string().contains("`orderIds` is null or empty"), "{error}");

    let error = block_on(client.get_orders().order_ids(["1,2"]).send()).unwrap_err();
    assert_eq!((error.kind(), error.outcome(), transport.sent().len()), (ErrorKind::Request, Outcome::NotSent, 1));
}

#[test]
fn parameters_go_out_in_the_order_of_the_spec_whatever_the_order_of_the_setters() {
    let transport = Script::new([respond(200, "")]);
    let client = btse::Client::builder().apply(once).transport(transport.clone()).build().unwrap();
    block_on(client.get_order_book().limit_bids(3).symbol("x").limit_asks(2).group(1).send()).unwrap_err();
    assert_eq!(transport.sent()[0].url.query().unwrap(), "group=1&limit_asks=2&limit_bids=3");
}
