//! Tests that wrong calls do not compile.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../tests/support/mod.rs"]
mod support;

use support::Exclusive;

/// The messages are compared exactly, so they hold for one toolchain only: the one that
/// `rust-toolchain.toml` pins. `TRYBUILD=overwrite` accepts new messages.
#[test]
fn an_incomplete_call_does_not_compile_and_the_message_names_what_is_missing() {
    // The lock of trybuild is not enough: trybuild ignores a lock that was not renewed for 1.5
    // seconds.
    let _exclusive = Exclusive::folder("trybuild");
    trybuild::TestCases::new().compile_fail("cases/*.rs");
}
