use acme::{Client, Error};

pub async fn trades(client: &Client, market: &str) -> Result<Vec<i64>, Error> {
    let trades = client.trades().limit(5).market(market); // breaks: parameter-renamed
    trades.send().await
}
