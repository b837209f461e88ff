//! A rebalancer. It spreads an asset over two venues: the venue that holds more of it sells, and
//! the one that holds less buys the same amount.
//!
//! It shows one path for the errors of two venues. Both clients have the same `Error`, so each step
//! ends with `?`, and the outcome decides what may be done next. An order whose outcome is unknown
//! ends the run: the bot places nothing more, also not at the other venue, and the failure names
//! the order and the balances from before it. The next run starts only if neither venue shows an
//! open order in the market that its user does not know, because such an order may be the one in
//! question.
//!
//! Amounts are exact: the difference is halved, rounded down to the steps of both venues, and
//! checked against their rules, before anything is sent.
//!
//! `BTSE_SPOT_KEY=.. BTSE_SPOT_SECRET=.. ALTMARKET_KEY=.. ALTMARKET_SECRET=.. cargo run -- BTSE_URL
//! ALTMARKET_URL [ORDER_ID ..]`: the program places orders, so it requires URLs, such as those that
//! `venue mock btse-spot altmarket` prints. The ids are those of open orders that may stay open;
//! without them the program names them, and places nothing.
#![allow(clippy::print_stdout, reason = "a program talks to its user")]

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, fmt};

use venuekit_altmarket::types::{NewOrder, OrderDirection, PlaceOrderRequest};
use venuekit_btse_spot::types::OrderRequest;
use venuekit_btse_spot::venuekit::market::{OrderRules, Rounding, RoundingError, RuleViolation};
use venuekit_btse_spot::{Decimal, Error, Outcome};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut urls = env::args().skip(1);
    let (btse, altmarket) = urls.next().zip(urls.next()).ok_or("give two base URLs, of BTSE and of AltMarket")?;
    let venues = Venues {
        btse: {
            use venuekit_btse_spot::{Client, Credentials};
            let credentials = Credentials::new(env::var("BTSE_SPOT_KEY")?, env::var("BTSE_SPOT_SECRET")?)?;
            Client::builder().base_url(btse).credentials(credentials).build()?
        },
        altmarket: {
            use venuekit_altmarket::{Client, Credentials};
            let credentials = Credentials::new(env::var("ALTMARKET_KEY")?, env::var("ALTMARKET_SECRET")?)?;
            Client::builder().base_url(altmarket).credentials(credentials).build()?
        },
    };
    let plan = Plan {
        btse_asset: "BTC".to_owned(),
        btse_market: "BTC-USD".to_owned(),
        altmarket_asset: "btc".to_owned(),
        altmarket_market: "btc_usdt".to_owned(),
        distance: Decimal::from(25),
        tolerance: Decimal::new(1, 3),
        known_orders: urls.collect(),
        tag: format!("rebalancer-{}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis()),
    };
    println!("{:?}", rebalance(&venues, &plan).await?);
    // The use of the rate limits, so that a program can see how much room it has.
    for limit in venues.btse.limits().await.limits() {
        println!("{}: {} of {} in {:?}", limit.name(), limit.used(), limit.limit(), limit.window());
    }
    Ok(())
}

/// The parameters of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The asset at BTSE, such as `BTC`.
    pub btse_asset: String,
    /// The market at BTSE, such as `BTC-USD`.
    pub btse_market: String,
    /// The asset at AltMarket, such as `btc`.
    pub altmarket_asset: String,
    /// The market at AltMarket, such as `btc_usdt`.
    pub altmarket_market: String,
    /// The distance of the limit prices from the middle of the book of BTSE, in the quote currency.
    /// AltMarket has no public book, so its orders are priced by that of BTSE.
    pub distance: Decimal,
    /// The difference of the balances up to which nothing is done.
    pub tolerance: Decimal,
    /// The ids of orders of the market that may stay open during a run.
    pub known_orders: BTreeSet<String>,
    /// The tag of the order at BTSE, by which it can be found again. No other run may use it.
    pub tag: String,
}

impl Plan {
    /// Refuses open orders that the plan does not name.
    fn refuse_unknown(&self, venue: Venue, ids: impl Iterator<Item = String>) -> Result<(), Failure> {
        let unknown: Vec<String> = ids.filter(|id| !self.known_orders.contains(id)).collect();
        if unknown.is_empty() { Ok(()) } else { Err(Failure::OpenOrders(venue, unknown)) }
    }
}

/// The clients of the venues.
#[derive(Clone, Debug)]
pub struct Venues {
    /// The client of BTSE.
    pub btse: venuekit_btse_spot::Client,
    /// The client of AltMarket.
    pub altmarket: venuekit_altmarket::Client,
}

/// A venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Venue {
    /// BTSE.
    Btse,
    /// AltMarket.
    Altmarket,
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rebalanced {
    /// The balances differ by no more than the tolerance, or by less than the smallest order.
    Balanced {
        /// The balance at BTSE.
        btse: Decimal,
        /// The balance at AltMarket.
        altmarket: Decimal,
    },
    /// Both orders were placed. They have a limit price, so they may be open.
    Placed {
        /// The amount of each order.
        amount: Decimal,
        /// The venue that sells, and the id of its order.
        sold_at: (Venue, String),
        /// The venue that buys, and the id of its order.
        bought_at: (Venue, String),
    },
}

/// The reason why a run ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// A call failed, and changed nothing.
    Call(Error),
    /// A venue does not list the market, or the book has an empty side.
    NoMarket(Venue),
    /// A venue shows open orders in the market that the plan does not name. These are their ids.
    OpenOrders(Venue, Vec<String>),
    /// A price or an amount cannot be rounded to the steps of the markets.
    Rounding(RoundingError),
    /// An order would break a rule of its market.
    Rule(RuleViolation),
    /// An order may have been placed. `before`: the balance of the asset before it.
    Unknown {
        /// The venue.
        venue: Venue,
        /// The order, in words.
        order: String,
        /// The balance of the asset at the venue before the order.
        before: Decimal,
        /// The error of the call.
        error: Error,
    },
    /// The first order was placed, and the second one was not. Cancel the first, or place the
    /// second by hand.
    HalfDone {
        /// The venue of the order that was placed, and its id.
        placed: (Venue, String),
        /// The reason why the other order was not placed.
        error: Box<Self>,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(error) => write!(f, "{error}"),
            Self::NoMarket(venue) => write!(f, "{venue:?} has no such market, or no prices in it"),
            Self::OpenOrders(venue, ids) => write!(
                f,
                "{venue:?} has open orders in the market: {} (help: cancel them, or name those that may stay)",
                ids.join(", ")
            ),
            Self::Rounding(error) => write!(f, "{error}"),
            Self::Rule(violation) => write!(f, "{violation}"),
            Self::Unknown { venue, order, before, error } => write!(
                f,
                "{venue:?} may have placed the order to {order}: {error} (help: look at its open orders and its \
                 history, and compare the balance with {before})"
            ),
            Self::HalfDone { placed: (venue, id), error } => {
                write!(f, "only the order {id} at {venue:?} was placed: {error}")
            }
        }
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<RoundingError> for Failure {
    fn from(error: RoundingError) -> Self {
        Self::Rounding(error)
    }
}

impl From<RuleViolation> for Failure {
    fn from(violation: RuleViolation) -> Self {
        Self::Rule(violation)
    }
}

/// A side of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Sell,
    Buy,
}

/// An order that is to be placed.
struct Order {
    venue: Venue,
    side: Side,
    price: Decimal,
    amount: Decimal,
    /// The balance of the asset at the venue.
    held: Decimal,
}

/// The balance and the rules of a market at a venue.
struct State {
    held: Decimal,
    rules: OrderRules,
}

/// Spreads the asset evenly over both venues.
///
/// # Errors
///
/// [`Failure`] states what was placed: nothing, or one order of two. After [`Failure::Unknown`] an
/// order may be open.
pub async fn rebalance(venues: &Venues, plan: &Plan) -> Result<Rebalanced, Failure> {
    let (btse, altmarket) = tokio::try_join!(btse(venues, plan), altmarket(venues, plan))?;
    let difference = btse.held - altmarket.held;
    // Each step is that of both venues, so the venues trade the same amount.
    let both: OrderRules = [btse.rules, altmarket.rules].into_iter().collect();
    let amount = both.quantity.round(difference.abs() / Decimal::TWO, Rounding::Down)?;
    if difference.abs() <= plan.tolerance || amount.is_zero() {
        return Ok(Rebalanced::Balanced { btse: btse.held, altmarket: altmarket.held });
    }
    let middle = middle(venues, plan).await?;
    let (seller, buyer) = if difference > Decimal::ZERO {
        ((Venue::Btse, &btse), (Venue::Altmarket, &altmarket))
    } else {
        ((Venue::Altmarket, &altmarket), (Venue::Btse, &btse))
    };
    let sale = order(seller, Side::Sell, middle - plan.distance, amount)?;
    let purchase = order(buyer, Side::Buy, middle + plan.distance, amount)?;
    let sold = place(venues, plan, &sale).await?;
    match place(venues, plan, &purchase).await {
        Ok(bought) => {
            Ok(Rebalanced::Placed { amount, sold_at: (sale.venue, sold), bought_at: (purchase.venue, bought) })
        }
        Err(error) => Err(Failure::HalfDone { placed: (sale.venue, sold), error: Box::new(error) }),
    }
}

/// Returns an order that keeps the rules of its market. Its price is rounded so that it is not
/// worse than the given one.
fn order((venue, state): (Venue, &State), side: Side, price: Decimal, amount: Decimal) -> Result<Order, Failure> {
    let rounding = if side == Side::Sell { Rounding::Up } else { Rounding::Down };
    let price = state.rules.price.round(price, rounding)?;
    state.rules.check(price, amount)?;
    Ok(Order { venue, side, price, amount, held: state.held })
}

async fn btse(venues: &Venues, plan: &Plan) -> Result<State, Failure> {
    let client = &venues.btse;
    // One signed call after another: a venue may refuse a nonce that arrives after a later one.
    let markets = client.get_markets().send().await?;
    let balances = client.get_account().send().await?;
    let open = client.get_pending_orders().symbol(&plan.btse_market).send().await?;
    plan.refuse_unknown(Venue::Btse, open.into_iter().map(|order| order.id))?;
    let market = markets.iter().find(|market| market.id == plan.btse_market).ok_or(Failure::NoMarket(Venue::Btse))?;
    let balance = balances.iter().find(|balance| balance.currency == plan.btse_asset);
    // A venue that does not list an asset holds none of it. One that lists it without a number is
    // not guessed at.
    let held = match balance {
        Some(balance) => balance.total.ok_or(Failure::NoMarket(Venue::Btse))?,
        None => Decimal::ZERO,
    };
    Ok(State { held, rules: market.order_rules() })
}

async fn altmarket(venues: &Venues, plan: &Plan) -> Result<State, Failure> {
    let client = &venues.altmarket;
    let markets = client.get_markets().send().await?;
    let balances = client.get_balances().send().await?;
    let open = client.get_open_orders().send().await?;
    let in_market = open.iter().filter(|order| order.instrument == plan.altmarket_market);
    plan.refuse_unknown(Venue::Altmarket, in_market.map(|order| order.order_id.to_string()))?;
    let market = markets.pairs.get(&plan.altmarket_market).ok_or(Failure::NoMarket(Venue::Altmarket))?;
    let balance = balances.iter().find(|balance| balance.asset == plan.altmarket_asset);
    let held = match balance {
        Some(balance) => balance.total_balance.ok_or(Failure::NoMarket(Venue::Altmarket))?,
        None => Decimal::ZERO,
    };
    Ok(State { held, rules: market.order_rules() })
}

/// Returns the middle of the book of BTSE.
async fn middle(venues: &Venues, plan: &Plan) -> Result<Decimal, Failure> {
    let book = venues.btse.get_order_book().symbol(&plan.btse_market).send().await?;
    let bid = book.buy_quote.iter().map(|level| level.price).max();
    let ask = book.sell_quote.iter().map(|level| level.price).min();
    let middle = bid.zip(ask).map(|(bid, ask)| (bid + ask) / Decimal::TWO);
    middle.ok_or(Failure::NoMarket(Venue::Btse))
}

/// Places an order once, and returns its id.
async fn place(venues: &Venues, plan: &Plan, order: &Order) -> Result<String, Failure> {
    let placed = match order.venue {
        Venue::Btse => {
            let request = OrderRequest::builder()
                .symbol(&plan.btse_market)
                .side(if order.side == Side::Sell { "SELL" } else { "BUY" })
                .type_("LIMIT")
                .price(order.price)
                .amount(order.amount)
                .tag(&plan.tag)
                .build();
            venues.btse.place_order().body(request).send().await.map(|placed| placed.id)
        }
        Venue::Altmarket => {
            let direction = if order.side == Side::Sell { OrderDirection::Sell } else { OrderDirection::Buy };
            let new = NewOrder::builder()
                .instrument(&plan.altmarket_market)
                .type_(direction)
                .amount(order.amount)
                .price(order.price)
                .is_limit(true)
                .build();
            let request = PlaceOrderRequest::builder().order(new).build();
            let placed = venues.altmarket.place_order().body(request).send().await;
            placed.map(|placed| placed.order.order_id.to_string())
        }
    };
    placed.map_err(|error| match error.outcome() {
        Outcome::Unknown => Failure::Unknown {
            venue: order.venue,
            order: format!("{:?} {} at {}", order.side, order.amount, order.price).to_lowercase(),
            before: order.held,
            error,
        },
        // Nothing was placed.
        _ => Failure::Call(error),
    })
}
