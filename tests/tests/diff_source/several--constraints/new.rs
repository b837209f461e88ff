use acme::{Client, Error};

pub async fn all(client: &Client) -> Result<(), Error> {
    client.added().id(1).send().await?;
    client.changed().tag("a").send().await?;
    client.checked().id(1).kind("X").send().await?;
    client.tightened().id(None).tag("a").send().await
}
