//! Tests `venue mock --record` and `--replay`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![cfg(unix)]

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use support::{KEY, SECRET, Venue, meta, venue, words};
use venuekit_mock::MockVenue;
use venuekit_test_support::LONG;

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
