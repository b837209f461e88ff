use acme::{Client, Error};

pub async fn trades(client: &Client) -> Result<Vec<i64>, Error> {
    client.get_trades().send().await // breaks: operation-renamed
}
