use acme::{Client, Decimal, Error};

pub async fn put(client: &Client, market: &str, amount: Decimal) -> Result<i64, Error> {
    Ok(client.order_put().market(market).amount(amount).send().await?.into_inner())
}
