//! Orders, fills and trades of the matching core.

use venuekit::Decimal;

pub(crate) type OrderId = u64;

/// The owner of orders and balances.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Owner {
    /// The other traders of the venue, whose orders are in the book from the start. Their balances
    /// begin at zero and can be negative.
    House,
    /// The simulated trader, whose balances can be negative too.
    Counterparty,
    /// A key, and a user of the key.
    Account(String, String),
}

/// The price and the size of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terms {
    /// What does not trade at once rests in the book.
    Limit { price: Decimal, amount: Decimal },
    /// What does not trade at once is cancelled.
    Market { amount: Decimal },
    /// Buys for at most this money. Amounts of stock have this number of decimals.
    Money { money: Decimal, places: u32 },
}

/// The time for which an order stays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// A limit order rests in the book until it is filled or cancelled.
    #[default]
    Rests,
    /// As `Rests`, and the order is refused if it would trade at once.
    OnlyRests,
    /// What does not trade at once is cancelled.
    AtOnce,
    /// The order trades whole at once, or not at all.
    WholeAtOnce,
}

impl Lifetime {
    pub(crate) fn rests(self) -> bool {
        matches!(self, Self::Rests | Self::OnlyRests)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct NewOrder {
    pub(crate) owner: Owner,
    pub(crate) market: String,
    pub(crate) base: String,
    pub(crate) quote: String,
    pub(crate) buys: bool,
    pub(crate) terms: Terms,
    pub(crate) lifetime: Lifetime,
    /// The rate of the fee of what trades at once.
    pub(crate) taker_rate: Decimal,
    /// The rate of the fee of what trades later.
    pub(crate) maker_rate: Decimal,
}

/// A trade between two orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fill {
    /// A number that rises from fill to fill.
    pub(crate) number: u64,
    pub(crate) maker: OrderId,
    pub(crate) maker_owner: Owner,
    pub(crate) taker: OrderId,
    pub(crate) taker_buys: bool,
    pub(crate) price: Decimal,
    pub(crate) amount: Decimal,
    /// The price times the amount.
    pub(crate) value: Decimal,
    pub(crate) maker_fee: Decimal,
    pub(crate) taker_fee: Decimal,
}

/// A trade as everyone sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trade {
    pub(crate) number: u64,
    pub(crate) time: i64,
    pub(crate) price: Decimal,
    pub(crate) amount: Decimal,
    pub(crate) taker_buys: bool,
}

/// The reason why an order was not placed. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The balance of this asset is too low.
    Balance(String),
    /// A number of the order or of its trades would have more digits than a decimal.
    Digits,
    /// An order that only rests would trade.
    Trades,
}
