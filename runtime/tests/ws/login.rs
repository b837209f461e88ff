//! Logins.

use serde_json::json;
use venuekit::codegen::RequestBuilder;
use venuekit::{Client, ErrorKind, Outcome, Retry};

use super::server::{Peer, Venue};
use super::{
    AUTH, KEY, LoginSigner, ORDER, PRIVATE, READ, SECRET, SIGN, TokenSigner, VENUE, builder, call, client, list, next,
    started,
};

async fn answer(peer: &mut Peer, method: &str) {
    let call = peer.call().await;
    assert_eq!(call.method, method);
    peer.result(&call, "true").await;
}

fn shows_secrets(text: &str) -> bool {
    text.contains(SECRET) || text.contains(KEY)
}

#[tokio::test]
async fn a_private_call_waits_for_the_login_and_a_public_one_does_not() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let private = tokio::spawn(call(&client, &PRIVATE, 1));
    let mut peer = venue.accept().await;
    let login = peer.call().await;
    assert_eq!(login.method, "server.sign");
    let params: Vec<serde_json::Value> = serde_json::from_str(&login.params).unwrap();
    assert_eq!(params[0], KEY);
    assert_eq!(params[1], format!("{SECRET}-signature"));
    assert!(params[2].is_u64());
    let public = tokio::spawn(call(&client, &READ, 2));
    answer(&mut peer, "read").await;
    assert_eq!(public.await.unwrap().unwrap(), json!(true));
    assert!(!client.connections()[0].is_logged_in);
    peer.result(&login, r#"{"status":"success"}"#).await;
    answer(&mut peer, "private").await;
    assert_eq!(private.await.unwrap().unwrap(), json!(true));
    // The connection stays logged in.
    let private = tokio::spawn(call(&client, &PRIVATE, 3));
    answer(&mut peer, "private").await;
    private.await.unwrap().unwrap();
    assert!(client.connections()[0].is_logged_in);
}

#[tokio::test]
async fn a_signer_logs_in_by_the_login_that_it_names_on_each_connection() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).signer(TokenSigner("server.auth")).build().unwrap();
    for value in 0..2 {
        let private = tokio::spawn(call(&client, &PRIVATE, value));
        let mut peer = venue.accept().await;
        let login = peer.call().await;
        let expected = format!("[\"{SECRET}\"]");
        assert_eq!((login.method.as_str(), login.params.as_str()), ("server.auth", expected.as_str()));
        if value == 0 {
            peer.error(&login, 11, &format!("the token {SECRET} has expired")).await;
            let error = private.await.unwrap().unwrap_err();
            assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Credentials), "{error}");
            // Credentials were given, so the error does not ask for them.
            assert!(error.to_string().contains(": the login was not accepted: "), "{error}");
            assert!(error.to_string().contains("the token *** has expired"), "{error}");
            assert!(!shows_secrets(&format!("{error:?} {:?}", client.connections())), "{error:?}");
        } else {
            peer.result(&login, r#"{"status":"success"}"#).await;
            answer(&mut peer, "private").await;
            assert_eq!(private.await.unwrap().unwrap(), json!(true));
        }
    }
    // A login that the venue does not have is not sent.
    let client = builder(&VENUE, &venue).signer(TokenSigner("server.guess")).build().unwrap();
    let private = tokio::spawn(call(&client, &PRIVATE, 1));
    let _peer = venue.accept().await;
    let error = private.await.unwrap().unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("the venue has no login `server.guess`"), "{error}");
}

#[tokio::test]
async fn each_connection_logs_in_with_a_new_nonce() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let mut nonces = Vec::new();
    for value in 0..2 {
        let private = tokio::spawn(call(&client, &PRIVATE, value));
        let mut peer = venue.accept().await;
        nonces.push(peer.confirm_login().await[2].as_u64().unwrap());
        answer(&mut peer, "private").await;
        private.await.unwrap().unwrap();
        drop(peer);
    }
    assert!(nonces[0] < nonces[1], "{nonces:?}");
}

#[tokio::test]
async fn a_refused_login_ends_what_needs_it_and_shows_no_secret() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let private = tokio::spawn(call(&client, &PRIVATE, 1));
    let subscribing = started(list(&client, &ORDER, &["A"]));
    let mut peer = venue.accept().await;
    let login = peer.call().await;
    peer.error(&login, 11, &format!("key {KEY} with {SECRET}-signature is bad")).await;
    for error in [private.await.unwrap().unwrap_err(), subscribing.await.unwrap().unwrap_err()] {
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Credentials), "{error}");
        assert!(error.to_string().contains("code 11") && error.to_string().contains("***"), "{error}");
        assert!(!shows_secrets(&format!("{error} {error:?}")), "{error:?}");
    }
    assert!(!shows_secrets(&format!("{client:?} {:?}", client.connections())));
    // Another call tries again.
    let private = tokio::spawn(call(&client, &PRIVATE, 2));
    peer.confirm_login().await;
    answer(&mut peer, "private").await;
    private.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_login_that_fails_for_a_passing_reason_is_tried_again_with_a_new_nonce() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let private = tokio::spawn(call(&client, &PRIVATE, 1));
    let mut peer = venue.accept().await;
    let first = peer.call().await;
    peer.error(&first, 5, "service timeout").await;
    let second = peer.call().await;
    assert_eq!(second.method, "server.sign");
    assert_ne!((first.id, &first.params), (second.id, &second.params));
    peer.result(&second, r#"{"status":"success"}"#).await;
    answer(&mut peer, "private").await;
    private.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_login_without_a_response_is_tried_again_and_disturbs_nothing_else() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue)
        .signer(LoginSigner)
        .socket(|settings| settings.request_timeout = std::time::Duration::from_millis(20))
        .build()
        .unwrap();
    let private = tokio::spawn(call(&client, &PRIVATE, 1));
    let mut peer = venue.accept().await;
    let first = peer.expect_login().await;
    let second = peer.expect_login().await;
    assert_ne!((first.id, &first.params), (second.id, &second.params));
    // A response that comes too late belongs to nothing.
    peer.result(&first, r#"{"status":"success"}"#).await;
    let third = peer.expect_login().await;
    peer.result(&third, r#"{"status":"success"}"#).await;
    answer(&mut peer, "private").await;
    private.await.unwrap().unwrap();
    assert_eq!((client.connections()[0].connects, client.connections()[0].is_logged_in), (1, true));
}

#[tokio::test]
async fn a_passing_fault_of_the_login_ends_no_private_subscription_however_often_it_comes() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &ORDER, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm_login().await;
    peer.confirm("order.subscribe", r#"["A"]"#).await;
    let mut orders = subscribing.await.unwrap().unwrap();
    drop(peer);
    assert_eq!(next(&mut orders).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    for code in [2, 3, 5, 2, 3, 5] {
        let login = peer.expect_login().await;
        peer.error(&login, code, "passes").await;
    }
    let login = peer.expect_login().await;
    // An answer that cannot be read says nothing about the key either.
    peer.send(format!(r#"{{"error":null,"id":{}}}"#, login.id)).await;
    let login = peer.expect_login().await;
    let failed = client.connections()[0].login_error.clone().unwrap();
    assert!(!client.connections()[0].is_logged_in && !shows_secrets(&failed), "{failed}");
    peer.result(&login, r#"{"status":"success"}"#).await;
    peer.confirm("order.subscribe", r#"["A"]"#).await;
    let query = peer.expect("order.query", r#"["A",0,2]"#).await;
    peer.result(&query, r#"{"records":[]}"#).await;
    assert_eq!(next(&mut orders).await, "resumed with a hole missing []");
    assert_eq!((client.connections()[0].connects, &client.connections()[0].login_error), (2, &None));
}

#[tokio::test]
async fn who_waits_for_a_login_for_the_first_time_is_told_of_a_fault_that_does_not_pass() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).signer(LoginSigner).retry(Retry::never()).build().unwrap();
    let private = tokio::spawn(call(&client, &PRIVATE, 1));
    let subscribing = started(list(&client, &ORDER, &["A"]));
    let mut peer = venue.accept().await;
    for _ in 0..3 {
        let login = peer.expect_login().await;
        peer.error(&login, 5, "service timeout").await;
    }
    for error in [private.await.unwrap().unwrap_err(), subscribing.await.unwrap().unwrap_err()] {
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Connect), "{error}");
        assert!(error.to_string().contains("code 5: service timeout"), "{error}");
    }
}

#[tokio::test]
async fn the_login_and_the_subscriptions_of_a_connection_are_not_changed_by_hand() {
    let venue = Venue::start().await;
    let client = client(&venue);
    for (operation, reason) in [
        (&SIGN, "the client, which logs in by itself"),
        (&AUTH, "the client, which logs in by itself"),
        (ORDER.subscribe(), "would replace the subscriptions"),
        (ORDER.unsubscribe(), "would end the subscriptions"),
    ] {
        let error = RequestBuilder::new(&client, operation).send::<serde_json::Value>().await.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Request), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(client.connections().is_empty());
}

#[tokio::test]
async fn without_credentials_nothing_private_is_sent() {
    let venue = Venue::start().await;
    let client = builder(&VENUE, &venue).retry(Retry::never()).build().unwrap();
    let private: fn(&Client) -> _ = |client| list(client, &ORDER, &["A"]);
    for error in [call(&client, &PRIVATE, 1).await.unwrap_err(), private(&client).await.unwrap_err()] {
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Credentials), "{error}");
    }
    // Credentials do not go in plain text to another machine.
    let client = venuekit::ClientBuilder::for_venue(&VENUE)
        .base_url("ws://venue.test/")
        .signer(LoginSigner)
        .retry(Retry::never())
        .build()
        .unwrap();
    for error in [call(&client, &PRIVATE, 1).await.unwrap_err(), private(&client).await.unwrap_err()] {
        assert_eq!((error.outcome(), error.kind()), (Outcome::NotSent, ErrorKind::Credentials), "{error}");
    }
    drop(RequestBuilder::new(&client, &READ));
}

#[tokio::test]
async fn a_private_subscription_logs_in_again_after_an_interruption() {
    let venue = Venue::start().await;
    let client = client(&venue);
    let subscribing = started(list(&client, &ORDER, &["A"]));
    let mut peer = venue.accept().await;
    peer.confirm_login().await;
    peer.confirm("order.subscribe", r#"["A"]"#).await;
    let mut orders = subscribing.await.unwrap().unwrap();
    drop(peer);
    assert_eq!(next(&mut orders).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    peer.confirm_login().await;
    peer.confirm("order.subscribe", r#"["A"]"#).await;
    let query = peer.expect("order.query", r#"["A",0,2]"#).await;
    peer.result(&query, r#"{"records":[]}"#).await;
    assert_eq!(next(&mut orders).await, "resumed with a hole missing []");
    // A login that is refused for good ends the subscription.
    drop(peer);
    assert_eq!(next(&mut orders).await, "interrupted: disconnected");
    let mut peer = venue.accept().await;
    let login = peer.call().await;
    peer.error(&login, 11, "the key was deleted").await;
    let end = next(&mut orders).await;
    assert!(end.starts_with("error: ") && end.contains("code 11: the key was deleted"), "{end}");
    assert_eq!(next(&mut orders).await, "end");
}
