use acme::{Client, Error};

pub async fn orders(client: &Client) -> Result<(), Error> {
    client.get_fees().send().await?;
    client.get_orders().send().await.map(drop)
}
