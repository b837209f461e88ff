use std::time::Duration;

use acme::{Client, Error};

pub async fn orders(client: &Client) -> Result<(), Error> {
    client.get_orders().timeout(Duration::from_secs(1)).send().await.map(drop)
}
