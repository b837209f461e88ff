//! Subscriptions that have ids of their own, as nodes of chains give them.

use std::time::Duration;

use venuekit::codegen::RequestBuilder;
use venuekit::{Client, ErrorKind, Outcome};

use super::server::{Call, Peer, Venue};
use super::{CHAIN, HEADS, builder, next, started};

fn client(venue: &Venue) -> Client {
    builder(&CHAIN, venue).build().unwrap()
}

fn heads(client: &Client, kind: &str, filter: i64) -> venuekit::ws::Subscribe<serde_json::Value> {
    RequestBuilder::new(client, HEADS.subscribe()).set(0, kind).set(1, &filter).subscribe(&HEADS)
}

async fn respond(peer: &mut Peer, call: &Call, result: &str) {
    peer.send(format!(r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#, call.id)).await;
}

async fn notify(peer: &mut Peer, id: &str, result: i64) {
    let params = format!(r#"{{"subscription":"{id}","result":{result}}}"#);
    peer.send(format!(r#"{{"jsonrpc":"2.0","method":"eth_subscription","params":{params}}}"#)).await;
}

fn told(id: &str, result: i64) -> String {
    format!(r#"update {{"result":{result},"subscription":"{id}"}}"#)
}

#[tokio::test]
async fn each_subscription_has_a_call_of_its_own_and_the_notifications_with_its_id() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(heads(&client, "newHeads", 1));
    let mut peer = venue.accept().await;
    let call = peer.expect("eth_subscribe", r#"["newHeads",1]"#).await;
    // Some nodes send a notification before the response that has its id.
    notify(&mut peer, "0x9c", 1).await;
    respond(&mut peer, &call, "\"0x9c\"").await;
    let mut first = subscribing.await.unwrap().unwrap();
    let subscribing = started(heads(&client, "logs", 2));
    let call = peer.expect("eth_subscribe", r#"["logs",2]"#).await;
    respond(&mut peer, &call, "\"0x9d\"").await;
    let mut second = subscribing.await.unwrap().unwrap();
    notify(&mut peer, "0x9d", 2).await;
    notify(&mut peer, "0x9e", 3).await;
    notify(&mut peer, "0x9c", 4).await;
    assert_eq!(next(&mut first).await, told("0x9c", 1));
    assert_eq!(next(&mut first).await, told("0x9c", 4));
    assert_eq!(next(&mut second).await, told("0x9d", 2));
    // Dropping one ends it and no other.
    drop(first);
    let call = peer.expect("eth_unsubscribe", r#"["0x9c"]"#).await;
    respond(&mut peer, &call, "true").await;
    notify(&mut peer, "0x9d", 5).await;
    assert_eq!(next(&mut second).await, told("0x9d", 5));
    assert_eq!((client.connections().len(), client.connections()[0].unmatched_notifications), (1, 1));
}

#[tokio::test]
async fn after_an_interruption_each_subscription_has_another_id() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(heads(&client, "newHeads", 1));
    let mut peer = venue.accept().await;
    let call = peer.expect("eth_subscribe", r#"["newHeads",1]"#).await;
    respond(&mut peer, &call, "\"0xa\"").await;
    let mut heads = subscribing.await.unwrap().unwrap();
    drop(peer);
    assert_eq!(next(&mut heads).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    let call = peer.expect("eth_subscribe", r#"["newHeads",1]"#).await;
    respond(&mut peer, &call, "\"0xb\"").await;
    notify(&mut peer, "0xa", 1).await;
    notify(&mut peer, "0xb", 2).await;
    assert_eq!(next(&mut heads).await, "resumed with a hole missing []");
    assert_eq!(next(&mut heads).await, told("0xb", 2));
    // The consumer asks for another one: the old one ends at the node.
    heads.renew();
    assert_eq!(next(&mut heads).await, "interrupted: renewed");
    let call = peer.expect("eth_unsubscribe", r#"["0xb"]"#).await;
    respond(&mut peer, &call, "true").await;
    let call = peer.expect("eth_subscribe", r#"["newHeads",1]"#).await;
    respond(&mut peer, &call, "\"0xc\"").await;
    notify(&mut peer, "0xc", 3).await;
    assert_eq!(next(&mut heads).await, "resumed with a hole missing []");
    assert_eq!(next(&mut heads).await, told("0xc", 3));
}

#[tokio::test]
async fn a_subscription_that_is_refused_or_late_ends_and_no_other() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(heads(&client, "newHeads", 1));
    let mut peer = venue.accept().await;
    let call = peer.expect("eth_subscribe", r#"["newHeads",1]"#).await;
    respond(&mut peer, &call, "\"0xa\"").await;
    let mut first = subscribing.await.unwrap().unwrap();
    let refused = started(heads(&client, "what", 1));
    let call = peer.expect("eth_subscribe", r#"["what",1]"#).await;
    let error = r#"{"code":-32602,"message":"invalid params"}"#;
    peer.send(format!(r#"{{"jsonrpc":"2.0","id":{},"error":{error}}}"#, call.id)).await;
    let error = refused.await.unwrap().unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Refused, ErrorKind::Venue), "{error}");
    let late = started(heads(&client, "logs", 1).timeout(Duration::from_millis(20)));
    let call = peer.expect("eth_subscribe", r#"["logs",1]"#).await;
    let error = late.await.unwrap().unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, ErrorKind::Timeout), "{error}");
    // Nobody wants it any more, so it is ended when its id is known.
    respond(&mut peer, &call, "\"0xb\"").await;
    let call = peer.expect("eth_unsubscribe", r#"["0xb"]"#).await;
    respond(&mut peer, &call, "true").await;
    notify(&mut peer, "0xa", 1).await;
    assert_eq!(next(&mut first).await, told("0xa", 1));
}
