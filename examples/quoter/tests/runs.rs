//! Runs the program against the mock venue.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use venuekit_mock::MockVenue;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_order_stays_open() {
    let mock = MockVenue::start("btse-spot").await.unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_quoter"));
    program.arg(mock.url()).env("BTSE_SPOT_KEY", mock.key()).env("BTSE_SPOT_SECRET", mock.secret());
    let output = tokio::task::spawn_blocking(move || program.output()).await.unwrap().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert!(mock.orders().iter().all(|order| !order.is_open), "{:?}", mock.orders());
    assert_eq!(mock.orders().len(), 6);
}
