use acme::types::Deal;
use acme::{Client, Error};

pub async fn last(client: &Client) -> Result<Deal, Error> {
    Ok(client.get_trades().send().await?.into_inner())
}
