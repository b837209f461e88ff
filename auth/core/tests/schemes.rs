//! Tests how requests carry the credentials of OpenAPI's security schemes.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Method, Operation, Parameter, ParameterIn, Security, Venue};
use venuekit::{Client, ClientBuilder, Error, ErrorKind, Outcome, url};
use venuekit_auth::{CredentialError, Scheme, SchemeCredentials};
use venuekit_test_support::{Request, ScriptedResponse, Server};

static VENUE: Venue = Venue::new("test-venue", "venuekit-test-venue", "0.1.0");
static ANY: Operation = operation(&[&["token"], &["key", "app"], &["login"], &["session"]]);
static SESSION: Operation = operation(&[&["session"]]).with_parameters(PARAMETERS);
static OPTIONAL: Operation = operation(&[&["key"], &["login"], &[]]);
static PUBLIC: Operation = Operation::http("public", Method::Get, "/public");

const PARAMETERS: &[Parameter] =
    &[Parameter::optional("q", ParameterIn::Query), Parameter::optional("lang", ParameterIn::Cookie)];
const KEY: Scheme = Scheme::header("key", "X-API-KEY");
const APP: Scheme = Scheme::query("app", "app id");
const SESSION_COOKIE: Scheme = Scheme::cookie("session", "sid");
const LOGIN: Scheme = Scheme::authorization("login");
const TOKEN: Scheme = Scheme::authorization("token");

const fn operation(schemes: &'static [&'static [&'static str]]) -> Operation {
    Operation::http("get", Method::Get, "/orders").with_security(Security::Key).with_schemes(schemes)
}

fn client(server: &Server, credentials: SchemeCredentials) -> Client {
    ClientBuilder::for_venue(&VENUE).base_url(server.url()).signer(credentials).build().unwrap()
}

async fn sent(operation: &'static Operation, credentials: SchemeCredentials) -> Request {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = client(&server, credentials);
    RequestBuilder::new(&client, operation).send::<i64>().await.unwrap();
    server.only_request()
}

async fn refused(operation: &'static Operation, credentials: SchemeCredentials) -> Error {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = client(&server, credentials);
    let error = RequestBuilder::new(&client, operation).send::<i64>().await.unwrap_err();
    assert!(server.requests().is_empty());
    error
}

#[tokio::test]
async fn each_credential_is_sent_where_its_scheme_says() {
    let both = SchemeCredentials::new().with_key(KEY, "the key").unwrap().with_key(APP, "a&b=c").unwrap();
    let request = sent(&ANY, both).await;
    assert_eq!(request.header("x-api-key"), Some("the key"));
    let target = request.line.split(' ').nth(1).unwrap();
    let url = url::Url::parse(&format!("http://h{target}")).unwrap();
    assert_eq!(url.query_pairs().into_owned().collect::<Vec<_>>(), [("app id".to_owned(), "a&b=c".to_owned())]);

    let login = SchemeCredentials::new().with_basic(LOGIN, "Aladdin", "open:sésame").unwrap();
    let request = sent(&ANY, login).await;
    let encoded = request.header("authorization").unwrap().strip_prefix("Basic ").unwrap();
    assert_eq!(STANDARD.decode(encoded).unwrap(), "Aladdin:open:sésame".as_bytes());

    let token = SchemeCredentials::new().with_token(TOKEN, "ey.x-1").unwrap();
    assert_eq!(sent(&ANY, token).await.header("authorization"), Some("Bearer ey.x-1"));

    let session = SchemeCredentials::new().with_key(SESSION_COOKIE, "ab+/=").unwrap();
    assert_eq!(sent(&ANY, session.clone()).await.header("cookie"), Some("sid=ab+/="));
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = client(&server, session);
    RequestBuilder::new(&client, &SESSION).set(1, "de").send::<i64>().await.unwrap();
    assert_eq!(server.only_request().header("cookie"), Some("lang=de; sid=ab+/="));
}

#[tokio::test]
async fn the_first_alternative_with_all_credentials_is_used() {
    let all = SchemeCredentials::new()
        .with_key(KEY, "the key")
        .unwrap()
        .with_basic(LOGIN, "user", "password")
        .unwrap()
        .with_key(SESSION_COOKIE, "the session")
        .unwrap();
    let request = sent(&ANY, all).await;
    assert!(request.header("authorization").unwrap().starts_with("Basic "));
    assert_eq!((request.header("x-api-key"), request.header("cookie")), (None, None));
}

#[tokio::test]
async fn optional_credentials_are_sent_if_they_are_given() {
    let login = SchemeCredentials::new().with_basic(LOGIN, "user", "password").unwrap();
    let request = sent(&OPTIONAL, login).await;
    assert!(request.header("authorization").unwrap().starts_with("Basic "));
    let other = SchemeCredentials::new().with_key(SESSION_COOKIE, "the session").unwrap();
    let request = sent(&OPTIONAL, other).await;
    assert_eq!(
        (request.header("authorization"), request.header("x-api-key"), request.header("cookie")),
        (None, None, None)
    );
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = ClientBuilder::for_venue(&VENUE).base_url(server.url()).build().unwrap();
    RequestBuilder::new(&client, &OPTIONAL).send::<i64>().await.unwrap();
    assert_eq!(server.only_request().header("x-api-key"), None);
}

#[tokio::test]
async fn a_call_without_its_credentials_is_not_sent() {
    let key = SchemeCredentials::new().with_key(KEY, "the key").unwrap();
    let error = refused(&ANY, key).await;
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(
        error.to_string().contains("needs credentials for `token`, or for `key` and `app`, or for `login`"),
        "{error}"
    );
    let public = sent(&PUBLIC, SchemeCredentials::new().with_key(KEY, "the key").unwrap()).await;
    assert_eq!(public.header("x-api-key"), None);
}

#[tokio::test]
async fn a_token_function_is_called_before_each_attempt_and_a_401_is_not_retried() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let credentials = SchemeCredentials::new().with_token_from(TOKEN, move || {
        let number = counted.fetch_add(1, Ordering::Relaxed);
        async move { Ok(format!("token-{number}-abcdef")) }
    });
    let refusal = ScriptedResponse::json(401, r#"{"error":"token-0-abcdef is not valid"}"#);
    let server = Server::scripted([refusal, ScriptedResponse::json(200, "1")]).await;
    let client = client(&server, credentials);
    let error = RequestBuilder::new(&client, &ANY).send::<i64>().await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("token-0-abcdef"), "{error}");
    RequestBuilder::new(&client, &ANY).send::<i64>().await.unwrap();
    let tokens: Vec<_> =
        server.requests().iter().map(|request| request.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["Bearer token-0-abcdef", "Bearer token-1-abcdef"]);
    assert_eq!(calls.load(Ordering::Relaxed), 2);

    let failing = SchemeCredentials::new().with_token_from(TOKEN, || async { Err("no token today".into()) });
    let error = refused(&ANY, failing).await;
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_ne!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn credentials_are_in_no_error() {
    let secrets = ["the-secret-key", "the-secret-password", "QWxpY2U6dGhlLXNlY3JldC1wYXNzd29yZA=="];
    let echo = secrets.join(" ");
    for credentials in [
        SchemeCredentials::new().with_key(SESSION_COOKIE, secrets[0]).unwrap(),
        SchemeCredentials::new().with_token(TOKEN, secrets[0]).unwrap(),
        SchemeCredentials::new().with_key(KEY, secrets[0]).unwrap().with_key(APP, secrets[0]).unwrap(),
        SchemeCredentials::new().with_basic(LOGIN, "Alice", secrets[1]).unwrap(),
    ] {
        let shown = format!("{credentials:?}");
        let server = Server::start(ScriptedResponse::json(400, &format!("{{\"error\":\"{echo}\"}}"))).await;
        let client = client(&server, credentials.clone());
        let error = RequestBuilder::new(&client, &ANY).send::<i64>().await.unwrap_err();
        let text = format!("{shown} {error} {error:?}");
        let is_basic = shown.contains("login");
        let own = if is_basic { &secrets[1..] } else { &secrets[..1] };
        assert!(own.iter().all(|secret| !text.contains(secret)), "{text}");
    }
}

#[test]
fn credentials_that_cannot_be_sent_are_refused() {
    let new = SchemeCredentials::new;
    assert_eq!(new().with_key(KEY, "").unwrap_err(), CredentialError::EmptyKey);
    assert_eq!(new().with_token(TOKEN, "a\n").unwrap_err(), CredentialError::PaddedKey);
    assert_eq!(new().with_basic(LOGIN, "a:b", "c").unwrap_err(), CredentialError::UserNotValid);
    assert_eq!(new().with_basic(LOGIN, "a", "").unwrap_err(), CredentialError::EmptySecret);
}
