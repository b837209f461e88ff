use acme::{Client, Error};

pub async fn fills(client: &Client) -> Result<(), Error> {
    client.get_fills().send().await
}

pub async fn good_fills(client: &Client) -> Result<usize, Error> {
    Ok(client.get_fills().send().lenient().await?.errors().len()) // breaks: reads-lost
}
