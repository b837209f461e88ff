//! Helpers of the mock's tests.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and none uses all of this"
)]

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use venuekit::meta::{AnyClient, Arguments};
use venuekit::wire::Json;
use venuekit::{ClientBuilder, Error, Retry, Throttle};
use venuekit_mock::{Builder, MockVenue, Refusal, Verdict};
use venuekit_test_support::{LONG, TestClock};
use venuekit_tests::examples::{ExampleCall, Values};

/// Starts a venue whose time windows and rate limits do not depend on the duration of a test.
pub async fn start(venue: &str) -> MockVenue {
    start_as(MockVenue::builder(venue)).await
}

/// Starts a configured venue with a clock as in [`start`].
pub async fn start_as(builder: Builder) -> MockVenue {
    builder.clock(TestClock::counting()).start().await.unwrap()
}

/// Returns a builder of a client with the mock's clock and a key that the mock accepts.
pub fn builder(mock: &MockVenue) -> ClientBuilder {
    with_credentials(mock, mock.key(), mock.secret())
}

pub fn with_credentials(mock: &MockVenue, key: &str, secret: &str) -> ClientBuilder {
    let credentials = mock.meta().credentials.unwrap()(key, secret).unwrap();
    let builder = mock.meta().builder().base_url(mock.url()).signer(credentials).clock(mock.clock());
    builder.retry(Retry::never()).throttle(Throttle::Off).timeout(LONG)
}

pub fn connect(mock: &MockVenue, builder: ClientBuilder) -> Box<dyn AnyClient> {
    (mock.meta().connect)(builder.build().unwrap())
}

pub fn client(mock: &MockVenue) -> Box<dyn AnyClient> {
    connect(mock, builder(mock))
}

/// Returns the arguments of a call: an object of parameters, and a body.
pub fn arguments(parameters: &str, body: &str) -> Arguments {
    let arguments = Arguments::from_json(parameters).unwrap();
    if body.is_empty() { arguments } else { arguments.set_body(Json::parse(body).unwrap()) }
}

pub async fn call(client: &dyn AnyClient, operation: &str, parameters: &str, body: &str) -> Result<String, Error> {
    let response = client.call(operation, arguments(parameters, body)).unwrap().await?;
    Ok(response.value().get().to_owned())
}

/// Calls an operation with the values of the spec's examples.
pub async fn call_example(client: &dyn AnyClient, operation: &str) -> Result<String, Error> {
    let operation = client.meta().operation(operation).unwrap();
    let arguments = ExampleCall::of(operation, Values::All).arguments();
    let response = client.call(operation.operation.id(), arguments).unwrap().await?;
    Ok(response.value().get().to_owned())
}

/// Returns the reason why the last request was refused; `None` if it was not refused.
pub fn last_refusal(mock: &MockVenue) -> Option<(Refusal, String, Option<String>)> {
    match mock.requests().pop().unwrap().verdict {
        Verdict::Refused { refusal, why, expected } => Some((refusal, why, expected)),
        _ => None,
    }
}

/// Sends bytes to a mock, and reads until it closes the connection.
pub async fn raw(mock: &MockVenue, bytes: &[u8]) -> String {
    let address = mock.url().split('/').nth(2).unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The mock may close the connection before it has read everything.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut response = Vec::new();
    // The mock may reset the connection after its response.
    let _ = stream.read_to_end(&mut response).await;
    String::from_utf8_lossy(&response).into_owned()
}

/// Sends a plain request, and returns the status and the body of the response.
pub async fn request(mock: &MockVenue, method: &str, target: &str, headers: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let text = format!(
        "{method} {target} HTTP/1.1\r\nHost: mock\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    );
    let response = raw(mock, text.as_bytes()).await;
    let (head, body) = response.split_once("\r\n\r\n").unwrap_or((&response, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, body.to_owned())
}
