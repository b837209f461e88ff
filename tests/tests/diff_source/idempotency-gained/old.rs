use acme::types::Transfer;
use acme::{Client, Error};

pub async fn place(client: &Client, id: Option<String>) -> Result<(), Error> {
    client.place_order().id(id).send().await // breaks: idempotency-gained
}

pub async fn place_own(client: &Client, id: &str) -> Result<(), Error> {
    client.place_order().id(id).send().await
}

pub fn transfer(id: Option<String>) -> Transfer {
    Transfer::builder().transfer_id(id).note(None).build() // breaks: idempotency-gained
}
