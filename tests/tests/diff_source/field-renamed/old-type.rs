pub use acme::types::OrderS; // breaks: type-renamed
