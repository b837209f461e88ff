use acme::types::PlaceOrderBody;
use acme::{Client, Error};

pub async fn place(client: &Client, body: Option<PlaceOrderBody>) -> Result<(), Error> {
    client.place_order().body(body).send().await.map(drop)
}
