use acme::{Client, Error};

pub async fn last(client: &Client, market: &str) -> Result<(), Error> {
    let trades = client.get_trades().limit(1).market(market); // breaks: required-parameter-removed
    trades.send().await.map(drop)
}
