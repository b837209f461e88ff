use acme::{Client, Error};

pub async fn place(client: &Client) -> Result<(), Error> {
    client.place_order().id("a").send().await
}
