use acme::{Client, Error};

pub async fn orders(client: &Client) -> Result<Vec<u8>, Error> {
    let bytes = client.get_orders().send().await?;
    Ok(bytes.to_vec()) // breaks: media-type-added, media-type-removed
}
