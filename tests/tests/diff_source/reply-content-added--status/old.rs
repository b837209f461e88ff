use acme::{Client, Error};

pub async fn cancel(client: &Client) -> Result<(), Error> {
    Ok(client.cancel_all().send().await?.into_inner()) // breaks: reply-content-added
}
