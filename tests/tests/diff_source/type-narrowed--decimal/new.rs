use acme::{Client, Decimal, Error};

pub async fn prices(client: &Client, above: Decimal) -> Result<(), Error> {
    client.get_trades().above(above).send().await.map(drop) // breaks: type-widened
}

pub async fn first(client: &Client) -> Result<Option<Decimal>, Error> {
    let prices = client.get_trades().send().await?;
    Ok(prices.into_iter().next()) // breaks: type-widened
}
