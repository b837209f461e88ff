//! The client against a second implementation of the server: a program in Python, with its own
//! frames and its own envelopes.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::json;
use tokio::task::JoinSet;
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::{BoxError, BoxFuture, Client, ClientBuilder, ErrorKind, Outcome, Retry};

use super::{DEALS, DEPTH, KEY, LONG, ORDER, PLACE, READ, SECRET, VENUE, call, list, next, row};

/// The program, which ends when it is dropped.
struct Program {
    child: Child,
    url: String,
}

impl Program {
    /// Starts the program. Returns `None` without Python, and says so.
    fn start() -> Option<Self> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ws/venue.py");
        let mut python = Command::new("python3");
        let started = python.arg(file).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = started else {
            #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
            {
                eprintln!("skipped: the second server needs python3, and it is not installed");
            }
            return None;
        };
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Some(Self { child, url: format!("ws://127.0.0.1:{}/", port.trim()) })
    }

    fn client(&self, signer: impl Signer + 'static) -> Client {
        ClientBuilder::for_venue(&VENUE)
            .base_url(&self.url)
            .timeout(LONG)
            .signer(signer)
            .retry(Retry::never())
            .max_in_flight(0)
            .build()
            .unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A signer as in the venue's document: HMAC-SHA512 of the nonce.
#[derive(Clone, Debug)]
struct Hmac(&'static str);

impl Signer for Hmac {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        use hmac::{KeyInit, Mac};
        Box::pin(async move {
            let mut mac = hmac::Hmac::<sha2::Sha512>::new_from_slice(self.0.as_bytes())?;
            mac.update(stamp.nonce.to_string().as_bytes());
            let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
            request.append_position(&format!("\"{KEY}\""))?;
            request.append_position(&format!("\"{signature}\""))?;
            request.append_position(&stamp.nonce.to_string())
        })
    }
}

#[tokio::test]
async fn calls_and_subscriptions_work_with_a_second_server() {
    let Some(program) = Program::start() else { return };
    let client = program.client(Hmac(SECRET));
    let mut calls = JoinSet::new();
    for value in 0..200 {
        let call = call(&client, &READ, value);
        calls.spawn(async move { (value, call.await) });
    }
    while let Some(result) = calls.join_next().await {
        let (value, result) = result.unwrap();
        assert_eq!(result.unwrap(), json!([value]));
    }
    let mut depth = row(&client, &DEPTH, "LTC_USDT", 5).await.unwrap();
    let snapshot = r#"snapshot [true,{"asks":[["82.05","3.2"]],"bids":[["82","1.5"],["81.97","7"]]},"LTC_USDT"]"#;
    assert_eq!(next(&mut depth).await, snapshot);
    assert_eq!(next(&mut depth).await, r#"update [false,{"bids":[["82.0","0e-8"]]},"LTC_USDT"]"#);
    let mut deals = list(&client, &DEALS, &["A"]).await.unwrap();
    let first = r#"snapshot ["A",[{"id":2,"price":"8.2e1"},{"id":1,"price":"81"}]]"#;
    assert_eq!(next(&mut deals).await, first);
    let mut orders = list(&client, &ORDER, &["A"]).await.unwrap();
    assert!(client.connections()[0].is_logged_in);
    // The connection is cut without a close frame.
    static CUT: venuekit::operation::Operation = venuekit::operation::Operation::rpc("cut", "cut");
    let cut: venuekit::Call<serde_json::Value> = venuekit::codegen::RequestBuilder::new(&client, &CUT).send();
    let error = cut.await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, ErrorKind::Transport));
    for subscription in [&mut depth, &mut deals, &mut orders] {
        assert_eq!(next(subscription).await, "interrupted: disconnected");
    }
    assert_eq!(next(&mut depth).await, "resumed missing []");
    assert_eq!(next(&mut depth).await, snapshot);
    assert_eq!(next(&mut deals).await, r#"recovered ["A",[{"id":3,"price":"83"}]]"#);
    assert_eq!(next(&mut deals).await, "resumed missing []");
    assert_eq!(next(&mut orders).await, "resumed with a hole missing []");
    assert!(client.connections()[0].is_logged_in);
    // An unknown method has no response.
    let silent = call(&client, &PLACE, 1).timeout(std::time::Duration::from_millis(50)).await.unwrap_err();
    assert_eq!((silent.outcome(), silent.kind()), (Outcome::Unknown, ErrorKind::Timeout));
    assert_eq!(client.connections()[0].connects, 2);
}

#[tokio::test]
async fn a_wrong_secret_is_told_without_the_key() {
    let Some(program) = Program::start() else { return };
    let client = program.client(Hmac("another secret"));
    let error = list(&client, &ORDER, &["A"]).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Credentials));
    let text = format!("{error} {error:?}");
    assert!(text.contains("code 11") && !text.contains(KEY), "{text}");
}
