use acme::{Client, Error, types};

pub async fn prices(client: &Client) -> Result<Vec<types::Price>, Error> {
    // breaks: type-removed
    client.get_trades().send().await
}

pub fn id(unused: &types::Unused) -> Option<i64> {
    // breaks: type-removed
    unused.id
}
