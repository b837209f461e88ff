//! Tests that wrong calls do not compile, and that a complete call does.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use support::Exclusive;
use venuekit_test_support::{Script, respond};
use venuekit_venues::venuekit_btse_spot::Client;
use venuekit_venues::venuekit_btse_spot::operations::GetOrderBook;

/// The messages are compared exactly, so they hold for one toolchain only: the one that
/// `rust-toolchain.toml` pins. `TRYBUILD=overwrite` accepts new messages.
#[test]
fn an_incomplete_call_does_not_compile_and_the_message_names_what_is_missing() {
    // The lock of trybuild is not enough: trybuild ignores a lock that was not renewed for 1.5
    // seconds.
    let _exclusive = Exclusive::folder("trybuild");
    trybuild::TestCases::new().compile_fail("compile_fail/*.rs");
}

/// The type of a complete operation is written without type parameters, so a struct can hold it.
struct Watch {
    book: GetOrderBook,
}

#[tokio::test]
async fn a_complete_operation_can_be_held_cloned_and_sent_again() {
    let venue = Script::new([respond(200, r#"{"symbol":"BTC-USD","timestamp":1,"buyQuote":[],"sellQuote":[]}"#)]);
    let client = Client::builder().transport(venue.clone()).build().unwrap();
    // The setters may be called in any order, and optional values may be left out.
    let watch = Watch { book: client.get_order_book().limit_asks(Some(5)).symbol("BTC-USD").group(None) };
    watch.book.clone().send().await.unwrap();
    watch.book.limit_bids(1).send().await.unwrap();
    let queries: Vec<_> = venue.sent().into_iter().map(|sent| sent.url.query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["limit_asks=5", "limit_asks=5&limit_bids=1"]);
}
