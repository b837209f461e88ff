//! A bot that quotes: a bid and an ask around the middle of the book, replaced in each round, cancelled at the end.
//!
//! What it is here to show: an order whose outcome is unknown is never placed again. The bot looks for it among the open orders, by a tag of its own; and
//! since an order may turn up late, it looks once more at the end, whatever made it end. An order that is gone when it is to be cancelled
//! may have been filled: the bot looks up its fills.

use venuekit_btse_spot::types::{CancelRequest, FillQuery, OrderRequest};
use venuekit_btse_spot::{Client, Decimal, Error, Outcome};

/// What to quote.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The market, such as `BTC-USD`.
    pub symbol: String,
    /// How much to bid and to ask, in the base currency.
    pub size: Decimal,
    /// How far from the middle, in the quote currency.
    pub distance: Decimal,
    /// How many rounds to make.
    pub rounds: u32,
    /// What the tags of this run start with: no other run's may.
    pub tag: String,
}

/// What the bot did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Orders that the venue confirmed at once.
    pub placed: u32,
    /// Orders whose outcome was unknown and that were found among the open ones.
    pub found: u32,
    /// Orders whose outcome was unknown and that were not there (yet).
    pub lost: u32,
    /// Orders that the venue refused, or that were not sent.
    pub refused: u32,
    /// Orders that were gone when they were to be cancelled, and nobody knew why.
    pub gone: u32,
    /// How much of those was filled, in the base currency.
    pub filled: Decimal,
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
            Self::Buy => "buy",
            Self::Sell => "sell",
        }
    }
}

/// Quotes, and at the end cancels every order of this run that the venue shows as open, also after an error.
///
/// # Errors
/// When the venue cannot be asked for its book or its open orders, whatever was retried, or an order cannot be cancelled: then orders may be left.
pub async fn quote(client: &Client, plan: &Plan) -> Result<Tally, Error> {
    let mut tally = Tally::default();
    let quoted = rounds(client, plan, &mut tally).await;
    let swept = sweep(client, plan, &mut tally).await;
    quoted.and(swept).map(|()| tally)
}

async fn rounds(client: &Client, plan: &Plan, tally: &mut Tally) -> Result<(), Error> {
    for round in 0..plan.rounds {
        let middle = middle(client, &plan.symbol).await?;
        let mut open = Vec::new();
        for (side, price) in [(Side::Buy, middle - plan.distance), (Side::Sell, middle + plan.distance)] {
            let tag = format!("{}-{round}-{}", plan.tag, side.wire());
            open.extend(place(client, plan, side, price, &tag, tally).await?);
        }
        for id in open {
            cancel(client, &plan.symbol, &id, tally).await?;
        }
    }
    Ok(())
}

/// Cancels what is still open of this run.
async fn sweep(client: &Client, plan: &Plan, tally: &mut Tally) -> Result<(), Error> {
    let pending = client.get_pending_orders().symbol(&plan.symbol).send().await?;
    for order in pending.iter().filter(|order| order.tag.as_deref().is_some_and(|tag| tag.starts_with(&plan.tag))) {
        cancel(client, &plan.symbol, &order.id, tally).await?;
    }
    Ok(())
}

async fn middle(client: &Client, symbol: &str) -> Result<Decimal, Error> {
    let book = client.get_order_book().symbol(symbol).limit_asks(1).limit_bids(1).send().await?;
    let bid = book.buy_quote.iter().map(|level| level.price).max().unwrap_or_default();
    let ask = book.sell_quote.iter().map(|level| level.price).min().unwrap_or_default();
    Ok((bid + ask) / Decimal::TWO)
}

/// Places one order; its id, if it stands.
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
        .type_("limit")
        .price(price)
        .amount(plan.size)
        .tag(tag)
        .build();
    match client.place_order().body(order).send().await {
        Ok(placed) => {
            tally.placed += 1;
            Ok(Some(placed.id))
        }
        // It may stand, and placing it again might make two of it: look.
        Err(error) if error.outcome() == Outcome::Unknown => {
            let found = find(client, &plan.symbol, tag).await?;
            *(if found.is_some() { &mut tally.found } else { &mut tally.lost }) += 1;
            Ok(found)
        }
        Err(_) => {
            tally.refused += 1;
            Ok(None)
        }
    }
}

/// The open order that carries this tag.
async fn find(client: &Client, symbol: &str, tag: &str) -> Result<Option<String>, Error> {
    let pending = client.get_pending_orders().symbol(symbol).send().await?;
    Ok(pending.iter().find(|order| order.tag.as_deref() == Some(tag)).map(|order| order.id.clone()))
}

/// Cancels one order. The client sends the cancel again when nobody knows what became of it.
async fn cancel(client: &Client, symbol: &str, id: &str, tally: &mut Tally) -> Result<(), Error> {
    let request = CancelRequest::builder().symbol(symbol).order_id(id).build();
    match client.cancel_order().body(request).send().await {
        Ok(_) => Ok(()),
        Err(error) if error.outcome() == Outcome::Applied => Ok(()),
        // An earlier attempt cancelled it, or it was filled before: look.
        Err(error) if error.outcome() == Outcome::Gone => {
            tally.gone += 1;
            tally.filled += filled(client, symbol, id).await?;
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// How much of an order was filled.
async fn filled(client: &Client, symbol: &str, id: &str) -> Result<Decimal, Error> {
    let query = FillQuery::builder().symbol(symbol).order_id(id).build();
    let fills = client.get_fills().body(query).send().await?;
    Ok(fills.iter().filter(|fill| fill.order_id == id).map(|fill| fill.amount).sum())
}
