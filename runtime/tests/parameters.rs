//! The styles of parameters. The requests go to a server on a socket, and other libraries decode
//! them.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::Serialize;
use support::{ScriptedResponse, Server, VENUE};
use url::form_urlencoded;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Method, Operation, Parameter, ParameterIn, Style};
use venuekit::wire::{DecimalNumber, EncodeAs, Json};
use venuekit::{ClientBuilder, Decimal, Error, ErrorKind, Outcome};

/// A text with reserved characters, but without a comma, period, semicolon, equals sign or vertical
/// bar.
const AWKWARD: &str = "a/b?c#d&e+f%20 é€\u{1F600}\"'<>";

static PATHS: Operation =
    Operation::http("paths", Method::Get, "/s{simple}/{list}/{map}/{a}.{b}/end").with_parameters(&[
        Parameter::required("simple", ParameterIn::Path),
        Parameter::required("list", ParameterIn::Path),
        Parameter::required("map", ParameterIn::Path).with_style(Style::Simple, true),
        Parameter::required("a", ParameterIn::Path),
        Parameter::required("b", ParameterIn::Path),
    ]);
static LABELS: Operation =
    Operation::http("labels", Method::Get, "/{one}/{joined}/{exploded}/{map}").with_parameters(&[
        Parameter::required("one", ParameterIn::Path).with_style(Style::Label, false),
        Parameter::required("joined", ParameterIn::Path).with_style(Style::Label, false),
        Parameter::required("exploded", ParameterIn::Path).with_style(Style::Label, true),
        Parameter::required("map", ParameterIn::Path).with_style(Style::Label, true),
    ]);
static MATRICES: Operation = Operation::http("matrices", Method::Get, "/x{one}{empty}/{joined}/{exploded}/{map}")
    .with_parameters(&[
        Parameter::required("one", ParameterIn::Path).with_style(Style::Matrix, false),
        Parameter::required("empty", ParameterIn::Path).with_style(Style::Matrix, false),
        Parameter::required("joined", ParameterIn::Path).with_style(Style::Matrix, false),
        Parameter::required("exploded", ParameterIn::Path).with_style(Style::Matrix, true),
        Parameter::required("map", ParameterIn::Path).with_style(Style::Matrix, true),
    ]);
static FORM: Operation = query(&[Parameter::optional("p", ParameterIn::Query)]);
static JOINED: Operation = query(&[Parameter::optional("p", ParameterIn::QueryJoined)]);
static SPACED: Operation =
    query(&[Parameter::optional("p", ParameterIn::Query).with_style(Style::SpaceDelimited, false)]);
static PIPED: Operation =
    query(&[Parameter::optional("p", ParameterIn::Query).with_style(Style::PipeDelimited, false)]);
static DEEP: Operation = query(&[Parameter::optional("p", ParameterIn::Query).with_style(Style::DeepObject, true)]);
static AS_JSON: Operation = query(&[Parameter::optional("p", ParameterIn::Query).with_style(Style::Json, false)]);
static RESERVED: Operation = query(&[Parameter::optional("p", ParameterIn::Query).with_reserved()]);
static HEADERS: Operation = Operation::http("headers", Method::Get, "/headers").with_parameters(&[
    Parameter::optional("x-list", ParameterIn::Header),
    Parameter::optional("x-map", ParameterIn::Header),
    Parameter::optional("x-exploded", ParameterIn::Header).with_style(Style::Simple, true),
    Parameter::optional("x-json", ParameterIn::Header).with_style(Style::Json, false),
]);
static COOKIES: Operation = Operation::http("cookies", Method::Get, "/cookies").with_parameters(&[
    Parameter::optional("one", ParameterIn::Cookie),
    Parameter::optional("list", ParameterIn::Cookie),
    Parameter::optional("joined", ParameterIn::Cookie).with_style(Style::Form, false),
    Parameter::optional("map", ParameterIn::Cookie),
    Parameter::optional("json", ParameterIn::Cookie).with_style(Style::Json, false),
]);
static DELETE: Operation =
    Operation::http("delete", Method::Delete, "/orders").with_query(&[("type", "a b")]).with_body(true);
static GET: Operation = Operation::http("get", Method::Get, "/orders").with_body(true);

const fn query(parameters: &'static [Parameter]) -> Operation {
    Operation::http("query", Method::Get, "/query").with_query(&[("type", "spot")]).with_parameters(parameters)
}

/// An object of a request.
#[derive(Serialize)]
struct Range<'a> {
    price: EncodeAs<'a, Decimal, DecimalNumber>,
    text: &'a str,
    open: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    none: Option<i64>,
    null: Option<i64>,
}

impl<'a> Range<'a> {
    fn new(price: &'a Decimal, text: &'a str) -> Self {
        Self { price: EncodeAs::new(price), text, open: true, none: None, null: None }
    }
}

/// Sends a call, and returns the head of the request: path, query and headers.
async fn sent(operation: &'static Operation, set: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Sent {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = ClientBuilder::for_venue(&VENUE).base_url(server.url()).build().unwrap();
    set(RequestBuilder::new(&client, operation)).send::<i64>().await.unwrap();
    let request = server.only_request();
    let target = request.line.split(' ').nth(1).unwrap().to_owned();
    let (path, query) = target.split_once('?').map_or((target.as_str(), ""), |(path, query)| (path, query));
    Sent { path: path.to_owned(), query: query.to_owned(), request }
}

struct Sent {
    path: String,
    query: String,
    request: support::Request,
}

impl Sent {
    /// Returns the pairs of the query as another library reads them, without the pair that every
    /// request has.
    fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<_> = form_urlencoded::parse(self.query.as_bytes()).into_owned().collect();
        assert_eq!(pairs.remove(0), ("type".to_owned(), "spot".to_owned()));
        pairs
    }

    fn segments(&self) -> Vec<&str> {
        self.path.split('/').skip(1).collect()
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

async fn refused<T: Serialize>(operation: &'static Operation, value: T, reason: &str) {
    let client = ClientBuilder::for_venue(&VENUE).base_url("http://127.0.0.1:9").build().unwrap();
    let call = RequestBuilder::new(&client, operation).set(0, &value);
    let error: Error = call.send::<i64>().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent), "{error}");
    assert!(error.to_string().contains(reason), "{error}");
}

#[tokio::test]
async fn a_path_has_its_values_in_the_simple_style() {
    let price: Decimal = "10106854.1032393852063200".parse().unwrap();
    let range = Range::new(&price, AWKWARD);
    let call =
        sent(&PATHS, |call| call.set(0, AWKWARD).set(1, &["x y", "é"]).set(2, &range).set(3, "1.5").set(4, &true));
    let sent = call.await;
    let [simple, list, map, pair, end] = sent.segments()[..] else { panic!("{}", sent.path) };
    assert_eq!(decoded(simple.strip_prefix('s').unwrap()), AWKWARD);
    assert_eq!(list.split(',').map(decoded).collect::<Vec<_>>(), ["x y", "é"]);
    let members: Vec<_> = map.split(',').map(|member| member.split_once('=').unwrap()).collect();
    let members: Vec<_> = members.into_iter().map(|(name, value)| (decoded(name), decoded(value))).collect();
    assert_eq!(
        members,
        [self::pair("price", "10106854.1032393852063200"), self::pair("text", AWKWARD), self::pair("open", "true")]
    );
    assert_eq!((pair, end), ("1.5.true", "end"));
}

#[tokio::test]
async fn a_label_begins_with_a_period() {
    let map = BTreeMap::from([("x", "1"), ("y", AWKWARD)]);
    let sent = sent(&LABELS, |call| call.set(0, "1.5").set(1, &["a.b", "ü"]).set(2, &["a", "ü"]).set(3, &map)).await;
    let labels: Vec<_> = sent.segments().iter().map(|label| label.strip_prefix('.').unwrap()).collect();
    assert_eq!(labels[0], "1.5");
    assert_eq!(labels[1].split(',').map(decoded).collect::<Vec<_>>(), ["a.b", "ü"]);
    assert_eq!(labels[2].split('.').map(decoded).collect::<Vec<_>>(), ["a", "ü"]);
    let members: Vec<_> = labels[3].split('.').map(|member| member.split_once('=').unwrap()).collect();
    assert_eq!(
        members.iter().map(|(name, value)| pair(name, &decoded(value))).collect::<Vec<_>>(),
        [pair("x", "1"), pair("y", AWKWARD)]
    );
}

#[tokio::test]
async fn a_matrix_names_its_values() {
    let map = BTreeMap::from([("x", ";="), ("y", AWKWARD)]);
    let call = sent(&MATRICES, |call| {
        call.set(0, AWKWARD).set(1, "").set(2, &["a", "ü;"]).set(3, &["a,b", "=ü;"]).set(4, &map)
    });
    let sent = call.await;
    let read = |segment: &str| -> Vec<(String, String)> {
        let pairs = segment.split(';').skip(1).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        pairs.map(|(name, value)| (decoded(name), value.to_owned())).collect()
    };
    let segments = sent.segments();
    let scalars = read(segments[0]);
    assert_eq!((scalars[0].0.as_str(), decoded(&scalars[0].1).as_str()), ("one", AWKWARD));
    assert_eq!(scalars[1], pair("empty", ""));
    let joined = read(segments[1]);
    assert_eq!(joined[0].1.split(',').map(decoded).collect::<Vec<_>>(), ["a", "ü;"]);
    let texts =
        |segment: &str| -> Vec<_> { read(segment).iter().map(|(name, value)| pair(name, &decoded(value))).collect() };
    assert_eq!(texts(segments[2]), [pair("exploded", "a,b"), pair("exploded", "=ü;")]);
    assert_eq!(texts(segments[3]), [pair("x", ";="), pair("y", AWKWARD)]);
}

#[tokio::test]
async fn a_form_repeats_names_and_writes_members_as_pairs() {
    let price: Decimal = "1.2345678901234567890123456789".parse().unwrap();
    for (text, expected) in [(AWKWARD, AWKWARD), ("", ""), (",|;=[]", ",|;=[]")] {
        let scalar = sent(&FORM, |call| call.set(0, text)).await;
        assert_eq!(scalar.pairs(), [pair("p", expected)]);
        let list = sent(&FORM, |call| call.set(0, &[text, "b"])).await;
        assert_eq!(list.pairs(), [pair("p", expected), pair("p", "b")]);
        let object = sent(&FORM, |call| call.set(0, &Range::new(&price, text))).await;
        assert_eq!(
            object.pairs(),
            [pair("price", "1.2345678901234567890123456789"), pair("text", expected), pair("open", "true")]
        );
    }
}

#[tokio::test]
async fn delimiters_join_elements_and_members() {
    let map = BTreeMap::from([("x", "1"), ("ü", "a/b&c")]);
    for (operation, delimiter, raw) in [(&JOINED, ',', ","), (&SPACED, ' ', "%20"), (&PIPED, '|', "%7C")] {
        let list = sent(operation, |call| call.set(0, &["a&b", "é", ""])).await;
        assert!(list.query.contains(&format!("p=a%26b{raw}%C3%A9{raw}")), "{}", list.query);
        let pairs = list.pairs();
        assert_eq!(pairs[0].1.split(delimiter).collect::<Vec<_>>(), ["a&b", "é", ""]);
        let object = sent(operation, |call| call.set(0, &map)).await.pairs();
        assert_eq!(object[0].1.split(delimiter).collect::<Vec<_>>(), ["x", "1", "ü", "a/b&c"]);
        assert_eq!((pairs.len(), object.len()), (1, 1));
        let text = format!("a{delimiter}b");
        refused(operation, ["a", &text], ", which is a delimiter").await;
        assert_eq!(sent(operation, |call| call.set(0, &text)).await.pairs(), [pair("p", &text)]);
    }
}

#[tokio::test]
async fn a_deep_object_has_a_pair_for_each_member() {
    let json = r#"{"price":{"gte":1.50,"lt":"2é&"},"open":true,"none":null,"":""}"#;
    let sent = sent(&DEEP, |call| call.set(0, &Json::parse(json).unwrap())).await;
    assert!(!sent.query.contains(['[', ']']), "{}", sent.query);
    assert_eq!(
        sent.pairs(),
        [pair("p[price][gte]", "1.50"), pair("p[price][lt]", "2é&"), pair("p[open]", "true"), pair("p[]", "")]
    );
    let lists = Json::parse(r#"{"a":["b",null,[1.50]],"c":[{"d":"x"}]}"#).unwrap();
    let of_lists = self::sent(&DEEP, |call| call.set(0, &lists)).await;
    let expected = [pair("p[a][0]", "b"), pair("p[a][1]", "null"), pair("p[a][2][0]", "1.50"), pair("p[c][0][d]", "x")];
    assert_eq!(of_lists.pairs(), expected);
    assert_eq!(
        self::sent(&DEEP, |call| call.set(0, &["a", "b"])).await.pairs(),
        [pair("p[0]", "a"), pair("p[1]", "b")]
    );
    refused(&DEEP, BTreeMap::from([("a", Vec::<i64>::new())]), "`a` in `p` is an empty list").await;
    let inner = Json::parse(r#"{"a":{},"b":1}"#).unwrap();
    refused(&DEEP, inner, "`a` in `p` is an empty object, which a query cannot express").await;
    refused(&DEEP, BTreeMap::from([("a]", "b")]), "contains a bracket, which is a delimiter").await;
}

#[tokio::test]
async fn json_is_encoded_once_and_keeps_its_digits() {
    let json = r#"{"a":[1.50,"é&\"+ "],"b":{},"c":[]}"#;
    for json in [json, "[]", "{}", "1e400", r#""""#, "null"] {
        let sent = sent(&AS_JSON, |call| call.set(0, &Json::parse(json).unwrap())).await;
        assert_eq!(sent.pairs(), [pair("p", json)]);
    }
}

#[tokio::test]
async fn reserved_characters_stay_where_the_spec_allows_them() {
    let text = ":/?#[]@!$&'()*+,;= %é";
    let sent = sent(&RESERVED, |call| call.set(0, text)).await;
    assert_eq!(sent.query, "type=spot&p=:/?%23%5B%5D@!$%26%27()*%2B,;=%20%25%C3%A9");
    assert_eq!(sent.pairs(), [pair("p", text)]);
}

#[tokio::test]
async fn headers_are_written_without_percent_encoding() {
    let map = BTreeMap::from([("x", "1"), ("y", "a b%")]);
    let sent = sent(&HEADERS, |call| {
        call.set(0, &["a", "b=c"]).set(1, &map).set(2, &map).set(3, &Json::parse(r#"{"a": [1.50]}"#).unwrap())
    });
    let request = sent.await.request;
    assert_eq!(request.header("x-list"), Some("a,b=c"));
    assert_eq!(request.header("x-map"), Some("x,1,y,a b%"));
    assert_eq!(request.header("x-exploded"), Some("x=1,y=a b%"));
    assert_eq!(request.header("x-json"), Some(r#"{"a": [1.50]}"#));
}

#[tokio::test]
async fn cookies_are_one_header() {
    let map = BTreeMap::from([("x", "1;"), ("y", "")]);
    let json = Json::parse("[1.50]").unwrap();
    let call = sent(&COOKIES, |call| {
        call.set(0, AWKWARD).set(1, &["a,b", "é"]).set(2, &["a", "b"]).set(3, &map).set(4, &json)
    });
    let request = call.await.request;
    let cookies = request.header("cookie").unwrap();
    let cookies: Vec<_> = cookies.split("; ").map(|cookie| cookie.split_once('=').unwrap()).collect();
    assert_eq!(
        cookies.iter().map(|(name, value)| pair(name, &decoded(value))).collect::<Vec<_>>(),
        [
            pair("one", AWKWARD),
            pair("list", "a,b"),
            pair("list", "é"),
            pair("joined", "a,b"),
            pair("x", "1;"),
            pair("y", ""),
            pair("json", "[1.50]")
        ]
    );
}

#[tokio::test]
async fn an_empty_array_an_empty_object_and_null_are_refused() {
    for operation in [&FORM, &JOINED, &SPACED, &PIPED, &HEADERS, &COOKIES, &LABELS, &MATRICES, &PATHS] {
        refused(operation, Vec::<i64>::new(), "is null or empty").await;
        refused(operation, BTreeMap::<String, i64>::new(), "is null or empty").await;
        refused(operation, None::<i64>, "is null or empty").await;
    }
    // A parameter of the path cannot be left out, so the message does not propose it.
    refused(&PATHS, None::<i64>, "is null or empty, and the path needs a value for it").await;
    refused(
        &DEEP,
        BTreeMap::<String, i64>::new(),
        "is null or empty, which a query cannot express; help: leave it out",
    )
    .await;
    for blank in ["", " ", "\u{a0}\t"] {
        refused(&PATHS, blank, "a segment of the path cannot be empty").await;
    }
}

#[tokio::test]
async fn a_get_and_a_delete_can_have_a_body() {
    for operation in [&GET, &DELETE] {
        let sent = sent(operation, |call| call.set_body(&Json::parse(r#"{"id": 1.0}"#).unwrap())).await;
        assert_eq!(sent.request.body, r#"{"id": 1.0}"#);
        assert_eq!(sent.request.header("content-type"), Some("application/json"));
        assert_eq!(sent.path, "/orders");
    }
    assert_eq!(sent(&DELETE, |call| call.set_body(&1)).await.query, "type=a%20b");
}
