//! Tests `venue mock --record` and `--replay`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![cfg(unix)]

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use support::{KEY, SECRET, Venue, file, meta, private_file, venue, words};
use venuekit_mock::MockVenue;
use venuekit_test_support::{LONG, ScriptedResponse, Server};

/// A running command, and the URL that it printed.
struct Running(Child, String);

impl Running {
    fn start(command: &Venue) -> Self {
        let mut child = command.started(Stdio::piped());
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().last().unwrap_or_else(|| panic!("it printed no URL")).to_owned();
        Self(child, url)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn path(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}.jsonl", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_url_of_a_recorder_and_of_a_replay_has_the_format_that_the_user_asks_for() {
    let file = path("formats");
    std::fs::write(&file, "").unwrap();
    let file = file.to_str().unwrap();
    let record = ["mock", "btse-spot", "--base-url", "http://127.0.0.1:9/spot", "--record", file];
    for arguments in [&record[..], &["mock", "btse-spot", "--replay", file]] {
        let running = Running::start(&venue(arguments.iter().copied()).with(["-o", "json"]));
        let printed: serde_json::Value = serde_json::from_str(&running.1).unwrap();
        assert_eq!(printed[0]["venue"], "btse-spot", "{printed}");
        assert!(printed[0]["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{printed}");
        let running = Running::start(&venue(arguments.iter().copied()).with(["--columns", "url"]));
        assert_eq!(running.1.to_lowercase(), "url");
        venue(arguments.iter().copied()).with(["--columns", "key"]).run().exits(2).says("--columns");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_recorded_is_replayed_without_the_venue_and_the_file_has_no_secret() {
    for (name, lines) in [
        (
            "btse-spot",
            &[
                "get-account",
                "get-order-book --symbol BTC-USD --limit-asks 1",
                "place-order --symbol BTC-USD --side BUY --type LIMIT --price 8500.50 --amount 0.002",
            ][..],
        ),
        ("jex-spot", &["get-account", "get-open-orders --symbol JEXBTC"]),
        ("altmarket", &["get-balances", "get-open-orders"]),
        ("anboto", &["get-open-orders"]),
        ("excore", &["asset-list --offset 0 --limit 1"]),
    ] {
        let meta = meta(name);
        let mock = MockVenue::builder(name).key(KEY, SECRET).limits(false).start().await.unwrap();
        let file = path(name);
        let record = venue(["mock", name, "--record", file.to_str().unwrap(), "--base-url", mock.url()]).signed(meta);
        let calls = |url: &str| -> Vec<Venue> {
            let call = |line: &&str| {
                words("call").with([name]).with(line.split_whitespace()).with([
                    "--base-url",
                    url,
                    "-o",
                    "json",
                    "--retries",
                    "0",
                ])
            };
            lines.iter().map(call).map(|call| call.signed(meta).within(LONG)).collect()
        };
        let mut recorded = Vec::new();
        {
            let running = Running::start(&record);
            for call in calls(&running.1) {
                recorded.push(call.ran().await.exits(0).stdout);
            }
        }
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text.lines().count(), lines.len(), "{name}: {text}");
        for secret in [KEY, SECRET] {
            assert!(!text.contains(secret), "{name}: {text}");
        }
        let signature = |word: &&str| word.len() >= 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let words_of = text.split(|c: char| !c.is_ascii_alphanumeric());
        assert_eq!(words_of.filter(signature).collect::<Vec<_>>(), Vec::<&str>::new(), "{name}: {text}");
        drop(mock);
        let running = Running::start(&venue(["mock", name, "--replay", file.to_str().unwrap()]));
        for (call, recorded) in calls(&running.1).into_iter().zip(recorded) {
            assert_eq!(call.ran().await.exits(0).stdout, recorded, "{name}");
        }
    }
}

#[test]
fn recordings_of_several_venues_or_into_nothing_are_refused() {
    for (line, reason) in [
        ("mock --record x --base-url http://127.0.0.1:1", "are for one venue"),
        ("mock btse-spot jex-spot --replay x", "are for one venue"),
        ("mock excore-ws --replay x", "is called over a WebSocket"),
        ("mock btse-spot --record x", "--base-url <URL>"),
        ("mock btse-spot --base-url http://127.0.0.1:1/spot", "--record <FILE>"),
        ("mock btse-spot --replay no/such/file", "no/such/file"),
        ("mock btse-spot --record target/x --base-url https://a.example", "the path has to end with `/spot`"),
    ] {
        words(line).run().exits(2).says(reason);
    }
}

/// The recorder reads the credentials of the profile, so that it can cut them out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_recording_has_no_credential_of_a_profile_in_any_form() {
    use base64::Engine as _;
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{KEY}:{SECRET}"));
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
    let echo = format!(r#"{{"errorCode":-1121,"message":"{basic} {hex} {SECRET} {}"}}"#, KEY.to_uppercase());
    let server = Server::start(ScriptedResponse::new(400, &*echo)).await;
    let both = private_file("recorded.both", &format!("{KEY}\n{SECRET}\n"));
    let config = file(
        "recorded.toml",
        &format!(
            "profile = \"a\"\n[profiles.a.venues.btse-spot]\ncredential-command = [\"cat\", \"{}\"]\n",
            both.display()
        ),
    );
    let recording = path("of-a-profile");
    let url = format!("{}/spot", server.url());
    let record = venue(["mock", "btse-spot", "--record", recording.to_str().unwrap(), "--base-url", &url]);
    let running = Running::start(&record.env("VENUE_CONFIG", config.to_str().unwrap()).env("PATH", "/usr/bin:/bin"));
    let book =
        words("call btse-spot get-order-book --symbol").with([hex.as_str(), "--base-url", &running.1]).within(LONG);
    // The client knows the credentials too, so that its error does not show them.
    book.signed(meta("btse-spot")).ran().await.exits(1);
    let text = std::fs::read_to_string(&recording).unwrap();
    for form in [&*basic, &hex, SECRET, KEY, &KEY.to_uppercase()] {
        assert!(!text.contains(form), "{form}: {text}");
    }
    assert!(text.contains("***"), "{text}");
    // Without the credentials nothing is recorded, because they could not be cut out.
    let config =
        file("recorded-not.toml", "profile = \"a\"\n[profiles.a.venues.btse-spot]\ncredential-command = [\"false\"]\n");
    let record = venue(["mock", "btse-spot", "--record", recording.to_str().unwrap(), "--base-url", &url]);
    let ran = record.env("VENUE_CONFIG", config.to_str().unwrap()).env("PATH", "/usr/bin:/bin").ran().await.exits(3);
    let ran = ran.says("the credential command `false` of the profile `a` (credential-command in line 3 of ");
    ran.says(") failed");
}

#[test]
fn the_recording_of_another_venue_is_refused_with_both_names() {
    let exchange = |venue: &str, operation: &str| {
        format!(
            r#"{{{venue}"operation":"{operation}","method":"GET","path":"/x","query":[],"body":"","status":200,"headers":[],"response":"[]"}}"#
        )
    };
    let replay = |text: String| {
        let recording = file("another-venue.jsonl", &text);
        venue(["mock", "btse-spot", "--replay", recording.to_str().unwrap()]).run().exits(2)
    };
    replay(exchange(r#""venue":"jex-spot","#, "getAccount"))
        .says("this is a recording of jex-spot, and not of btse-spot");
    // An earlier recording has no name, but the operations tell.
    replay(exchange("", "getDepth")).says("this is not a recording of btse-spot, which has no operation `getDepth`");
}
