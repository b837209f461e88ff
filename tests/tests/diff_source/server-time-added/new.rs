use acme::{Client, Error};

pub async fn time(client: &Client) -> Result<(), Error> {
    client.sync_clock().await?; // breaks: server-time-removed
    Ok(())
}
