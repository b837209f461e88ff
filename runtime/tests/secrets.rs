//! Keys, secrets and signatures show up nowhere but in the request.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::error::Error as _;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use support::{
    Answer, LONG, Logs, Nobody, Script, Server, Step, TestSigner, VENUE, answer, book, http, no_connection, order,
    patiently, reset, rpc_order, rpc_update, timed_out,
};
use venuekit::{
    BoxError, BoxFuture, Client, ClientBuilder, Draft, Error, ErrorKind, HttpSettings, HttpTransport, Nonces, Retry,
    SignableRequest, Signer, Stamp, Transport, TransportError, TransportRequest, TransportResponse,
};

const KEY: &str = "key~MARK~4f1d";
const SECRET: &str = "secret~MARK~9b2e";
const PASSWORD: &str = "password~MARK~77aa";

/// Whatever can be read somewhere, in the order it was written.
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

    /// All that an error tells, of itself and of its causes.
    fn error(&self, error: &Error) {
        self.debug(error);
        self.add(error.to_string());
        self.add(error.explanation().unwrap_or_default());
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

    /// Fails when any of it has a key, a secret or one of the signatures in it, as it is or in another encoding.
    fn assert_silent(&self, signatures: Vec<String>, what: &str) {
        let basic_auth = format!("user:{PASSWORD}");
        let secrets = [KEY, SECRET, PASSWORD, &basic_auth].into_iter().flat_map(forms);
        let forbidden: Vec<String> = secrets.chain(signatures).collect();
        for text in self.texts() {
            for secret in &forbidden {
                assert!(!text.contains(secret.as_str()), "{what}: `{secret}` stands in: {text}");
            }
        }
    }
}

/// A secret as it is, and how it may look elsewhere.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let bytes = format!("{:?}", secret.as_bytes());
    let base64 = base64(secret.as_bytes());
    let upper = hex.to_uppercase();
    let encoded = venuekit::encode(secret);
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

/// Shows each request that it gets, and passes it on.
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

/// Shows each request that it signed.
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

/// How requests are signed, and whether the client explains itself.
#[derive(Clone, Copy, Debug)]
struct Manner {
    in_query: bool,
    explain: bool,
}

const MANNERS: [Manner; 4] = [
    Manner { in_query: false, explain: false },
    Manner { in_query: false, explain: true },
    Manner { in_query: true, explain: false },
    Manner { in_query: true, explain: true },
];

fn signer() -> TestSigner {
    TestSigner::of(KEY, SECRET)
}

impl Manner {
    fn builder(self, url: String, signer: &TestSigner, seen: &Seen) -> ClientBuilder<Client> {
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

static DRAFTS: [fn(&Client) -> Draft; 4] = [book, order, rpc_update, rpc_order];

/// Makes each kind of call and keeps all that can be read of it; the kinds of the errors.
async fn call_all(builder: ClientBuilder<Client>, seen: &Seen) -> Vec<ErrorKind> {
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
    for draft in DRAFTS {
        let draft = draft(&client);
        seen.debug(&draft);
        let call = draft.send::<Value>();
        seen.debug(&call);
        match call.await {
            Ok(reply) => seen.debug(&reply),
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
    let reply = || Answer::json(200, "1");
    for manner in MANNERS {
        for (name, answer) in [
            ("success", reply()),
            ("closed", Answer::close()),
            ("reset", Answer::reset()),
            ("reset at once", Answer::reset_at_once()),
            ("cut", reply().cut()),
            ("hang", Answer::hang()),
            ("hang within the body", reply().hang_after()),
            ("no HTTP", Answer::json(99, "")),
            ("html", Answer::json(200, "<html>")),
            ("too long", Answer::json(200, &"x".repeat(2_000))),
            ("refusal", Answer::json(400, r#"{"code":-1022,"msg":"Signature for this request is not valid."}"#)),
            ("401", Answer::json(401, "")),
            ("429", Answer::json(429, "").header("retry-after", "0")),
            ("500", Answer::json(500, "")),
            ("redirect", Answer::json(307, "").header("location", "/elsewhere")),
        ] {
            let (seen, signer) = (Seen::default(), signer());
            let server = Server::start(answer).await;
            let call_all = async |attempt_timeout| {
                // reqwest's own log shows all bytes, if it is let.
                let http = HttpTransport::new(http().connection_verbose(true), HttpSettings::default()).unwrap();
                seen.debug(&http);
                let transport = Watched { inner: http, seen: seen.clone() };
                let builder = manner.builder(server.url(), &signer, &seen).transport(transport).response_limit(1_000);
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
            seen.assert_silent(signer.signatures(), &format!("{name}, {manner:?}"));
            signatures.extend(signer.signatures());
        }
        let hanging = Server::start(Answer::hang()).await;
        let client = manner.builder(hanging.url(), &signer(), &Seen::default()).build().unwrap();
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
    assert_eq!(logs.warnings().len(), MANNERS.len());
    let seen = Seen::default();
    let lines: Vec<String> = logs.lines().into_iter().chain(Logs::of_the_log_crate()).collect();
    lines.iter().for_each(|line| seen.add(line));
    seen.assert_silent(signatures, "the logs");
    for target in ["venuekit::pipeline", "hyper_util", "reqwest"] {
        assert!(lines.iter().any(|line| line.contains(target)), "nothing was logged by {target}");
    }
}

#[tokio::test]
async fn the_net_catches_what_reqwest_logs_when_it_is_let() {
    const DECOY: &str = "decoy~MARK~55e0";
    Logs::of_the_log_crate();
    let server = Server::start(Answer::json(200, "1")).await;
    let verbose = http().connection_verbose(true).no_proxy().build().unwrap();
    verbose.get(server.url()).header("x-key", DECOY).send().await.unwrap();
    assert!(Logs::of_the_log_crate().iter().any(|line| line.contains(DECOY)));
}

#[tokio::test]
async fn no_failure_to_connect_shows_a_secret() {
    let logs = Logs::capture();
    Logs::of_the_log_crate();
    let signer = signer();
    let proxy = Server::start(Answer::json(407, "")).await;
    let nobody = Nobody::new();
    let no_tls = Server::start(Answer::reset_at_once()).await;
    for manner in MANNERS {
        for (url, proxy) in [
            (nobody.url(), None),
            (no_tls.url().replace("http:", "https:"), None),
            ("https://venue.test".to_owned(), Some(format!("http://user:{PASSWORD}@127.0.0.1:{}", proxy.port()))),
            ("https://venue.test".to_owned(), Some(format!("http://user:{PASSWORD}@127.0.0.1:{}", nobody.port()))),
        ] {
            let seen = Seen::default();
            let builder = manner.builder(url.clone(), &signer, &seen);
            let builder = proxy.into_iter().fold(builder, ClientBuilder::proxy);
            assert_eq!(call_all(builder, &seen).await, [ErrorKind::Connect; 4], "{url}");
            seen.assert_silent(signer.signatures(), &format!("{url}, {manner:?}"));
        }
    }
    let seen = Seen::default();
    logs.lines().into_iter().chain(Logs::of_the_log_crate()).for_each(|line| seen.add(line));
    seen.assert_silent(signer.signatures(), "the logs");
}

#[tokio::test(start_paused = true)]
async fn no_failure_before_the_network_shows_a_secret() {
    let logs = Logs::capture();
    let (signer, script) = (signer(), Script::of([answer(200, "1")]));
    let https = || "https://venue.test".to_owned();
    for manner in MANNERS {
        let seen = Seen::default();
        let builder = |url| manner.builder(url, &signer, &seen).transport(script.clone());
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
        seen.assert_silent(signer.signatures(), &format!("{manner:?}"));
    }
    let seen = Seen::default();
    logs.lines().iter().for_each(|line| seen.add(line));
    seen.assert_silent(signer.signatures(), "the logs");
    assert_eq!(script.count(), 0);
}

#[tokio::test]
async fn no_setting_shows_a_password() {
    let (seen, signer) = (Seen::default(), signer());
    let builder = |url: &str| MANNERS[0].builder(url.to_owned(), &signer, &seen);
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
async fn what_was_signed_is_told_for_each_failure_and_only_when_asked_for() {
    let steps: [fn() -> Step; 6] = [
        no_connection,
        reset,
        timed_out,
        || answer(400, r#"{"code":-1022}"#),
        || answer(503, ""),
        || answer(200, "1").cut(),
    ];
    for step in steps {
        for manner in MANNERS {
            let (signer, seen, script) = (signer(), Seen::default(), Script::of([step()]));
            let builder = manner.builder("https://venue.test".to_owned(), &signer, &seen).transport(script.clone());
            let error = support::call(book(&builder.build().unwrap())).await.unwrap_err();
            let last = script.sent().pop().unwrap();
            match error.explanation() {
                Some(text) => {
                    assert!(manner.explain && text.starts_with("<key> GET /book?"), "{text}");
                    let stamp =
                        if manner.in_query { last.url.query().unwrap().to_owned() } else { last.nonce().to_string() };
                    let stamp = stamp.split("&signature=").next().unwrap();
                    assert!(text.contains(stamp), "it is of the last attempt: {text}, {stamp}");
                }
                None => assert!(!manner.explain),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_signed_of_an_order_s_body_is_told_too() {
    let (signer, seen, script) = (signer(), Seen::default(), Script::of([answer(400, "")]));
    let builder = MANNERS[1].builder("https://venue.test".to_owned(), &signer, &seen).transport(script.clone());
    let error = support::call(order(&builder.build().unwrap())).await.unwrap_err();
    let body = String::from_utf8(script.sent()[0].body.to_vec()).unwrap();
    assert!(error.explanation().unwrap().ends_with(&body));
}
