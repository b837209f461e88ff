//! The text of an error: one line, bounded, without control characters, and with the cause.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;
use std::error::Error as _;
use std::sync::Arc;

use serde_json::{Value, json};
use support::{LONG, Script, Server, TestSigner, VENUE, book, call, client, http, order, respond};
use tokio::io::AsyncReadExt as _;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use venuekit::reqwest::dns::{Name, Resolve, Resolving};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::{BoxError, BoxFuture, Client, ClientBuilder, Error, ErrorKind, Outcome};

/// Texts that would garble a terminal or a log.
const HOSTILE: [&str; 9] =
    ["\n", "\r\n", "\u{1b}[2J", "\u{1b}]0;x\u{7}", "\u{9b}", "\u{202e}", "\u{2066}", "\u{2028}", "\u{feff}"];

fn assert_one_short_line(text: &str) {
    assert!(text.len() < 1_024, "{} bytes: {text}", text.len());
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    assert!(!text.contains(steers), "{text:?}");
}

/// Asserts that neither an error nor one of its causes has control characters or is too long.
fn assert_harmless(error: &Error) {
    assert_one_short_line(&error.to_string());
    if let Some(venue) = error.api_error() {
        assert_one_short_line(&venue.to_string());
    }
    let debug = format!("{error:?}");
    assert!(debug.len() < 16 << 10, "{} bytes", debug.len());
    assert!(!debug.contains(|c: char| c.is_control()), "{debug:?}");
    assert!(format!("{error:#?}").len() < 16 << 10);
    let mut source = error.source();
    while let Some(cause) = source {
        assert!(!cause.to_string().contains(|c: char| c.is_control()), "{cause}");
        assert!(cause.to_string().len() + format!("{cause:?}").len() < 8 << 10);
        source = cause.source();
    }
}

#[tokio::test(start_paused = true)]
async fn the_text_of_an_error_is_one_short_line_and_says_if_the_outcome_is_unknown() {
    for text in HOSTILE {
        for times in [1, 300, 10_000] {
            let text = format!("no such{} market", text.repeat(times));
            let message = |code: &Value| json!({"code": code, "msg": text}).to_string();
            for body in [message(&json!(-1121)), message(&json!(text)), text.clone(), format!("[\"{text}")] {
                for status in [400, 503, 200] {
                    let error = call(order(&client(&Script::new([respond(status, &*body)])))).await;
                    let Err(error) = error else { continue };
                    assert_harmless(&error);
                    if error.outcome() == Outcome::Unknown {
                        assert!(error.to_string().ends_with(" (outcome unknown)"), "{error}");
                    }
                    assert_eq!(error.body().unwrap(), body.as_bytes(), "the body is as it came");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_response_is_an_error_of_one_short_line() {
    for text in HOSTILE {
        for times in [1, 10_000] {
            let text = format!("no{}number", text.repeat(times));
            let response = |body: Value| client(&Script::new([respond(200, body.to_string())]));
            let error = book(&response(json!(text))).send::<u64>().await.unwrap_err();
            assert_harmless(&error);
            let error = book(&response(json!({&text: "x"}))).send::<BTreeMap<String, u64>>().await.unwrap_err();
            assert!(error.json_path().is_some());
            assert_harmless(&error);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_of_15_megabytes_is_bounded_and_the_body_has_all_of_it() {
    let body = json!({"code": -1121, "msg": "x".repeat(15 << 20)}).to_string();
    let error = call(order(&client(&Script::new([respond(400, &*body)])))).await.unwrap_err();
    assert_harmless(&error);
    assert!(error.api_error().unwrap().message().unwrap().len() < 5_000);
    assert_eq!(error.body().unwrap().len(), body.len());
}

#[tokio::test(start_paused = true)]
async fn the_message_of_a_signer_is_on_one_short_line() {
    #[derive(Debug)]
    struct Failing(String);

    impl Signer for Failing {
        fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
            Box::pin(async move { Err(self.0.clone().into()) })
        }
    }

    for text in HOSTILE {
        for times in [1, 10_000] {
            let builder = support::builder(&Script::new([respond(200, "1")])).signer(Failing(text.repeat(times)));
            let error = call(order(&builder.build().unwrap())).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Sign);
            assert_harmless(&error);
        }
    }
}

fn to(url: impl Into<String>, http: venuekit::reqwest::ClientBuilder) -> Client {
    let client = ClientBuilder::for_venue(&VENUE).base_url(url).http(http).signer(TestSigner::new());
    client.retry(venuekit::Retry::never()).timeout(LONG).connect_timeout(LONG).build().unwrap()
}

/// A resolver that knows no host.
struct NoHosts;

impl Resolve for NoHosts {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move { Err(format!("nobody knows {}", name.as_str()).into()) })
    }
}

#[tokio::test]
async fn an_unknown_host_is_named_as_the_cause() {
    let error = call(order(&to("https://venue.test", http().dns_resolver(Arc::new(NoHosts))))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent));
    assert!(error.to_string().ends_with("no connection: unknown host: nobody knows venue.test"), "{error}");
}

#[tokio::test]
async fn an_untrusted_certificate_is_named_as_the_cause() {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("support/tls/certificate.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("support/tls/key.pem")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        if let Ok(mut stream) = TlsAcceptor::from(Arc::new(config)).accept(stream).await {
            let _ = stream.read_u8().await;
        }
    });
    let error = call(order(&to(url, http()))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connect, Outcome::NotSent));
    assert!(error.to_string().ends_with("no connection: invalid peer certificate: UnknownIssuer"), "{error}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_named_as_the_cause() {
    for (response, cause) in [
        (support::ScriptedResponse::close(), "connection closed before message completed"),
        (support::ScriptedResponse::reset(), "connection reset by peer"),
    ] {
        let server = Server::start(response).await;
        let error = call(order(&to(server.url(), http()))).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.to_string().to_lowercase().contains(cause), "{error}");
    }
}
