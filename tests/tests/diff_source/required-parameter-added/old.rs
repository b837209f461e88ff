use acme::{Client, Error};

pub async fn last(client: &Client) -> Result<(), Error> {
    let trades = client.get_trades().limit(1);
    trades.send().await.map(drop) // breaks: required-parameter-added
}
