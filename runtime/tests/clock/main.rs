//! The time and the nonce in requests, and the ways in which a client learns the venue's time.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod asked;
mod clock_codes;
mod from_dates;
mod implausible;
mod stamps;
#[path = "../support/mod.rs"]
mod support;

use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use support::{
    START_MS, Script, Sent, Step, TIME, TestClock, TestSigner, book, builder, builder_of, call, cancel, client, hang,
    order, reset, respond, row, timed_out,
};
use tokio::task::JoinSet;
use tokio::time::Instant;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{CodeRule, Limit, Method, Operation, RecvWindow, Security, ServerTime, TimeUnit, Venue};
use venuekit::signing::{Nonces, SignableRequest, Signer, Stamp};
use venuekit::{Client, ClientBuilder, Error, ErrorKind, Outcome, Retry, Throttle};

const HOUR: Duration = Duration::from_secs(3_600);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

async fn fails(request_builder: impl support::IntoCall) -> Error {
    call(request_builder).await.unwrap_err()
}

/// Makes all calls at once, and waits until they have ended.
async fn all<C: support::IntoCall + Send + 'static>(request_builders: impl IntoIterator<Item = C>) {
    let mut calls = JoinSet::new();
    for request_builder in request_builders {
        calls.spawn(call(request_builder.into_call()));
    }
    for response in calls.join_all().await {
        response.unwrap();
    }
}

fn is_strictly_rising<T: PartialOrd>(values: impl IntoIterator<Item = T>) -> bool {
    values.into_iter().collect::<Vec<T>>().windows(2).all(|pair| pair[0] < pair[1])
}

fn http_date(ms_since_1970: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + ms(ms_since_1970))
}
