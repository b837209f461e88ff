//! Lists that a venue returns in pages.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_with::Same;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Method, Operation, Pagination, Parameter, ParameterIn, Venue};
use venuekit::paging::Items;
use venuekit::wire::Json;
use venuekit::{ClientBuilder, ErrorKind, Outcome};
use venuekit_test_support::{Script, respond};

static VENUE: Venue = Venue::new("venue", "venue", "0.1.0");

const PARAMETERS: &[Parameter] =
    &[Parameter::optional("from", ParameterIn::Query), Parameter::optional("limit", ParameterIn::Query)];

const fn list(pagination: Pagination) -> Operation {
    Operation::http("list", Method::Get, "/list").with_parameters(PARAMETERS).with_pagination(pagination)
}

static BY_OFFSET: Operation = list(Pagination::by_offset("/items", "from"));
static BY_NUMBER: Operation = list(Pagination::by_number("", "from", 1));
static BY_CURSOR: Operation = list(Pagination::by_cursor("/items", "from", "/next"));
static BY_LAST: Operation = list(Pagination::by_last_item("", "from", "/id"));
static BY_REPEATED: Operation = list(Pagination::by_last_item("", "from", "/id").with_repeated_item());

/// Returns the items of the pages, as text; an error is the last one. Also returns the queries that
/// were sent, and the number of repeated items.
async fn read(
    operation: &'static Operation,
    from: Option<u64>,
    pages: &[&'static str],
) -> (Vec<String>, Vec<String>, u64) {
    let script = Script::new(pages.iter().map(|page| respond(200, *page)));
    let builder = ClientBuilder::for_venue(&VENUE).base_url("https://venue.test");
    let client = builder.transport(script.clone()).build().unwrap();
    let request = RequestBuilder::new(&client, operation).set(1, &2);
    let request = match from {
        Some(from) => request.set(0, &from),
        None => request,
    };
    let mut items: Items<Json> = request.items::<Json, Same>();
    let mut read = Vec::new();
    while let Some(item) = items.next().await {
        read.push(match item {
            Ok(item) => item.get().to_owned(),
            Err(error) => {
                assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{error}");
                // It has what the error of any call has.
                assert_eq!((error.attempts(), error.status().map(|status| status.as_u16())), (1, Some(200)));
                assert_eq!(error.operation().map(Operation::id), Some("list"));
                assert!(error.excerpt().is_some(), "{error:?}");
                error.to_string()
            }
        });
    }
    assert!(items.next().await.is_none());
    let sent = script.sent().iter().map(|request| request.url.query().unwrap_or_default().to_owned()).collect();
    (read, sent, items.repeated())
}

#[tokio::test]
async fn the_items_of_all_pages_come_in_their_order_and_a_page_without_items_is_the_end() {
    let pages = [r#"{"items":[1,2]}"#, r#"{"items":[3]}"#, r#"{"items":[]}"#];
    let (items, sent, repeated) = read(&BY_OFFSET, Some(0), &pages).await;
    assert_eq!(items, ["1", "2", "3"]);
    assert_eq!(sent, ["from=0&limit=2", "from=2&limit=2", "from=3&limit=2"]);
    assert_eq!(repeated, 0);
    // A page that is shorter than the limit is not the end: a venue may send fewer.
    assert_eq!(read(&BY_OFFSET, Some(7), &pages).await.1[2], "from=10&limit=2");
    assert_eq!(read(&BY_OFFSET, None, &pages).await.1, ["limit=2", "from=2&limit=2", "from=3&limit=2"]);
    let (items, sent, _) = read(&BY_NUMBER, None, &["[1,2]", "[3]", "[]"]).await;
    assert_eq!((items.len(), sent[1].as_str(), sent[2].as_str()), (3, "from=2&limit=2", "from=3&limit=2"));
    assert_eq!(read(&BY_NUMBER, Some(4), &["[1]", "[]"]).await.1, ["from=4&limit=2", "from=5&limit=2"]);
}

#[tokio::test]
async fn a_page_without_a_cursor_is_the_last() {
    let first = r#"{"items":[1],"next":"a b/c"}"#;
    for last in [r#"{"items":[2],"next":null}"#, r#"{"items":[2],"next":""}"#, r#"{"items":[2]}"#] {
        let (items, sent, _) = read(&BY_CURSOR, None, &[first, last]).await;
        assert_eq!(items, ["1", "2"], "{last}");
        assert_eq!(sent, ["limit=2", "from=a%20b%2Fc&limit=2"]);
    }
}

#[tokio::test]
async fn the_last_item_leads_to_the_next_page_which_may_begin_with_it() {
    let (items, sent, _) = read(&BY_LAST, None, &[r#"[{"id":5},{"id":"x"}]"#, r#"[{"id":7}]"#, "[]"]).await;
    assert_eq!(items.len(), 3);
    assert_eq!(sent, ["limit=2", "from=x&limit=2", "from=7&limit=2"]);
    let pages = [r#"[{"id":5},{"id":6}]"#, r#"[{"id":6},{"id":7}]"#, r#"[{"id":7}]"#];
    let (items, sent, repeated) = read(&BY_REPEATED, None, &pages).await;
    assert_eq!(items, [r#"{"id":5}"#, r#"{"id":6}"#, r#"{"id":7}"#]);
    assert_eq!((sent.len(), repeated), (3, 0));
}

#[tokio::test]
async fn a_page_that_only_repeats_items_is_an_error_and_never_a_loop() {
    for pages in [
        &[r#"{"items":[1,2]}"#, r#"{"items":[1,2]}"#][..],
        &[r#"{"items":[1,2]}"#, r#"{"items":[3,4]}"#, r#"{"items":[1,2]}"#],
    ] {
        let (items, sent, _) = read(&BY_OFFSET, None, pages).await;
        assert_eq!((items.len(), sent.len()), ((pages.len() - 1) * 2 + 1, pages.len()));
        let error = items.last().unwrap();
        assert!(error.starts_with("venue list: ") && error.contains("does not follow `from`"), "{error}");
    }
    let same = r#"{"items":[1],"next":"a"}"#;
    assert!(read(&BY_CURSOR, None, &[same, same]).await.0[1].contains("does not follow"));
}

#[tokio::test]
async fn an_item_that_comes_twice_because_the_list_moved_is_counted() {
    let pages = [r#"{"items":[1,1]}"#, r#"{"items":[1,3]}"#, r#"{"items":[]}"#];
    let (items, _, repeated) = read(&BY_OFFSET, None, &pages).await;
    assert_eq!((items.as_slice(), repeated), (&["1", "1", "1", "3"].map(str::to_owned)[..], 1));
}

#[tokio::test]
async fn a_page_that_cannot_be_read_ends_the_stream_with_an_error() {
    for (operation, page, reason) in [
        (&BY_OFFSET, r#"{"list":[1]}"#, "a page has no list at `/items`"),
        (&BY_NUMBER, "{}", "a page is not a list"),
        (&BY_LAST, "[{}]", "an item has no value at `/id`"),
    ] {
        let (items, sent, _) = read(operation, None, &[page]).await;
        assert!(items.len() == 1 && items[0].contains(reason), "{items:?}");
        assert_eq!(sent.len(), 1);
    }
    let script = Script::new([respond(200, r#"{"items":[1,"x"]}"#)]);
    let builder = ClientBuilder::for_venue(&VENUE).base_url("https://venue.test");
    let client = builder.transport(script).build().unwrap();
    let mut items = RequestBuilder::new(&client, &BY_OFFSET).items::<u64, Same>();
    assert_eq!(items.next().await.unwrap().unwrap(), 1);
    let error = items.next().await.unwrap().unwrap_err();
    assert!(error.is_decode() && error.json_path().is_some_and(|path| path.contains("[1]")), "{error:?}");
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn a_number_from_which_no_page_follows_is_an_error_before_anything_is_sent() {
    for (operation, from, least) in [
        (&BY_OFFSET, "-5", 0),
        (&BY_OFFSET, "1.5", 0),
        (&BY_OFFSET, "\"ten\"", 0),
        (&BY_NUMBER, "0", 1),
        (&BY_NUMBER, "-1", 1),
    ] {
        let script = Script::new([respond(200, "[]")]);
        let builder = ClientBuilder::for_venue(&VENUE).base_url("https://venue.test");
        let client = builder.transport(script.clone()).build().unwrap();
        let request = RequestBuilder::new(&client, operation).set(0, &Json::parse(from).unwrap());
        let mut items: Items<Json> = request.items::<Json, Same>();
        let error = items.next().await.unwrap().unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent), "{error}");
        let from = from.trim_matches('"');
        let reason = format!("`from` is {from} (expected a whole number of at least {least}, to follow the pages)");
        assert!(error.to_string().contains(&reason), "{error}");
        assert!(items.next().await.is_none() && script.sent().is_empty());
    }
}

/// A number that can be read, and that has no form in JSON.
#[cfg(feature = "meta")]
struct ReadOnly;

#[cfg(feature = "meta")]
impl<'de> serde_with::DeserializeAs<'de, i64> for ReadOnly {
    fn deserialize_as<D: serde::Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
        serde::Deserialize::deserialize(deserializer)
    }
}

#[cfg(feature = "meta")]
impl serde_with::SerializeAs<i64> for ReadOnly {
    fn serialize_as<S: serde::Serializer>(_: &i64, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("no form in JSON"))
    }
}

#[cfg(feature = "meta")]
#[tokio::test(start_paused = true)]
async fn a_value_without_a_form_in_json_is_an_error_with_the_operation_and_the_attempts() {
    static READ: Operation = Operation::http("read", Method::Get, "/read");
    let script = Script::new([respond(503, ""), respond(200, "7")]);
    let client = ClientBuilder::for_venue(&VENUE).base_url("https://venue.test").transport(script).build().unwrap();
    let call = RequestBuilder::new(&client, &READ).send_as::<i64, ReadOnly>();
    let error = venuekit::meta::Arguments::new().call::<i64, ReadOnly>(call).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{error}");
    assert_eq!((error.attempts(), error.operation().map(Operation::id)), (2, Some("read")), "{error}");
    assert_eq!((error.status().map(|status| status.as_u16()), error.excerpt()), (Some(200), Some("7")), "{error}");
    assert!(error.to_string().starts_with("venue read: the response does not match the spec, status 200: "), "{error}");
}
