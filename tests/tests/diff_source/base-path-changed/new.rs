use acme::{Client, Error};

pub async fn time() -> Result<i64, Error> {
    let client = Client::builder().base_url("https://acme.test/v4/").build()?;
    client.time().send().await
}
