use acme::{Client, Error};

pub async fn last(client: &Client, limit: Option<i32>) -> Result<(), Error> {
    client
        .get_trades()
        .market("BTC-USD")
        .limit(limit) // breaks: optional-parameter-removed
        .send()
        .await
        .map(drop)
}
