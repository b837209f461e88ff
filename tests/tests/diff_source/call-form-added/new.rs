use acme::{Client, Error};

pub async fn cancel(client: &Client) -> Result<bool, Error> {
    client.order_cancel().id(1).send().await?;
    client.order_cancel_all().send().await // breaks: call-form-removed
}
