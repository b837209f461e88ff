use acme::venuekit::BoxError;
use acme::{Client, Credentials};

pub fn client() -> Result<Client, BoxError> {
    Ok(Client::builder().credentials(Credentials::new("key", "secret")?).build()?)
}
