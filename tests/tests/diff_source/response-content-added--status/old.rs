use acme::{Client, Error};

pub async fn cancel(client: &Client) -> Result<(), Error> {
    client.cancel_all().send().await // breaks: response-content-added
}
