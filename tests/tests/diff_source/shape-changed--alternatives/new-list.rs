use acme::{Client, Error};

pub async fn fills(client: &Client, wanted: &acme::types::Wanted) -> Result<usize, Error> {
    let response = client.find_order().body(wanted).send().await?;
    Ok(response.as_slice().len())
}

pub fn wanted(id: i64) -> acme::types::Wanted {
    acme::types::Wanted::builder().id(id).build()
}
