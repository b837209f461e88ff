use acme::{Client, Error};

pub async fn orders(client: &Client, user: i64) -> Result<usize, Error> {
    Ok(client.order_list().user(user).send().await?.len())
}
