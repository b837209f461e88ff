use acme::{Client, Error};

pub async fn first(client: &Client) -> Option<Result<String, Error>> {
    client.get_trades().items().next().await // breaks: pagination-removed
}
