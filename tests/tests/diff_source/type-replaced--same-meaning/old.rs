use acme::types::{Price, Size, Trade};

pub fn value(trade: &Trade) -> Price {
    let size: Price = trade.size;
    trade.price * size
}

pub fn none() -> Size {
    Size::ZERO
}
