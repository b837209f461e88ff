use acme::venuekit::BoxError;
use acme::{Client, Credentials};

pub fn client(pem: &str) -> Result<Client, BoxError> {
    Ok(Client::builder().credentials(Credentials::rsa("key", pem)?).build()?)
}
