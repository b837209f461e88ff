//! Tests calls by name: either all given values are sent, or the call is refused.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use serde_json::Value;
use venuekit::Outcome;
use venuekit::meta::{Arguments, OperationMeta, VenueMeta};
use venuekit::wire::{Json, Maybe};
use venuekit_test_support::{Script, respond};
use venuekit_tests::examples::{ExampleCall, Values, base_url, operations, unsigned};
use venuekit_venues::VENUES;
use venuekit_venues::venuekit_anboto as anboto;

#[test]
fn an_unknown_property_of_a_body_is_refused_at_any_depth() {
    let mut refused = 0;
    for (venue, operation) in operations(VENUES) {
        let Some(body) = ExampleCall::of(operation, Values::All).body else { continue };
        let client = unsigned(venue)
            .base_url(base_url(venue, "http://127.0.0.1:1"))
            .transport(Script::new([respond(200, "{}")]))
            .build();
        let client = (venue.connect)(client.unwrap());
        let call = |body: &Value| {
            let arguments = Arguments::new().set_body(Json::encode(body).unwrap());
            client.call(operation.operation.id(), arguments).map(drop).map_err(|error| error.to_string())
        };
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(call(&body), Ok(()));
        for pointer in objects(&body, "") {
            let mut slip = body.clone();
            slip.pointer_mut(&pointer).unwrap()["prcie"] = Value::from("1.50");
            let error = call(&slip).unwrap_err();
            assert!(error.contains("prcie"), "{error}");
            refused += 1;
        }
    }
    assert!(refused >= 8, "{refused} unknown properties were refused (expected at least 8)");
}

/// Calls an operation with its required parameters and this body. Returns the body that was sent,
/// or the reason why nothing was sent.
fn sent(venue: &'static VenueMeta, operation: &'static OperationMeta, body: &Value) -> Result<Value, String> {
    let transport = Script::new([respond(200, "")]);
    let client =
        unsigned(venue).base_url(base_url(venue, "http://127.0.0.1:1")).transport(transport.clone()).build().unwrap();
    let arguments = ExampleCall::of(operation, Values::Required).arguments().set_body(Json::encode(body).unwrap());
    let call = (venue.connect)(client).call(operation.operation.id(), arguments).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let result = runtime.block_on(call);
    match transport.sent().first() {
        Some(sent) => Ok(serde_json::from_str(sent.text()).unwrap()),
        None => Err(result.unwrap_err().to_string()),
    }
}

#[test]
fn null_for_a_property_is_sent_as_null_or_refused_with_its_name() {
    let (mut went_out, mut refused) = (0, 0);
    for (venue, operation) in operations(VENUES) {
        let Some(body) = ExampleCall::of(operation, Values::All).body else { continue };
        let body: Value = serde_json::from_str(body).unwrap();
        for pointer in objects(&body, "") {
            let members = body.pointer(&pointer).unwrap().as_object().unwrap();
            for name in members.keys() {
                let mut with_null = body.clone();
                with_null.pointer_mut(&pointer).unwrap()[name] = Value::Null;
                match sent(venue, operation, &with_null) {
                    Ok(sent) => {
                        assert_eq!(sent.pointer(&format!("{pointer}/{name}")), Some(&Value::Null), "{name}");
                        went_out += 1;
                    }
                    Err(error) => {
                        assert!(error.contains(name.as_str()), "{error}");
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(
        went_out >= 8 && refused >= 20,
        "{went_out} nulls were sent (expected at least 8), {refused} were refused (expected at least 20)"
    );
}

#[test]
fn the_three_states_of_a_property_are_sent_and_read_back() {
    let venue = VENUES.iter().find(|venue| venue.venue.name() == "anboto").unwrap();
    let operation = venue.operation("createOrder").unwrap();
    let body: Value = serde_json::from_str(ExampleCall::of(operation, Values::All).body.unwrap()).unwrap();
    for limit_price in [None, Some(Value::Null), Some(Value::from(1))] {
        let mut body = body.clone();
        let members = body.as_object_mut().unwrap();
        members.remove("limitPrice");
        members.extend(limit_price.map(|price| ("limitPrice".to_owned(), price)));
        assert_eq!(sent(venue, operation, &body), Ok(body));
    }

    let read = |json: &str| serde_json::from_str::<anboto::types::OrderSummary>(json).unwrap();
    let summary = |members: &str| format!(r#"{{{members}"status":"NEW","createdAt":"2024-01-02T03:04:05Z"}}"#);
    for (members, order_id) in
        [("", Maybe::Absent), (r#""orderId":null,"#, Maybe::Null), (r#""orderId":7,"#, Maybe::Value(7))]
    {
        let json = summary(members);
        assert_eq!(read(&json).order_id, order_id);
        assert_eq!(serde_json::to_string(&read(&json)).unwrap(), json);
    }

    let order = |builder: anboto::builders::CancelOrderRequestBuilder| serde_json::to_string(&builder.build()).unwrap();
    let cancel = anboto::types::CancelOrderRequest::builder;
    assert_eq!(order(cancel().order_id(7).client_order_id("a")), r#"{"orderId":7,"clientOrderId":"a"}"#);
    assert_eq!(order(cancel().order_id(Some(7)).client_order_id(None::<String>)), r#"{"orderId":7}"#);
    assert_eq!(order(cancel().order_id(Maybe::Null)), r#"{"orderId":null}"#);
}

#[test]
fn a_read_only_property_in_a_body_is_refused_and_named() {
    let venue = VENUES.iter().find(|venue| venue.venue.name() == "altmarket").unwrap();
    let operation = venue.operation("placeOrder").unwrap();
    let mut body: Value = serde_json::from_str(ExampleCall::of(operation, Values::All).body.unwrap()).unwrap();
    assert!(sent(venue, operation, &body).is_ok());
    // The spec says that this property is `readOnly`.
    body["order"]["side"] = Value::from("Buy");
    let error = sent(venue, operation, &body).unwrap_err();
    assert!(error.contains("the body has no `order.side`; help:"), "{error}");
}

#[test]
fn a_property_that_is_given_twice_is_refused() {
    let venue = VENUES.iter().find(|venue| venue.venue.name() == "anboto").unwrap();
    let client = unsigned(venue)
        .base_url(base_url(venue, "http://127.0.0.1:1"))
        .transport(Script::new([respond(200, "")]))
        .build()
        .unwrap();
    let body = Json::parse(r#"{"orderId":7,"orderId":8}"#).unwrap();
    let arguments = Arguments::new().set_body(body);
    let error = (venue.connect)(client).call("cancelOrder", arguments).map(drop).unwrap_err().to_string();
    assert!(error.contains("orderId"), "{error}");
}

#[tokio::test]
async fn values_that_break_a_constraint_are_not_sent() {
    let venue = VENUES.iter().find(|venue| venue.venue.name() == "anboto").unwrap();
    for (operation, body, expected) in [
        ("getOrder", None, "exactly one of `orderId` and `clientOrderId` has to be given; none of them is given"),
        ("getOrders", None, "at least one of `orderIds` and `clientOrderIds` has to be given"),
        ("cancelOrder", Some("{}"), "(a request that breaks this may do more than intended); none of them is given"),
        (
            "cancelMany",
            Some(r#"{"orders":[]}"#),
            "`orders` has to be given and cannot be empty (a request that breaks this may do more than intended); it is missing or \
             empty; help: give `orders`",
        ),
        ("cancelMany", Some(r#"{"orders":[{"orderId":7},{"clientOrderId":""}]}"#), "at `/orders/1`: at least one of"),
    ] {
        let transport = Script::new([respond(200, "{}")]);
        let client = unsigned(venue).base_url("http://127.0.0.1:1/").transport(transport).build().unwrap();
        let arguments =
            body.iter().fold(Arguments::new(), |arguments, body| arguments.set_body(Json::parse(*body).unwrap()));
        let error = (venue.connect)(client).call(operation, arguments).unwrap().await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{operation}");
        assert!(error.to_string().contains(expected), "{operation}: {error}");
    }
}

#[test]
fn an_order_at_altmarket_without_the_price_that_its_kind_needs_is_not_sent() {
    let venue = VENUES.iter().find(|venue| venue.venue.name() == "altmarket").unwrap();
    let operation = venue.operation("placeOrder").unwrap();
    for (is_limit, is_stop, price, activation, expected) in [
        (true, false, None, None, "`price` has to be given"),
        (true, true, Some(1), None, "`activationPrice` has to be given"),
        (false, true, None, None, "`activationPrice` has to be given"),
        (true, false, Some(1), None, ""),
        (false, false, None, None, ""),
        (false, true, None, Some(1), ""),
    ] {
        let mut order = serde_json::json!({
            "instrument": "btc_usdt", "type": "sell", "amount": 1, "isLimit": is_limit, "isStop": is_stop
        });
        for (name, value) in [("price", price), ("activationPrice", activation)] {
            if let Some(value) = value {
                order[name] = Value::from(value);
            }
        }
        let body = serde_json::json!({ "order": order });
        match sent(venue, operation, &body) {
            Ok(_) => assert_eq!(expected, "", "{body} was sent"),
            Err(error) => assert!(!expected.is_empty() && error.contains(expected), "{body}: {error}"),
        }
    }
}

#[test]
fn an_unknown_parameter_is_refused() {
    for (venue, operation) in operations(VENUES) {
        let client = unsigned(venue)
            .base_url(base_url(venue, "http://127.0.0.1:1"))
            .transport(Script::new([respond(200, "{}")]))
            .build();
        let client = (venue.connect)(client.unwrap());
        let arguments = ExampleCall::of(operation, Values::All).arguments().set("symobl", Json::encode("x").unwrap());
        let error = client.call(operation.operation.id(), arguments).map(drop).unwrap_err().to_string();
        assert!(error.contains("symobl"), "{error}");
    }
}

/// Returns the JSON pointers of all objects in a value.
fn objects(value: &Value, pointer: &str) -> Vec<String> {
    match value {
        Value::Object(members) => {
            let within = members.iter().flat_map(|(name, member)| objects(member, &format!("{pointer}/{name}")));
            std::iter::once(pointer.to_owned()).chain(within).collect()
        }
        Value::Array(elements) => {
            elements.iter().enumerate().flat_map(|(at, element)| objects(element, &format!("{pointer}/{at}"))).collect()
        }
        _ => Vec::new(),
    }
}
