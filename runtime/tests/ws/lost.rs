//! Connections that break.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use venuekit::ws::SocketSettings;
use venuekit::{ErrorKind, Outcome};

use super::server::{Peer, Venue};
use super::{
    ASSET, CANDLES, DEALS, DEPTH, KLINE, ORDER, PLACE, READ, STATE, VENUE, builder, call, client, list, next, row,
    started,
};

#[tokio::test]
async fn a_placing_call_on_its_way_is_unknown_and_never_sent_again_and_a_read_is() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let place = tokio::spawn(call(&client, &PLACE, 1));
    let mut peer = venue.accept().await;
    peer.expect("place", "[1]").await;
    let read = tokio::spawn(call(&client, &READ, 2));
    peer.expect("read", "[2]").await;
    drop(peer);
    let error = place.await.unwrap().unwrap_err();
    assert_eq!((error.outcome(), error.kind(), error.attempts()), (Outcome::Unknown, ErrorKind::Transport, 1));
    let mut peer = venue.accept().await;
    let again = peer.expect("read", "[2]").await;
    peer.result(&again, "3").await;
    assert_eq!(read.await.unwrap().unwrap(), 3);
    // The next call proves that the order was not sent again.
    let read = tokio::spawn(call(&client, &READ, 4));
    let next = peer.expect("read", "[4]").await;
    peer.result(&next, "5").await;
    read.await.unwrap().unwrap();
}

#[tokio::test]
async fn all_subscriptions_are_made_anew_with_one_call_for_each_family() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let mut peer = None;
    let mut states = Vec::new();
    for (market, list_so_far) in [("A", r#"["A"]"#), ("B", r#"["A","B"]"#)] {
        let subscribing = started(list(&client, &STATE, &[market]));
        if peer.is_none() {
            peer = Some(venue.accept().await);
        }
        peer.as_mut().unwrap().confirm("state.subscribe", list_so_far).await;
        states.push(subscribing.await.unwrap().unwrap());
    }
    let mut peer = peer.unwrap();
    let subscribing = started(row(&client, &DEPTH, "A", 5));
    peer.confirm("depth.subscribe", r#"["A",5]"#).await;
    let mut depth = subscribing.await.unwrap().unwrap();
    let subscribing = started(row(&client, &KLINE, "A", 60));
    peer.confirm("kline.subscribe", r#"["A",60]"#).await;
    let mut kline = subscribing.await.unwrap().unwrap();
    peer.notify("depth.update", r#"[true,1,"A"]"#).await;
    assert_eq!(next(&mut depth).await, r#"snapshot [true,1,"A"]"#);
    drop(peer);
    for subscription in states.iter_mut().chain([&mut depth, &mut kline]) {
        assert_eq!(next(subscription).await, "interrupted: disconnected");
    }
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A","B"]"#).await;
    peer.confirm("depth.subscribe", r#"["A",5]"#).await;
    peer.confirm("kline.subscribe", r#"["A",60]"#).await;
    // A change before the snapshot is of no use: the book is not known any more.
    peer.notify("depth.update", r#"[false,2,"A"]"#).await;
    peer.notify("depth.update", r#"[true,3,"A"]"#).await;
    for state in &mut states {
        assert_eq!(next(state).await, "resumed missing []");
    }
    // Nothing can be asked about candles, and they were not complete states.
    assert_eq!(next(&mut kline).await, "resumed with a hole missing []");
    assert_eq!(next(&mut depth).await, "resumed missing []");
    assert_eq!(next(&mut depth).await, r#"snapshot [true,3,"A"]"#);
    peer.notify("state.update", r#"["B",4]"#).await;
    assert_eq!(next(&mut states[1]).await, r#"snapshot ["B",4]"#);
    assert_eq!(client.connections()[0].connects, 2);
}

#[tokio::test]
async fn trades_are_asked_for_from_the_last_id_and_a_full_answer_may_have_a_hole() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &DEALS, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("deals.subscribe", r#"["A"]"#).await;
    let mut deals = subscribing.await.unwrap().unwrap();
    peer.notify("deals.update", r#"["A",[{"id":5},{"id":4}]]"#).await;
    assert_eq!(next(&mut deals).await, r#"snapshot ["A",[{"id":5},{"id":4}]]"#);
    drop(peer);
    assert_eq!(next(&mut deals).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    peer.confirm("deals.subscribe", r#"["A"]"#).await;
    peer.notify("deals.update", r#"["A",[{"id":9},{"id":8},{"id":5}]]"#).await;
    let query = peer.expect("deals.query", r#"["A",3,5]"#).await;
    peer.result(&query, r#"[{"id":8},{"id":7},{"id":5}]"#).await;
    assert_eq!(next(&mut deals).await, r#"recovered ["A",[{"id":8},{"id":7}]]"#);
    assert_eq!(next(&mut deals).await, "resumed with a hole missing []");
    assert_eq!(next(&mut deals).await, r#"update ["A",[{"id":9}]]"#);
    // A query that fails leaves a hole, and the subscription goes on.
    drop(peer);
    assert_eq!(next(&mut deals).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    peer.confirm("deals.subscribe", r#"["A"]"#).await;
    let query = peer.expect("deals.query", r#"["A",3,9]"#).await;
    peer.error(&query, 3, "service unavailable").await;
    let resumed = next(&mut deals).await;
    assert!(resumed.starts_with("resumed with a hole missing [] ") && resumed.contains("code 3"), "{resumed}");
    peer.notify("deals.update", r#"["A",[{"id":10}]]"#).await;
    assert_eq!(next(&mut deals).await, r#"update ["A",[{"id":10}]]"#);
}

#[tokio::test]
async fn candles_are_asked_for_from_the_last_one_on_and_told_apart_by_their_time() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(row(&client, &CANDLES, "A", 60));
    let mut peer = venue.accept().await;
    peer.confirm("candles.subscribe", r#"["A",60]"#).await;
    let mut candles = subscribing.await.unwrap().unwrap();
    // The newest candle changes, and comes again.
    for update in [r#"[[60,"1"]]"#, r#"[[60,"2"]]"#, r#"[[60,"2"],[120,"3"]]"#] {
        peer.notify("candles.update", update).await;
        assert_eq!(next(&mut candles).await, format!("update {update}"));
    }
    drop(peer);
    assert_eq!(next(&mut candles).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    let subscribe = peer.expect("candles.subscribe", r#"["A",60]"#).await;
    // It came before the query was sent, so the answer is newer.
    peer.notify("candles.update", r#"[[240,"6"]]"#).await;
    peer.result(&subscribe, r#"{"status":"success"}"#).await;
    let query = peer.call().await;
    let params: (String, i64, i64, i64) = serde_json::from_str(&query.params).unwrap();
    assert_eq!((&*query.method, &*params.0, params.1, params.3), ("candles.query", "A", 120, 60));
    // This one comes while the query is under way, and is not overridden.
    peer.notify("candles.update", r#"[[300,"9"]]"#).await;
    peer.result(&query, r#"[[120,"4"],[180,"5"],[240,"7"],[300,"8"]]"#).await;
    assert_eq!(next(&mut candles).await, r#"recovered [[240,"6"]]"#);
    assert_eq!(next(&mut candles).await, r#"recovered [[120,"4"],[180,"5"],[240,"7"]]"#);
    assert_eq!(next(&mut candles).await, "resumed missing []");
    assert_eq!(next(&mut candles).await, r#"update [[300,"9"]]"#);
}

async fn private(peer: &mut Peer, method: &str, params: &str) {
    peer.confirm_login().await;
    peer.confirm(method, params).await;
}

#[tokio::test]
async fn orders_are_asked_for_and_compared_and_those_that_are_gone_are_named() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &ORDER, &["A"]));
    let mut peer = venue.accept().await;
    private(&mut peer, "order.subscribe", r#"["A"]"#).await;
    let mut orders = subscribing.await.unwrap().unwrap();
    for id in 1..=4 {
        let order = format!(r#"[1,{{"id":{id},"left":"9","market":"A"}}]"#);
        peer.notify("order.update", &order).await;
        assert_eq!(next(&mut orders).await, format!("update {order}"));
    }
    peer.notify("order.update", r#"[3,{"id":1,"left":"0","market":"A"}]"#).await;
    next(&mut orders).await;
    drop(peer);
    assert_eq!(next(&mut orders).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    private(&mut peer, "order.subscribe", r#"["A"]"#).await;
    // What is pushed now is newer than the answer to the query.
    let query = peer.expect("order.query", r#"["A",0,2]"#).await;
    peer.notify("order.update", r#"[2,{"id":4,"left":"1","market":"A"}]"#).await;
    let page = r#"{"records":[{"id":2,"left":"9","market":"A"},{"id":4,"left":"5","market":"A"}]}"#;
    peer.result(&query, page).await;
    // The next page begins with the end of this one, which shows that no order moved.
    let query = peer.expect("order.query", r#"["A",1,2]"#).await;
    let page = r#"{"records":[{"id":4,"left":"5","market":"A"},{"id":7,"left":"2","market":"A"}]}"#;
    peer.result(&query, page).await;
    let query = peer.expect("order.query", r#"["A",2,2]"#).await;
    peer.result(&query, r#"{"records":[{"id":7,"left":"2","market":"A"}]}"#).await;
    assert_eq!(next(&mut orders).await, r#"recovered [2,{"id":7,"left":"2","market":"A"}]"#);
    // The query does not show an order that began and ended meanwhile, nor the fills of order 3.
    assert_eq!(next(&mut orders).await, "resumed with a hole missing [3]");
    assert_eq!(next(&mut orders).await, r#"update [2,{"id":4,"left":"1","market":"A"}]"#);
}

#[tokio::test]
async fn balances_are_asked_for_and_only_those_that_differ_are_told() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &ASSET, &["USDT", "BTC"]));
    let mut peer = venue.accept().await;
    private(&mut peer, "asset.subscribe", r#"["USDT","BTC"]"#).await;
    let mut balances = subscribing.await.unwrap().unwrap();
    peer.notify("asset.update", r#"[{"USDT":{"a":"3"}}]"#).await;
    peer.notify("asset.update", r#"[{"BTC":{"a":"1"}}]"#).await;
    next(&mut balances).await;
    next(&mut balances).await;
    drop(peer);
    assert_eq!(next(&mut balances).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    private(&mut peer, "asset.subscribe", r#"["USDT","BTC"]"#).await;
    let query = peer.expect("asset.query", r#"["USDT","BTC"]"#).await;
    peer.result(&query, r#"{"USDT":{"a":"4"},"BTC":{"a":"1"}}"#).await;
    assert_eq!(next(&mut balances).await, r#"recovered [{"USDT":{"a":"4"}}]"#);
    assert_eq!(next(&mut balances).await, "resumed missing []");
}

#[tokio::test]
async fn a_subscription_that_is_refused_afterwards_ends_and_a_passing_fault_is_tried_again() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    drop(peer);
    assert_eq!(next(&mut state).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    for _ in 0..2 {
        let call = peer.expect("state.subscribe", r#"["A"]"#).await;
        peer.error(&call, 2, "internal error").await;
    }
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    assert_eq!(next(&mut state).await, "resumed missing []");
    drop(peer);
    assert_eq!(next(&mut state).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    let call = peer.expect("state.subscribe", r#"["A"]"#).await;
    peer.error(&call, 1, "invalid argument").await;
    let end = next(&mut state).await;
    assert!(end.starts_with("error: ") && end.contains("code 1: invalid argument"), "{end}");
    assert_eq!(next(&mut state).await, "end");
}

#[tokio::test]
async fn a_refused_list_of_whole_states_is_sent_again_after_a_wait() {
    let wait = Duration::from_millis(400);
    let venue = Venue::start().await;
    let slow = |settings: &mut SocketSettings| settings.reconnect = settings.reconnect.backoff(wait, wait);
    let client = builder(&VENUE, &venue).socket(slow).build().unwrap();
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    let another = started(list(&client, &STATE, &["B"]));
    let call = peer.expect("state.subscribe", r#"["A","B"]"#).await;
    peer.error(&call, 1, "invalid argument").await;
    assert!(another.await.unwrap().is_err());
    for _ in 0..2 {
        let call = peer.expect("state.subscribe", r#"["A"]"#).await;
        let refused = Instant::now();
        peer.error(&call, 1, "invalid argument").await;
        // Nothing may come from now on, and the consumer is told so.
        assert_eq!(next(&mut state).await, "interrupted: replaced");
        // A random half of the wait is left out.
        let call = peer.expect("state.subscribe", r#"["A"]"#).await;
        assert!(refused.elapsed() >= wait / 4, "{:?}", refused.elapsed());
        peer.result(&call, r#"{"status":"success"}"#).await;
        assert_eq!(next(&mut state).await, "resumed missing []");
        peer.notify("state.update", r#"["A",1]"#).await;
        assert_eq!(next(&mut state).await, r#"snapshot ["A",1]"#);
        let another = started(list(&client, &STATE, &["B"]));
        let call = peer.expect("state.subscribe", r#"["A","B"]"#).await;
        peer.error(&call, 1, "invalid argument").await;
        assert!(another.await.unwrap().is_err());
    }
}

#[tokio::test]
async fn a_list_of_whole_states_that_is_refused_for_good_interrupts_its_consumers_and_then_ends_them() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    let another = started(list(&client, &STATE, &["B"]));
    let call = peer.expect("state.subscribe", r#"["A","B"]"#).await;
    peer.error(&call, 1, "invalid argument").await;
    assert!(another.await.unwrap().is_err());
    for _ in 0..2 {
        let call = peer.expect("state.subscribe", r#"["A"]"#).await;
        peer.error(&call, 1, "invalid argument").await;
    }
    assert_eq!(next(&mut state).await, "interrupted: replaced");
    let end = next(&mut state).await;
    assert!(end.starts_with("error: ") && end.contains("code 1: invalid argument"), "{end}");
    assert_eq!(next(&mut state).await, "end");
}

#[tokio::test]
async fn an_order_that_was_told_before_a_query_was_sent_precedes_the_answer_of_the_query() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &ORDER, &["A"]));
    let mut peer = venue.accept().await;
    private(&mut peer, "order.subscribe", r#"["A"]"#).await;
    let mut orders = subscribing.await.unwrap().unwrap();
    let another = started(list(&client, &ORDER, &["B"]));
    let call = peer.expect("order.subscribe", r#"["A","B"]"#).await;
    peer.error(&call, 1, "invalid argument").await;
    assert!(another.await.unwrap().is_err());
    assert_eq!(next(&mut orders).await, "interrupted: replaced");
    let subscribe = peer.expect("order.subscribe", r#"["A"]"#).await;
    for update in [r#"[1,{"id":4,"left":"5","market":"A"}]"#, r#"[3,{"id":6,"left":"0","market":"A"}]"#] {
        peer.notify("order.update", update).await;
    }
    peer.result(&subscribe, r#"{"status":"success"}"#).await;
    let query = peer.expect("order.query", r#"["A",0,2]"#).await;
    peer.result(&query, r#"{"records":[{"id":4,"left":"3","market":"A"}]}"#).await;
    peer.notify("order.update", r#"[2,{"id":4,"left":"2","market":"A"}]"#).await;
    assert_eq!(next(&mut orders).await, r#"recovered [1,{"id":4,"left":"5","market":"A"}]"#);
    assert_eq!(next(&mut orders).await, r#"recovered [3,{"id":6,"left":"0","market":"A"}]"#);
    assert_eq!(next(&mut orders).await, r#"recovered [2,{"id":4,"left":"3","market":"A"}]"#);
    assert_eq!(next(&mut orders).await, "resumed with a hole missing []");
    assert_eq!(next(&mut orders).await, r#"update [2,{"id":4,"left":"2","market":"A"}]"#);
}

#[tokio::test]
async fn a_connection_on_which_nothing_comes_is_pinged_and_given_up() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue)
        .socket(|settings| {
            settings.ping_interval = Some(Duration::from_millis(20));
            settings.silence_timeout = Some(Duration::from_millis(1_000));
        })
        .build()
        .unwrap();
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    for _ in 0..3 {
        let ping = peer.expect("server.ping", "[]").await;
        peer.result(&ping, "\"pong\"").await;
    }
    // From here on the venue is half open: it neither answers nor closes.
    peer.expect("server.ping", "[]").await;
    assert_eq!(next(&mut state).await, "interrupted: disconnected");
    let mut second = venue.accept().await;
    second.confirm("state.subscribe", r#"["A"]"#).await;
    assert_eq!(next(&mut state).await, "resumed missing []");
    drop(peer);
}

#[tokio::test]
async fn a_ping_without_a_response_gives_the_connection_up_although_notifications_come() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue)
        .socket(|settings| {
            settings.ping_interval = Some(Duration::from_millis(10));
            settings.silence_timeout = Some(Duration::from_millis(100));
        })
        .build()
        .unwrap();
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    let telling = tokio::spawn(async move {
        use futures_util::SinkExt;
        let text = r#"{"method":"state.update","params":["A",1],"id":null}"#;
        while peer.socket.send(tokio_tungstenite::tungstenite::Message::text(text)).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    while next(&mut state).await != "interrupted: disconnected" {}
    drop(venue.accept().await);
    telling.await.unwrap();
}

#[tokio::test]
async fn cut_frames_huge_messages_and_closes_end_the_connection() {
    for fault in 0..4 {
        let venue = Venue::start().await;
        let client = builder(&VENUE, &venue).max_response_bytes(10_000).build().unwrap();
        let subscribing = started(list(&client, &STATE, &["A"]));
        let mut peer = venue.accept().await;
        peer.confirm("state.subscribe", r#"["A"]"#).await;
        let mut state = subscribing.await.unwrap().unwrap();
        let place = tokio::spawn(call(&client, &PLACE, 1));
        peer.expect("place", "[1]").await;
        match fault {
            // A frame that announces 100 bytes and has 3.
            0 => peer.socket.get_mut().write_all(b"\x81\x64{\"i").await.unwrap(),
            // A reserved code of operation.
            1 => peer.socket.get_mut().write_all(b"\x83\x00").await.unwrap(),
            2 => peer.send("x".repeat(20_000)).await,
            _ => peer.socket.close(None).await.unwrap(),
        }
        if fault == 0 {
            drop(peer);
        }
        assert_eq!(place.await.unwrap().unwrap_err().outcome(), Outcome::Unknown, "{fault}");
        assert_eq!(next(&mut state).await, "interrupted: disconnected", "{fault}");
        let mut peer = venue.accept().await;
        peer.confirm("state.subscribe", r#"["A"]"#).await;
        assert_eq!(next(&mut state).await, "resumed missing []", "{fault}");
    }
}

#[tokio::test]
async fn a_subscription_that_is_not_confirmed_again_in_time_gives_the_connection_up() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue)
        .socket(|settings| settings.request_timeout = Duration::from_millis(30))
        .build()
        .unwrap();
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    drop(peer);
    let mut silent = venue.accept().await;
    silent.expect("state.subscribe", r#"["A"]"#).await;
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    assert_eq!(next(&mut state).await, "interrupted: disconnected");
    assert_eq!(next(&mut state).await, "resumed missing []");
}
