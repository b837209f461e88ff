use acme::venuekit::wire::Json;
use acme::{Client, Error};

pub async fn trades(client: &Client, since: &str) -> Result<Json, Error> {
    client.get_trades().since(since).send().await
}
