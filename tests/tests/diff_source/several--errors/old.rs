use acme::types::{Debt, Refusal};
use acme::{Client, Error};

pub async fn order(client: &Client) -> Result<(), Error> {
    client.get_order().send().await.map(drop)
}

pub fn code(refusal: &Refusal, debt: &Debt) -> Option<i64> {
    refusal.code.or(debt.code)
}
