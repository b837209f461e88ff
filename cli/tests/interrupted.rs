//! Tests signals during a call, and a standard output that accepts no response. In each case, the
//! outcome of the call is reported.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::fs::File;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};

use serde_json::{Value, json};
use support::{Venue, example, file, meta, words};

use venuekit_test_support::{ScriptedResponse, Server};
const ORDER: &str = r#"{"symbol":"BTC-USD","side":"buy","type":"limit","price":1,"amount":1,"tag":"mine"}"#;

fn order(url: &str) -> Venue {
    let url = format!("{url}/spot");
    let call = words("call btse-spot place-order --timeout 600 --base-url").with([&url, "--body", ORDER]);
    call.signed(meta("btse-spot"))
}

fn cancel(url: &str) -> Venue {
    let call = words("call jex-spot cancel-order --symbol JEXBTC --order-id 17 --timeout 600 --base-url").with([url]);
    call.signed(meta("jex-spot"))
}

fn read(url: &str) -> Venue {
    words("call btse-spot get-order-book --symbol BTC-USD --timeout 600 --base-url").with([format!("{url}/spot")])
}

fn send(signal: &str, child: &Child) {
    let status = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

/// Starts the command and sends the signal when `is_time` ends. Returns the exit status and the
/// text on stderr.
async fn interrupted(venue: Venue, signal: &'static str, is_time: impl Future<Output = ()>) -> (ExitStatus, String) {
    let child = venue.started(Stdio::piped());
    is_time.await;
    send(signal, &child);
    let output = tokio::task::spawn_blocking(|| child.wait_with_output()).await.unwrap().unwrap();
    assert!(output.stdout.is_empty());
    (output.status, String::from_utf8(output.stderr).unwrap())
}

async fn received(server: &Server) {
    while server.take_requests().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_signal_during_an_order_or_a_cancel_reports_an_unknown_outcome_and_the_request() {
    let server = Server::start(ScriptedResponse::hang()).await;
    for signal in ["INT", "TERM"] {
        for (call, operation, request) in [
            (order as fn(&str) -> Venue, "placeOrder", json!({"body": serde_json::from_str::<Value>(ORDER).unwrap()})),
            (cancel, "cancelOrder", json!({"symbol": "JEXBTC", "orderId": 17})),
        ] {
            let as_json = call(&server.url()).with(["--output", "json"]);
            let (status, said) = interrupted(as_json, signal, received(&server)).await;
            let error: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(status.code(), Some(4), "{said}");
            let shown = ["outcome", "kind", "operation"].map(|name| error[name].as_str().unwrap());
            assert_eq!(shown, ["unknown", "aborted", operation], "{said}");
            assert_eq!((&error["request"], &error["attempts"]), (&request, &json!(1)), "{said}");
            assert!(error["help"].as_str().unwrap().contains("check open orders"), "{said}");
        }
        let (status, said) = interrupted(order(&server.url()), signal, received(&server)).await;
        assert_eq!(status.code(), Some(4), "{said}");
        insta::assert_snapshot!("an_order", said);
    }
}

#[tokio::test]
async fn a_signal_within_the_response_to_an_order_reports_an_unknown_outcome() {
    let server = Server::start(ScriptedResponse::new(200, "[").hang_after()).await;
    let (status, said) = interrupted(order(&server.url()), "TERM", received(&server)).await;
    assert_eq!(status.code(), Some(4), "{said}");
}

#[tokio::test]
async fn a_signal_during_a_read_reports_that_nothing_was_changed() {
    let server = Server::start(ScriptedResponse::hang()).await;
    let (status, said) = interrupted(read(&server.url()), "INT", received(&server)).await;
    assert_eq!(status.code(), Some(5), "{said}");
    assert!(said.contains("the request changed nothing") && !said.contains("request:"), "{said}");
}

#[tokio::test]
async fn a_signal_before_sending_reports_that_nothing_was_sent() {
    // The listener accepts connections and never sends, so a TLS handshake with it does not end.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    for signal in ["INT", "TERM"] {
        let (status, said) = loop {
            // The connection stays open until the test ends.
            let accepted = async { std::mem::forget(listener.accept().await.unwrap()) };
            let (status, said) = interrupted(order(&url).with(["--output", "json"]), signal, accepted).await;
            // On a busy machine the signal may arrive after the timeout for connecting.
            if !said.contains("timed out while connecting") {
                break (status, said);
            }
        };
        let error: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(status.code(), Some(3), "{said}");
        let shown = ["outcome", "kind", "help"].map(|name| error[name].as_str().unwrap());
        assert_eq!(shown, ["not_sent", "aborted", "nothing was sent"], "{said}");
    }
}

#[tokio::test]
async fn a_second_signal_ends_the_command_at_once() {
    const LONG: usize = 1 << 20;
    let server = Server::start(ScriptedResponse::hang()).await;
    // The message is longer than the buffer of a pipe that is not read, so the command waits there.
    let body = file("long-order.json", &ORDER.replace("mine", &"x".repeat(LONG))).display().to_string();
    let call = words("call btse-spot place-order --timeout 600 --base-url")
        .with([format!("{}/spot", server.url()), "--body".to_owned()]);
    let call = call.with([format!("@{body}")]).signed(meta("btse-spot"));
    for (signal, number) in [("INT", 2), ("TERM", 15)] {
        let mut child = call.started(Stdio::piped());
        received(&server).await;
        send(signal, &child);
        let mut stderr = child.stderr.take().unwrap();
        let (mut stderr, first) = tokio::task::spawn_blocking(move || {
            let mut first = [0];
            stderr.read_exact(&mut first).unwrap();
            (stderr, first)
        })
        .await
        .unwrap();
        assert_eq!(&first, b"e", "stderr does not begin with `error`");
        send(signal, &child);
        let status = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
        assert_eq!(status.signal(), Some(number), "{status}");
        let mut said = String::new();
        stderr.read_to_string(&mut said).unwrap();
        assert!(said.len() < LONG);
    }
}

fn full() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

/// Returns a pipe without a reader.
fn closed() -> std::io::PipeWriter {
    std::io::pipe().unwrap().1
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_response_that_cannot_be_written_to_stdout_is_written_to_stderr() {
    let placed = example("btse-spot", "placeOrder");
    let server = Server::start(ScriptedResponse::new(200, placed)).await;
    let expected: Value = serde_json::from_str(placed).unwrap();
    let run = |call: Venue, stdout: Stdio| async { tokio::task::spawn_blocking(|| call.run_to(stdout)).await.unwrap() };
    for more in [&["--output", "json"][..], &["--output", "json", "--raw"]] {
        for stdout in [Stdio::from(full()), Stdio::from(closed())] {
            let ran = run(order(&server.url()).with(more.iter().copied()), stdout).await.exits(7);
            let error = ran.error();
            let shown = ["outcome", "kind", "operation"].map(|name| error[name].as_str().unwrap());
            assert_eq!(shown, ["applied", "output", "placeOrder"], "{error}");
            assert_eq!(error["response"]["id"], expected["id"], "{error}");
            assert!(error["help"].as_str().unwrap().contains("do not call again"), "{error}");
        }
    }
    for output in ["pretty", "table"] {
        let said = run(order(&server.url()).with(["--output", output]), full().into()).await.exits(7).stderr;
        assert!(said.contains("outcome: applied") && said.contains(expected["id"].as_str().unwrap()), "{said}");
    }
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_read_into_a_closed_pipe_succeeds_and_into_a_full_device_fails() {
    let book = example("btse-spot", "getOrderBook");
    let server = Server::start(ScriptedResponse::new(200, book)).await;
    let run = |stdout: Stdio| {
        let call = read(&server.url());
        async { tokio::task::spawn_blocking(|| call.run_to(stdout)).await.unwrap() }
    };
    assert_eq!(run(closed().into()).await.exits(0).stderr, "");
    let said = run(full().into()).await.exits(7).stderr;
    assert!(said.contains("response: {") && said.contains("the request changed nothing"), "{said}");
    words("list").run_to(closed()).exits(0);
    let ran = words("list").run_to(full()).exits(7);
    assert!(ran.stderr.contains("standard output cannot be written"), "{}", ran.stderr);
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_failure_is_reported_even_if_stdout_does_not_take_the_body() {
    for (status, code) in [(400, 1), (503, 4)] {
        let server =
            Server::start(ScriptedResponse::new(status, r#"{"errorCode":-1121,"message":"no such market"}"#)).await;
        let call = order(&server.url()).with(["--raw", "--output", "json"]);
        let ran = tokio::task::spawn_blocking(|| call.run_to(full())).await.unwrap().exits(code);
        assert_eq!(ran.error()["message"], "no such market");
    }
}

/// A shell closes stdout, and Rust opens the null device in its place.
#[tokio::test]
async fn an_order_whose_stdout_was_closed_from_the_beginning_tells_its_outcome_on_stderr() {
    let placed = example("btse-spot", "placeOrder");
    let id = serde_json::from_str::<Value>(placed).unwrap()["id"].as_str().unwrap().to_owned();
    let server = Server::start(ScriptedResponse::new(200, placed)).await;
    for (redirection, is_told) in [(">&-", true), ("> /dev/null", false)] {
        let mut shell = Command::new("sh");
        let script = format!("exec \"$0\" \"$@\" {redirection}");
        let url = format!("{}/spot", server.url());
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_venue"), "call", "btse-spot", "place-order"]);
        shell.args(["--timeout", "600", "--base-url", &url, "--body", ORDER]);
        shell.env("BTSE_SPOT_KEY", support::KEY).env("BTSE_SPOT_SECRET", support::SECRET);
        let output = tokio::task::spawn_blocking(move || shell.output()).await.unwrap().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(
            said.contains("was carried out, and standard output is closed") && said.contains(&id),
            is_told,
            "{said}"
        );
        assert!(is_told || said.is_empty(), "{said}");
    }
}

/// Elements of the batch that failed were not carried out.
#[tokio::test]
async fn a_batch_that_failed_in_part_with_a_closed_stdout_was_answered() {
    let body = r#"[{"success":true,"code":0,"msg":"a"},{"success":false,"code":-9,"msg":"b"}]"#;
    let server = Server::start(ScriptedResponse::new(200, body)).await;
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec \"$0\" \"$@\" >&-", env!("CARGO_BIN_EXE_venue"), "call", "btse-spot", "cancel-order"]);
    let url = format!("{}/spot", server.url());
    shell.args(["--timeout", "600", "--base-url", &url, "--body", r#"{"order_id":"a","symbol":"BTC-USD"}"#]);
    shell.env("BTSE_SPOT_KEY", support::KEY).env("BTSE_SPOT_SECRET", support::SECRET);
    let output = tokio::task::spawn_blocking(move || shell.output()).await.unwrap().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(8), "{said}");
    assert!(said.contains("cancel-order was answered, and standard output is closed"), "{said}");
    assert!(!said.contains("was carried out,"), "{said}");
}
