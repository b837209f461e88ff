use acme::{Client, Error};

pub async fn all(client: &Client) -> Result<(), Error> {
    client.sync_clock().await?;
    client.place_order().mark("b").send().await?;
    client.transfer().send().await.map(drop)
}
