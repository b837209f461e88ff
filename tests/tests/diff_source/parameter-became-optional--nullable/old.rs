use acme::{Client, Error};

pub async fn orders(client: &Client, user: Option<i64>) -> Result<usize, Error> {
    let orders = client.order_list().user(user);
    Ok(orders.send().await?.len())
}
