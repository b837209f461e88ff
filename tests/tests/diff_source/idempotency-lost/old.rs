use acme::{Client, Error};

pub async fn cancel(client: &Client, id: Option<String>) -> Result<(), Error> {
    client.cancel_order().id(id).send().await // breaks: idempotency-lost
}
