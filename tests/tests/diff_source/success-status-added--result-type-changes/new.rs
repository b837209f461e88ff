use acme::{Client, Error};

pub async fn is_taken(client: &Client) -> Result<bool, Error> {
    Ok(matches!(client.place_order().send().await?, acme::types::PlaceOrderSuccess::Status202(_))) // breaks: success-status-removed
}
