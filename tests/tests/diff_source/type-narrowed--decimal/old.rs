use acme::{Client, Error};

pub async fn count(client: &Client) -> Result<usize, Error> {
    let prices = client.get_trades().above("1.50"); // breaks: type-narrowed
    Ok(prices.send().await?.len())
}

pub async fn first(client: &Client) -> Result<Option<String>, Error> {
    let prices = client.get_trades().send().await?;
    Ok(prices.into_iter().next()) // breaks: type-narrowed
}
