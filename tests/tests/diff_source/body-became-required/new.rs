use acme::operations::PlaceOrder;
use acme::{Client, Error};

pub fn placing(client: &Client, ids: &Vec<i64>) -> PlaceOrder {
    client.place_order().body(ids)
}

pub async fn place(client: &Client) -> Result<(), Error> {
    placing(client, &vec![1]).send().await.map(drop)
}
