use acme::types::Fill;

pub fn created(fill: &Fill) -> i64 {
    fill.created // breaks: time-added
}
