use acme::types::{Order, Refusal};
use acme::{Client, Error};

pub async fn size(client: &Client) -> Result<i64, Error> {
    let Order { size, .. } = client.get_order().send().await?;
    Ok(size)
}

pub fn code(refusal: &Refusal) -> Option<i64> {
    refusal.code
}
