use acme::{Client, Error};

pub async fn cancel(client: &Client, id: &str) -> Result<(), Error> {
    client.cancel_order().id(id).send().await
}
