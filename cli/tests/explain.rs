//! Tests `venue explain`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use serde_json::Value;
use support::{venue, words};
use venuekit_venues::VENUES;

#[test]
fn an_operation_is_explained_with_what_to_do_if_its_outcome_is_unknown() {
    insta::assert_snapshot!("order", words("explain btse-spot place-order").run().exits(0).stdout);
    insta::assert_snapshot!("read", words("explain jex-spot get-klines").run().exits(0).stdout);
    insta::assert_snapshot!("rpc_cancel_json", words("explain excore order-cancel -o pretty").run().exits(0).stdout);
    let csv = words("explain btse-spot get-order-book -o csv --columns flag,need").run().exits(0).stdout;
    assert!(csv.contains("\n--symbol,required\n"), "{csv}");
}

#[test]
fn every_operation_can_be_explained_and_the_json_agrees_with_the_spec() {
    for meta in VENUES {
        let operation = &meta.operations[meta.operations.len() / 2].operation;
        let explained = venue(["explain", meta.venue.name(), operation.id(), "-o", "json"]).run().exits(0).stdout;
        let explained: Value = serde_json::from_str(&explained).unwrap();
        assert_eq!((&explained["id"], &explained["venue"]), (&operation.id().into(), &meta.venue.name().into()));
        assert_eq!(explained["moves_funds"], operation.moves_funds());
        assert_eq!(explained["limits"].as_array().unwrap().len(), operation.limits().len(), "{explained}");
        assert!(!explained["unknown_outcome"]["next"].as_array().unwrap().is_empty());
        let text = venue(["explain", meta.venue.name(), operation.id()]).run().exits(0).stdout;
        for title in ["Route", "Credentials", "Rate limits", "If the outcome is unknown", "Errors", "Example"] {
            assert!(text.contains(&format!("\n{title}\n")), "{text}");
        }
    }
}

#[test]
fn a_mistyped_operation_is_an_error_that_suggests_the_nearest() {
    words("explain btse-spot get-orderbook").run().exits(2).says("'get-order-book'");
    words("explain btse-spt").run().exits(2).says("'btse-spot'");
    words("explain btse-spot").run().exits(2).says("Usage: venue");
}
