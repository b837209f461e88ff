//! A bot that quotes. It places a bid and an ask around the middle of the book, replaces them in
//! each round, and cancels them at the end.
//!
//! It shows that an order with an unknown outcome is never placed again. The bot looks for it among
//! the open orders and the fills, by its own tag. Nothing proves that the venue does not have it,
//! because it may arrive late. So the bot places no other order on this side until the order is
//! found, and looks for it again in each round and at the end, also after an error. An order that
//! is gone when the bot cancels it may have been filled, so the bot looks up its fills.
//!
//! A response to a cancel does not prove that the order is cancelled. So the bot looks at the open
//! orders again after it has cancelled them, and reports those that are still open. It knows its
//! orders by id as well as by tag, because the venue may not return tags.
//!
//! The venue may state the size of the whole order as the amount of a fill. So the numbers of a run
//! do not replace a comparison of the balances.
//!
//! `BTSE_SPOT_KEY=.. BTSE_SPOT_SECRET=.. cargo run -- BASE_URL`: the program places orders, so it
//! requires a URL, such as the one that `venue mock btse-spot` prints. It fails if an order may be
//! left open.
#![allow(clippy::print_stdout, reason = "a program talks to its user")]

use std::collections::BTreeSet;
use std::env;
use std::time::{SystemTime, UNIX_EPOCH};

use venuekit_btse_spot::types::{CancelRequest, FillQuery, OrderRequest, PendingOrder};
use venuekit_btse_spot::venuekit::market::{OrderRules, Rounding, RoundingError};
use venuekit_btse_spot::{Client, Credentials, Decimal, Error, Outcome};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = env::args().nth(1).ok_or("give a base URL: quoter http://127.0.0.1:8700/btse-spot/spot")?;
    let credentials = Credentials::new(env::var("BTSE_SPOT_KEY")?, env::var("BTSE_SPOT_SECRET")?)?;
    let client = Client::builder().base_url(url).credentials(credentials).build()?;
    let symbol = "BTC-USD".to_owned();
    let plan = Plan {
        rules: rules_of(&client, &symbol).await?.ok_or("the venue does not list the market BTC-USD")?,
        symbol,
        size: Decimal::new(1, 2),
        distance: Decimal::from(25),
        rounds: 3,
        tag: format!("quoter-{}", SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis()),
    };
    let tally = quote(&client, &plan).await?;
    println!("{tally:?}");
    // The use of the rate limits, so that a program can see how much room it has.
    for limit in client.limits().await.limits() {
        println!("{}: {} of {} in {:?}", limit.name(), limit.used(), limit.limit(), limit.window());
    }
    if tally.lost > 0 || !tally.left_open.is_empty() {
        return Err("orders may be open: look at the venue's own page, and cancel them there".into());
    }
    Ok(())
}

/// The parameters of the quotes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The market, such as `BTC-USD`.
    pub symbol: String,
    /// The amount to bid and to ask, in the base currency.
    pub size: Decimal,
    /// The distance from the middle, in the quote currency.
    pub distance: Decimal,
    /// The rules of the market ([`rules_of`]). Bids are rounded down to its steps, and asks up. An
    /// order that breaks a rule is not sent.
    pub rules: OrderRules,
    /// The number of rounds.
    pub rounds: u32,
    /// The prefix of the tags of this run. No other run may use it.
    pub tag: String,
}

/// The result of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The rounds without orders, because a side of the book was empty.
    pub skipped: u32,
    /// Orders to which the venue gave an id at once.
    pub placed: u32,
    /// Orders with an unknown outcome that were found among the open orders or the fills.
    pub found: u32,
    /// Orders with an unknown outcome that were not found there until the end. They may be open,
    /// and may still be filled: look at the venue's own page, and compare the balances. They are
    /// not in [`left_open`](Self::left_open), because their ids are not known.
    pub lost: u32,
    /// Orders that were not placed, because an earlier order of their side was not found yet.
    pub withheld: u32,
    /// Orders that the venue refused, or that were not sent, because they break a rule of the
    /// market or because of an error.
    pub refused: u32,
    /// Orders that were not open any more when the bot looked for them or cancelled them. They may
    /// have been filled.
    pub gone: u32,
    /// An upper bound of the filled amount, in the base currency, over the orders whose ids are
    /// known. The venue may state the size of the whole order as the amount of a fill, so only the
    /// balances tell how much was filled.
    pub filled_at_most: Decimal,
    /// The ids of the orders of this run that the venue still shows as open at the end. Cancel them
    /// by hand.
    pub left_open: Vec<String>,
}

/// A side of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Buy,
    Sell,
}

impl Side {
    fn wire(self) -> &'static str {
        match self {
            Self::Buy => "BUY",
            Self::Sell => "SELL",
        }
    }

    /// Returns the price at this distance from the middle, on the venue's steps, and not nearer.
    fn price(self, middle: Decimal, plan: &Plan) -> Result<Decimal, RoundingError> {
        match self {
            Self::Buy => plan.rules.price.round(middle - plan.distance, Rounding::Down),
            Self::Sell => plan.rules.price.round(middle + plan.distance, Rounding::Up),
        }
    }
}

/// An order with an unknown outcome that was not found yet.
struct Missing {
    side: Side,
    tag: String,
}

/// The number of times that the open orders are cancelled at the end.
const SWEEPS: u32 = 3;

/// A run of the bot.
struct Run<'a> {
    client: &'a Client,
    plan: &'a Plan,
    tally: Tally,
    /// The ids of the orders of this run, as far as they are known. The venue may not return tags.
    ids: BTreeSet<String>,
    missing: Vec<Missing>,
}

/// Returns the rules of a market; `None` if the venue does not list it.
///
/// # Errors
///
/// When the markets cannot be read, even with retries.
pub async fn rules_of(client: &Client, symbol: &str) -> Result<Option<OrderRules>, Error> {
    let markets = client.get_markets().send().await?;
    Ok(markets.iter().find(|market| market.id == symbol).map(|market| market.order_rules()))
}

/// Quotes, and at the end cancels every order of this run that the venue shows as open, also after
/// an error. [`Tally::left_open`] has the orders that are open in spite of that.
///
/// # Errors
///
/// When the book, the open orders or the fills cannot be read, even with retries, or an order
/// cannot be cancelled. In these cases orders may be left open.
pub async fn quote(client: &Client, plan: &Plan) -> Result<Tally, Error> {
    let mut run = Run { client, plan, tally: Tally::default(), ids: BTreeSet::new(), missing: Vec::new() };
    let quoted = run.rounds().await;
    // The sweep cancels those that are found now and are still open.
    let looked = run.look_again().await;
    run.tally.lost = u32::try_from(run.missing.len()).unwrap_or(u32::MAX);
    let swept = run.sweep().await;
    let counted = run.count_fills().await;
    quoted.and(looked).and(swept).and(counted).map(|()| run.tally)
}

impl Run<'_> {
    async fn rounds(&mut self) -> Result<(), Error> {
        for round in 0..self.plan.rounds {
            self.look_again().await?;
            let Some(middle) = middle(self.client, &self.plan.symbol).await? else {
                self.tally.skipped += 1;
                continue;
            };
            let mut open = Vec::new();
            for side in [Side::Buy, Side::Sell] {
                if self.missing.iter().any(|missing| missing.side == side) {
                    self.tally.withheld += 1;
                    continue;
                }
                // A small market can have its middle nearer to zero than the distance.
                let price = side.price(middle, self.plan).ok();
                let price = price.filter(|price| self.plan.rules.check(*price, self.plan.size).is_ok());
                let Some(price) = price else {
                    self.tally.refused += 1;
                    continue;
                };
                let tag = format!("{}-{round}-{}", self.plan.tag, side.wire());
                open.extend(self.place(side, price, &tag).await?);
            }
            for id in open {
                self.cancel(&id).await?;
            }
        }
        Ok(())
    }

    /// Looks again for the orders that were not found, and cancels those that are open.
    async fn look_again(&mut self) -> Result<(), Error> {
        let tags: Vec<_> = self.missing.iter().map(|missing| (missing.side, missing.tag.clone())).collect();
        for (side, tag) in tags {
            if let Some(id) = self.find(side, &tag).await? {
                self.cancel(&id).await?;
            }
        }
        Ok(())
    }

    /// Cancels the orders of this run that are still open, looks again, and cancels what is there.
    /// One cancel that fails does not keep the bot from the others.
    async fn sweep(&mut self) -> Result<(), Error> {
        let mut swept = Ok(());
        for _ in 0..SWEEPS {
            let open = self.open_orders().await?;
            if open.is_empty() {
                return Ok(());
            }
            swept = Ok(());
            for order in &open {
                swept = swept.and(self.cancel(&order.id).await);
            }
        }
        self.tally.left_open = self.open_orders().await?.into_iter().map(|order| order.id).collect();
        if self.tally.left_open.is_empty() { Ok(()) } else { swept }
    }

    /// Returns the open orders of this run: those with an id or a tag of it.
    async fn open_orders(&mut self) -> Result<Vec<PendingOrder>, Error> {
        let pending = self.client.get_pending_orders().symbol(&self.plan.symbol).send().await?;
        let is_own = |order: &PendingOrder| {
            // The hyphen tells `run-1` from `run-10`.
            let rest = order.tag.as_deref().and_then(|tag| tag.strip_prefix(&self.plan.tag));
            rest.is_some_and(|rest| rest.starts_with('-')) || self.ids.contains(&order.id)
        };
        let open: Vec<_> = pending.into_iter().filter(is_own).collect();
        self.ids.extend(open.iter().map(|order| order.id.clone()));
        Ok(open)
    }

    /// Places one order, and returns its id if it may be open.
    async fn place(&mut self, side: Side, price: Decimal, tag: &str) -> Result<Option<String>, Error> {
        let order = OrderRequest::builder()
            .symbol(&self.plan.symbol)
            .side(side.wire())
            .type_("LIMIT")
            .price(price)
            .amount(self.plan.size)
            .tag(tag)
            .build();
        match self.client.place_order().body(order).send().await {
            Ok(placed) => {
                self.tally.placed += 1;
                self.ids.insert(placed.id.clone());
                Ok(Some(placed.id))
            }
            // The order may be open, and placing it again might create a second one. So the bot
            // looks for it.
            Err(error) if error.outcome() == Outcome::Unknown => self.find(side, tag).await,
            Err(_) => {
                self.tally.refused += 1;
                Ok(None)
            }
        }
    }

    /// Looks for an order of unknown outcome, and returns its id if it is open. If it is not found,
    /// it is missing.
    async fn find(&mut self, side: Side, tag: &str) -> Result<Option<String>, Error> {
        // It stays missing if a look-up fails.
        if self.missing.iter().all(|missing| missing.tag != tag) {
            self.missing.push(Missing { side, tag: tag.to_owned() });
        }
        let open = self.open_orders().await?;
        if let Some(order) = open.into_iter().find(|order| order.tag.as_deref() == Some(tag)) {
            self.found(tag);
            return Ok(Some(order.id));
        }
        // An order that was filled at once was never among the open orders.
        if let Some(id) = find_filled(self.client, &self.plan.symbol, tag).await? {
            self.found(tag);
            self.tally.gone += 1;
            self.ids.insert(id);
        }
        Ok(None)
    }

    fn found(&mut self, tag: &str) {
        self.tally.found += 1;
        self.missing.retain(|missing| missing.tag != tag);
    }

    /// Cancels one order, and looks whether it is still open. The client sends the cancel again if
    /// its outcome is unknown. An order that is still open is cancelled once more at the end.
    async fn cancel(&mut self, id: &str) -> Result<(), Error> {
        let request = CancelRequest::builder().symbol(&self.plan.symbol).order_id(id).build();
        let is_gone = match self.client.cancel_order().body(request).send().await {
            // Without `success: true`, the order was perhaps gone already; the look-up below shows
            // that. Even with it, the order may still be open: the venue may only have accepted the
            // cancel.
            Ok(results) => results.is_empty() || results.iter().any(|result| result.success != Some(true)),
            Err(error) if error.outcome() == Outcome::Applied => false,
            // An earlier attempt cancelled the order, or it was filled before.
            Err(error) if error.outcome() == Outcome::Gone || is_missing(&error) => true,
            Err(error) => return Err(error),
        };
        let is_open = self.open_orders().await?.iter().any(|order| order.id == id);
        self.tally.gone += u32::from(is_gone && !is_open);
        Ok(())
    }

    /// Adds up the fills of all orders of this run. A cancelled order may have been filled in part
    /// before.
    async fn count_fills(&mut self) -> Result<(), Error> {
        for id in &self.ids {
            self.tally.filled_at_most += amount_of_fills(self.client, id).await?.min(self.plan.size);
        }
        Ok(())
    }
}

/// Returns the price half way between the best bid and the best ask; `None` if a side is empty.
async fn middle(client: &Client, symbol: &str) -> Result<Option<Decimal>, Error> {
    let book = client.get_order_book().symbol(symbol).send().await?;
    let bid = book.buy_quote.iter().map(|level| level.price).max();
    let ask = book.sell_quote.iter().map(|level| level.price).min();
    Ok(bid.zip(ask).map(|(bid, ask)| (bid + ask) / Decimal::TWO))
}

/// Returns the id of the filled order with this tag.
async fn find_filled(client: &Client, symbol: &str, tag: &str) -> Result<Option<String>, Error> {
    let fills = client.get_fills().body(FillQuery::builder().symbol(symbol).build()).send().await?;
    Ok(fills.iter().find(|fill| fill.tag.as_deref() == Some(tag)).map(|fill| fill.order_id.clone()))
}

/// Returns whether the venue refused a cancel because there is no such order. The order may have
/// been filled before.
fn is_missing(error: &Error) -> bool {
    let code = error.api_error().and_then(|stated| stated.code());
    error.outcome() == Outcome::Refused && code == Some("-1")
}

/// Returns the sum of the amounts of an order's fills.
async fn amount_of_fills(client: &Client, id: &str) -> Result<Decimal, Error> {
    // The symbol is left out: no known client of this venue sends it together with the order id, so
    // it is not known whether the venue accepts both.
    let query = FillQuery::builder().order_id(id).build();
    let fills = client.get_fills().body(query).send().await?;
    Ok(fills.iter().filter(|fill| fill.order_id == id).map(|fill| fill.amount).sum())
}
