use acme::time::UnixMillis;
use acme::types::Fill;

pub fn created(fill: &Fill) -> &UnixMillis {
    &fill.created // breaks: time-unit-changed
}
