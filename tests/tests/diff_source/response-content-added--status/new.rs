use acme::{Client, Error};

pub async fn cancel(client: &Client) -> Result<Vec<i64>, Error> {
    client.cancel_all().send().await // breaks: response-content-removed
}
