pub use acme::types::OrderSide; // breaks: type-renamed
