//! The profile of a venue: the behaviour beyond its spec, as data.

pub(crate) mod general;
mod liquidity;
pub(crate) mod socket;
#[cfg(test)]
mod tests;

pub(crate) use liquidity::Liquidity;

use crate::clock::TimeForm;
use crate::refuse::{Refuse, Rejection};
use crate::sign::{Caller, Keys, SignedRequest};

/// The behaviour of one venue.
#[derive(Debug)]
pub(crate) struct Profile {
    /// The function that checks key, signature and time.
    pub(crate) verify: fn(&SignedRequest<'_>, &Keys) -> Result<Caller, Rejection>,
    pub(crate) refuse: Refuse,
    /// The parameters that signing adds to the query or to the body. `*` stands for any parameter
    /// that the spec lacks.
    pub(crate) signing: &'static [&'static str],
    /// The operations whose response is not always the first example.
    pub(crate) variants: &'static [Variant],
    /// The operations with an effect on orders and balances.
    pub(crate) effects: &'static [(&'static str, Effect)],
    pub(crate) markets: MarketNames,
    /// The orders of other traders that are in the books from the start.
    pub(crate) liquidity: &'static [Liquidity],
    /// The parameters that name a user, where one key serves several users. Each user has separate
    /// orders and balances.
    pub(crate) users: &'static [&'static str],
    /// Headers that repeat another header. Each pair is the header, then the header that it
    /// repeats.
    pub(crate) same_headers: &'static [(&'static str, &'static str)],
    /// True if further requests after a 429 lead to a 418.
    pub(crate) bans: bool,
    /// The behaviour on a connection, for a venue that is called over a socket.
    pub(crate) socket: Option<&'static socket::SocketProfile>,
    /// The form of the orders that connections show; `None`: they show none.
    pub(crate) streamed: Option<StreamedOrders>,
}

/// The form of the orders that connections show, and the way in which a simulated user trades.
#[derive(Debug)]
pub(crate) struct StreamedOrders {
    /// The examples of an open order, and of one that ended, as JSON.
    pub(crate) templates: (&'static str, &'static str),
    pub(crate) shape: Shape,
    /// The user of a key whose requests named none so far.
    pub(crate) user: &'static str,
    pub(crate) place: &'static Effect,
    pub(crate) cancel: &'static Effect,
}

impl Profile {
    /// Returns whether a parameter or property that the spec lacks may be part of the signature.
    pub(crate) fn is_signing(&self, name: &str) -> bool {
        self.signing.contains(&name) || self.signing.contains(&"*")
    }
}

/// The places where a venue names its markets.
#[derive(Debug)]
pub(crate) struct MarketNames {
    /// The parameters and properties whose value is a market. Markets that the examples name exist,
    /// without rules.
    pub(crate) names: &'static [&'static str],
    /// The lists of markets. If there is none, a market may have any name.
    pub(crate) lists: &'static [MarketList],
}

/// A list of markets in the response of an operation. The schema states which properties of a
/// market are rules for orders (`x-market-rule`).
#[derive(Debug)]
pub(crate) struct MarketList {
    pub(crate) operation: &'static str,
    /// The JSON pointer to the list, or to an object by market.
    pub(crate) at: &'static str,
    /// The property with the name of the market; `None` for an object by market.
    pub(crate) name: Option<&'static str>,
    /// The properties with the base and the quote asset.
    pub(crate) base: Option<&'static str>,
    pub(crate) quote: Option<&'static str>,
    /// The property with the state of a market, and its value for a market that takes orders.
    pub(crate) open: Option<(&'static str, &'static str)>,
    /// The properties with the rates of fees: of what trades at once, and of what trades later.
    pub(crate) rates: Option<(&'static str, &'static str)>,
}

/// The choice of the example for a response: `then` if the parameter has this value (`None`: any
/// value), else `otherwise`.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) operation: &'static str,
    pub(crate) parameter: &'static str,
    pub(crate) value: Option<&'static str>,
    pub(crate) then: &'static str,
    pub(crate) otherwise: &'static str,
}

/// The place of the values in a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ValuesIn {
    /// The parameters.
    Parameters,
    /// The object of the body at this JSON pointer.
    Body(&'static str),
    /// Each object of the list at this JSON pointer. Each object is a separate order.
    Each(&'static str),
}

/// The effect of an operation on orders and balances.
#[derive(Debug)]
pub(crate) enum Effect {
    Place {
        from: ValuesIn,
        order: OrderParameters,
        response: Shape,
    },
    /// Checks an order as `Place` does, and places none.
    Test {
        from: ValuesIn,
        order: OrderParameters,
    },
    /// Cancels the orders that a request names.
    Cancel {
        from: ValuesIn,
        id: Ids,
        response: Option<Shape>,
    },
    /// Cancels all orders, or all orders of one market if the request names a market. `count` is
    /// the place of the number of cancelled orders in the response.
    CancelAll {
        market: Option<&'static str>,
        count: Option<&'static str>,
    },
    List {
        which: OrderFilter,
        market: Option<&'static str>,
        pages: Option<Pages>,
        response: Shape,
    },
    /// Lists the fills of one order or of one market. `limit` is the parameter for their number,
    /// whose schema states the default.
    Fills {
        order: Option<&'static str>,
        market: Option<&'static str>,
        limit: Option<&'static str>,
        pages: Option<Pages>,
        response: Shape,
    },
    /// Lists the orders in the book of a market, of all owners. `side` is the parameter for the
    /// side, and its value for orders to buy.
    Resting {
        market: &'static str,
        side: (&'static str, &'static str),
        pages: Pages,
        response: Shape,
    },
    /// Returns the order book of a market.
    Depth(Depth),
    /// Returns the best prices and the last trade of a market, or of all markets.
    Ticker(Ticker),
    /// Lists the trades of a market.
    Trades(Trades),
    /// Returns one order by its id, or several by a list of ids.
    Get {
        which: OrderFilter,
        id: Ids,
        response: Shape,
    },
    Balances(Balances),
    ChangeBalance(BalanceChangeParameters),
    /// Lists the changes of balances.
    History(History),
    /// Lists the markets in which a user has open orders: the list, and the properties of a row
    /// with the market and the number of orders.
    OpenMarkets {
        pages: Pages,
        at: &'static str,
        name: &'static str,
        total: &'static str,
    },
    /// Lists the numbers of orders in the books of markets.
    BookCounts(BookCounts),
    /// Lists the candles of a market.
    Candles(Candles),
    /// Changes nothing. The response repeats properties of the request. Each pair is the JSON
    /// pointer in the response, then the property in the request.
    Echo(&'static [(&'static str, &'static str)]),
}

/// The places of the values of a change of a balance in a request.
#[derive(Debug)]
pub(crate) struct BalanceChangeParameters {
    pub(crate) asset: &'static str,
    pub(crate) change: &'static str,
    pub(crate) force: &'static str,
    /// A second change with the same values of these properties is refused.
    pub(crate) once_for: &'static [&'static str],
    /// The kind of business, its number, and further facts, which the history shows.
    pub(crate) business: &'static str,
    pub(crate) number: &'static str,
    pub(crate) detail: &'static str,
}

/// The parameters that select changes of balances, and the place of the changes in a response.
#[derive(Debug)]
pub(crate) struct History {
    /// The parameters for the asset and the business; an empty text means all.
    pub(crate) asset: &'static str,
    pub(crate) business: &'static str,
    /// The parameters for the first second, and for the second before which the changes are; 0
    /// means no bound.
    pub(crate) times: (&'static str, &'static str),
    pub(crate) pages: Pages,
    pub(crate) at: &'static str,
    pub(crate) members: &'static [(&'static str, ChangeField)],
}

/// A value of a change of a balance.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ChangeField {
    Time(TimeForm),
    Asset,
    Business,
    Change,
    Balance,
    Detail,
}

/// The parameter that names markets, and the properties of a row of the response.
#[derive(Debug)]
pub(crate) struct BookCounts {
    pub(crate) markets: &'static str,
    pub(crate) name: &'static str,
    pub(crate) asks: &'static str,
    pub(crate) bids: &'static str,
}

/// The parameters of a list of candles, and its columns.
#[derive(Debug)]
pub(crate) struct Candles {
    pub(crate) market: &'static str,
    /// The parameters with the first and the last second.
    pub(crate) times: (&'static str, &'static str),
    /// The parameter with the seconds of a candle.
    pub(crate) interval: &'static str,
    pub(crate) columns: &'static [CandleColumn],
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum CandleColumn {
    /// The first second of the candle.
    Time,
    Span(SpanField),
    Market,
}

/// A value of the trades over a time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum SpanField {
    Open,
    Close,
    High,
    Low,
    /// The amount of stock.
    Volume,
    /// The money that was paid for it.
    Value,
}

/// The orders that an operation concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderFilter {
    Open,
    Done,
    /// Orders that traded and are not open, for a venue that keeps no other orders in its history.
    Traded,
    All,
}

/// The place of an order's id in a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ids {
    pub(crate) id: &'static str,
    /// The caller's own id.
    pub(crate) own: Option<&'static str>,
    /// The market of the order, if the request names it.
    pub(crate) market: Option<&'static str>,
}

/// The parameters that select a page of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pages {
    pub(crate) start: PageStart,
    pub(crate) limit: &'static str,
    /// The number of orders on a page if the request gives no limit; `None`: all orders.
    pub(crate) default_limit: Option<usize>,
    /// The places of start and limit in the response.
    pub(crate) shown: Option<(&'static str, &'static str)>,
    /// The place of the total number in the response.
    pub(crate) total: Option<&'static str>,
    /// True if the newest order comes first.
    pub(crate) newest_first: bool,
}

/// The parameter that gives the start of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PageStart {
    /// The number of orders before the page.
    Offset(&'static str),
    /// The number of the page; the first one is 1.
    Page(&'static str),
    /// The id of the order before the page.
    After(&'static str),
}

/// The places of an order's values in a request.
#[derive(Debug)]
pub(crate) struct OrderParameters {
    pub(crate) market: &'static str,
    pub(crate) side: &'static str,
    /// The values of `side` that buy, and the values that sell, in lower case. Other values are
    /// refused.
    pub(crate) buys: &'static [&'static str],
    pub(crate) sells: &'static [&'static str],
    pub(crate) amount: &'static str,
    pub(crate) price: &'static str,
    /// The property and its values with which an order needs a price. `None`: the spec requires the
    /// price, or no document says which orders need one.
    pub(crate) limit: Option<(&'static str, &'static [&'static str])>,
    /// True if the amount of an order to buy is money.
    pub(crate) buys_with_money: bool,
    /// True if an order that trades at once is refused when the other side of the book is empty.
    pub(crate) needs_trader: bool,
    pub(crate) rates: Rates,
    pub(crate) own_id: Option<&'static str>,
    /// The property and its value with which an order trades at once and does not stay open.
    /// With the value `*`, every order does.
    pub(crate) at_once: Option<(&'static str, &'static str)>,
    pub(crate) kinds: OrderKinds,
}

/// The properties of a request that make an order another one than a plain limit or market order.
#[derive(Debug)]
pub(crate) struct OrderKinds {
    /// The property with the time in force: `gtc`, `ioc` or `fok`, in any case. Any other value is
    /// refused, because the mock does not simulate it.
    pub(crate) time_in_force: Option<&'static str>,
    /// The property with which an order is refused if it would trade at once.
    pub(crate) post_only: Option<&'static str>,
    /// The property and its values, in lower case, with which an order stays open and does not
    /// trade.
    pub(crate) waits: Option<(&'static str, &'static [&'static str])>,
    /// The kinds that the mock does not simulate. An order of them is refused.
    pub(crate) unsimulated: &'static [Unsimulated],
}

impl OrderKinds {
    /// The kinds of a venue that has plain orders only.
    pub(crate) const PLAIN: Self = Self { time_in_force: None, post_only: None, waits: None, unsimulated: &[] };
}

/// A kind of orders that the mock does not simulate, by a property of the request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unsimulated {
    /// The property is given, and is not null.
    Given(&'static str),
    /// The property is true.
    True(&'static str),
    /// The property has another value than these, in any case.
    NotOneOf(&'static str, &'static [&'static str]),
}

/// The rates of the fees of an order.
#[derive(Debug)]
pub(crate) enum Rates {
    /// There are no fees.
    None,
    /// The rates of the market, from the list of markets.
    Market,
    /// The first of these properties that the request has: for what trades at once, and for what
    /// trades later.
    Given { taker: &'static [&'static str], maker: &'static [&'static str] },
}

/// The place of an order book in a response.
#[derive(Debug)]
pub(crate) struct Depth {
    /// The parameter that names the market.
    pub(crate) market: &'static str,
    pub(crate) bids: &'static str,
    pub(crate) asks: &'static str,
    /// The parameters for the number of bids and of asks. Their schemas state the defaults.
    pub(crate) limits: (Option<&'static str>, Option<&'static str>),
    /// The parameter for the distance of prices that are shown as one; 0 for all prices.
    pub(crate) interval: Option<&'static str>,
    /// True if the best ask is the last one.
    pub(crate) best_ask_last: bool,
    /// The properties of a row with price and amount; `None`: they are its first two elements.
    pub(crate) row: Option<(&'static str, &'static str)>,
    /// The places of the market and of the time in ms.
    pub(crate) shown_market: Option<&'static str>,
    pub(crate) time: Option<&'static str>,
}

/// The place of prices in a response: of one market, in a list, or in an object by market.
#[derive(Debug)]
pub(crate) struct Ticker {
    /// The parameter that names the market.
    pub(crate) market: Option<&'static str>,
    /// The property with the name of the market.
    pub(crate) name: Option<&'static str>,
    /// The time over which [`Quote::Span`] is computed.
    pub(crate) period: Period,
    pub(crate) members: &'static [(&'static str, Quote)],
}

/// A time until now.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Period {
    Seconds(i64),
    /// The parameter with the seconds.
    Parameter(&'static str),
}

/// A value of a ticker.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Quote {
    Bid,
    BidAmount,
    Ask,
    AskAmount,
    Last,
    LastAmount,
    LastTime(TimeForm),
    Span(SpanField),
    /// The seconds of the time.
    Seconds,
}

/// The place of public trades in a response.
#[derive(Debug)]
pub(crate) struct Trades {
    pub(crate) at: &'static str,
    /// The parameter that names the market.
    pub(crate) market: &'static str,
    /// The parameter for the number of trades. Its schema states the default.
    pub(crate) limit: Option<&'static str>,
    /// The parameter with the number of the trade before the first one.
    pub(crate) after: Option<&'static str>,
    pub(crate) oldest_first: bool,
    pub(crate) members: &'static [(&'static str, TradeField)],
}

/// A value of a public trade.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TradeField {
    Number,
    Time(TimeForm),
    Price,
    Amount,
    Market,
    /// JSON for a trade whose later order buys, and for one whose later order sells.
    Side(&'static str, &'static str),
}

/// The place of orders in a response, and their properties. The rest stays as in the example.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// The JSON pointer to the order or to the list of orders.
    pub(crate) at: &'static str,
    pub(crate) members: &'static [(&'static str, Field)],
}

/// A value of an order. It is written with the JSON type that it has in the example.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field {
    Id,
    OwnId,
    Market,
    /// JSON for an order to buy, and for an order to sell.
    Side(&'static str, &'static str),
    Amount,
    Price,
    Filled,
    /// The value of what was filled, in the quote asset.
    Value,
    /// The fee of what was filled, in the asset that the user receives.
    Fee,
    Left,
    /// The value of what was filled by its amount, rounded to 8 places; 0 if nothing was filled.
    AveragePrice,
    /// The amount and the price of the last fill; 0 if there is none.
    LastAmount,
    LastPrice,
    /// A number that no other fill has. This value and those below it are of a fill of the order.
    FillNumber,
    FillAmount,
    FillPrice,
    FillValue,
    FillFee,
    FillTime(TimeForm),
    /// JSON for a fill of an order that was in the book, and of one that traded at once.
    FillRole(&'static str, &'static str),
    /// The id of the other order.
    FillOther,
    /// JSON for an open order, for one that is filled in part and open, for a filled and for a
    /// cancelled order.
    Status(&'static str, &'static str, &'static str, &'static str),
    Created(TimeForm),
    Changed(TimeForm),
    /// The user, where one key serves several users.
    User,
    /// A property of the request that placed the order.
    Given(&'static str),
    /// The first of these properties that the request has, or else this JSON.
    GivenAs(&'static [&'static str], &'static str),
    /// JSON for an order that can stay open, and for an order that trades at once.
    Kind(&'static str, &'static str),
    /// The same JSON for every order.
    Is(&'static str),
}

/// The place of balances in a response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Balances {
    /// The JSON pointer to the list, or to the object whose properties are the balances.
    pub(crate) at: &'static str,
    /// The property that names the asset; `None`: the balances are an object by asset.
    pub(crate) asset: Option<&'static str>,
    pub(crate) free: &'static str,
    pub(crate) reserved: Option<&'static str>,
    pub(crate) total: Option<&'static str>,
    /// The parameter that selects one asset.
    pub(crate) only: Option<&'static str>,
}
