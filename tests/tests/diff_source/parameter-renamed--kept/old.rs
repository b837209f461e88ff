use acme::{Client, Error};

pub async fn trade(client: &Client, id: i64) -> Result<(), Error> {
    client.get_trade().id(id).send().await.map(drop)
}
