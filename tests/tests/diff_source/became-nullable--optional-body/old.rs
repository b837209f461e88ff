use acme::types::PlaceOrderBody;
use acme::{Client, Error};

pub async fn place(client: &Client) -> Result<(), Error> {
    client.place_order().body(PlaceOrderBody::builder().id(1).build()).send().await.map(drop)
}
