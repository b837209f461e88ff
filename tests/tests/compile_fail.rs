//! The errors of the compiler for calls that are not complete, and calls that it accepts.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use support::Exclusive;
use venuekit_test_support::{Script, answer};
use venuekit_venues::venuekit_btse_spot::Client;
use venuekit_venues::venuekit_btse_spot::operations::GetOrderBook;

/// The messages are compared word by word: they are of the toolchain that `rust-toolchain.toml`
/// pins. `TRYBUILD=overwrite` accepts new ones.
#[test]
fn an_incomplete_call_does_not_compile_and_the_message_names_what_is_missing() {
    // trybuild has a lock of its own, but takes it for abandoned after a second and a half without
    // news.
    let _exclusive = Exclusive::folder("trybuild");
    trybuild::TestCases::new().compile_fail("compile_fail/*.rs");
}

/// A complete operation has a name without parameters, so that it can be held.
struct Watch {
    book: GetOrderBook,
}

#[tokio::test]
async fn a_complete_operation_can_be_held_cloned_and_sent_again() {
    let venue = Script::of([answer(200, r#"{"symbol":"BTC-USD","timestamp":1,"buyQuote":[],"sellQuote":[]}"#)]);
    let client = Client::builder().transport(venue.clone()).build().unwrap();
    // The order of the calls does not matter; what may be absent may be absent.
    let watch = Watch { book: client.get_order_book().limit_asks(Some(5)).symbol("BTC-USD").group(None) };
    watch.book.clone().send().await.unwrap();
    watch.book.limit_bids(1).send().await.unwrap();
    let queries: Vec<_> = venue.sent().into_iter().map(|sent| sent.url.query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["limit_asks=5", "limit_asks=5&limit_bids=1"]);
}
