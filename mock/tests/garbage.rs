//! Tests that a mock responds to any input or closes the connection, and keeps running.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use support::{call_example, client, raw, request, start, start_as};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use venuekit_mock::MockVenue;
use venuekit_venues::VENUES;

/// Returns the next number of SplitMix64.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 29)
}

#[tokio::test]
async fn bytes_that_are_not_a_request_are_refused() {
    let mock = start("btse-spot").await;
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00".as_slice(),
        b"GET\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let response = raw(&mock, bytes).await;
        assert!(response.starts_with("HTTP/1.1 400 "), "{:?}: {response}", String::from_utf8_lossy(bytes));
    }
    for bytes in [
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n".as_slice(),
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    ] {
        assert!(raw(&mock, bytes).await.starts_with("HTTP/1.1 413 "));
    }
    let huge = format!("GET / HTTP/1.1\r\na: {}\r\n\r\n", "x".repeat(200_000));
    assert!(raw(&mock, huge.as_bytes()).await.starts_with("HTTP/1.1 431 "));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(1000));
    assert!(raw(&mock, many.as_bytes()).await.starts_with("HTTP/1.1 431 "));
    call_example(&*client(&mock), "getServerTime").await.unwrap();
}

#[tokio::test]
async fn random_requests_never_stop_the_mock() {
    for venue in VENUES {
        let mock = start_as(MockVenue::builder(venue.venue.name()).limits(false)).await;
        let mut state = 1;
        let base = mock.url().splitn(4, '/').nth(3).unwrap_or_default().trim_end_matches('/').to_owned();
        for round in 0..300 {
            let operation = &venue.operations[random(&mut state) as usize % venue.operations.len()];
            let (method, path) = match operation.operation.route().http() {
                Some((method, path)) => (method.as_str(), path),
                None => ("POST", "/"),
            };
            let length = random(&mut state) as usize % 80;
            let noise: String = (0..length)
                .map(|_| {
                    let pick = random(&mut state) as usize;
                    [
                        "%", "%ff", "&", "=", "{", "}", "[", "]", "\"", "1", "-", "null", "é", "😀", ",", "/", "a",
                        "e9", "+", "\\u",
                    ][pick % 20]
                })
                .collect();
            let (target, body) = match round % 3 {
                0 => (format!("/{base}{path}?{}", noise.replace(['é', '😀', '"', '{', '}', '\\'], "x")), String::new()),
                1 => (format!("/{base}{path}"), noise),
                _ => (
                    format!("/{base}{path}"),
                    format!(r#"{{"id":1,"method":"{}","params":[{noise}]}}"#, operation.operation.id()),
                ),
            };
            let headers = "btse-api: mock-key\r\nKEY: mock-key\r\nX-JEX-APIKEY: mock-key\r\nANBOTO-API-KEY: mock-key\r\nbtse-nonce: 99999999999999999999999999999999999999999\r\n";
            let (status, _) = request(&mock, method, &target, headers, &body).await;
            assert!((200..500).contains(&status), "{method} {target} {body}: {status}");
        }
        let id = venue.operations[0].operation.id();
        call_example(&*client(&mock), id).await.unwrap();
    }
}

#[tokio::test]
async fn random_bytes_never_stop_the_mock() {
    let mut state = 7;
    for (venue, operation) in [("excore", "market.last"), ("jex-spot", "ping")] {
        let mock = start(venue).await;
        let client = client(&mock);
        let path = mock.url().splitn(4, '/').nth(3).unwrap_or_default();
        let request = format!("POST /{path} HTTP/1.1\r\nContent-Length: 9\r\nX: y\r\n\r\n{{\"id\":1}}\n");
        let mut responses = 0;
        for round in 0..200 {
            let bytes: Vec<u8> = match round % 2 {
                0 => (0..random(&mut state) % 500).map(|_| random(&mut state) as u8).collect(),
                // A request in which some bytes are others.
                _ => {
                    let mut bytes = request.clone().into_bytes();
                    for _ in 0..=random(&mut state) % 4 {
                        let at = random(&mut state) as usize % bytes.len();
                        bytes[at] = random(&mut state) as u8;
                    }
                    bytes
                }
            };
            // The mock responds with an error, or closes the connection, or has not enough of the
            // request to respond.
            let response = raw(&mock, &bytes).await;
            let status = response.strip_prefix("HTTP/1.1 ").map(|rest| rest[..3].parse::<u16>().unwrap());
            assert!(response.is_empty() || status.is_some_and(|status| (200..500).contains(&status)), "{response}");
            responses += u32::from(status.is_some());
            if round % 20 == 0 {
                call_example(&*client, operation).await.unwrap();
            }
        }
        assert!(responses >= 100, "{venue}: {responses} responses");
        call_example(&*client, operation).await.unwrap();
    }
}

#[tokio::test]
async fn one_connection_serves_several_requests() {
    let mock = start("jex-spot").await;
    let chunked =
        "POST /api/v1/nothing HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n";
    let ping = "GET /api/v1/ping HTTP/1.1\r\n\r\n";
    let response = raw(&mock, format!("{ping}{chunked}{ping}").as_bytes()).await;
    assert_eq!(response.matches("HTTP/1.1 200 OK").count(), 2, "{response}");
    assert_eq!(response.matches("HTTP/1.1 404 ").count(), 1, "{response}");
    assert_eq!(mock.requests()[1].body, b"abc");
}

#[tokio::test]
async fn a_request_that_arrives_slowly_gets_a_response() {
    let mock = start("jex-spot").await;
    let mut stream = TcpStream::connect(mock.url().trim_start_matches("http://")).await.unwrap();
    for byte in b"GET /api/v1/ping HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n" {
        stream.write_all(&[*byte]).await.unwrap();
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.contains("HTTP/1.1 200 OK"), "{response}");
}

#[tokio::test]
async fn only_the_latest_requests_are_kept() {
    let mock = start_as(MockVenue::builder("btse-spot").limits(false).record(5)).await;
    let client = client(&mock);
    for _ in 0..20 {
        call_example(&*client, "getServerTime").await.unwrap();
    }
    assert_eq!(mock.requests().len(), 5);
    assert_eq!(mock.take_requests().len(), 5);
    assert!(mock.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_many_calls_at_once_gets_a_response() {
    let mock = start_as(MockVenue::builder("jex-spot").limits(false)).await;
    let client = std::sync::Arc::new(client(&mock));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..400 {
        let client = std::sync::Arc::clone(&client);
        calls.spawn(async move { call_example(&**client, "placeOrder").await });
    }
    while let Some(result) = calls.join_next().await {
        result.unwrap().unwrap();
    }
    let mut ids: Vec<String> = mock.orders().into_iter().map(|order| order.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 400);
}
