//! Tests that no failure shows a credential, wherever it stands and in whatever form.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use support::{KEY, Ran, SECRET, Venue, example, meta, words};
use venuekit_test_support::{LONG, ScriptedResponse, Server};

/// The secret in the forms in which a value may hold it.
fn forms() -> Vec<String> {
    vec![
        SECRET.to_owned(),
        SECRET.to_uppercase(),
        SECRET.replace('-', "%2D"),
        SECRET.replace('-', "\\u002d"),
        SECRET.replace('-', "%252D"),
        STANDARD.encode(SECRET),
        STANDARD.encode(format!("{KEY}:{SECRET}")),
        URL_SAFE_NO_PAD.encode(format!("x{SECRET}y")),
        SECRET.bytes().map(|byte| format!("{byte:02x}")).collect(),
    ]
}

fn call(server: &Server, line: &str) -> Venue {
    let name = line.split(' ').next().unwrap();
    let url = format!("{}{}", server.url(), meta(name).venue.base_path());
    words("call")
        .with(line.split_whitespace())
        .with(["--base-url", &url, "--retries", "0"])
        .signed(meta(name))
        .within(LONG)
}

#[track_caller]
fn assert_hidden(ran: &Ran, form: &str) {
    for text in [&ran.stdout, &ran.stderr] {
        // `{:?}` and JSON escape a backslash once more.
        for shown in [form.to_owned(), form.replace('\\', "\\\\")] {
            assert!(!text.contains(&shown), "`{form}` in {text}");
        }
    }
}

const OUTPUTS: [&[&str]; 3] = [&[], &["-o", "json"], &["-v", "--explain"]];

#[tokio::test]
async fn no_failure_shows_a_credential_that_a_value_of_the_request_holds() {
    let server = Server::start(ScriptedResponse::close()).await;
    for form in forms() {
        for output in OUTPUTS {
            let tag = ["--tag", &*form];
            let order = "btse-spot place-order --symbol BTC-USD --side BUY --type LIMIT --price 8500.50 --amount 0.1";
            let ran = call(&server, order).with(tag).with(output.iter().copied()).ran().await.exits(4);
            assert_hidden(&ran, &form);
            // The other values of the request stay, with their digits.
            assert!(ran.stderr.contains("***") && ran.stderr.contains("8500.50"), "{form}: {}", ran.stderr);
            let cancel = call(&server, "jex-spot cancel-order --order-id 17").with(["--symbol", &*form]);
            let ran = cancel.with(output.iter().copied()).ran().await.exits(4);
            assert_hidden(&ran, &form);
            assert!(ran.stderr.contains("17"), "{}", ran.stderr);
        }
    }
}

#[tokio::test]
async fn no_failure_of_a_public_operation_or_of_the_command_line_shows_a_credential() {
    let refusal = |form: &str| format!(r#"{{"errorCode":-1121,"message":"no market {}"}}"#, form.replace('\\', "\\\\"));
    for form in forms() {
        let server = Server::start(ScriptedResponse::new(400, refusal(&form))).await;
        for output in OUTPUTS {
            let read = call(&server, "btse-spot get-order-book").with(["--symbol", &*form]);
            let ran = read.with(output.iter().copied()).ran().await.exits(1);
            assert_hidden(&ran, &form);
            let number = call(&server, "btse-spot get-order-book --symbol X").with(["--limit-asks", &*form]);
            let ran = number.with(output.iter().copied()).ran().await.exits(2);
            assert_hidden(&ran, &form);
        }
        // The raw body of a failure has no credential either.
        let raw = call(&server, "btse-spot get-order-book --symbol X --raw").ran().await.exits(1);
        assert_hidden(&raw, &form);
        assert!(raw.stdout.contains("no market ") && raw.stdout.contains("***"), "{}", raw.stdout);
    }
}

#[tokio::test]
async fn a_batch_that_failed_in_part_shows_no_credential_and_a_success_is_unchanged() {
    let element = |code: i32| format!(r#"{{"success":{},"code":{code},"msg":"of {SECRET}"}}"#, code == 0);
    let cancel = |server: &Server| {
        call(server, "btse-spot cancel-order").with(["--body", r#"{"order_id":"a","symbol":"BTC-USD"}"#])
    };
    for more in [&[][..], &["--raw"], &["-o", "table"], &["-o", "json"]] {
        let body = format!("[{},{}]", element(0), element(-9));
        let server = Server::start(ScriptedResponse::new(200, body)).await;
        let ran = cancel(&server).with(more.iter().copied()).ran().await.exits(8);
        assert!(ran.stdout.contains("of ***"), "{}", ran.stdout);
    }
    // The program that asked for the response gets it as it is: here the key, not the secret.
    let account = example("btse-spot", "getAccount").replace("BTC", KEY);
    let server = Server::start(ScriptedResponse::new(200, account)).await;
    let ran = call(&server, "btse-spot get-account").ran().await.exits(0);
    assert!(ran.stdout.contains(KEY), "{}", ran.stdout);
}

#[tokio::test]
#[cfg(unix)]
async fn a_response_that_cannot_be_written_shows_no_credential() {
    let mut placed: serde_json::Value = serde_json::from_str(example("btse-spot", "placeOrder")).unwrap();
    placed["id"] = SECRET.into();
    let server = Server::start(ScriptedResponse::new(200, placed.to_string())).await;
    let order = r#"{"symbol":"BTC-USD","side":"BUY","type":"LIMIT","price":1,"amount":1}"#;
    for output in ["json", "pretty"] {
        let call = call(&server, "btse-spot place-order").with(["--body", order, "-o", output]);
        let closed = std::io::pipe().unwrap().1;
        let ran = tokio::task::spawn_blocking(move || call.run_to(closed)).await.unwrap().exits(7);
        assert!(ran.stderr.contains("applied"), "{}", ran.stderr);
        assert_hidden(&ran, SECRET);
        assert!(ran.stderr.contains(r#""***""#), "{}", ran.stderr);
    }
}
