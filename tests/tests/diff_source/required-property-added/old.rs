use acme::types::{Order, Placed};
use acme::{Client, Error};

pub async fn place(client: &Client, order: &Order) -> Result<i64, Error> {
    let Placed { id, .. } = client.place_order().body(order).send().await?;
    Ok(id)
}

pub fn order() -> Order {
    let order = Order::builder().size(1);
    order.build() // breaks: required-property-added
}

pub fn size(order: &Order) -> i64 {
    order.size
}
