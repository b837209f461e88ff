//! Calls by id.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::SinkExt;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use venuekit::ws::SocketTransport;
use venuekit::{ClientBuilder, ErrorKind, Outcome, Retry, Throttle};
use venuekit_test_support::{RefusingPort, patiently};

use super::server::Venue;
use super::{BARE, LONG, LoginSigner, PLACE, READ, SLOW, STATE, VENUE, builder, call, client, list, next, started};

#[tokio::test]
async fn responses_may_come_in_any_order_and_over_several_lines() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let calls: Vec<_> = (0..3).map(|value| tokio::spawn(call(&client, &READ, value))).collect();
    let mut peer = venue.accept().await;
    let mut received = Vec::new();
    for _ in &calls {
        received.push(peer.call().await);
    }
    received.reverse();
    for call in &received {
        let text = format!("{{\n    \"error\": null,\n    \"id\": {},\n    \"result\": {}\n}}", call.id, call.params);
        peer.send(text).await;
    }
    for (value, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap().unwrap(), serde_json::json!([value]));
    }
    // No subprotocol is offered: a server may close a connection that offers another than its own.
    assert!(peer.headers.iter().all(|(name, _)| name != "sec-websocket-protocol"), "{:?}", peer.headers);
    assert!(peer.headers.iter().any(|(name, value)| name == "user-agent" && value.starts_with("venuekit-sock/")));
    assert_eq!(peer.path, "/v3/");
}

#[tokio::test]
async fn ten_thousand_calls_in_flight_are_answered_out_of_order() {
    const CALLS: i64 = 10_000;
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).max_in_flight(0).build().unwrap();
    let mut calls = JoinSet::new();
    for value in 0..CALLS {
        let call = call(&client, &READ, value);
        calls.spawn(async move { (value, call.await) });
    }
    let mut peer = venue.accept().await;
    let (mut received, mut ids) = (Vec::new(), HashSet::new());
    for _ in 0..CALLS {
        let call = peer.call().await;
        assert!(call.id < 1 << 53 && ids.insert(call.id), "{}", call.id);
        received.push(call);
    }
    // Neighbours are far from each other in this order.
    received.sort_by_key(|call| call.id.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for call in &received {
        let text = format!(r#"{{"error":null,"result":{},"id":{}}}"#, call.params, call.id);
        peer.socket.feed(Message::text(text)).await.unwrap();
    }
    peer.socket.flush().await.unwrap();
    let mut answered = 0;
    while let Some(result) = calls.join_next().await {
        let (value, result) = result.unwrap();
        assert_eq!(result.unwrap(), serde_json::json!([value]));
        answered += 1;
    }
    assert_eq!(answered, CALLS);
    assert_eq!(client.connections()[0].unmatched_responses, 0);
}

#[tokio::test]
async fn responses_to_no_call_are_ignored_and_counted() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let calling = tokio::spawn(call(&client, &READ, 1));
    let mut peer = venue.accept().await;
    let first = peer.call().await;
    for id in ["-1", "999", "\"x\"", "7.5", "99999999999999999999"] {
        peer.send(format!(r#"{{"error":null,"result":1,"id":{id}}}"#)).await;
    }
    peer.result(&first, "11").await;
    peer.result(&first, "22").await;
    for text in ["", "pong", "[]", r#"{"id":null}"#, r#"{"method":7}"#] {
        peer.send(text).await;
    }
    peer.notify("state.update", r#"["A",1]"#).await;
    peer.notify("never.heard.of", "[]").await;
    assert_eq!(calling.await.unwrap().unwrap(), 11);
    let calling = tokio::spawn(call(&client, &READ, 2));
    let second = peer.call().await;
    peer.result(&second, "33").await;
    assert_eq!(calling.await.unwrap().unwrap(), 33);
    let state = &client.connections()[0];
    let counts = (state.unmatched_responses, state.unreadable_messages, state.unmatched_notifications);
    assert_eq!(counts, (6, 5, 2));
}

#[tokio::test]
async fn errors_are_told_by_their_codes() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).retry(Retry::never()).build().unwrap();
    let mut peer = None;
    for (code, outcome) in [(1, Outcome::Refused), (2, Outcome::Unknown), (6, Outcome::Refused)] {
        let calling = tokio::spawn(call(&client, &PLACE, 1));
        if peer.is_none() {
            peer = Some(venue.accept().await);
        }
        let peer = peer.as_mut().unwrap();
        let received = peer.call().await;
        peer.error(&received, code, "a reason").await;
        let error = calling.await.unwrap().unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (outcome, ErrorKind::Venue));
        let stated = error.api_error().unwrap();
        assert_eq!((stated.code(), stated.message()), (Some(&*code.to_string()), Some("a reason")));
        // The body of the error has the id of the call, and not the one on the wire.
        assert!(error.body().is_some());
    }
}

#[tokio::test]
async fn a_call_without_a_response_ends_in_its_time_and_a_late_response_changes_nothing() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let calling = tokio::spawn(call(&client, &READ, 1));
    let mut peer = venue.accept().await;
    let answered = peer.call().await;
    peer.result(&answered, "1").await;
    calling.await.unwrap().unwrap();
    // The core does not answer an unknown method.
    let calling = tokio::spawn(call(&client, &PLACE, 2).timeout(Duration::from_millis(20)));
    let silent = peer.call().await;
    let error = calling.await.unwrap().unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, ErrorKind::Timeout));
    let calling = tokio::spawn(call(&client, &READ, 3));
    let third = peer.call().await;
    assert_ne!(silent.id, third.id);
    peer.result(&silent, "2").await;
    peer.result(&third, "3").await;
    assert_eq!(calling.await.unwrap().unwrap(), 3);
    assert_eq!(client.connections()[0].unmatched_responses, 1);
}

#[tokio::test]
async fn a_read_that_is_sent_again_has_an_id_of_its_own() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).attempt_timeout(Duration::from_millis(30)).build().unwrap();
    let calling = tokio::spawn(call(&client, &READ, 1));
    let mut peer = venue.accept().await;
    let (first, second) = (peer.call().await, peer.call().await);
    assert_ne!(first.id, second.id);
    assert_eq!(first.params, second.params);
    peer.result(&first, "1").await;
    peer.result(&second, "2").await;
    let value = calling.await.unwrap();
    // On a busy machine there is a third attempt, which nobody answers.
    assert!(value.is_err() || value.unwrap() == 2);
}

#[tokio::test]
async fn without_a_connection_a_call_is_not_sent() {
    let port = RefusingPort::new();
    let url = format!("ws://127.0.0.1:{}/", port.port());
    let client = ClientBuilder::for_venue(&VENUE).base_url(url).retry(Retry::never()).build().unwrap();
    let error = call(&client, &PLACE, 1).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Connect), "{error}");
    let error = list(&client, &STATE, &["A"]).timeout(Duration::from_millis(20)).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Timeout), "{error}");
}

/// Returns the URL of a server that responds to each connection with these bytes, and closes it.
async fn responding(response: &'static [u8]) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut read = Vec::new();
            while !read.ends_with(b"\r\n\r\n") {
                let mut piece = [0; 1024];
                match stream.read(&mut piece).await {
                    Ok(length @ 1..) => read.extend_from_slice(&piece[..length]),
                    _ => break,
                }
            }
            drop(stream.write_all(response).await);
        }
    });
    url
}

#[tokio::test]
async fn the_cause_of_a_failed_connection_is_told_with_the_timeout_of_what_waited_for_it() {
    let port = RefusingPort::new();
    let refusing = format!("ws://127.0.0.1:{}/", port.port());
    let elsewhere = responding(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
    for (url, cause) in [(refusing, "refused"), (elsewhere, "404 Not Found")] {
        let client = patiently(async |timeout| {
            let client = ClientBuilder::for_venue(&VENUE).base_url(&url).timeout(timeout).build().unwrap();
            // The call is sent again after the first refusal, and waits for the next connection.
            let error = call(&client, &READ, 1).await.unwrap_err();
            assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Connect), "{error}");
            error.to_string().contains(cause).then_some(client)
        })
        .await;
        let error = list(&client, &STATE, &["A"]).timeout(Duration::from_millis(20)).await.unwrap_err();
        assert!(error.to_string().contains(cause), "{url}: {error}");
        let states = client.connections();
        assert!(states[0].connect_error.as_ref().is_some_and(|reason| reason.contains(cause)), "{states:?}");
    }
}

#[tokio::test]
async fn no_more_requests_are_sent_than_a_connection_may_have_in_a_window() {
    let venue = Venue::start().await;
    let client = builder(&SLOW, &venue).build().unwrap();
    let calls: Vec<_> = (0..7).map(|value| tokio::spawn(call(&client, &READ, value))).collect();
    let mut peer = venue.accept().await;
    let mut arrived = Vec::new();
    for _ in &calls {
        let received = peer.call().await;
        arrived.push(Instant::now());
        peer.result(&received, "1").await;
    }
    for calling in calls {
        calling.await.unwrap().unwrap();
    }
    for window in arrived.windows(4) {
        let span = window[3].duration_since(window[0]);
        // The window begins at the client when it has read the response.
        assert!(span >= Duration::from_millis(999), "four requests within {span:?}");
    }
}

#[tokio::test]
async fn a_call_that_does_not_wait_for_a_limit_of_the_connection_is_not_sent() {
    let venue = Venue::start().await;
    let client = builder(&SLOW, &venue).throttle(Throttle::Fail).build().unwrap();
    let calls: Vec<_> = (0..4).map(|value| tokio::spawn(call(&client, &PLACE, value))).collect();
    let mut peer = venue.accept().await;
    for _ in 0..3 {
        let received = peer.call().await;
        peer.result(&received, "1").await;
    }
    let mut refused = Vec::new();
    for calling in calls {
        refused.extend(calling.await.unwrap().err());
    }
    let [error] = refused.as_slice() else { panic!("{refused:?}") };
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Throttled));
    assert!(error.retry_after().is_some() && error.to_string().contains("`connection`"), "{error}");
}

#[tokio::test]
async fn a_transport_over_a_socket_serves_the_calls_of_a_venue_over_http_but_not_its_headers() {
    static HTTP: venuekit::operation::Venue = venuekit::operation::Venue::new("http", "venuekit-http", "0.1.0");
    let venue = Venue::start().await;
    let transport = SocketTransport::new(&venue.url, venuekit::ws::SocketSettings::default()).unwrap();
    let builder = || ClientBuilder::for_venue(&HTTP).base_url("https://venue.test/").transport(transport.clone());
    let client = builder().build().unwrap();
    let calling = tokio::spawn(call(&client, &READ, 5));
    let mut peer = venue.accept().await;
    let received = peer.expect("read", "[5]").await;
    peer.result(&received, "6").await;
    assert_eq!(calling.await.unwrap().unwrap(), 6);
    let error = call(&client, &READ, 5).header("x-trace-id", "a").await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Request));
    assert!(error.to_string().contains("`x-trace-id`"), "{error}");
    let error = list(&client, &STATE, &["A"]).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    // An operation that needs a login has none over HTTP.
    let client = builder().signer(LoginSigner).build().unwrap();
    let error = call(&client, &super::PRIVATE, 1).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Request), "{error}");
}

#[tokio::test]
async fn urls_of_other_schemes_are_refused() {
    for (venue, url, expected) in [
        (&VENUE, "https://venue.test/", "wss:// or ws://"),
        (&VENUE, "wss://user:secret@venue.test/", "user or a password"),
        (&super::BARE, "nonsense", "wss:// or ws://"),
    ] {
        let error = ClientBuilder::for_venue(venue).base_url(url).build().unwrap_err().to_string();
        assert!(error.contains(expected) && !error.contains("secret"), "{error}");
    }
    for url in ["https://venue.test/", "ws://a:b@venue.test/", "ws://venue.test/#x", "x"] {
        assert!(SocketTransport::new(url, venuekit::ws::SocketSettings::default()).is_err(), "{url}");
    }
}

#[tokio::test]
async fn a_venue_without_a_ping_of_its_own_is_pinged_by_the_protocol() {
    let venue = Venue::start().await;
    let client = builder(&BARE, &venue)
        .socket(|settings| {
            settings.ping_interval = Some(Duration::from_millis(10));
            settings.silence_timeout = Some(LONG);
        })
        .build()
        .unwrap();
    let calling = tokio::spawn(call(&client, &READ, 1));
    let mut peer = venue.accept().await;
    let received = peer.call().await;
    peer.result(&received, "1").await;
    calling.await.unwrap().unwrap();
    for _ in 0..2 {
        assert_eq!(peer.message().await, Some(Message::Ping(Vec::new().into())));
        // The library answers with an equal payload; the open source core always with an empty one.
        peer.socket.flush().await.unwrap();
    }
    assert_eq!(client.connections()[0].connects, 1);
}

#[tokio::test]
async fn a_client_that_is_dropped_closes_its_connection_and_a_subscription_keeps_it() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut subscription = subscribing.await.unwrap().unwrap();
    drop(client);
    peer.notify("state.update", r#"["A",1]"#).await;
    assert_eq!(next(&mut subscription).await, r#"snapshot ["A",1]"#);
    drop(subscription);
    // The last subscription may end by its own call before the connection closes.
    loop {
        match peer.message().await {
            Some(Message::Close(_)) | None => break,
            Some(Message::Text(_)) => {}
            Some(other) => panic!("{other:?}"),
        }
    }
}
