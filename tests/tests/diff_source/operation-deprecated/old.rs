use acme::operations::PlaceOrder;
use acme::types::Order;
use acme::{Client, Error};

pub async fn place(client: &Client, order: Order) -> Result<Option<String>, Error> {
    let place: PlaceOrder = client.place_order().dry(true).body(order);
    Ok(place.send().await?.note)
}

pub fn order(id: i64) -> Order {
    Order::builder().id(id).note("mine").build()
}
