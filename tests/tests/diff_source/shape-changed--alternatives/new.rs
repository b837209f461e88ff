use acme::types::{Fill, Wanted, WantedId}; // breaks: shape-changed, alternative-removed

pub fn wanted() -> Wanted {
    Wanted::builder().id(WantedId::Boolean(true)).build()
}

pub fn fill(fill: &Fill) -> Option<i64> {
    fill.id
}
