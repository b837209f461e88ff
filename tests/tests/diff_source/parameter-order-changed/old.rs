use acme::{Client, Decimal, Error};

pub async fn put(client: &Client, market: &str, amount: Decimal) -> Result<i64, Error> {
    client.order_put().market(market).amount(amount).send().await
}
