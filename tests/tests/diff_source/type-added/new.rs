use acme::{Client, Error, types};

pub async fn prices(client: &Client) -> Result<Vec<types::Price>, Error> {
    // breaks: type-removed
    Ok(client.get_trades().send().await?.into_inner())
}

pub fn id(unused: &types::Unused) -> Option<i64> {
    // breaks: type-removed
    unused.id
}
