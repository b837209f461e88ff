//! The store on a real server.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking")]
#![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use support::RedisServer;
use venuekit::state::{
    Grant, KeyDigest, Later, LaterReason, Notice, Reservation, Reserved, SharedLimit, StateStore, StoredPlace,
};
use venuekit_redis::RedisStore;

const VENUE: &str = "venue";

/// A timeout for a response that comes, on a machine that is busy.
const LONG: Duration = Duration::from_secs(120);

fn key() -> Option<KeyDigest> {
    Some(KeyDigest::from_sha256([7; 32]))
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn limit(name: &str, capacity: u64, window: u64) -> Arc<SharedLimit> {
    Arc::new(SharedLimit::new(VENUE, name, capacity, ms(window)))
}

/// Returns a store that does not wait after the server was started.
fn store(server: &RedisServer) -> RedisStore {
    RedisStore::builder(server.url()).longest_hold(Duration::ZERO).timeout(LONG).build().unwrap()
}

/// Opens limits of a server that was just started. It could have forgotten their places.
async fn open(store: &RedisStore, limits: &[&Arc<SharedLimit>]) {
    for limit in limits {
        let asked = asked().with_place(Arc::clone(limit), 1, 0, 0);
        assert_eq!(later(store, &asked).await.reason, LaterReason::Recovering(0));
        tell(store, Notice::reopened(vec![Arc::clone(limit)])).await;
    }
}

fn asked() -> Reservation {
    Reservation::new(VENUE, key(), ms(10_000))
}

async fn grant(store: &RedisStore, asked: &Reservation) -> Grant {
    match store.reserve(asked).await.unwrap() {
        Reserved::Granted(grant) => grant,
        other => panic!("{other:?}"),
    }
}

async fn later(store: &RedisStore, asked: &Reservation) -> Later {
    match store.reserve(asked).await.unwrap() {
        Reserved::Later(later) => later,
        other => panic!("{other:?}"),
    }
}

/// Waits until the reservation is granted.
async fn granted(store: &RedisStore, asked: impl Fn() -> Reservation) -> (Reservation, Grant) {
    loop {
        let asked = asked();
        match store.reserve(&asked).await.unwrap() {
            Reserved::Granted(grant) => return (asked, grant),
            Reserved::Later(later) => tokio::time::sleep(later.wait).await,
            other => panic!("{other:?}"),
        }
    }
}

fn ended(asked: &Reservation, grace: u64) -> Notice {
    let places =
        asked.places().iter().map(|place| StoredPlace::new(asked.id(), Arc::clone(&place.limit), place.weight));
    Notice::ended(places.collect(), ms(grace))
}

async fn tell(store: &RedisStore, notice: Notice) {
    store.notify(notice);
    store.flush().await.unwrap();
}

async fn used(store: &RedisStore, limit: &Arc<SharedLimit>) -> u64 {
    store.read(&[Arc::clone(limit)]).await.unwrap().limits[0].used
}

#[tokio::test]
async fn all_places_of_a_call_are_reserved_or_none() {
    let Some(server) = RedisServer::start() else { return };
    let store = store(&server);
    let (wide, narrow) = (limit("wide", 10, 60_000), limit("narrow", 5, 60_000));
    open(&store, &[&wide, &narrow]).await;
    granted(&store, || asked().with_place(narrow.clone(), 1, 0, 0)).await;
    let both = || asked().with_place(wide.clone(), 4, 0, 0).with_place(narrow.clone(), 3, 0, 0);
    granted(&store, both).await;
    let refused = later(&store, &both()).await;
    assert_eq!(refused.reason, LaterReason::Full(1));
    assert_eq!((used(&store, &wide).await, used(&store, &narrow).await), (4, 4), "nothing was taken");
    grant(&store, &both().forced()).await;
    assert_eq!((used(&store, &wide).await, used(&store, &narrow).await), (8, 7));
}

#[tokio::test]
async fn a_place_ends_one_window_after_the_response_or_by_itself_after_hold_and_window() {
    let Some(server) = RedisServer::start() else { return };
    let store = store(&server);
    let limit = limit("orders", 3, 2_000);
    open(&store, &[&limit]).await;
    let place = || asked().with_place(limit.clone(), 1, 0, 0);
    let (first, _) = granted(&store, place).await;
    let (second, _) = granted(&store, place).await;
    let short = Reservation::new(VENUE, key(), ms(500)).with_place(limit.clone(), 1, 0, 0);
    let started = grant(&store, &short).await.now;
    let refused = later(&store, &place()).await;
    assert!(refused.reason == LaterReason::Full(0) && refused.wait <= ms(2_000), "{refused:?}");
    tell(&store, ended(&first, 0)).await;
    let places = vec![StoredPlace::new(second.id(), limit.clone(), 1)];
    tell(&store, Notice::given_back(places.clone())).await;
    assert_eq!(used(&store, &limit).await, 2);
    // A notice that comes twice, or after its place has ended, changes nothing.
    tell(&store, Notice::given_back(places)).await;
    assert_eq!(used(&store, &limit).await, 2);
    let (_, last) = granted(&store, || asked().with_place(limit.clone(), 3, 0, 0)).await;
    assert!(last.now.duration_since(started).unwrap() > ms(2_500), "{last:?}");
}

#[tokio::test]
async fn a_reservation_that_is_sent_twice_has_one_place() {
    let Some(server) = RedisServer::start() else { return };
    let store = store(&server);
    let limit = limit("orders", 3, 60_000);
    open(&store, &[&limit]).await;
    let (asked, _) = granted(&store, || asked().with_place(limit.clone(), 2, 0, 0)).await;
    grant(&store, &asked).await;
    assert_eq!(used(&store, &limit).await, 2);
}

#[tokio::test]
async fn counts_of_the_venue_closings_and_reopenings_are_seen_by_all() {
    let Some(server) = RedisServer::start() else { return };
    let (one, other) = (store(&server), store(&server));
    let limit = limit("weight", 10, 60_000);
    open(&one, &[&limit]).await;
    let place = || asked().with_place(limit.clone(), 2, 0, 0);
    let (_, first) = granted(&one, place).await;
    tell(&one, Notice::stated(limit.clone(), 9, first.now, ms(60_000))).await;
    assert_eq!(later(&other, &place()).await.reason, LaterReason::Full(0));
    tell(&one, Notice::stated(limit.clone(), 3, first.now - ms(1), ms(60_000))).await;
    assert_eq!(used(&other, &limit).await, 9, "a request sent before the other response came lowers nothing");
    let now = other.read(&[]).await.unwrap().taken_at;
    tell(&other, Notice::stated(limit.clone(), 3, now, ms(60_000))).await;
    assert_eq!(used(&one, &limit).await, 3);
    tell(&one, Notice::closed(limit.clone(), ms(50_000))).await;
    tell(&one, Notice::closed(limit.clone(), ms(10_000))).await;
    let closed = later(&other, &place()).await;
    assert!(closed.reason == LaterReason::Closed(0) && closed.wait > ms(40_000), "{closed:?}");
    assert!(one.read(std::slice::from_ref(&limit)).await.unwrap().limits[0].closed.unwrap() > ms(40_000));
    tell(&other, Notice::reopened(vec![limit.clone()])).await;
    grant(&one, &place()).await;
}

#[tokio::test]
async fn nonces_rise_also_after_the_server_forgot_them_and_stay_near_its_clock() {
    let Some(mut server) = RedisServer::start() else { return };
    let store = store(&server);
    let mut last = 0;
    for round in 0..4 {
        for _ in 0..50 {
            let (_, grant) = granted(&store, || asked().with_nonce(0)).await;
            let (nonce, now) = (grant.nonce.unwrap(), grant.now.duration_since(std::time::UNIX_EPOCH).unwrap());
            assert!(nonce > last, "{round}: {nonce} after {last}");
            assert!(u128::from(nonce) <= now.as_millis() + 1_000, "{nonce} at {now:?}");
            last = nonce;
        }
        match round {
            0 => server.command::<()>(&["FLUSHALL"]).await,
            1 => server.command::<()>(&["SCRIPT", "FLUSH"]).await,
            _ => server.restart(ms(1)),
        }
    }
    let (_, grant) = granted(&store, || asked().with_nonce(last + 500)).await;
    assert!(grant.nonce.unwrap() > last + 500, "a nonce that this process knows is never repeated");
    let far = later(&store, &asked().with_nonce(last + 3_600_000)).await;
    assert!(far.reason == LaterReason::Nonce && far.wait > ms(3_000_000), "{far:?}");
}

#[tokio::test]
async fn a_turn_is_held_by_one_and_ends_by_itself() {
    let Some(server) = RedisServer::start() else { return };
    let store = store(&server);
    let short = || Reservation::new(VENUE, key(), ms(700)).with_turn().with_nonce(0);
    let (first, _) = granted(&store, short).await;
    assert_eq!(later(&store, &short()).await.reason, LaterReason::Turn);
    tell(&store, Notice::turn_ended(VENUE, key().unwrap(), first.id())).await;
    let held_at = granted(&store, short).await.1.now;
    tell(&store, Notice::turn_ended(VENUE, key().unwrap(), first.id())).await;
    assert_eq!(later(&store, &short()).await.reason, LaterReason::Turn, "the notice of another changes nothing");
    let (_, third) = granted(&store, short).await;
    assert!(third.now.duration_since(held_at).unwrap() >= ms(700));
}

#[tokio::test]
async fn after_a_restart_a_limit_stays_closed_until_what_was_forgotten_has_ended() {
    let Some(mut server) = RedisServer::start() else { return };
    let store = RedisStore::builder(server.url()).longest_hold(ms(1_500)).timeout(LONG).build().unwrap();
    let limit = limit("orders", 3, 1_000);
    let place = || Reservation::new(VENUE, key(), ms(500)).with_place(limit.clone(), 1, 0, 0);
    let turn = || Reservation::new(VENUE, key(), ms(500)).with_turn();
    granted(&store, place).await;
    server.restart(ms(1));
    let restarted = store.read(&[]).await.unwrap().taken_at;
    let refused = later(&store, &place()).await;
    assert_eq!(refused.reason, LaterReason::Recovering(0));
    assert_eq!(later(&store, &turn()).await.reason, LaterReason::Turn);
    let (_, grant) = granted(&store, place).await;
    assert!(grant.now.duration_since(restarted).unwrap() >= ms(2_400), "{grant:?}");
    // The user can open it at once.
    server.restart(ms(1));
    assert_eq!(later(&store, &place()).await.reason, LaterReason::Recovering(0));
    tell(&store, Notice::reopened(vec![limit.clone()])).await;
    self::grant(&store, &place()).await;
}

#[tokio::test]
async fn counts_that_were_removed_by_hand_close_the_limit_and_long_windows_get_the_use_of_those_who_know() {
    let Some(server) = RedisServer::start() else { return };
    let store = store(&server);
    let limit = limit("orders", 10, 500);
    let (_, grant) = granted(&store, || asked().with_place(limit.clone(), 4, 0, 0)).await;
    server.command::<()>(&["FLUSHALL"]).await;
    let knows = || asked().with_place(limit.clone(), 1, grant.epochs[0], 4);
    assert_eq!(later(&store, &knows()).await.reason, LaterReason::Recovering(0));
    granted(&store, knows).await;
    assert_eq!(used(&store, &limit).await, 5, "the four that this process knows, and the new one");
}

#[tokio::test]
async fn every_key_expires_has_the_hash_tag_of_its_venue_and_does_not_show_the_key() {
    let Some(server) = RedisServer::start() else { return };
    let store = store(&server);
    let limit = limit("day", 100, 86_400_000);
    let all = || asked().with_place(limit.clone(), 1, 0, 0).with_nonce(0).with_turn();
    let refused = store.reserve(&all()).await.unwrap();
    assert!(matches!(refused, Reserved::Later(_)), "the server is new: {refused:?}");
    tell(&store, Notice::reopened(vec![limit.clone()])).await;
    let (asked, _) = granted(&store, all).await;
    tell(&store, ended(&asked, 0)).await;
    tell(&store, Notice::closed(limit.clone(), ms(5_000))).await;
    let keys: Vec<String> = server.command(&["KEYS", "*"]).await;
    assert_eq!(keys.len(), 4, "{keys:?}");
    for key in keys {
        assert!(key.starts_with("{venuekit:venue}:"), "{key}");
        let left: i64 = server.command(&["PTTL", &key]).await;
        assert!(left > 0 && left < 3 * 86_400_000, "{key}: {left}");
    }
}

#[tokio::test]
async fn a_large_limit_of_a_day_has_few_members() {
    let Some(server) = RedisServer::start() else { return };
    let store = store(&server);
    let limit = limit("day", 100_000, 86_400_000);
    open(&store, &[&limit]).await;
    for _ in 0..300 {
        let (asked, _) = granted(&store, || asked().with_place(limit.clone(), 1, 0, 0)).await;
        store.notify(ended(&asked, 0));
    }
    store.flush().await.unwrap();
    assert_eq!(used(&store, &limit).await, 300);
    let members: u64 = server.command(&["ZCARD", "{venuekit:venue}:ends:day"]).await;
    assert!(members <= 2, "{members}");
}

#[tokio::test]
async fn the_smallest_capacity_of_all_processes_holds() {
    let Some(server) = RedisServer::start() else { return };
    let store = store(&server);
    let (small, large) = (limit("orders", 3, 60_000), limit("orders", 9, 60_000));
    open(&store, &[&small]).await;
    granted(&store, || asked().with_place(small.clone(), 1, 0, 0)).await;
    grant(&store, &asked().with_place(large.clone(), 2, 0, 0)).await;
    assert_eq!(later(&store, &asked().with_place(large.clone(), 1, 0, 0)).await.reason, LaterReason::Full(0));
}

/// Reserves the same place twice, and expects that only one of them has room.
async fn counts(store: &RedisStore) {
    let limit = limit("orders", 1, 60_000);
    open(store, &[&limit]).await;
    let place = || asked().with_nonce(0).with_place(limit.clone(), 1, 0, 0);
    let (_, first) = granted(store, place).await;
    assert!(first.nonce.is_some());
    assert_eq!(later(store, &place()).await.reason, LaterReason::Full(0));
    tell(store, Notice::reopened(vec![limit.clone()])).await;
    assert_eq!(used(store, &limit).await, 1);
}

#[tokio::test]
async fn a_server_with_users_counts_for_those_who_know_the_password() {
    let settings = |port: u16| {
        let port = port.to_string();
        let user = ["--user", "desk", "on", ">s3cret", "~*", "&*", "+@all"];
        ["--port", &port, "--save", ""].into_iter().chain(user).map(str::to_owned).collect()
    };
    let Some((_server, port)) = RedisServer::start_on_port(settings) else { return };
    let at = |login: &str| {
        let url = format!("redis://{login}127.0.0.1:{port}");
        RedisStore::builder(url).longest_hold(Duration::ZERO).timeout(LONG).build().unwrap()
    };
    counts(&at("desk:s3cret@")).await;
    let wrong = at("desk:wr0ng-password@").check().await.unwrap_err().to_string();
    assert!(!wrong.contains("wr0ng-password"), "{wrong}");
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn a_connection_by_tls_needs_a_certificate_that_is_trusted() {
    let files = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime/tests/support/tls");
    let settings = |port: u16| {
        let (port, certificate, key) =
            (port.to_string(), format!("{files}/certificate.pem"), format!("{files}/key.pem"));
        let tls = ["--tls-port", &port, "--tls-cert-file", &certificate, "--tls-key-file", &key];
        let rest = ["--tls-ca-cert-file", &certificate, "--tls-auth-clients", "no", "--port", "0", "--save", ""];
        tls.into_iter().chain(rest).map(str::to_owned).collect()
    };
    let Some((_server, port)) = RedisServer::start_on_port(settings) else { return };
    let url = format!("rediss://127.0.0.1:{port}");
    let builder = || RedisStore::builder(&url).longest_hold(Duration::ZERO).timeout(LONG);
    let certificate = std::fs::read(format!("{files}/certificate.pem")).unwrap();
    counts(&builder().root_certificate(certificate).build().unwrap()).await;
    assert!(builder().build().unwrap().check().await.is_err(), "the certificate is of no known authority");
}

#[cfg(feature = "cluster")]
#[tokio::test]
async fn a_node_of_a_cluster_that_has_all_slots_counts() {
    let settings = |port: u16| {
        let port = port.to_string();
        ["--port", &port, "--save", "", "--cluster-enabled", "yes", "--cluster-port", "0"].map(str::to_owned).to_vec()
    };
    let Some((server, port)) = RedisServer::start_on_port(settings) else { return };
    let _: () = server.command(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]).await;
    while !server.command::<String>(&["CLUSTER", "INFO"]).await.contains("cluster_state:ok") {
        tokio::time::sleep(ms(20)).await;
    }
    let url = format!("redis://127.0.0.1:{port}");
    let builder = RedisStore::builder(&url).node(&url).longest_hold(Duration::ZERO).timeout(LONG);
    counts(&builder.build().unwrap()).await;
}

#[tokio::test]
async fn a_store_that_cannot_be_used_says_why_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("redis+unix://{}/none.sock?user=desk&pass=s3cret", folder.path().display());
    let store = RedisStore::new(url).unwrap();
    let error = store.check().await.unwrap_err().to_string();
    assert!(error.starts_with("the Redis server cannot be used: "), "{error}");
    assert!(!format!("{error} {store:?}").contains("s3cret"));
    let error = RedisStore::new("http://desk:s3cret@host").unwrap_err().to_string();
    assert!(error.contains("redis://") && !error.contains("s3cret"), "{error}");
    assert!(
        std::thread::spawn(|| RedisStore::new("redis://host").unwrap_err().to_string())
            .join()
            .unwrap()
            .contains("tokio")
    );
}
