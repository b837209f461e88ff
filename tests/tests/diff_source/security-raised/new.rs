use std::time::Duration;

use acme::{Client, Error};

pub async fn orders(client: &Client) -> Result<(), Error> {
    client.get_fees().send().recv_window(Duration::from_secs(1)).await?;
    client.get_orders().send().await.map(drop)
}
