use acme::types::Deal;
use acme::{Client, Error};

pub async fn last(client: &Client) -> Result<Deal, Error> {
    client.get_trades().send().await
}
