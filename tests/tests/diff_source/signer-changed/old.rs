use acme::venuekit::BoxError;
use acme::{Client, Credentials};

pub fn client() -> Result<Client, BoxError> {
    let credentials = Credentials::new("key", "secret")?.sign_path_without("/spot"); // breaks: signer-changed
    Ok(Client::builder().credentials(credentials).build()?)
}
