//! Tests `venue watch` against the mock venue over a real socket.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::{KEY, SECRET, Venue, file, meta, private_file, words};
use venuekit_mock::{Fault, MockVenue};
use venuekit_test_support::{RefusingPort, ScriptedResponse, Server, patiently};

async fn mock() -> MockVenue {
    faulty(&[]).await
}

async fn faulty(faults: &[&str]) -> MockVenue {
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap());
    let mock = MockVenue::builder("excore-ws").key(KEY, SECRET).stream_interval(Duration::from_millis(10));
    mock.limits(false).faults(faults).start().await.unwrap()
}

/// Reads this number of lines, interrupts the command, and returns the lines and the exit code.
async fn watched(venue: Venue, count: usize) -> (Vec<String>, Option<i32>, String) {
    tokio::task::spawn_blocking(move || {
        let mut child = venue.started(Stdio::piped());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let read: Vec<String> = lines.by_ref().take(count).map(Result::unwrap).collect();
        assert!(Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status().unwrap().success());
        lines.for_each(drop);
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (read, child.wait().unwrap().code(), stderr)
    })
    .await
    .unwrap()
}

/// Returns the logins by a method that the mock has got.
fn logins(mock: &MockVenue, method: &str) -> Vec<Value> {
    let bodies = mock.requests().into_iter().filter_map(|request| serde_json::from_slice::<Value>(&request.body).ok());
    bodies.filter(|body| body["method"] == method).collect()
}

#[tokio::test]
async fn each_event_is_a_line_and_an_interrupt_ends_the_subscription_at_the_venue() {
    let mock = mock().await;
    let watch = words("watch excore-ws depth --market BTC_USDT --limit 5 --interval 0 --base-url").with([mock.url()]);
    let (lines, code, stderr) = watched(watch, 5).await;
    assert_eq!((code, lines.len()), (Some(0), 5), "{stderr}");
    for (index, line) in lines.iter().enumerate() {
        let event: Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["event"], if index == 0 { "snapshot" } else { "update" }, "{line}");
        assert_eq!(event["value"][2], "BTC_USDT", "{line}");
    }
    let bodies: Vec<String> =
        mock.requests().iter().map(|request| String::from_utf8(request.body.clone()).unwrap()).collect();
    assert!(bodies.iter().any(|body| body.contains("depth.unsubscribe")), "{bodies:#?}");
}

#[tokio::test]
async fn a_market_in_a_form_that_the_venue_does_not_use_gets_a_hint_if_nothing_comes() {
    let silent = faulty(&["stall,on=notifications"]).await;
    let watch = words("watch excore-ws depth --market LTC-USDT --limit 5 --interval 0 --base-url").with([silent.url()]);
    let first = tokio::task::spawn_blocking(move || {
        let mut child = watch.started(Stdio::null());
        let line = BufReader::new(child.stderr.take().unwrap()).lines().next().unwrap().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        line
    });
    let hint = "the document of excore-ws writes markets as in `LTC_USDT`, and not as in `LTC-USDT`";
    assert_eq!(first.await.unwrap(), format!("note: nothing came so far; {hint}"));
    let mock = mock().await;
    let known = words("watch excore-ws depth --market BTC_USDT --limit 5 --interval 0 --base-url").with([mock.url()]);
    let (_, code, stderr) = watched(known, 2).await;
    assert!(code == Some(0) && !stderr.contains("writes markets"), "{stderr}");
}

#[tokio::test]
async fn a_closed_pipe_ends_the_subscription_and_the_command() {
    let mock = mock().await;
    for output in ["json", "table"] {
        let line = format!("watch excore-ws price --markets A_B --output {output} --base-url");
        let watch = words(&line).with([mock.url()]);
        let read_one = move || {
            let mut child = watch.started(Stdio::piped());
            let first = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
            (first, child.wait().unwrap().code())
        };
        let (first, code) = tokio::task::spawn_blocking(read_one).await.unwrap();
        assert_eq!((first.contains("snapshot"), code), (true, Some(0)), "{output}: {first}");
    }
}

#[tokio::test]
async fn a_private_subscription_takes_the_credentials_of_the_environment() {
    let mock = mock().await;
    let watch = words("watch excore-ws balance --assets USDT --base-url").with([mock.url()]);
    let (lines, code, stderr) = watched(watch.signed(meta("excore-ws")), 2).await;
    assert_eq!((code, lines.len()), (Some(0), 2), "{stderr}");
    assert!(lines[0].contains("available"), "{lines:?}");
    assert!(!stderr.contains(SECRET) && !stderr.contains(KEY), "{stderr}");
}

#[tokio::test]
async fn verbose_shows_the_messages_without_key_secret_and_signature() {
    let mock = mock().await;
    let watch = words("watch excore-ws balance --assets USDT -v --base-url").with([mock.url()]);
    let (_, code, stderr) = watched(watch.signed(meta("excore-ws")), 2).await;
    assert_eq!(code, Some(0), "{stderr}");
    let call = words("call excore-ws asset-query -v --base-url").with([mock.url()]).signed(meta("excore-ws"));
    let called = call.ran().await.exits(0).stderr;
    for (shown, method) in [(&stderr, "balance.subscribe"), (&called, "asset.query")] {
        let lines = |mark: &str, part: &str| shown.lines().any(|line| line.starts_with(mark) && line.contains(part));
        assert!(lines("> {", "server.sign") && lines("> {", method) && lines("< {", "result"), "{shown}");
        assert!(lines("> {", "***"), "{shown}");
        assert!(!shown.contains(SECRET) && !shown.contains(KEY), "{shown}");
    }
    let mut signatures = 0;
    for body in logins(&mock, "server.sign") {
        let signature = body["params"][1].as_str().unwrap();
        assert!(signature.len() > 20 && !stderr.contains(signature) && !called.contains(signature), "{signature}");
        signatures += 1;
    }
    assert_eq!(signatures, 2);
}

#[tokio::test]
async fn a_token_logs_in_and_is_never_shown() {
    let mock = mock().await;
    // The token of the mock is the secret.
    let token = private_file("excore.token", &format!("{SECRET}\n")).display().to_string();
    let with_profile = |text: &str, name: &str| {
        let text = format!("profile = \"a\"\n[profiles.a.venues.excore-ws]\n{text}\n");
        ("VENUE_CONFIG", file(name, &text).display().to_string())
    };
    let by_file = with_profile(&format!("token-file = \"{token}\"\ntoken-source = \"bot\""), "token-file.toml");
    let by_command = with_profile(&format!("credential-command = [\"cat\", \"{token}\"]"), "token-command.toml");
    for (name, value, source) in [
        ("EXCORE_WS_TOKEN", SECRET.to_owned(), "web"),
        ("EXCORE_WS_TOKEN_FILE", token.clone(), "web"),
        (by_file.0, by_file.1, "bot"),
        (by_command.0, by_command.1, "web"),
    ] {
        mock.take_requests();
        let call = words("call excore-ws asset-query -v --base-url").with([mock.url()]).env("PATH", "/usr/bin:/bin");
        let ran = call.env(name, value).ran().await.exits(0);
        assert!(!ran.stderr.contains(SECRET) && !ran.stdout.contains(SECRET), "{name}: {}", ran.stderr);
        let bodies = logins(&mock, "server.auth");
        assert_eq!(bodies.len(), 1, "{name}");
        assert_eq!(bodies[0]["params"], serde_json::json!([SECRET, source]), "{name}");
    }
    let both = words("call excore-ws asset-query --base-url").with([mock.url()]).env("EXCORE_WS_TOKEN", SECRET);
    let both = both.env("EXCORE_WS_KEY", KEY).ran().await.exits(3);
    both.says("both EXCORE_WS_TOKEN and EXCORE_WS_KEY are set");
    let none = words("call btse-spot get-account").env("BTSE_SPOT_TOKEN", SECRET).ran().await.exits(3);
    none.says("BTSE_SPOT_TOKEN is set, but btse-spot has no login with a token");
}

#[tokio::test]
async fn a_refused_login_asks_for_the_key_and_the_secret() {
    let mock = mock().await;
    for command in ["watch excore-ws balance --assets USDT", "call excore-ws asset-query --retries 0"] {
        let command = words(command).with(["--base-url", mock.url()]);
        let command = command.env("EXCORE_WS_KEY", KEY).env("EXCORE_WS_SECRET", "another");
        let ran = command.ran().await.exits(3);
        assert!(ran.stderr.contains("code 11"), "{}", ran.stderr);
        assert!(ran.stderr.contains("help: check the key and the secret"), "{}", ran.stderr);
    }
}

/// A subscription waits for its connection until its time has run out.
#[tokio::test]
async fn a_failed_connection_is_told_with_its_cause() {
    let port = RefusingPort::new();
    let refusing = format!("ws://127.0.0.1:{}/", port.port());
    let http = Server::start(ScriptedResponse::new(404, "no such page")).await;
    let elsewhere = http.url().replace("http:", "ws:");
    for (url, cause, help) in [
        (refusing, "onnection refused", "check that the host can be reached"),
        (elsewhere, "HTTP error: 404 Not Found", "the server opens no WebSocket at this address"),
    ] {
        for line in ["watch excore-ws price --markets A_B", "call excore-ws price-query --market A_B"] {
            let ran = patiently(async |timeout| {
                let ran = words(line).with(["--base-url", &*url]).within(timeout).ran().await.exits(3);
                ran.stderr.contains(cause).then_some(ran)
            })
            .await;
            assert!(ran.stderr.contains(help), "{line}: {}", ran.stderr);
        }
    }
}

#[tokio::test]
async fn a_subscription_that_ends_by_an_error_fails_the_command() {
    let mock = faulty(&["drop,on=notifications,after=3,times=1", "refuse-login,after=1"]).await;
    let watch = words("watch excore-ws balance --assets USDT --base-url").with([mock.url()]);
    let ran = watch.signed(meta("excore-ws")).ran().await.exits(3);
    let events: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().rev().take(2).map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["error", "interrupted"], "{}", ran.stdout);
    assert!(ran.stderr.contains("login"), "{}", ran.stderr);
}

#[tokio::test]
async fn a_silence_is_an_event_after_the_time_of_the_option() {
    let mock = faulty(&["stall,on=notifications"]).await;
    let watch = words("watch excore-ws depth --market A_B --limit 5 --interval 0 --stale-after 0.2 --base-url");
    let (lines, code, stderr) = watched(watch.with([mock.url()]), 1).await;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(lines[0].starts_with(r#"{"event":"stale""#), "{lines:?}");
    words("watch excore-ws price --markets A_B --stale-after 0").ran().await.exits(2);
}

#[tokio::test]
async fn a_table_of_a_change_has_the_name_of_the_event() {
    let mock = mock().await;
    let watch = words("watch excore-ws depth --market BTC_USDT --limit 5 --interval 0 -o table --base-url");
    let (lines, code, stderr) = watched(watch.with([mock.url()]), 40).await;
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(lines[0], "snapshot", "{lines:?}");
    assert!(lines.iter().any(|line| line == "update"), "{lines:?}");
}

/// Runs a command on a terminal of its own, until its output has a text this many times. Then it
/// presses Ctrl-C, and returns the output and the exit code; `None` without python3.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
async fn on_a_terminal(arguments: Vec<String>, text: &'static str, count: usize) -> Option<(String, Option<i32>)> {
    const SPAWN: &str = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let run = move || {
        let mut python = Command::new("python3");
        python.args(["-c", SPAWN, env!("CARGO_BIN_EXE_venue")]).args(arguments);
        let mut child = match python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                eprintln!("skipped: a terminal needs python3, and it is not installed");
                return None;
            }
            Err(error) => panic!("{error}"),
        };
        let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (mut shown, mut piece) = (String::new(), [0; 4096]);
        while shown.matches(text).count() < count {
            let length = stdout.read(&mut piece).unwrap();
            assert!(length > 0, "the command ended: {shown}");
            shown.push_str(&String::from_utf8_lossy(&piece[..length]));
        }
        stdin.write_all(b"\x03").unwrap();
        stdout.read_to_string(&mut shown).unwrap();
        Some((shown, child.wait().unwrap().code()))
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test]
async fn on_a_terminal_a_table_of_states_is_drawn_over_and_ctrl_c_unsubscribes() {
    const CLEAR: &str = "\x1b[H\x1b[J";
    let mock = mock().await;
    let arguments = |family: &str| {
        let line = format!("watch excore-ws {family} --output table --base-url {}", mock.url());
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    let Some((shown, code)) = on_a_terminal(arguments("price --markets A_B"), CLEAR, 3).await else { return };
    assert_eq!(code, Some(0), "{shown}");
    let screens: Vec<&str> = shown.split(CLEAR).collect();
    // Each screen begins anew with the name of the event, and has the whole state.
    assert_eq!(screens[0].trim(), "", "{shown}");
    assert!(screens[1].starts_with("snapshot") && screens[1].contains("A_B"), "{shown}");
    assert!(screens[2].starts_with("update") && screens[2].contains("A_B"), "{shown}");
    let is_unsubscribe = |body: &[u8]| String::from_utf8_lossy(body).contains("price.unsubscribe");
    assert!(mock.requests().iter().any(|request| is_unsubscribe(&request.body)));
    // A change of a book is shown below the book that it changes.
    let depth = arguments("depth --market A_B --limit 5 --interval 0");
    let Some((shown, code)) = on_a_terminal(depth, "update", 3).await else { return };
    assert_eq!((code, shown.matches(CLEAR).count()), (Some(0), 1), "{shown}");
}

#[tokio::test]
async fn without_a_terminal_a_table_is_not_drawn_over() {
    let mock = mock().await;
    let watch = words("watch excore-ws price --markets A_B --output table --base-url").with([mock.url()]);
    let (lines, code, stderr) = watched(watch, 2).await;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(!lines.concat().contains('\x1b'), "{lines:?}");
}

#[tokio::test]
async fn a_family_that_does_not_exist_is_a_usage_error() {
    let ran = words("watch excore-ws depths --market A_B").ran().await.exits(2);
    assert!(ran.stderr.contains("depth"), "{}", ran.stderr);
}
