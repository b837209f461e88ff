use acme::types::Trade; // breaks: type-renamed
use acme::{Client, Error};

pub async fn trades(client: &Client) -> Result<Vec<Trade>, Error> {
    Ok(client.get_trades().send().await?.into_inner())
}
