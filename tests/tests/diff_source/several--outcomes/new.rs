use acme::{Client, Error, Outcome};

pub async fn cancel(client: &Client) -> Result<bool, Error> {
    match client.cancel_order().send().await {
        Ok(_) => Ok(true),
        Err(error) if error.outcome() == Outcome::Gone => Ok(false),
        Err(error) => Err(error),
    }
}
