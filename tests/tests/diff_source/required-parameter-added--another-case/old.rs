use acme::{Client, Error};

pub async fn trades(client: &Client, order: i64) -> Result<(), Error> {
    client.get_trades().order_id(order).send().await.map(drop)
}
