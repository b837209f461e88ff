use acme::{Client, Decimal, Error};

pub async fn last(client: &Client) -> Result<Option<Decimal>, Error> {
    let trades = client.get_trades().send().await?;
    Ok(trades.first().map(|trade| trade.price))
}
