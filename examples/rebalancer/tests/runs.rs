//! Runs the program against two mock venues.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::process::Command;

use venuekit_mock::MockVenue;

/// Runs the program with these known orders. Returns whether it succeeded, stdout and stderr.
async fn run(btse: &MockVenue, altmarket: &MockVenue, known: &[String]) -> (bool, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rebalancer"));
    program.args([btse.url(), altmarket.url()]).args(known);
    for (prefix, mock) in [("BTSE_SPOT", btse), ("ALTMARKET", altmarket)] {
        program.env(format!("{prefix}_KEY"), mock.key()).env(format!("{prefix}_SECRET"), mock.secret());
    }
    let output = tokio::task::spawn_blocking(move || program.output()).await.unwrap().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_order_is_named_and_a_run_that_knows_it_goes_on() {
    let (btse, altmarket) =
        (MockVenue::start("btse-spot").await.unwrap(), MockVenue::start("altmarket").await.unwrap());
    // Each mock has an open order.
    let mut known: Vec<String> = Vec::new();
    let stdout = loop {
        let (is_done, stdout, reason) = run(&btse, &altmarket, &known).await;
        if is_done {
            break stdout;
        }
        assert!(reason.contains("OpenOrders"), "{stdout}{reason}");
        let order = reason.split('"').nth(1).unwrap_or_else(|| panic!("{reason}")).to_owned();
        assert!(!known.contains(&order), "{reason}");
        known.push(order);
    };
    assert!(!known.is_empty());
    // The use of the rate limits is told at the end.
    assert!(stdout.lines().count() > 1 && stdout.contains(" of "), "{stdout}");
}
