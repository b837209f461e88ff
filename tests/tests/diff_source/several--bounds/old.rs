use acme::types::Order;
use acme::{Client, Error};

pub async fn place(client: &Client) -> Result<Option<Vec<i64>>, Error> {
    let order = Order::builder().ids([1, 2]).build();
    let place = client.place_order().limit(5).depth(5).market("A").coin("A").body(&order);
    Ok(place.send().await?.ids)
}
