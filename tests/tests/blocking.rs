//! Tests of calls from code that is not async: without a tokio runtime, on the threads of one, and
//! beside a mock in the same process.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use venuekit::blocking::wait;
use venuekit::{Outcome, dec};
use venuekit_mock::{Fault, MockVenue};
use venuekit_venues::venuekit_btse_spot::types::OrderRequest;
use venuekit_venues::venuekit_btse_spot::{Client, Credentials};

/// A client of this mock. `wait` does not need a tokio runtime, and `MockVenue` gets one from it.
fn client(mock: &MockVenue) -> Client {
    let credentials = Credentials::new(mock.key(), mock.secret()).unwrap();
    Client::builder().base_url(mock.url()).credentials(credentials).build().unwrap()
}

/// Calls a public and a signed operation, with each form of a call.
fn call(client: &Client) {
    let book = client.get_order_book().symbol("BTC-USD").send().wait().unwrap();
    assert!(book.buy_quote.iter().all(|level| level.price > dec!(0)));
    let order =
        || OrderRequest::builder().symbol("BTC-USD").side("BUY").type_("LIMIT").price(dec!(9500)).amount(dec!(0.01));
    let placed = client.place_order().body(order().build()).send().with_response().wait().unwrap();
    let open = client.get_pending_orders().symbol("BTC-USD").send().lenient().wait().unwrap();
    assert!(open.into_value().iter().any(|order| order.id == placed.value().id));
}

#[test]
fn a_call_is_waited_for_without_a_runtime() {
    let mock = wait(MockVenue::builder("btse-spot").seed(7).start()).unwrap().unwrap();
    call(&client(&mock));
}

#[tokio::test]
async fn a_call_is_waited_for_on_the_only_thread_of_a_runtime() {
    // This thread is blocked, so the mock runs on the runtime of `wait`.
    let mock = wait(MockVenue::builder("btse-spot").seed(7).start()).unwrap().unwrap();
    let client = client(&mock);
    call(&client);
    // The same client can be used in async code afterwards.
    client.get_order_book().symbol("BTC-USD").send().await.unwrap();
}

#[tokio::test]
async fn a_call_is_waited_for_beside_a_mock_of_the_same_runtime() {
    let mock = MockVenue::builder("btse-spot").seed(7).start().await.unwrap();
    let client = client(&mock);
    tokio::task::spawn_blocking(move || call(&client)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_is_waited_for_on_one_of_several_threads() {
    let mock = MockVenue::builder("btse-spot").seed(7).start().await.unwrap();
    let client = client(&mock);
    tokio::spawn(async move { call(&client) }).await.unwrap();
}

#[test]
fn many_threads_wait_with_one_client() {
    let mock = wait(MockVenue::builder("btse-spot").seed(7).start()).unwrap().unwrap();
    let client = client(&mock);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.get_order_book().symbol("BTC-USD").send().wait().unwrap());
        }
    });
}

#[test]
fn a_lost_answer_has_the_outcome_of_an_async_call() {
    let faults = ["cut,on=placeOrder".parse::<Fault>().unwrap()];
    let mock = wait(MockVenue::builder("btse-spot").seed(7).faults(faults).start()).unwrap().unwrap();
    let order =
        OrderRequest::builder().symbol("BTC-USD").side("BUY").type_("LIMIT").price(dec!(9500)).amount(dec!(0.01));
    let error = client(&mock).place_order().body(order.build()).send().wait().unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
}
