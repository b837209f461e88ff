use acme::{Client, Error};

pub async fn place(client: &Client, ids: Option<Vec<i64>>) -> Result<(), Error> {
    let place = client.place_order();
    place.body(ids).send().await.map(drop) // breaks: optional-body-removed
}
