use acme::{Client, Error};

pub async fn cancel(client: &Client) -> Result<bool, Error> {
    client.order_cancel().id(1).send().await?;
    Ok(client.order_cancel_all().send().await?.into_inner()) // breaks: call-form-removed
}
