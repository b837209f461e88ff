use acme::time::Iso8601;
use acme::types::Fill;

pub fn created(fill: &Fill) -> &Iso8601 {
    &fill.created // breaks: time-zone-changed
}
