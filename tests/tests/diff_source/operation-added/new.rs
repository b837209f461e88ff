use acme::{Client, Error};

pub async fn is_there(client: &Client) -> Result<(), Error> {
    client.ping().send().await?; // breaks: operation-removed
    client.get_time().send().await?;
    Ok(())
}
