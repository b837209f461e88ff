use acme::{Client, Error};

pub async fn all(client: &Client) -> Result<(), Error> {
    client.sync_clock().await?;
    client.place_order().mark("b").send().await?;
    client.transfer().send().await.map(drop)
}

pub async fn named(client: &Client, id: Option<String>) -> Result<(), Error> {
    client.place_order().id(id).send().await // breaks: idempotency-changed
}
