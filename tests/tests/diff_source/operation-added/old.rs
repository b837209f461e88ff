use acme::{Client, Error};

pub async fn time(client: &Client) -> Result<i64, Error> {
    client.get_time().send().await
}
