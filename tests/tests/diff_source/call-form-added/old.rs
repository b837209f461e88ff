use acme::{Client, Error};

pub async fn cancel(client: &Client, id: i64) -> Result<bool, Error> {
    client.order_cancel().id(id).send().await
}
