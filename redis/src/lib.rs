#![doc = include_str!("../README.md")]

mod builder;
mod link;
mod names;
mod notices;
mod scripts;
mod store;

pub use builder::RedisBuilder;
pub use store::RedisStore;
