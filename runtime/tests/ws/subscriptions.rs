//! Subscriptions on a connection that does not break.

use std::time::Duration;

use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;
use venuekit::codegen::RequestBuilder;
use venuekit::ws::Event;
use venuekit::{ErrorKind, Outcome};

use super::server::{Peer, Venue};
use super::{ASSET, BOOKS, DEALS, DEPTH, KLINE, MULTI, ORDER, STATE, VENUE, builder, client, list, next, row, started};

#[tokio::test]
async fn lists_are_merged_into_one_call_and_their_notifications_are_split_again() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &STATE, &["A", "B"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A","B"]"#).await;
    let mut first = subscribing.await.unwrap().unwrap();
    let subscribing = started(list(&client, &STATE, &["B", "C"]));
    peer.confirm("state.subscribe", r#"["A","B","C"]"#).await;
    let mut second = subscribing.await.unwrap().unwrap();
    for (market, value) in [("A", 1), ("B", 2), ("C", 3), ("D", 4), ("A", 5)] {
        peer.notify("state.update", &format!(r#"["{market}",{value}]"#)).await;
    }
    assert_eq!(next(&mut second).await, r#"snapshot ["B",2]"#);
    assert_eq!(next(&mut second).await, r#"snapshot ["C",3]"#);
    let latest = next(&mut first).await;
    // The consumer may have been slower than the second message about this market.
    assert!([r#"snapshot ["A",1]"#, r#"snapshot ["A",5]"#].contains(&&*latest), "{latest}");
    assert_eq!(next(&mut first).await, r#"snapshot ["B",2]"#);
    // Another subscription to the same market is ended with the list that is left.
    drop(first);
    peer.confirm("state.subscribe", r#"["B","C"]"#).await;
    drop(second);
    peer.confirm("state.unsubscribe", "[]").await;
    let subscribing = started(list(&client, &STATE, &["E"]));
    peer.confirm("state.subscribe", r#"["E"]"#).await;
    drop(subscribing.await.unwrap().unwrap());
    peer.confirm("state.unsubscribe", "[]").await;
    assert_eq!(client.connections().len(), 1);
}

#[tokio::test]
async fn new_subscriptions_have_calls_of_their_own_so_that_a_refusal_belongs_to_one() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = [["A"], ["B"], ["C"]].map(|topics| started(list(&client, &DEALS, &topics)));
    let mut peer = venue.accept().await;
    peer.confirm("deals.subscribe", r#"["A"]"#).await;
    let refused = peer.expect("deals.subscribe", r#"["A","B"]"#).await;
    peer.error(&refused, 1, "invalid argument").await;
    // After an error the earlier ones may be gone. So they are made again, and their consumers are
    // told.
    peer.confirm("deals.subscribe", r#"["A","C"]"#).await;
    let query = peer.expect("deals.query", r#"["A",3,0]"#).await;
    peer.result(&query, r#"[{"id":7}]"#).await;
    let [a, b, c] = subscribing;
    let mut a = a.await.unwrap().unwrap();
    let error = b.await.unwrap().unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Refused, ErrorKind::Venue));
    assert_eq!(error.operation().map(|operation| operation.id()), Some("deals.subscribe"));
    assert_eq!(next(&mut a).await, "interrupted: replaced");
    assert_eq!(next(&mut a).await, r#"recovered ["A",[{"id":7}]]"#);
    assert_eq!(next(&mut a).await, "resumed missing []");
    drop((a, c));
}

#[tokio::test]
async fn a_family_of_which_a_connection_carries_one_has_another_connection_for_the_second() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(row(&client, &DEPTH, "A", 5));
    let mut first = venue.accept().await;
    first.confirm("depth.subscribe", r#"["A",5]"#).await;
    let mut a = subscribing.await.unwrap().unwrap();
    let subscribing = started(row(&client, &DEPTH, "B", 5));
    let mut second = venue.accept().await;
    second.confirm("depth.subscribe", r#"["B",5]"#).await;
    let mut b = subscribing.await.unwrap().unwrap();
    // Another family fits on the first connection.
    let subscribing = started(row(&client, &KLINE, "A", 60));
    first.confirm("kline.subscribe", r#"["A",60]"#).await;
    let kline = subscribing.await.unwrap().unwrap();
    first.notify("depth.update", r#"[true,{"asks":[]},"A"]"#).await;
    second.notify("depth.update", r#"[true,{"bids":[]},"B"]"#).await;
    assert_eq!(next(&mut a).await, r#"snapshot [true,{"asks":[]},"A"]"#);
    assert_eq!(next(&mut b).await, r#"snapshot [true,{"bids":[]},"B"]"#);
    assert_eq!(client.connections().len(), 2);
    // A connection that only this subscription needed is closed.
    drop(b);
    assert!(matches!(second.message().await, Some(Message::Close(_)) | None));
    drop((a, kline));
}

#[tokio::test]
async fn without_another_connection_the_second_subscription_is_an_error_and_the_first_one_stays() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).max_connections(1).build().unwrap();
    let subscribing = started(row(&client, &DEPTH, "A", 5));
    let mut peer = venue.accept().await;
    peer.confirm("depth.subscribe", r#"["A",5]"#).await;
    let mut a = subscribing.await.unwrap().unwrap();
    let error = row(&client, &DEPTH, "B", 5).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Request));
    assert!(error.to_string().contains("max_connections"), "{error}");
    peer.notify("depth.update", r#"[true,{},"A"]"#).await;
    assert_eq!(next(&mut a).await, r#"snapshot [true,{},"A"]"#);
    // The place is free once the subscription is dropped.
    drop(a);
    peer.expect("depth.unsubscribe", "[]").await;
    drop(started(row(&client, &DEPTH, "B", 5)));
}

#[tokio::test]
async fn notifications_of_an_earlier_subscription_are_dropped_until_the_response_and_the_next_snapshot() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).max_connections(1).build().unwrap();
    let subscribing = started(row(&client, &DEPTH, "A", 5));
    let mut peer = venue.accept().await;
    // A change of a book that is not known.
    peer.confirm("depth.subscribe", r#"["A",5]"#).await;
    peer.notify("depth.update", r#"[false,{"asks":[["1","1"]]},"A"]"#).await;
    peer.notify("depth.update", r#"[true,{"asks":[["2","1"]]},"A"]"#).await;
    peer.notify("depth.update", r#"[false,{"asks":[["2","0"]]},"A"]"#).await;
    let mut depth = subscribing.await.unwrap().unwrap();
    assert_eq!(next(&mut depth).await, r#"snapshot [true,{"asks":[["2","1"]]},"A"]"#);
    assert_eq!(next(&mut depth).await, r#"update [false,{"asks":[["2","0"]]},"A"]"#);
    drop(depth);
    let unsubscribe = peer.expect("depth.unsubscribe", "[]").await;
    let subscribing = started(row(&client, &DEPTH, "A", 1));
    // The old ones name neither limit nor interval, so they look like new ones.
    peer.notify("depth.update", r#"[true,{"asks":[["3","1"]]},"A"]"#).await;
    peer.result(&unsubscribe, "true").await;
    let subscribe = peer.expect("depth.subscribe", r#"["A",1]"#).await;
    peer.notify("depth.update", r#"[true,{"asks":[["4","1"]]},"A"]"#).await;
    peer.result(&subscribe, "true").await;
    peer.notify("depth.update", r#"[false,{"asks":[["5","1"]]},"A"]"#).await;
    peer.notify("depth.update", r#"[true,{"asks":[["6","1"]]},"A"]"#).await;
    let mut depth = subscribing.await.unwrap().unwrap();
    let first = next(&mut depth).await;
    // The unsubscription was confirmed before, so a message after it belongs to the new one.
    assert!(
        first == r#"snapshot [true,{"asks":[["4","1"]]},"A"]"#
            || first == r#"snapshot [true,{"asks":[["6","1"]]},"A"]"#
    );
}

#[tokio::test]
async fn a_notification_may_come_before_the_response() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(row(&client, &DEPTH, "A", 5));
    let mut peer = venue.accept().await;
    let subscribe = peer.call().await;
    peer.notify("depth.update", r#"[true,{"asks":[["1","1"]]},"A"]"#).await;
    peer.result(&subscribe, r#"{"status":"success"}"#).await;
    let mut depth = subscribing.await.unwrap().unwrap();
    assert_eq!(next(&mut depth).await, r#"snapshot [true,{"asks":[["1","1"]]},"A"]"#);
}

#[tokio::test]
async fn rows_of_one_market_do_not_share_a_connection_and_others_do() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).max_connections(1).build().unwrap();
    let subscribing = started(row(&client, &BOOKS, "A", 5));
    let mut peer = venue.accept().await;
    peer.confirm("books.subscribe", r#"["A",5]"#).await;
    let a = subscribing.await.unwrap().unwrap();
    let subscribing = started(row(&client, &BOOKS, "B", 1));
    peer.confirm("books.subscribe", r#"[["A",5],["B",1]]"#).await;
    let mut b = subscribing.await.unwrap().unwrap();
    assert!(row(&client, &BOOKS, "A", 1).await.is_err());
    peer.notify("books.update", r#"[true,{},"A"]"#).await;
    peer.notify("books.update", r#"[true,{},"B"]"#).await;
    assert_eq!(next(&mut b).await, r#"snapshot [true,{},"B"]"#);
    drop(a);
    peer.confirm("books.subscribe", r#"["B",1]"#).await;
}

#[tokio::test]
async fn books_of_several_markets_share_a_connection_only_where_the_host_takes_them() {
    let venue = Venue::start().await;
    // By default, each has a connection.
    let single = builder(&VENUE, &venue).max_connections(1).build().unwrap();
    let subscribing = started(row(&single, &MULTI, "A", 5));
    let mut peer = venue.accept().await;
    peer.confirm("multi.subscribe", r#"["A",5]"#).await;
    let held = subscribing.await.unwrap().unwrap();
    let error = row(&single, &MULTI, "B", 5).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Request));
    assert!(error.to_string().contains("several_rows"), "{error}");
    drop((held, single, peer));
    let client = builder(&VENUE, &venue).socket(|settings| settings.several_rows = true).build().unwrap();
    let subscribing = started(row(&client, &MULTI, "A", 5));
    let mut peer = venue.accept().await;
    peer.confirm("multi.subscribe", r#"["A",5]"#).await;
    let mut a = subscribing.await.unwrap().unwrap();
    let subscribing = started(row(&client, &MULTI, "B", 1));
    peer.confirm("multi.subscribe", r#"[["A",5],["B",1]]"#).await;
    let mut b = subscribing.await.unwrap().unwrap();
    peer.notify("multi.update", r#"[true,1,"B"]"#).await;
    peer.notify("multi.update", r#"[true,2,"A"]"#).await;
    assert_eq!(next(&mut a).await, r#"snapshot [true,2,"A"]"#);
    assert_eq!(next(&mut b).await, r#"snapshot [true,1,"B"]"#);
    drop(a);
    peer.confirm("multi.subscribe", r#"["B",1]"#).await;
    assert_eq!(client.connections().len(), 1);
}

#[tokio::test]
async fn trades_that_come_twice_are_delivered_once() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &DEALS, &["A", "B"]));
    let mut peer = venue.accept().await;
    peer.confirm("deals.subscribe", r#"["A","B"]"#).await;
    let mut deals = subscribing.await.unwrap().unwrap();
    for params in [
        r#"["A",[{"id":2},{"id":1}]]"#,
        r#"["A",[{"id":2},{"id":1}]]"#,
        r#"["A",[{"id":3},{"id":2}]]"#,
        r#"["B",[{"id":2}]]"#,
    ] {
        peer.notify("deals.update", params).await;
    }
    assert_eq!(next(&mut deals).await, r#"snapshot ["A",[{"id":2},{"id":1}]]"#);
    assert_eq!(next(&mut deals).await, r#"update ["A",[{"id":3}]]"#);
    assert_eq!(next(&mut deals).await, r#"snapshot ["B",[{"id":2}]]"#);
}

#[tokio::test]
async fn balances_are_split_by_their_assets() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &ASSET, &["USDT", "BTC"]));
    let mut peer = venue.accept().await;
    peer.confirm_login().await;
    peer.confirm("asset.subscribe", r#"["USDT","BTC"]"#).await;
    let mut balances = subscribing.await.unwrap().unwrap();
    peer.notify("asset.update", r#"[{"LTC":{"a":"1"}}]"#).await;
    peer.notify("asset.update", r#"[{"BTC":{"a":"1.0"},"LTC":{"a":"2"}}]"#).await;
    peer.notify("asset.update", r#"[{"USDT":{"a":"3"}}]"#).await;
    assert_eq!(next(&mut balances).await, r#"update [{"BTC":{"a":"1.0"}}]"#);
    assert_eq!(next(&mut balances).await, r#"update [{"USDT":{"a":"3"}}]"#);
}

#[tokio::test]
async fn an_empty_list_is_not_sent_because_the_venue_reads_it_as_no_subscription() {
    let venue = Venue::start().await;
    let error = list(&client(&venue), &ORDER, &[]).await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Request), "{error}");
}

/// Sends enough notifications that the consumer, who reads none, has no room for the last one.
async fn flood(peer: &mut Peer, method: &str, params: impl Fn(usize) -> String) {
    for count in 0..3 {
        peer.notify(method, &params(count)).await;
    }
    // The response to this one shows that all were taken.
    peer.send(r#"{"method":"unknown","params":[],"id":null}"#).await;
}

async fn until_counted(client: &venuekit::Client) {
    while client.connections()[0].unmatched_notifications == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn a_slow_consumer_of_whole_states_gets_the_latest_one() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &STATE, &["A"]).buffer(1));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    flood(&mut peer, "state.update", |count| format!(r#"["A",{count}]"#)).await;
    until_counted(&client).await;
    assert_eq!(next(&mut state).await, r#"snapshot ["A",2]"#);
    peer.notify("state.update", r#"["A",3]"#).await;
    assert_eq!(next(&mut state).await, r#"update ["A",3]"#);
}

#[tokio::test]
async fn a_slow_consumer_of_trades_is_told_and_gets_what_it_missed() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &DEALS, &["A"]).buffer(2));
    let mut peer = venue.accept().await;
    peer.confirm("deals.subscribe", r#"["A"]"#).await;
    let mut deals = subscribing.await.unwrap().unwrap();
    flood(&mut peer, "deals.update", |count| format!(r#"["A",[{{"id":{}}}]]"#, count + 1)).await;
    until_counted(&client).await;
    assert_eq!(next(&mut deals).await, r#"snapshot ["A",[{"id":1}]]"#);
    assert_eq!(next(&mut deals).await, r#"update ["A",[{"id":2}]]"#);
    assert_eq!(next(&mut deals).await, "interrupted: buffer full");
    // Only now the subscription is made again.
    let subscribe = peer.expect("deals.subscribe", r#"["A"]"#).await;
    peer.notify("deals.update", r#"["A",[{"id":4},{"id":3},{"id":2}]]"#).await;
    peer.result(&subscribe, "true").await;
    let query = peer.expect("deals.query", r#"["A",3,2]"#).await;
    peer.result(&query, r#"[{"id":4},{"id":3}]"#).await;
    // The third one was received, but it was never delivered.
    assert_eq!(next(&mut deals).await, r#"recovered ["A",[{"id":4},{"id":3}]]"#);
    assert_eq!(next(&mut deals).await, "resumed missing []");
    peer.notify("deals.update", r#"["A",[{"id":5},{"id":4}]]"#).await;
    assert_eq!(next(&mut deals).await, r#"update ["A",[{"id":5}]]"#);
}

#[tokio::test]
async fn a_slow_consumer_of_changes_is_told_and_gets_a_new_snapshot() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(row(&client, &DEPTH, "A", 5).buffer(2));
    let mut peer = venue.accept().await;
    peer.confirm("depth.subscribe", r#"["A",5]"#).await;
    let mut depth = subscribing.await.unwrap().unwrap();
    flood(&mut peer, "depth.update", |count| format!(r#"[{},{count},"A"]"#, count == 0)).await;
    until_counted(&client).await;
    // The changes before are of no use without the one that is missing.
    assert_eq!(next(&mut depth).await, "interrupted: buffer full");
    let subscribe = peer.expect("depth.subscribe", r#"["A",5]"#).await;
    peer.notify("depth.update", r#"[false,8,"A"]"#).await;
    peer.result(&subscribe, "true").await;
    peer.notify("depth.update", r#"[false,9,"A"]"#).await;
    peer.notify("depth.update", r#"[true,10,"A"]"#).await;
    assert_eq!(next(&mut depth).await, "resumed missing []");
    assert_eq!(next(&mut depth).await, r#"snapshot [true,10,"A"]"#);
}

#[tokio::test]
async fn a_fast_consumer_on_the_thread_of_the_connection_is_not_interrupted() {
    const CHANGES: u64 = 20_000;
    let (sender, receiver) = std::sync::mpsc::channel();
    let sending = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let venue = Venue::start().await;
            sender.send(venue.url.clone()).unwrap();
            let mut peer = venue.accept().await;
            peer.confirm("depth.subscribe", r#"["A",5]"#).await;
            for count in 0..CHANGES {
                let text = format!(r#"{{"method":"depth.update","params":[{},{count},"A"],"id":null}}"#, count == 0);
                futures_util::SinkExt::feed(&mut peer.socket, Message::text(text)).await.unwrap();
            }
            futures_util::SinkExt::flush(&mut peer.socket).await.unwrap();
            peer.expect("depth.unsubscribe", "[]").await;
        });
    });
    let client = venuekit::ClientBuilder::for_venue(&VENUE).base_url(receiver.recv().unwrap()).build().unwrap();
    let mut depth = row(&client, &DEPTH, "A", 5).await.unwrap();
    assert_eq!(next(&mut depth).await, r#"snapshot [true,0,"A"]"#);
    for count in 1..CHANGES {
        assert_eq!(next(&mut depth).await, format!(r#"update [false,{count},"A"]"#));
    }
    drop(depth);
    // The thread has to see the request before the client is dropped.
    while !sending.is_finished() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    sending.join().unwrap();
}

#[tokio::test]
async fn a_change_that_cannot_be_read_interrupts_the_subscription() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribe = RequestBuilder::new(&client, DEPTH.subscribe()).set(0, "A").set(1, &5);
    let subscribing = tokio::spawn(subscribe.subscribe::<(bool, i64, String)>(&DEPTH));
    let mut peer = venue.accept().await;
    peer.confirm("depth.subscribe", r#"["A",5]"#).await;
    let mut depth = subscribing.await.unwrap().unwrap();
    peer.notify("depth.update", r#"[true,1,"A"]"#).await;
    peer.notify("depth.update", r#"[false,"x","A"]"#).await;
    peer.notify("depth.update", r#"[false,3,"A"]"#).await;
    assert_eq!(depth.next().await.unwrap().unwrap(), Event::Snapshot((true, 1, "A".to_owned())));
    let error = depth.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("[1]")), "{error}");
    let Event::Interrupted(interrupted) = depth.next().await.unwrap().unwrap() else { panic!() };
    assert_eq!(interrupted.reason(), venuekit::ws::Reason::Undecodable);
    peer.confirm("depth.subscribe", r#"["A",5]"#).await;
    peer.notify("depth.update", r#"[true,4,"A"]"#).await;
    assert!(matches!(depth.next().await.unwrap().unwrap(), Event::Resumed(_)));
    assert_eq!(depth.next().await.unwrap().unwrap(), Event::Snapshot((true, 4, "A".to_owned())));
}

#[tokio::test]
async fn a_book_is_renewed_when_its_consumer_asks_for_it() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(row(&client, &DEPTH, "A", 5));
    let mut peer = venue.accept().await;
    peer.confirm("depth.subscribe", r#"["A",5]"#).await;
    let mut depth = subscribing.await.unwrap().unwrap();
    peer.notify("depth.update", r#"[true,1,"A"]"#).await;
    peer.notify("depth.update", r#"[false,2,"A"]"#).await;
    assert_eq!(next(&mut depth).await, r#"snapshot [true,1,"A"]"#);
    for count in 0..2 {
        // Unread changes are dropped, and so are those that come before the new subscription.
        depth.renew();
        depth.renew();
        peer.notify("depth.update", r#"[false,3,"A"]"#).await;
        assert_eq!(next(&mut depth).await, "interrupted: renewed");
        let call = peer.expect("depth.subscribe", r#"["A",5]"#).await;
        peer.notify("depth.update", r#"[false,4,"A"]"#).await;
        peer.result(&call, r#"{"status":"success"}"#).await;
        peer.notify("depth.update", &format!(r#"[true,{count},"A"]"#)).await;
        assert_eq!(next(&mut depth).await, "resumed missing []");
        assert_eq!(next(&mut depth).await, format!(r#"snapshot [true,{count},"A"]"#));
    }
    // Trades that wait stay, because each counts.
    let subscribing = started(list(&client, &DEALS, &["A"]));
    peer.confirm("deals.subscribe", r#"["A"]"#).await;
    let mut deals = subscribing.await.unwrap().unwrap();
    peer.notify("deals.update", r#"["A",[{"id":1}]]"#).await;
    peer.notify("deals.update", r#"["A",[{"id":2}]]"#).await;
    assert_eq!(next(&mut deals).await, r#"snapshot ["A",[{"id":1}]]"#);
    assert_eq!(next(&mut deals).await, r#"update ["A",[{"id":2}]]"#);
    deals.renew();
    assert_eq!(next(&mut deals).await, "interrupted: renewed");
    peer.confirm("deals.subscribe", r#"["A"]"#).await;
    let query = peer.expect("deals.query", r#"["A",3,2]"#).await;
    peer.result(&query, r#"[{"id":3},{"id":2}]"#).await;
    assert_eq!(next(&mut deals).await, r#"recovered ["A",[{"id":3}]]"#);
    assert_eq!(next(&mut deals).await, "resumed missing []");
}

#[tokio::test]
async fn a_feed_on_which_nothing_comes_is_stale_until_something_comes() {
    let venue = Venue::start().await;
    let client = client(&venue);
    // An unknown market is confirmed and then silent.
    let subscribing = started(list(&client, &STATE, &["UNKNOWN"]).stale_after(Duration::from_millis(20)));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["UNKNOWN"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    assert_eq!(next(&mut state).await, "stale");
    peer.notify("state.update", r#"["UNKNOWN",1]"#).await;
    assert_eq!(next(&mut state).await, r#"snapshot ["UNKNOWN",1]"#);
    assert_eq!(next(&mut state).await, "stale");
}

#[tokio::test]
async fn a_subscription_without_a_response_ends_in_its_time_and_the_others_are_made_again() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut a = subscribing.await.unwrap().unwrap();
    let subscribing = started(list(&client, &STATE, &["B"]).timeout(Duration::from_millis(20)));
    let silent = peer.expect("state.subscribe", r#"["A","B"]"#).await;
    let error = subscribing.await.unwrap().unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, ErrorKind::Timeout));
    let restored = peer.expect("state.subscribe", r#"["A"]"#).await;
    peer.result(&silent, "true").await;
    peer.result(&restored, "true").await;
    peer.notify("state.update", r#"["A",1]"#).await;
    assert_eq!(next(&mut a).await, r#"snapshot ["A",1]"#);
}

#[tokio::test]
async fn a_request_for_a_subscription_that_is_dropped_ends_it() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    let subscribe = peer.expect("state.subscribe", r#"["A"]"#).await;
    subscribing.abort();
    assert!(subscribing.await.is_err());
    peer.result(&subscribe, "true").await;
    peer.confirm("state.unsubscribe", "[]").await;
}

#[tokio::test]
async fn events_are_a_stream_and_have_values() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &STATE, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm("state.subscribe", r#"["A"]"#).await;
    let mut state = subscribing.await.unwrap().unwrap();
    peer.notify("state.update", r#"["A",1]"#).await;
    let event = futures_util::StreamExt::next(&mut state).await.unwrap().unwrap();
    assert_eq!(event.value(), Some(&serde_json::json!(["A", 1])));
    let text: Result<Event<String>, ()> = event.try_map(|value: Value| Ok(value.to_string()));
    assert_eq!(text, Ok(Event::Snapshot(r#"["A",1]"#.to_owned())));
    assert_eq!(
        (state.family().name(), format!("{state:?}")),
        ("state", r#"Subscription { venue: "sock", family: "state", .. }"#.to_owned())
    );
}
