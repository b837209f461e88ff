//! Runs the program against the mock venue.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use venuekit_mock::MockVenue;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_comes_for_each_change_of_a_book() {
    let mock = MockVenue::start("excore-ws").await.unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_books"));
    program.args([mock.url(), "BTC_USDT"]).stdout(Stdio::piped());
    let lines = tokio::task::spawn_blocking(move || {
        let mut child = program.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().take(3).map(Result::unwrap);
        let lines: Vec<String> = lines.collect();
        child.kill().unwrap();
        child.wait().unwrap();
        lines
    })
    .await
    .unwrap();
    assert!(lines[0].starts_with("time,market,event,"), "{lines:?}");
    assert!(lines[1].contains(",BTC_USDT,snapshot,"), "{lines:?}");
}
