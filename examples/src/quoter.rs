//! A bot that quotes. It places a bid and an ask around the middle of the book, replaces them in
//! each round, and cancels them at the end.
//!
//! It shows that an order with an unknown outcome is never placed again. The bot looks for it among
//! the open orders and the fills, by its own tag. An order may arrive late, so the bot looks for
//! open orders once more at the end, also after an error. An order that is gone when the bot
//! cancels it may have been filled, so the bot looks up its fills.
//!
//! A fill may show the size of its whole order, and it is not known whether the venue returns tags.
//! So the numbers of a run do not replace a comparison of the balances.

use venuekit_btse_spot::types::{CancelRequest, CancelResults, FillQuery, OrderRequest};
use venuekit_btse_spot::{Client, Decimal, Error, Outcome};

/// The parameters of the quotes.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The market, such as `BTC-USD`.
    pub symbol: String,
    /// The amount to bid and to ask, in the base currency.
    pub size: Decimal,
    /// The distance from the middle, in the quote currency.
    pub distance: Decimal,
    /// The number of rounds.
    pub rounds: u32,
    /// The prefix of the tags of this run. No other run may use it.
    pub tag: String,
}

/// The result of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The rounds without orders, because a side of the book was empty.
    pub skipped: u32,
    /// Orders that the venue confirmed at once.
    pub placed: u32,
    /// Orders with an unknown outcome that were found among the open orders or the fills.
    pub found: u32,
    /// Orders with an unknown outcome that were not found there (yet). They may still be filled:
    /// compare the balances.
    pub lost: u32,
    /// Orders that the venue refused, or that were not sent.
    pub refused: u32,
    /// Orders that were gone for an unknown reason when the bot looked for them or cancelled them.
    pub gone: u32,
    /// The maximum amount of the orders counted in `gone` that may have been filled, in the base
    /// currency. A fill may show the size of its whole order, so only the balances tell how much
    /// was filled.
    pub filled_at_most: Decimal,
}

/// A side of the book.
#[derive(Clone, Copy, Debug)]
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
}

/// Quotes, and at the end cancels every order of this run that the venue shows as open, also after
/// an error.
///
/// # Errors
///
/// When the book or the open orders cannot be read, even with retries, or an order cannot be
/// cancelled. In these cases orders may be left open.
pub async fn quote(client: &Client, plan: &Plan) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    let quoted = rounds(client, plan, &mut tally).await;
    let swept = sweep(client, plan, &mut tally).await;
    quoted.and(swept).map(|()| tally)
}

async fn rounds(client: &Client, plan: &Plan, tally: &mut Tally) -> Result<(), Error> {
    for round in 0..plan.rounds {
        let Some(middle) = middle(client, &plan.symbol).await? else {
            tally.skipped += 1;
            continue;
        };
        let mut open = Vec::new();
        for (side, price) in [(Side::Buy, middle - plan.distance), (Side::Sell, middle + plan.distance)] {
            let tag = format!("{}-{round}-{}", plan.tag, side.wire());
            open.extend(place(client, plan, side, price, &tag, tally).await?);
        }
        for id in open {
            cancel(client, plan, &id, tally).await?;
        }
    }
    Ok(())
}

/// Cancels the orders of this run that are still open.
async fn sweep(client: &Client, plan: &Plan, tally: &mut Tally) -> Result<(), Error> {
    let pending = client.get_pending_orders().symbol(&plan.symbol).send().await?;
    for order in pending.iter().filter(|order| order.tag.as_deref().is_some_and(|tag| tag.starts_with(&plan.tag))) {
        cancel(client, plan, &order.id, tally).await?;
    }
    Ok(())
}

/// Returns the price half way between the best bid and the best ask; `None` if a side is empty.
async fn middle(client: &Client, symbol: &str) -> Result<Option<Decimal>, Error> {
    let book = client.get_order_book().symbol(symbol).send().await?;
    let bid = book.buy_quote.iter().map(|level| level.price).max();
    let ask = book.sell_quote.iter().map(|level| level.price).min();
    Ok(bid.zip(ask).map(|(bid, ask)| (bid + ask) / Decimal::TWO))
}

/// Places one order, and returns its id if it is open.
async fn place(
    client: &Client,
    plan: &Plan,
    side: Side,
    price: Decimal,
    tag: &str,
    tally: &mut Tally,
) -> Result<Option<String>, Error> {
    let order = OrderRequest::builder()
        .symbol(&plan.symbol)
        .side(side.wire())
        .type_("LIMIT")
        .price(price)
        .amount(plan.size)
        .tag(tag)
        .build();
    match client.place_order().body(order).send().await {
        Ok(placed) => {
            tally.placed += 1;
            Ok(Some(placed.id))
        }
        // The order may be open, and placing it again might create a second one. So the bot looks
        // for it.
        Err(error) if error.outcome() == Outcome::Unknown => {
            if let Some(id) = find_open(client, &plan.symbol, tag).await? {
                tally.found += 1;
                return Ok(Some(id));
            }
            // An order that was filled at once was never among the open orders.
            match find_filled(client, &plan.symbol, tag).await? {
                Some(id) => {
                    tally.found += 1;
                    gone(client, plan, &id, tally).await?;
                }
                None => tally.lost += 1,
            }
            Ok(None)
        }
        Err(_) => {
            tally.refused += 1;
            Ok(None)
        }
    }
}

/// Returns the id of the filled order with this tag.
async fn find_filled(client: &Client, symbol: &str, tag: &str) -> Result<Option<String>, Error> {
    let fills = client.get_fills().body(FillQuery::builder().symbol(symbol).build()).send().await?;
    Ok(fills.iter().find(|fill| fill.tag.as_deref() == Some(tag)).map(|fill| fill.order_id.clone()))
}

/// Returns the id of the open order with this tag.
async fn find_open(client: &Client, symbol: &str, tag: &str) -> Result<Option<String>, Error> {
    let pending = client.get_pending_orders().symbol(symbol).send().await?;
    Ok(pending.iter().find(|order| order.tag.as_deref() == Some(tag)).map(|order| order.id.clone()))
}

/// Cancels one order. The client sends the cancel again if its outcome is unknown.
async fn cancel(client: &Client, plan: &Plan, id: &str, tally: &mut Tally) -> Result<(), Error> {
    let symbol = &plan.symbol;
    let request = CancelRequest::builder().symbol(symbol).order_id(id).build();
    match client.cancel_order().body(request).send().await {
        Ok(results) if is_confirmed(&results) => Ok(()),
        Err(error) if error.outcome() == Outcome::Applied => Ok(()),
        // The response does not say that the order was cancelled. If it is still open, the bot
        // cancels it once more at the end.
        Ok(_) if is_open(client, symbol, id).await? => Ok(()),
        Ok(_) => gone(client, plan, id, tally).await,
        // An earlier attempt cancelled the order, or it was filled before.
        Err(error) if error.outcome() == Outcome::Gone || is_missing(&error) => gone(client, plan, id, tally).await,
        Err(error) => Err(error),
    }
}

/// Returns whether the venue refused a cancel because there is no such order. The order may have
/// been filled before.
fn is_missing(error: &Error) -> bool {
    let code = error.api_error().and_then(|stated| stated.code());
    error.outcome() == Outcome::Refused && code == Some("-1")
}

/// Returns whether the venue states that each order of a cancel was cancelled.
fn is_confirmed(results: &CancelResults) -> bool {
    !results.is_empty() && results.iter().all(|result| result.success == Some(true))
}

/// Returns whether an order is among the open orders.
async fn is_open(client: &Client, symbol: &str, id: &str) -> Result<bool, Error> {
    let pending = client.get_pending_orders().symbol(symbol).send().await?;
    Ok(pending.iter().any(|order| order.id == id))
}

/// Counts an order that is not open any more, and its fills.
async fn gone(client: &Client, plan: &Plan, id: &str, tally: &mut Tally) -> Result<(), Error> {
    tally.gone += 1;
    tally.filled_at_most += amount_of_fills(client, id).await?.min(plan.size);
    Ok(())
}

/// Returns the sum of the amounts of an order's fills.
async fn amount_of_fills(client: &Client, id: &str) -> Result<Decimal, Error> {
    // No known client sends the market together with the order id.
    let query = FillQuery::builder().order_id(id).build();
    let fills = client.get_fills().body(query).send().await?;
    Ok(fills.iter().filter(|fill| fill.order_id == id).map(|fill| fill.amount).sum())
}
