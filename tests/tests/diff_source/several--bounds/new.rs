use acme::types::Order;
use acme::{Client, Error};

pub async fn place(client: &Client, order: Order) -> Result<Option<Vec<i64>>, Error> {
    Ok(client.place_order().limit(5).depth(5).market("A").coin("A").body(order).send().await?.ids)
}
