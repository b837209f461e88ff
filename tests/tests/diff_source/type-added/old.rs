use acme::{Client, Decimal, Error};

pub async fn prices(client: &Client) -> Result<Vec<Decimal>, Error> {
    Ok(client.get_trades().send().await?.into_inner())
}
