use acme::types::{Fill, Wanted, WantedId}; // breaks: shape-changed, alternative-removed

pub fn wanted(id: &str) -> Wanted {
    Wanted::builder().id(WantedId::String(id.to_owned())).build()
}

pub fn fill(fill: &Fill) -> Option<i64> {
    fill.id
}
