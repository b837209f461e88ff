use acme::types::Trade; // breaks: type-renamed
use acme::{Client, Error};

pub async fn trades(client: &Client) -> Result<Vec<Trade>, Error> {
    client.get_trades().send().await
}
