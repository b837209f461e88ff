use std::time::Duration;

use acme::{Client, Environment, Error, Outcome};

pub fn client() -> Result<Client, Error> {
    Client::builder().environment(Environment::Test).build()
}

pub async fn all(client: &Client) -> Result<i64, Error> {
    client.sync_clock().await?;
    client.place_order().id("a").mark("b").send().recv_window(Duration::from_secs(1)).await?;
    let moved = client.transfer().send().await;
    if let Err(error) = moved
        && matches!(error.outcome(), Outcome::Unknown)
    {
        return Err(error);
    }
    Ok(client.get_time().send().await?.at)
}

pub async fn marked(client: &Client, mark: Option<String>) -> Result<(), Error> {
    client.place_order().mark(mark).send().await // breaks: idempotency-changed
}
