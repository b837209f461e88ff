//! The orders of other traders, who are in the books from the start.

/// The orders of other traders in a market, and the way in which the counterparty trades there.
#[derive(Debug)]
pub(crate) struct Liquidity {
    pub(crate) market: &'static str,
    /// Prices and amounts, the best first.
    pub(crate) bids: &'static [(&'static str, &'static str)],
    pub(crate) asks: &'static [(&'static str, &'static str)],
    /// The price around which the counterparty begins to quote.
    pub(crate) middle: &'static str,
    /// The distance between two prices of the counterparty.
    pub(crate) tick: &'static str,
    /// The smallest amount of the counterparty; its amounts are multiples of it.
    pub(crate) unit: &'static str,
}
