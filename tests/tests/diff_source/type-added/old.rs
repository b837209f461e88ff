use acme::{Client, Decimal, Error};

pub async fn prices(client: &Client) -> Result<Vec<Decimal>, Error> {
    client.get_trades().send().await
}
