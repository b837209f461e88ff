use acme::{Client, Error};

pub async fn time(client: &Client) -> Result<i64, Error> {
    Ok(client.get_time().send().await?.into_inner())
}
