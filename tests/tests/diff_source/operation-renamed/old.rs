use acme::{Client, Error};

pub async fn trades(client: &Client) -> Result<Vec<i64>, Error> {
    Ok(client.get_trades().send().await?.into_inner()) // breaks: operation-renamed
}
