//! Keys, secrets and signatures do not appear in errors, debug texts and logs.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use support::{
    LONG, Logs, RefusingPort, Script, ScriptedResponse, Server, Step, TestSigner, VENUE, book, http, no_connection,
    order, patiently, reset, respond, rpc_order, rpc_update, timed_out,
};
use venuekit::codegen::RequestBuilder;
use venuekit::signing::{Nonces, SignableRequest, Signer, Stamp};
use venuekit::transport::{
    HttpSettings, HttpTransport, Transport, TransportError, TransportRequest, TransportResponse,
};
use venuekit::{BoxError, BoxFuture, Client, ClientBuilder, Error, ErrorKind, Retry};

const KEY: &str = "key~MARK~4f1d";
const SECRET: &str = "secret~MARK~9b2e";
const PASSWORD: &str = "password~MARK~77aa";

/// The readable texts of a run, in the order in which they were written.
#[derive(Clone, Debug, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn add(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn debug(&self, value: &impl Debug) {
        self.add(format!("{value:?}"));
        self.add(format!("{value:#?}"));
    }

    /// Adds the texts of an error and of its causes.
    fn error(&self, error: &Error) {
        self.debug(error);
        self.add(error.to_string());
        self.add(error.explanation().unwrap_or_default());
        self.add(error.json_path().unwrap_or_default());
        if let Some(venue) = error.api_error() {
            self.debug(venue);
            self.add(venue.to_string());
            self.add(venue.code().unwrap_or_default());
            self.add(venue.message().unwrap_or_default());
            self.add(venue.data().unwrap_or_default());
        }
        for response in error.responses() {
            self.debug(response);
            self.add(response.excerpt().unwrap_or_default());
        }
        let mut cause = error.source();
        while let Some(error) = cause {
            self.debug(&error);
            self.add(error.to_string());
            cause = error.source();
        }
    }

    fn texts(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// Asserts that no text holds a key, a secret or one of the signatures, plain or in another
    /// encoding.
    fn assert_silent(&self, signatures: Vec<String>, what: &str) {
        let basic_auth = format!("user:{PASSWORD}");
        let secrets = [KEY, SECRET, PASSWORD, &basic_auth].into_iter().flat_map(forms);
        let forbidden: Vec<String> = secrets.chain(signatures).collect();
        for text in self.texts() {
            for secret in &forbidden {
                assert!(!text.contains(secret.as_str()), "{what}: `{secret}` is in: {text}");
            }
        }
    }
}

/// Returns a secret in the forms in which a text may hold it.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let bytes = format!("{:?}", secret.as_bytes());
    let base64 = base64(secret.as_bytes());
    let upper = hex.to_uppercase();
    let encoded = venuekit::signing::encode(secret);
    vec![secret.to_owned(), hex, upper, encoded, base64.trim_end_matches('=').to_owned(), bytes]
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |chunk: &[u8], index: usize| {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digit = char::from(DIGITS[(bits >> (18 - 6 * index) & 63) as usize]);
        if index > chunk.len() { '=' } else { digit }
    };
    bytes.chunks(3).flat_map(|chunk| [0, 1, 2, 3].map(|index| digit(chunk, index))).collect()
}

/// A transport that passes each request on and adds its debug text to `seen`.
#[derive(Debug)]
struct Watched<T> {
    inner: T,
    seen: Seen,
}

impl<T: Transport> Transport for Watched<T> {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        self.seen.debug(&request);
        self.seen.debug(&request.headers);
        self.inner.send(request)
    }
}

/// A signer that adds the debug text of each signed request to `seen`.
#[derive(Debug)]
struct WatchedSigner {
    inner: TestSigner,
    seen: Seen,
}

impl Signer for WatchedSigner {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.inner.sign(request, stamp).await?;
            self.seen.debug(request);
            self.seen.debug(request.headers());
            Ok(())
        })
    }

    fn nonces(&self) -> Option<&Nonces> {
        self.inner.nonces()
    }
}

/// The place of signatures, and whether the client keeps the signed strings (`explain`).
#[derive(Clone, Copy, Debug)]
struct SigningCase {
    in_query: bool,
    explain: bool,
}

const SIGNING_CASES: [SigningCase; 4] = [
    SigningCase { in_query: false, explain: false },
    SigningCase { in_query: false, explain: true },
    SigningCase { in_query: true, explain: false },
    SigningCase { in_query: true, explain: true },
];

fn signer() -> TestSigner {
    TestSigner::of(KEY, SECRET)
}

impl SigningCase {
    fn builder(self, url: String, signer: &TestSigner, seen: &Seen) -> ClientBuilder {
        let signer = if self.in_query { signer.clone().in_query() } else { signer.clone() };
        ClientBuilder::for_venue(&VENUE)
            .base_url(url)
            .http(http())
            .signer(WatchedSigner { inner: signer, seen: seen.clone() })
            .explain(self.explain)
            .retry(Retry::default().attempts(2).backoff(ms(1), ms(1)))
            .timeout(3 * LONG)
    }
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

static DRAFTS: [fn(&Client) -> RequestBuilder; 4] = [book, order, rpc_update, rpc_order];

/// Makes each kind of call and adds its readable texts to `seen`. Returns the kinds of the errors.
async fn call_all(builder: ClientBuilder, seen: &Seen) -> Vec<ErrorKind> {
    seen.debug(&builder);
    let client = match builder.build() {
        Ok(client) => client,
        Err(error) => {
            seen.error(&error);
            return vec![error.kind()];
        }
    };
    seen.debug(&client);
    let mut kinds = Vec::new();
    for request_builder in DRAFTS {
        let request_builder = request_builder(&client);
        seen.debug(&request_builder);
        let call = request_builder.send::<Value>();
        seen.debug(&call);
        match call.await {
            Ok(response) => seen.debug(&response),
            Err(error) => {
                seen.error(&error);
                kinds.push(error.kind());
            }
        }
    }
    kinds
}

#[tokio::test]
async fn no_failure_on_a_socket_shows_a_secret_and_neither_do_the_logs() {
    Logs::of_the_log_crate();
    let logs = Logs::capture();
    let (mut signatures, mut kinds) = (Vec::new(), Vec::new());
    let response = || ScriptedResponse::json(200, "1");
    for case in SIGNING_CASES {
        for (name, response) in [
            ("success", response()),
            ("closed", ScriptedResponse::close()),
            ("reset", ScriptedResponse::reset()),
            ("reset at once", ScriptedResponse::reset_at_once()),
            ("cut", response().cut()),
            ("hang", ScriptedResponse::hang()),
            ("hang within the body", response().hang_after()),
            ("no HTTP", ScriptedResponse::json(99, "")),
            ("html", ScriptedResponse::json(200, "<html>")),
            ("too long", ScriptedResponse::json(200, &"x".repeat(2_000))),
            (
                "refusal",
                ScriptedResponse::json(400, r#"{"code":-1022,"msg":"Signature for this request is not valid."}"#),
            ),
            ("401", ScriptedResponse::json(401, "")),
            ("429", ScriptedResponse::json(429, "").header("retry-after", "0")),
            ("500", ScriptedResponse::json(500, "")),
            ("redirect", ScriptedResponse::json(307, "").header("location", "/elsewhere")),
        ] {
            let (seen, signer) = (Seen::default(), signer());
            let server = Server::start(response).await;
            let call_all = async |attempt_timeout| {
                // reqwest's own log shows all bytes if `connection_verbose` is set.
                let http = HttpTransport::new(http().connection_verbose(true), HttpSettings::default()).unwrap();
                seen.debug(&http);
                let transport = Watched { inner: http, seen: seen.clone() };
                let builder = case.builder(server.url(), &signer, &seen).transport(transport).max_response_bytes(1_000);
                call_all(builder.attempt_timeout(attempt_timeout), &seen).await
            };
            kinds.extend(if name.starts_with("hang") {
                patiently(async |timeout| {
                    let kinds = call_all(timeout).await;
                    (kinds == [ErrorKind::Timeout; 4]).then_some(kinds)
                })
                .await
            } else {
                call_all(LONG).await
            });
            seen.assert_silent(signer.signatures(), &format!("{name}, {case:?}"));
            signatures.extend(signer.signatures());
        }
        let hanging = Server::start(ScriptedResponse::hang()).await;
        let client = case.builder(hanging.url(), &signer(), &Seen::default()).build().unwrap();
        tokio::select! {
            result = support::call(order(&client)) => panic!("{result:?}"),
            () = hanging.arrived(1) => {}
        }
    }
    {
        use ErrorKind::{Cut, Decode, Timeout, TooLarge, Transport, Venue};
        for kind in [Cut, Decode, Timeout, TooLarge, Transport, Venue] {
            assert!(kinds.contains(&kind), "no error was of the kind {kind:?}");
        }
    }
    assert_eq!(logs.warnings().len(), SIGNING_CASES.len());
    let seen = Seen::default();
    let lines: Vec<String> = logs.lines().into_iter().chain(Logs::of_the_log_crate()).collect();
    lines.iter().for_each(|line| seen.add(line));
    seen.assert_silent(signatures, "the logs");
    for target in ["venuekit::pipeline", "hyper_util", "reqwest"] {
        assert!(lines.iter().any(|line| line.contains(target)), "nothing was logged by {target}");
    }
}

#[tokio::test]
async fn the_log_capture_sees_the_lines_of_reqwest() {
    const DECOY: &str = "decoy~MARK~55e0";
    Logs::of_the_log_crate();
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let verbose = http().connection_verbose(true).no_proxy().build().unwrap();
    verbose.get(server.url()).header("x-key", DECOY).send().await.unwrap();
    assert!(Logs::of_the_log_crate().iter().any(|line| line.contains(DECOY)));
}

#[tokio::test]
async fn no_failure_to_connect_shows_a_secret() {
    let logs = Logs::capture();
    Logs::of_the_log_crate();
    let signer = signer();
    let proxy = Server::start(ScriptedResponse::json(407, "")).await;
    let refusing_port = RefusingPort::new();
    let no_tls = Server::start(ScriptedResponse::reset_at_once()).await;
    for case in SIGNING_CASES {
        for (url, proxy) in [
            (refusing_port.url(), None),
            (no_tls.url().replace("http:", "https:"), None),
            ("https://venue.test".to_owned(), Some(format!("http://user:{PASSWORD}@127.0.0.1:{}", proxy.port()))),
            (
                "https://venue.test".to_owned(),
                Some(format!("http://user:{PASSWORD}@127.0.0.1:{}", refusing_port.port())),
            ),
        ] {
            let seen = Seen::default();
            let builder = case.builder(url.clone(), &signer, &seen);
            let builder = proxy.into_iter().fold(builder, ClientBuilder::proxy);
            assert_eq!(call_all(builder, &seen).await, [ErrorKind::Connect; 4], "{url}");
            seen.assert_silent(signer.signatures(), &format!("{url}, {case:?}"));
        }
    }
    let seen = Seen::default();
    logs.lines().into_iter().chain(Logs::of_the_log_crate()).for_each(|line| seen.add(line));
    seen.assert_silent(signer.signatures(), "the logs");
}

#[tokio::test(start_paused = true)]
async fn no_failure_before_sending_shows_a_secret() {
    let logs = Logs::capture();
    let (signer, script) = (signer(), Script::new([respond(200, "1")]));
    let https = || "https://venue.test".to_owned();
    for case in SIGNING_CASES {
        let seen = Seen::default();
        let builder = |url| case.builder(url, &signer, &seen).transport(script.clone());
        let broken = |key: &str, secret: &str| builder(https()).signer(TestSigner::of(key, secret));
        for (builder, kind) in [
            (builder("http://venue.test".to_owned()), ErrorKind::Credentials),
            (builder(https()).timeout(Duration::ZERO), ErrorKind::Timeout),
            (broken(&format!("{KEY}\n"), SECRET), ErrorKind::Sign),
            (broken(KEY, SECRET).signer(signer.clone().failing_after(0)), ErrorKind::Sign),
            (broken(KEY, SECRET).signer(signer.clone().taking(4 * LONG)), ErrorKind::Timeout),
        ] {
            assert_eq!(call_all(builder, &seen).await, [kind; 4]);
        }
        seen.assert_silent(signer.signatures(), &format!("{case:?}"));
    }
    let seen = Seen::default();
    logs.lines().iter().for_each(|line| seen.add(line));
    seen.assert_silent(signer.signatures(), "the logs");
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn no_setting_shows_a_password() {
    let (seen, signer) = (Seen::default(), signer());
    let builder = |url: &str| SIGNING_CASES[0].builder(url.to_owned(), &signer, &seen);
    for builder in [
        builder(&format!("https://user:{PASSWORD}@venue.test")),
        builder(&format!("https://{PASSWORD}@venue.test")),
        builder(&format!("https://user:{PASSWORD}@venue.test:port")),
        builder(&format!("https://venue.test/?key={PASSWORD}")),
        builder(&format!("user:{PASSWORD}@venue.test")),
        builder("https://venue.test").proxy(format!("http://user:{PASSWORD}@proxy.test:port")),
        builder("https://venue.test").proxy(format!("user:{PASSWORD}@[proxy")),
    ] {
        assert_eq!(call_all(builder, &seen).await, [ErrorKind::Settings]);
    }
    let mut settings = HttpSettings::default();
    settings.proxy = Some(format!("http://user:{PASSWORD}@proxy.test"));
    seen.debug(&settings);
    seen.debug(&HttpTransport::new(http(), settings).unwrap());
    seen.assert_silent(signer.signatures(), "settings");
}

#[tokio::test(start_paused = true)]
async fn the_signed_string_is_kept_for_each_failure_only_if_asked_for() {
    let steps: [fn() -> Step; 6] = [
        no_connection,
        reset,
        timed_out,
        || respond(400, r#"{"code":-1022}"#),
        || respond(503, ""),
        || respond(200, "1").cut(),
    ];
    for step in steps {
        for case in SIGNING_CASES {
            let (signer, seen, script) = (signer(), Seen::default(), Script::new([step()]));
            let builder = case.builder("https://venue.test".to_owned(), &signer, &seen).transport(script.clone());
            let error = support::call(book(&builder.build().unwrap())).await.unwrap_err();
            let last = script.sent().pop().unwrap();
            match error.explanation() {
                Some(text) => {
                    assert!(case.explain && text.starts_with("<key> GET /book?"), "{text}");
                    let stamp =
                        if case.in_query { last.url.query().unwrap().to_owned() } else { last.nonce().to_string() };
                    let stamp = stamp.split("&signature=").next().unwrap();
                    assert!(text.contains(stamp), "{text} (expected the stamp of the last attempt: {stamp})");
                }
                None => assert!(!case.explain),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_signed_string_includes_the_body_of_an_order() {
    let (signer, seen, script) = (signer(), Seen::default(), Script::new([respond(400, "")]));
    let builder = SIGNING_CASES[1].builder("https://venue.test".to_owned(), &signer, &seen).transport(script.clone());
    let error = support::call(order(&builder.build().unwrap())).await.unwrap_err();
    let body = String::from_utf8(script.sent()[0].body.to_vec()).unwrap();
    assert!(error.explanation().unwrap().ends_with(&body));
}

/// Tests with a venue whose response repeats the request.
mod repeated {
    use std::collections::BTreeMap;

    use http::HeaderMap;
    use support::{Sent, rpc_order};
    use venuekit::{Call, Outcome};

    use super::*;

    /// Returns a text in the forms in which a venue may repeat it.
    fn forms(text: &str) -> Vec<String> {
        let percent = |upper: bool| {
            let encoded: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            if upper { encoded.to_uppercase() } else { encoded }
        };
        let json: String = text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
        vec![
            text.to_owned(),
            text.to_uppercase(),
            percent(true),
            percent(false),
            venuekit::signing::encode(text),
            venuekit::signing::encode(&venuekit::signing::encode(text)),
            json.clone(),
            json.replace("\\u", "\\\\u"),
            text.replace('/', "\\/"),
            text.replace('+', "-").replace('/', "_").trim_end_matches('=').to_owned(),
        ]
    }

    /// Returns the key and the signature of a request.
    fn sent_secrets(sent: &Sent) -> Vec<String> {
        let value = |name: &str| sent.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let query = sent.url.query_pairs().find(|(name, _)| name == "signature").map(|(_, value)| value.into_owned());
        ["x-key", "x-sign"].into_iter().filter_map(value).chain(query).collect()
    }

    /// A signer with base64 signatures, as some venues require them.
    #[derive(Debug)]
    struct Base64Signer;

    const BASE64: &str = "u+Xz/0fJk3bq+9Zm7/8Qp1cUo2t4v6w8y0A2C4E6G8I=";

    impl Signer for Base64Signer {
        fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
            Box::pin(async move {
                request.conceal(SECRET);
                request.set_header("x-key", KEY)?;
                request.set_header("x-sign", BASE64)?;
                request.append_query("timestamp", "1706451300000");
                Ok(())
            })
        }
    }

    fn message(request_builder: RequestBuilder) -> Call<Value> {
        request_builder.send()
    }

    /// Asserts that no text of an error shows a secret of its requests, in any form.
    fn assert_silent(error: &Error, sent: &[Sent], context: &str) {
        let seen = Seen::default();
        seen.error(error);
        for secret in sent.iter().flat_map(sent_secrets).chain([SECRET.to_owned()]) {
            for form in forms(&secret) {
                for text in seen.texts() {
                    let (text, form) = (text.to_lowercase(), form.to_lowercase());
                    assert!(!text.contains(&form), "{context}: `{form}` is in {text}");
                }
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_key_or_signature_that_a_venue_repeats_is_not_shown_in_any_form() {
        let logs = Logs::capture();
        // The places of the repeated text in the response.
        const BODIES: [(u16, &str); 9] = [
            (400, r#"{"code":-1022,"msg":"signature of GET /book?a=1&signature=$x does not match, key $x"}"#),
            (400, r#"{"code":"$x","msg":"no"}"#),
            (403, "<html><p>$x</p> $x"),
            (503, "$x"),
            (200, r#"{"success":false,"code":-1022,"msg":"$x"}"#),
            (200, r#"{"id":$id,"error":{"code":10,"message":"$x"},"result":null}"#),
            (200, r#"{"id":$id,"error":{"code":10,"message":"no","data":{"key":"$x"}},"result":null}"#),
            (200, "$x"),
            (200, r#"{"id":$id,"$x":1,"error":{"code":10,"message":"$x"}"#),
        ];
        let mut shown = 0;
        for (status, body) in BODIES {
            for case in SIGNING_CASES {
                for form in 0..forms("").len() {
                    let plan = move |sent: &Sent, _| {
                        let all: Vec<String> =
                            sent_secrets(sent).iter().map(|secret| forms(secret).swap_remove(form)).collect();
                        respond(status, body.replace("$x", &all.join(" and ")))
                    };
                    let script = Script::from_fn(plan);
                    let seen = Seen::default();
                    let builder = case.builder("https://venue.test".to_owned(), &signer(), &seen);
                    let client = builder.transport(script.clone()).build().unwrap();
                    let own = ClientBuilder::for_venue(&VENUE).base_url("https://venue.test");
                    let own = own.transport(script.clone()).signer(Base64Signer).build().unwrap();
                    for request_builder in
                        [book(&client), order(&client), rpc_order(&client), order(&own), rpc_order(&own)]
                    {
                        let before = script.count();
                        let Err(error) = message(request_builder).await else { continue };
                        let sent = script.sent().split_off(before);
                        assert_silent(&error, &sent, &format!("{status} {body} {form} {case:?}"));
                        // `Error::body` still has the secret.
                        let repeated = forms(sent_secrets(sent.last().unwrap()).last().unwrap()).swap_remove(form);
                        let raw = String::from_utf8_lossy(error.body().unwrap()).into_owned();
                        assert!(raw.contains(&repeated), "{raw}");
                        assert!(format!("{error:?}").contains("***"), "{error:?}");
                        shown += usize::from(error.api_error().is_some());
                    }
                }
            }
        }
        assert!(shown > 100, "{shown} errors had a code or message (expected more than 100)");
        let lines = logs.lines().join("\n");
        assert!(!lines.contains(KEY) && !lines.contains(BASE64), "{lines}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_decode_error_shows_no_secret_in_its_text_path_or_source() {
        let echo = |body: &'static str| {
            Script::from_fn(move |sent, _| respond(200, body.replace("$x", &sent_secrets(sent).join(" "))))
        };
        let client = |script: &Script| {
            let builder = SIGNING_CASES[0].builder("https://venue.test".to_owned(), &signer(), &Seen::default());
            builder.transport(script.clone()).build().unwrap()
        };
        let script = echo(r#""$x""#);
        let error = book(&client(&script)).send::<u64>().await.unwrap_err();
        assert!(error.to_string().contains(r#"string "*** ***", expected u64"#), "{error}");
        assert_silent(&error, &script.sent(), "a value");
        assert!(error.source().unwrap().to_string().contains("***"));
        let script = echo(r#"{"$x":"no number"}"#);
        let error = book(&client(&script)).send::<BTreeMap<String, u64>>().await.unwrap_err();
        assert_eq!(error.json_path(), Some("*** ***"));
        assert_silent(&error, &script.sent(), "a path");
        // A source without a secret keeps its type.
        let error = book(&client(&echo("{"))).send::<u64>().await.unwrap_err();
        assert!(error.source().unwrap().is::<serde_json::Error>());
    }

    #[tokio::test(start_paused = true)]
    async fn secrets_of_earlier_attempts_are_not_shown_either() {
        let script = Script::from_fn(|sent, number| {
            let all = sent_secrets(sent).join(" ");
            if number == 0 { respond(503, all) } else { no_connection() }
        });
        let builder = SIGNING_CASES[2].builder("https://venue.test".to_owned(), &signer(), &Seen::default());
        let error = support::call(book(&builder.transport(script.clone()).build().unwrap())).await.unwrap_err();
        assert_eq!((error.outcome(), error.attempts(), script.count()), (Outcome::Unknown, 1, 2));
        assert_silent(&error, &script.sent(), "two attempts");
    }

    #[tokio::test(start_paused = true)]
    async fn a_cut_text_shows_no_half_of_a_secret() {
        for before in (0..600).step_by(7) {
            let plan = move |sent: &Sent, _: usize| {
                let text = format!("{}{}", ".".repeat(before), sent_secrets(sent).join("").repeat(3));
                respond(400, format!(r#"{{"code":-1022,"msg":"{text}"}}"#))
            };
            let script = Script::from_fn(plan);
            let builder = SIGNING_CASES[0].builder("https://venue.test".to_owned(), &signer(), &Seen::default());
            // The error shows the message and the body, and cuts each of them.
            let client = builder.transport(script.clone()).build().unwrap();
            let error = support::call(order(&client)).await.unwrap_err();
            let seen = Seen::default();
            seen.error(&error);
            for secret in sent_secrets(&script.sent()[0]) {
                let half = &secret[..secret.len() / 2];
                assert!(seen.texts().iter().all(|text| !text.contains(half)), "{before}: {:?}", seen.texts());
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_failure_of_a_signer_shows_no_secret() {
        #[derive(Debug)]
        struct Failing;
        impl Signer for Failing {
            fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
                Box::pin(async move {
                    request.conceal(SECRET);
                    request.set_header("x-key", KEY)?;
                    Err(format!("the module refused {KEY} with {SECRET}").into())
                })
            }
        }
        let client: Client = ClientBuilder::for_venue(&VENUE)
            .base_url("https://venue.test")
            .transport(Script::new([respond(200, "1")]))
            .signer(Failing)
            .build()
            .unwrap();
        let error = support::call(order(&client)).await.unwrap_err();
        assert!(error.to_string().ends_with("signing failed: the module refused *** with ***"), "{error}");
        assert_silent(&error, &[], "the signer");
        assert!(!format!("{error:?}").contains(KEY));
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_is_never_altered_and_a_message_keeps_its_numbers() {
        let script = Script::from_fn(|sent, _| {
            let all = sent_secrets(sent).join(" ");
            let time = sent.header("x-time").to_owned();
            let body = format!(r#"{{"code":-1021,"msg":"{time} is not within 5000 ms of the time, {all}"}}"#);
            if sent.is("/book") { respond(200, format!("\"{all}\"")) } else { respond(400, body) }
        });
        let builder = SIGNING_CASES[1].builder("https://venue.test".to_owned(), &signer(), &Seen::default());
        let client = builder.transport(script.clone()).build().unwrap();
        let response = book(&client).send::<String>().with_response().await.unwrap();
        assert_eq!(*response.value(), sent_secrets(&script.sent()[0]).join(" "));
        assert_eq!(response.body(), &format!("\"{}\"", response.value()));
        let error = support::call(order(&client)).await.unwrap_err();
        let time = script.sent().pop().unwrap().header("x-time").to_owned();
        let expected = format!("{time} is not within 5000 ms of the time, *** ***");
        assert_eq!(error.api_error().unwrap().message(), Some(&*expected));
    }

    #[test]
    fn a_response_of_a_transport_shows_neither_headers_nor_body() {
        let headers: HeaderMap = [("x-echo", KEY)]
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .into_iter()
            .collect();
        let response = TransportResponse::new(http::StatusCode::OK, headers, KEY);
        assert!(!format!("{response:?}").contains(KEY), "{response:?}");
    }
}
