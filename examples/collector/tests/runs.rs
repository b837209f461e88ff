//! Runs the program against the mock venue.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use venuekit_mock::MockVenue;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn books_are_lines_of_csv_and_the_use_of_the_limits_is_told() {
    let mock = MockVenue::start("jex-spot").await.unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_collector"));
    program.args([mock.url(), "JEXBTC"]);
    let output = tokio::task::spawn_blocking(move || program.output()).await.unwrap().unwrap();
    let (stdout, stderr) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stdout.lines().filter(|line| line.starts_with("JEXBTC,")).count(), 3, "{stdout}");
    assert!(stderr.contains(" of ") && stderr.contains(" in "), "{stderr}");
}
