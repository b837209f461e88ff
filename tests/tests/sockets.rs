//! Tests the generated clients over real sockets: the requests that arrive, and the results that
//! the clients return.
//!
//! The first part calls every operation of every venue from its metadata. A new venue is tested
//! without a change here.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::time::{Duration, Instant};

use venuekit::meta::{AnyClient, VenueMeta};
use venuekit::operation::{ParameterIn, Security};
use venuekit::{ClientBuilder, Error, ErrorKind, Outcome, Response};
use venuekit_test_support::{LONG, RefusingPort, Request, ScriptedResponse, Server, json, patiently};
use venuekit_tests::examples::{AddsNothing, ExampleCall, Values, base_url, is_over_socket, once, responses, unsigned};
use venuekit_venues::{VENUES, venuekit_btse_spot as btse, venuekit_excore as excore};

/// Returns the path of the base URL of a venue: a relay's path, with the path that the venue needs.
/// JSON-RPC requests go to exactly this path, with its last slash.
fn base(venue: &VenueMeta) -> String {
    match venue.venue.base_path() {
        "" => "/relay/venue/".to_owned(),
        path => format!("/relay/venue{path}"),
    }
}

/// The expected request. The test computes it from the operation's metadata with its own code.
#[derive(Debug, PartialEq)]
struct Expected {
    line: String,
    /// The body in canonical form; `None`: empty.
    body: Option<String>,
    content_type: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
}

impl Expected {
    /// Returns the request that a call has to make. `id` is the number of calls that the client has
    /// made, including this call.
    fn of(call: &ExampleCall, base: &str, id: u64) -> Self {
        let operation = call.operation.operation;
        let (line, body) = match operation.route().http() {
            Some((method, path)) => {
                let line = format!("{} {}{} HTTP/1.1", method.as_str(), base.trim_end_matches('/'), target(path, call));
                (line, call.body.map(json::canonical))
            }
            None => {
                let method = operation.route().rpc_method().unwrap();
                (format!("POST {base} HTTP/1.1"), Some(json::canonical(&envelope(id, method, call))))
            }
        };
        let headers = call.values.iter().filter(|(parameter, _)| parameter.place() == ParameterIn::Header);
        let headers = headers.map(|(parameter, value)| (parameter.name(), json::texts(value).join(","))).collect();
        Self { line, content_type: body.as_ref().map(|_| "application/json"), body, headers }
    }

    /// Returns a received request in the same form, for the comparison.
    fn came(&self, request: Request) -> Self {
        let header = |name: &&'static str| (*name, request.header(name).unwrap_or("none").to_owned());
        Self {
            headers: self.headers.iter().map(|(name, _)| header(name)).collect(),
            body: (!request.body.is_empty()).then(|| json::canonical(&request.body)),
            content_type: request.header("content-type").map(|value| match value {
                "application/json" => "application/json",
                _ => "another",
            }),
            line: request.line,
        }
    }
}

fn target(path: &str, call: &ExampleCall) -> String {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for (parameter, value) in &call.values {
        let (name, texts) = (parameter.name(), json::texts(value));
        let encoded: Vec<String> = texts.iter().map(|text| percent_encoded(text)).collect();
        match parameter.place() {
            ParameterIn::Path => path = path.replace(&format!("{{{name}}}"), &encoded.concat()),
            ParameterIn::Query => query.extend(encoded.iter().map(|text| format!("{name}={text}"))),
            ParameterIn::QueryJoined => query.push(format!("{name}={}", encoded.join(","))),
            _ => {}
        }
    }
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// Returns the envelope with values by position: null for a value left out in the middle, nothing
/// for values left out at the end.
fn envelope(id: u64, method: &str, call: &ExampleCall) -> String {
    let parameters = call.operation.operation.parameters();
    let mut params: Vec<&str> = Vec::new();
    for (parameter, value) in &call.values {
        let position = parameters.iter().position(|other| other.name() == parameter.name()).unwrap();
        params.resize(position, "null");
        match parameter.place() {
            ParameterIn::Rest => params.extend(json::elements(value)),
            _ => params.push(value),
        }
    }
    format!(r#"{{"id":{id},"method":"{method}","params":[{}]}}"#, params.join(","))
}

/// A server, and a venue's client that calls it.
struct Line {
    server: Server,
    client: Box<dyn AnyClient>,
    /// The path of the base URL.
    base: String,
    calls: u64,
}

impl Line {
    async fn open(client: ClientBuilder, venue: &VenueMeta) -> Self {
        let server = Server::start(ScriptedResponse::hang()).await;
        let base = base(venue);
        let client = (venue.connect)(client.base_url(format!("{}{base}", server.url())).build().unwrap());
        Self { server, client, base, calls: 0 }
    }

    /// Calls by name; the server responds with `json`, for JSON-RPC in an envelope. Returns the
    /// client's result, the expected request and the sent request.
    async fn call(
        &mut self,
        call: &ExampleCall,
        status: u16,
        json: &str,
    ) -> (Result<Response<String>, Error>, Expected, Request) {
        self.calls += 1;
        let operation = call.operation.operation;
        let body = match operation.route().http() {
            Some(_) => json.to_owned(),
            None => json::rpc_response(self.calls, json),
        };
        self.server.respond_with(ScriptedResponse::new(status, body).header("content-type", "application/json"));
        let result = self.client.call(operation.id(), call.arguments()).unwrap().await;
        let result = result.map(|response| response.map(|json| json.get().to_owned()));
        (result, Expected::of(call, &self.base, self.calls), self.server.take_request())
    }
}

#[tokio::test]
async fn every_operation_sends_the_request_of_its_spec_and_reads_the_response_of_its_spec() {
    for venue in VENUES.iter().copied().filter(|venue| !is_over_socket(venue)) {
        let mut line = Line::open(unsigned(venue), venue).await;
        for operation in venue.operations {
            for values in [Values::Required, Values::All] {
                let mut succeeded = 0;
                for example in responses(venue, operation) {
                    let context = format!("{} {} {values:?} {example:?}", venue.venue.name(), operation.operation.id());
                    let (call, json) = (ExampleCall::of(operation, values), example.json.unwrap_or_default());
                    let (result, expected, request) = line.call(&call, example.status.as_u16(), json).await;
                    assert_eq!(expected.came(request), expected, "{context}");
                    match result {
                        Ok(response) => {
                            assert_eq!(
                                json::canonical(response.value()),
                                json::canonical(example.json.unwrap_or("null")),
                                "{context}"
                            );
                            assert_eq!(response.status(), example.status, "{context}");
                            succeeded += 1;
                        }
                        // An example of an error: its status is an error, or its 2xx body meets the
                        // spec's conditions for errors.
                        Err(error) => {
                            assert_eq!(
                                (error.kind(), error.status()),
                                (ErrorKind::Venue, Some(example.status)),
                                "{context}: {error:?}"
                            );
                            assert_eq!(error.body().unwrap(), json, "{context}");
                            assert!(error.api_error().is_some(), "{context}: no code and no message found");
                        }
                    }
                }
                assert!(succeeded > 0, "{} {}: no example of a success", venue.venue.name(), operation.operation.id());
            }
        }
    }
}

#[tokio::test]
async fn public_operations_need_no_credentials_and_all_others_fail_without_them_before_anything_is_sent() {
    for venue in VENUES.iter().copied().filter(|venue| !is_over_socket(venue)) {
        let line = Line::open(once(venue.builder()), venue).await;
        for operation in venue.operations {
            let context = format!("{} {}", venue.venue.name(), operation.operation.id());
            let arguments = ExampleCall::of(operation, Values::Required).arguments();
            line.server.respond_with(ScriptedResponse::new(200, "{}"));
            let result = line.client.call(operation.operation.id(), arguments).unwrap().await;
            if operation.operation.security() == Security::Public {
                assert_ne!(result.err().map(|error| error.kind()), Some(ErrorKind::Credentials), "{context}");
                line.server.take_request();
            } else {
                let error = result.unwrap_err();
                assert_eq!((error.kind(), error.outcome()), (ErrorKind::Credentials, Outcome::NotSent), "{context}");
                assert_eq!((error.attempts(), line.server.take_requests().len()), (0, 0), "{context}");
            }
        }
    }
}

/// The operation that the tests of faults call, one for each protocol.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Through {
    /// BTSE's order book.
    Http,
    /// Excore's last price. Its first call has the id 1.
    Rpc,
}

const BOTH: [Through; 2] = [Through::Http, Through::Rpc];

/// The maximum size of a response that is read.
const LIMIT: usize = 4_000;

impl Through {
    async fn call(self, url: &str, deadline: Duration) -> Result<(), Error> {
        match self {
            Self::Http => {
                let client = btse::Client::builder().apply(once).base_url(base_url(&btse::meta::META, url));
                let client = client.max_response_bytes(LIMIT).build().unwrap();
                client.get_order_book().symbol("BTC-USD").send().timeout(deadline).await.map(|_| ())
            }
            Self::Rpc => {
                let client = excore::Client::builder().apply(once).signer(AddsNothing);
                let client = client.base_url(base_url(&excore::meta::META, url)).max_response_bytes(LIMIT);
                client.build().unwrap().market_last().market("BTC_USDT").send().timeout(deadline).await.map(|_| ())
            }
        }
    }

    /// Calls a server that sends this response, and returns the error. Asserts that the error keeps
    /// the whole response.
    async fn error(self, status: u16, body: &str) -> Error {
        let error = self.error_of(ScriptedResponse::new(status, body)).await;
        assert_kept(&error, status, body);
        assert!(!error.is_truncated());
        error
    }

    async fn error_of(self, response: ScriptedResponse) -> Error {
        let server = Server::start(response.header("x-trace", "t-1").header("retry-after", "7")).await;
        let error = self.call(&server.url(), LONG).await.unwrap_err();
        server.take_request();
        assert_eq!(error.attempts(), 1, "{error:?}");
        error
    }
}

/// Asserts that an error keeps the status, the headers and the whole body.
fn assert_kept(error: &Error, status: u16, body: &str) {
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{error:?}");
    assert_eq!(error.body().unwrap(), body, "{error:?}");
    assert_eq!(error.headers().unwrap()["x-trace"], "t-1");
    if error.kind() == ErrorKind::Venue {
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    }
}

/// Returns the venue's code and message.
fn stated(error: &Error) -> (Option<&str>, Option<&str>) {
    error.api_error().map_or((None, None), |venue| (venue.code(), venue.message()))
}

#[tokio::test]
async fn the_code_and_the_message_of_each_known_error_shape_of_btse_are_read() {
    for (status, body, outcome, code, message) in [
        (
            400,
            r#"{"code":400,"errorCode":-1121,"message":"no such market"}"#,
            Outcome::Refused,
            Some("-1121"),
            Some("no such market"),
        ),
        (401, r#"{"errorCode":401,"message":"no key","status":401}"#, Outcome::Refused, Some("401"), Some("no key")),
        (
            429,
            r#"{"code":-1,"msg":"not found","time":1583927372,"data":{},"success":false}"#,
            Outcome::Unknown,
            Some("-1"),
            Some("not found"),
        ),
        (
            403,
            r#"{"status":403,"errorCode":-7,"message":"no","extraData":["x",null]}"#,
            Outcome::Refused,
            Some("-7"),
            Some("no"),
        ),
        (
            404,
            r#"{"status":404,"error":"Not Found","code":"E404","message":""}"#,
            Outcome::Refused,
            Some("E404"),
            Some(""),
        ),
        (
            500,
            r#"{"errorCode":null,"code":1,"error":"Server Error"}"#,
            Outcome::Unknown,
            Some("1"),
            Some("Server Error"),
        ),
        (
            200,
            r#"{"code":-2,"msg":"already gone","success":false}"#,
            Outcome::Refused,
            Some("-2"),
            Some("already gone"),
        ),
        (200, r#"[{"code":-3,"msg":"gone","success":false}]"#, Outcome::Refused, Some("-3"), Some("gone")),
        (408, "", Outcome::Unknown, None, None),
        (400, "", Outcome::Refused, None, None),
        (400, r#"{"errorCode":-1121"#, Outcome::Unknown, None, None),
        (400, r#"{"errorCode":{"deep":[1]},"message":7}"#, Outcome::Unknown, Some(r#"{"deep":[1]}"#), Some("7")),
    ] {
        let error = Through::Http.error(status, body).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Venue, outcome), "{status} {body}");
        assert_eq!(stated(&error), (code, message), "{status} {body}");
    }
}

#[tokio::test]
async fn an_error_in_the_envelope_is_an_error_of_the_venue_whatever_the_status() {
    for (status, outcome, code) in [
        (200, Outcome::Refused, 11),
        (200, Outcome::Refused, 27),
        (404, Outcome::Refused, 4),
        (400, Outcome::Refused, 1),
        // After these codes it is unknown whether the venue executed the request.
        (504, Outcome::Unknown, 5),
        (200, Outcome::Unknown, 5),
        (500, Outcome::Unknown, 2),
    ] {
        let error = Through::Rpc.error(status, &json::rpc_error(1, code, "says the venue")).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Venue, outcome), "{status} {code}");
        assert_eq!(stated(&error), (Some(&*code.to_string()), Some("says the venue")));
    }
}

#[tokio::test]
async fn a_400_with_an_empty_body_is_a_refusal_of_a_json_rpc_venue() {
    let error = Through::Rpc.error(400, "").await;
    assert_eq!((error.kind(), error.outcome(), error.api_error()), (ErrorKind::Venue, Outcome::Refused, None));
}

#[tokio::test]
async fn a_malformed_envelope_or_another_id_leaves_the_outcome_unknown() {
    for body in [
        &json::rpc_response(2, r#""7000""#),
        &json::rpc_error(2, 11, "to another request"),
        r#"{"error":null,"result":"7000","id":"1"}"#,
        r#"{"error":null,"result":"7000","id":null}"#,
        r#"{"error":null,"result":"7000"}"#,
        r#"{"id":1}"#,
        r#"{"error":null,"result":["7000"],"id":1}"#,
        r#"[{"error":null,"result":"7000","id":1}]"#,
        r#""7000""#,
        "",
    ] {
        let error = Through::Rpc.error(200, body).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{body}");
    }
}

#[tokio::test]
async fn an_html_page_of_a_proxy_is_an_error_that_keeps_the_page() {
    let page = "<html><body>502 Bad Gateway</body></html>";
    for through in BOTH {
        let error = through.error(502, page).await;
        assert_eq!(
            (error.kind(), error.outcome(), error.api_error()),
            (ErrorKind::Venue, Outcome::Unknown, None),
            "{through:?}"
        );
        let error = through.error(200, page).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{through:?}");
    }
}

#[tokio::test]
async fn a_value_of_the_wrong_type_is_an_error_with_its_json_path() {
    let body = r#"{"symbol":"BTC-USD","timestamp":1,"buyQuote":[{"price":"1","size":"1"},{"price":"1_000","size":"1"}],"sellQuote":[]}"#;
    let error = Through::Http.error(200, body).await;
    assert_eq!(
        (error.kind(), error.outcome(), error.json_path()),
        (ErrorKind::Decode, Outcome::Unknown, Some("buyQuote[1].price"))
    );
}

#[tokio::test]
async fn a_huge_response_is_read_and_kept_up_to_the_limit() {
    let body = format!(r#"{{"code":1,"message":"{}"}}"#, "x".repeat(1_000_000));
    for through in BOTH {
        for (status, kind) in [(200, ErrorKind::TooLarge), (500, ErrorKind::Venue)] {
            let error = through.error_of(ScriptedResponse::new(status, &*body)).await;
            assert_eq!(
                (error.kind(), error.outcome(), error.is_truncated()),
                (kind, Outcome::Unknown, true),
                "{through:?}"
            );
            assert_kept(&error, status, &body[..LIMIT]);
        }
    }
}

#[tokio::test]
async fn a_response_that_breaks_off_keeps_the_received_bytes() {
    let body = r#"{"error":null,"result":"7000","id":1"#;
    for through in BOTH {
        for (status, kind, outcome) in
            [(200, ErrorKind::Cut, Outcome::Unknown), (400, ErrorKind::Venue, Outcome::Unknown)]
        {
            let error = through.error_of(ScriptedResponse::new(status, body).cut()).await;
            assert_eq!((error.kind(), error.outcome(), error.is_truncated()), (kind, outcome, true), "{through:?}");
            assert_kept(&error, status, body);
        }
    }
}

#[tokio::test]
async fn a_call_ends_at_its_timeout_if_the_venue_hangs_before_or_within_the_response() {
    for through in BOTH {
        for (response, kept) in
            [(ScriptedResponse::hang(), false), (ScriptedResponse::new(200, r#"{"id":1"#).hang_after(), true)]
        {
            let error = patiently(async |timeout| {
                let server = Server::start(response.clone().header("x-trace", "t-1")).await;
                let started = Instant::now();
                let error = through.call(&server.url(), timeout).await.unwrap_err();
                assert!(started.elapsed() >= timeout, "{error:?}");
                let is_late =
                    server.take_requests().is_empty() || (kept && error.body().is_none_or(|body| body.is_empty()));
                (!is_late).then_some(error)
            })
            .await;
            assert_eq!(
                (error.kind(), error.outcome()),
                (ErrorKind::Timeout, Outcome::Unknown),
                "{through:?}: {error:?}"
            );
            assert!(error.is_timeout(), "{through:?}: {error:?}");
            assert_eq!(error.attempts(), 1, "{through:?}: {error:?}");
            if kept {
                assert_kept(&error, 200, r#"{"id":1"#);
            } else {
                assert_eq!((error.status(), error.body()), (None, None));
            }
        }
    }
}

#[tokio::test]
async fn a_closed_connection_has_an_unknown_outcome_and_a_failed_connection_is_not_sent() {
    let refusing_port = RefusingPort::new();
    for through in BOTH {
        let error = through.error_of(ScriptedResponse::close()).await;
        assert_eq!(
            (error.kind(), error.outcome(), error.status()),
            (ErrorKind::Transport, Outcome::Unknown, None),
            "{through:?}"
        );
        let error = through.call(&refusing_port.url(), LONG).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.outcome(), error.attempts()),
            (ErrorKind::Connect, Outcome::NotSent, 0),
            "{through:?}"
        );
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start(ScriptedResponse::new(200, "{}")).await;
    for through in BOTH {
        let error = through.error_of(ScriptedResponse::new(307, "").header("location", &elsewhere.url())).await;
        assert_kept(&error, 307, "");
        assert_eq!((error.outcome(), elsewhere.take_requests().len()), (Outcome::Unknown, 0), "{through:?}");
    }
}
