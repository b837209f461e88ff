use acme::operations::OrderList;
use acme::{Client, Error};

pub async fn orders(client: &Client) -> Result<Vec<i64>, Error> {
    let orders: OrderList = client.order_list();
    Ok(orders.send().await?)
}
