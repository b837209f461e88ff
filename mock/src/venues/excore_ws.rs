//! Excore over a WebSocket. The mock behaves as the open source core: a subscription replaces all
//! earlier ones of its family on the connection, methods that do not exist get no response, and a
//! side of an order book without a change is absent.
//!
//! On a server with `excore`, the orders, balances and markets are those of `excore`. Without it,
//! markets of any name move at random, and a user that subscribes to its orders or balances trades
//! in them.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use venuekit::Decimal;
use venuekit_json::Tree;

use crate::balance_change::BalanceChange;
use crate::clock::TimeForm;
use crate::exchange::{self, Span, Trade};
use crate::excore_line;
use crate::json::exact;
use crate::profile::socket::{Change, Feed, Market, OrderStep, Refused, Shares, SocketProfile};
use crate::profile::{Liquidity, MarketNames, Profile, Shape, StreamedOrders};
use crate::record::Refusal;
use crate::refuse::Rejection;
use crate::sign::{Caller, Keys, Secret, hex, hmac_sha512};

pub(crate) static PROFILE: Profile = Profile {
    // A login belongs to the connection, and the socket checks it.
    verify: |_, _| Ok(Caller::new("anyone")),
    refuse: excore_line::refuse,
    signing: &[],
    variants: &[],
    effects: &[],
    // The core accepts a subscription to a market that does not exist, and stays silent.
    markets: MarketNames { names: &["market", "markets"], lists: &[] },
    liquidity: &[],
    users: &[],
    same_headers: &[],
    bans: false,
    socket: Some(&SOCKET),
    streamed: Some(StreamedOrders {
        templates: (
            r#"{"id":1,"market":"","source":"","type":1,"side":1,"user":1,"ctime":1.5,"mtime":1.5,"price":"1",
                "amount":"1","taker_fee":"0","maker_fee":"0","left":"1","deal_stock":"0","deal_money":"0",
                "deal_fee":"0"}"#,
            r#"{"id":1,"market":"","source":"","type":1,"side":1,"user":1,"ctime":1.5,"ftime":1.5,"price":"1",
                "amount":"1","taker_fee":"0","maker_fee":"0","deal_stock":"0","deal_money":"0","deal_fee":"0"}"#,
        ),
        shape: Shape { at: "", members: excore_line::ORDER },
        user: "88",
        place: &excore_line::PUT_LIMIT,
        cancel: &excore_line::CANCEL,
    }),
};

static SOCKET: SocketProfile = SocketProfile {
    login,
    login_refused: Refused { code: 11, message: "login refused" },
    login_needed: Refused { code: 6, message: "require authentication" },
    success: r#"{"status":"success"}"#,
    feed: || Box::<Subscriptions>::default(),
    query,
    shares: Some(Shares {
        venue: "excore",
        // The example of `depth.query`.
        liquidity: &[Liquidity {
            market: "LTC_USDT",
            bids: &[("82", "1.5"), ("81.97", "7")],
            asks: &[("82.05", "3.2"), ("82.1", "10")],
            middle: "82.02",
            tick: "0.01",
            unit: "0.5",
        }],
    }),
};

const INVALID: Refused = Refused { code: 1, message: "invalid argument" };
const REFUSED: Refused = Refused { code: 11, message: "login refused" };

/// The largest number of bytes in the name of a market or an asset, or in an interval.
const NAME: usize = 15;

/// The largest number of bytes of the source of a login.
const SOURCE: usize = 31;

/// The numbers of levels that a subscription may ask for.
const LIMITS: [i64; 7] = [1, 5, 10, 20, 30, 50, 100];

/// The decimals of the intervals that a subscription may ask for.
const PLACES: u32 = 8;

/// The time in seconds after which a change of a book is sent as the whole book.
const WHOLE_BOOK: i64 = 60;

/// The number of trades that one notification has at most.
const TRADES: usize = 100;

/// Checks a token and its source, or key, signature and nonce. Returns the key.
fn login(method: &str, params: &[Value], keys: &Keys) -> Result<String, Refused> {
    if method == "server.auth" { by_token(params, keys) } else { by_signature(params, keys) }
}

/// Checks a token. The token of a key is its secret: what the service behind the core takes for a
/// token is not stated.
fn by_token(params: &[Value], keys: &Keys) -> Result<String, Refused> {
    let [token, source] = params else { return Err(INVALID) };
    let (Some(token), Some(source)) = (token.as_str(), source.as_str()) else { return Err(INVALID) };
    if source.len() > SOURCE {
        return Err(INVALID);
    }
    let is_own = |secret: &Secret| matches!(secret, Secret::Text(secret) if secret == token);
    keys.iter().filter(|(_, secret)| is_own(secret)).map(|(key, _)| key).min().cloned().ok_or(REFUSED)
}

/// Checks key, signature and nonce: HMAC-SHA512 of the nonce, in base64 or in lower-case hex.
fn by_signature(params: &[Value], keys: &Keys) -> Result<String, Refused> {
    let [key, signature, nonce] = params else { return Err(INVALID) };
    let (Some(key), Some(signature)) = (key.as_str(), signature.as_str()) else { return Err(INVALID) };
    let nonce = nonce.as_i64().filter(|nonce| *nonce != 0).ok_or(INVALID)?;
    let Some(Secret::Text(secret)) = keys.get(key) else { return Err(REFUSED) };
    let digest = hmac_sha512(secret.as_bytes(), nonce.to_string().as_bytes());
    if signature == STANDARD.encode(&digest) || signature == hex(&digest) { Ok(key.to_owned()) } else { Err(REFUSED) }
}

fn text(number: Decimal) -> String {
    number.normalize().to_string()
}

fn json_of(tree: &Tree) -> Value {
    serde_json::from_str(&tree.to_json()).unwrap_or_default()
}

/// Returns a time as the core writes it: seconds with a fraction.
fn seconds(millis: i64) -> Value {
    serde_json::from_str(&TimeForm::Seconds.write(millis)).unwrap_or_default()
}

fn trade(trade: &Trade) -> Value {
    json!({
        "id": trade.number, "time": seconds(trade.time), "price": text(trade.price), "amount": text(trade.amount),
        "type": if trade.taker_buys { "buy" } else { "sell" },
    })
}

/// Returns the span of the trades of the last seconds, and the last price; `None` if there was no
/// trade at all.
fn recent(market: &dyn Market, name: &str, period: i64) -> Option<(Span, Decimal)> {
    let trades = market.trades(name);
    let last = trades.first()?.price;
    Some((Span::recent(trades.iter(), market.now(), period), last))
}

/// Returns the object or the text of a family of states.
fn state(family: &str, (span, last): (Span, Decimal), period: i64) -> Value {
    let Span { open, close, high, low, volume, value: deal } = span;
    match family {
        "state" => json!({
            "period": period, "last": text(last), "open": text(open), "close": text(close), "high": text(high),
            "low": text(low), "volume": text(volume), "deal": text(deal),
        }),
        "ticker" => {
            let change = last.checked_sub(open).and_then(|change| change.checked_div(open));
            let change = change.and_then(|change| change.checked_mul(Decimal::ONE_HUNDRED));
            json!({
                "period": period, "last": text(last), "open": text(open), "close": text(close), "high": text(high),
                "low": text(low), "change": text(change.unwrap_or_default().round_dp(2)),
                "quoteVolume": text(volume), "baseVolume": text(deal),
            })
        }
        "today" => json!({
            "open": text(open), "last": text(last), "high": text(high), "low": text(low), "volume": text(volume),
            "deal": text(deal),
        }),
        _ => json!(text(last)),
    }
}

/// Returns the candles of these seconds, both ends included.
fn candles(market: &dyn Market, name: &str, times: (i64, i64), interval: i64) -> Vec<Value> {
    let trades = market.trades(name);
    let row = |(time, span): (i64, Span)| {
        let Span { open, close, high, low, volume, value } = span;
        json!([time, text(open), text(close), text(high), text(low), text(volume), text(value), name])
    };
    exchange::candles(trades.iter(), market.now(), times, interval).into_iter().map(row).collect()
}

/// Answers a call from the state of the venue.
fn query(market: &dyn Market, method: &str, params: &[(String, Tree)]) -> Result<Option<Tree>, Rejection> {
    let Some((family, "query" | "history")) = method.split_once('.') else { return Ok(None) };
    let value = |name: &str| params.iter().find(|(other, _)| other == name).map(|(_, value)| value);
    let number = |name: &str| value(name).and_then(Tree::scalar).and_then(|text| text.parse::<i64>().ok());
    let count = |name: &str| number(name).and_then(|number| usize::try_from(number).ok()).unwrap_or_default();
    let tree = |value: Value| Tree::parse(&value.to_string()).ok();
    let name = value("market").and_then(Tree::as_text).unwrap_or_default();
    match family {
        "order" if !market.is_touched() => return Ok(None),
        "order" => {
            let is_open = method == "order.query";
            let (offset, limit) = (count("offset"), count("limit"));
            let all = market.orders(name, is_open);
            let bound = |bound: &str| number(bound).filter(|seconds| *seconds > 0);
            let side = number("side").filter(|side| *side != 0);
            let fits = |order: &&Tree| {
                let created = order.get("ctime").and_then(Tree::digits).and_then(|text| text.parse::<f64>().ok());
                let created = created.unwrap_or_default();
                bound("start_time").is_none_or(|start| created >= start as f64)
                    && bound("end_time").is_none_or(|end| created <= end as f64)
                    && side.is_none_or(|side| order.get("side").and_then(Tree::digits) == Some(&*side.to_string()))
            };
            let all: Vec<&Tree> = all.iter().filter(fits).collect();
            let total = all.len();
            let records: Vec<Value> = all.into_iter().skip(offset).take(limit).map(json_of).collect();
            return Ok(tree(match is_open {
                true => json!({"limit": limit, "offset": offset, "total": total, "records": records}),
                false => json!({"limit": limit, "offset": offset, "records": records}),
            }));
        }
        "asset" | "balance" if method.ends_with(".query") && market.is_touched() => {
            let named: Vec<String> =
                params.iter().flat_map(|(_, value)| value.elements()).filter_map(Tree::scalar).collect();
            let assets = if named.is_empty() { market.assets() } else { named };
            let balances: serde_json::Map<String, Value> =
                assets.into_iter().map(|asset| (asset.clone(), balance(market, &asset))).collect();
            return Ok(tree(Value::Object(balances)));
        }
        "asset" if method == "asset.history" && market.is_touched() => {
            let text_of = |name: &str| value(name).and_then(Tree::as_text).unwrap_or_default();
            let bound = |name: &str| number(name).filter(|it| *it > 0).map(|seconds| seconds.saturating_mul(1000));
            let times = bound("start_time").unwrap_or(i64::MIN)..=bound("end_time").unwrap_or(i64::MAX);
            let (offset, limit) = (count("offset"), count("limit"));
            let changes = market.balance_changes();
            let own = changes.iter().filter(|it| it.is(text_of("asset"), text_of("business"), &times));
            let record = |it: &BalanceChange| {
                json!({
                    "time": seconds(it.time), "asset": it.asset, "business": it.business, "change": text(it.change),
                    "balance": text(it.balance), "detail": json_of(&it.detail),
                })
            };
            let records: Vec<Value> = own.skip(offset).take(limit).map(record).collect();
            return Ok(tree(json!({"offset": offset, "limit": limit, "records": records})));
        }
        "asset" | "balance" => return Ok(None),
        _ => {}
    }
    if !market.has(name) {
        // A market of which nobody has heard, whose data is that of the example, or one that does
        // not exist.
        let unknown = || Rejection::new(Refusal::BadParameter, format!("there is no market `{name}`")).about("market");
        return if market.is_free() { Ok(None) } else { Err(unknown()) };
    }
    let answer = match family {
        "depth" => {
            let interval = value("interval").and_then(Tree::as_text).and_then(exact);
            let limit = count("limit");
            let side = |buys: bool| {
                let levels = market.levels(name, buys, interval).into_iter().take(limit);
                levels.map(|(price, amount)| json!([text(price), text(amount)])).collect::<Vec<_>>()
            };
            Some(json!({"asks": side(false), "bids": side(true)}))
        }
        "deals" | "trades" => {
            let last = number("last_id").and_then(|last| u64::try_from(last).ok()).unwrap_or_default();
            let trades = market.trades(name);
            let trades = trades.iter().filter(|trade| trade.number > last).take(count("limit"));
            Some(trades.map(trade).collect::<Vec<_>>().into())
        }
        "kline" => {
            let (start, end) = (number("start").unwrap_or_default(), number("end").unwrap_or_default());
            Some(candles(market, name, (start, end), number("interval").unwrap_or_default()).into())
        }
        _ => {
            let period = number("period").unwrap_or(86_400);
            // Without any trade, all numbers are 0.
            Some(state(family, recent(market, name, period).unwrap_or_default(), period))
        }
    };
    Ok(answer.and_then(tree))
}

fn balance(market: &dyn Market, asset: &str) -> Value {
    let wallet = market.wallet(asset);
    json!({"available": text(wallet.free), "freeze": text(wallet.locked)})
}

type Levels = BTreeMap<Decimal, Decimal>;

/// The subscriptions of a connection.
#[derive(Debug, Default)]
struct Subscriptions {
    rounds: u64,
    /// The parameters of each family.
    families: BTreeMap<String, Vec<Value>>,
    /// The sides of the order book that was sent last, and the time in seconds of the last whole
    /// one.
    book: Option<((Levels, Levels), i64)>,
    /// The states that were sent last, by family and market.
    states: HashMap<(String, String), Value>,
    /// The number of the last trade that was sent, by family and market.
    trades: HashMap<(String, String), u64>,
    /// The number of the last change of orders and balances that was seen, by family.
    changes: HashMap<String, u64>,
}

impl Feed for Subscriptions {
    fn subscribe(&mut self, family: &str, params: &[Value], market: &mut dyn Market) -> Result<(), Refused> {
        let is_name = |value: &Value| value.as_str().is_some_and(|name| name.len() <= NAME);
        let (is_whole, params) = match (family, params) {
            // The number and the types are checked before the earlier subscription is dropped.
            ("depth", [name, limit, interval]) if is_name(name) && limit.is_i64() && is_name(interval) => {
                let is_known = limit.as_i64().is_some_and(|limit| LIMITS.contains(&limit))
                    && interval.as_str().is_some_and(is_interval);
                (is_known, if is_known { params } else { &[] })
            }
            ("kline", [name, interval]) if is_name(name) && interval.as_i64().is_some_and(|seconds| seconds > 0) => {
                (true, params)
            }
            ("depth" | "kline", _) => return Err(INVALID),
            // The names before the one that is not valid are subscribed to.
            (_, names) => {
                let valid = names.iter().take_while(|name| is_name(name)).count();
                (valid == names.len(), names.get(..valid).unwrap_or_default())
            }
        };
        self.unsubscribe(family);
        // An empty list is the end of the subscription, with success.
        if !params.is_empty() {
            self.families.insert(family.to_owned(), params.to_vec());
            self.changes.insert(family.to_owned(), market.last_change());
        }
        if is_whole { Ok(()) } else { Err(INVALID) }
    }

    fn unsubscribe(&mut self, family: &str) {
        self.families.remove(family);
        self.states.retain(|(other, _), _| other != family);
        self.trades.retain(|(other, _), _| other != family);
        if family == "depth" {
            self.book = None;
        }
    }

    fn user_changed(&mut self) {
        ["order", "asset", "balance"].into_iter().for_each(|family| self.unsubscribe(family));
    }

    fn is_active(&self) -> bool {
        !self.families.is_empty()
    }

    fn round(&mut self, market: &mut dyn Market) -> Vec<String> {
        self.rounds += 1;
        for (name, of_user) in self.markets() {
            market.step(&name, of_user);
        }
        let mut out = Out(Vec::new());
        for (family, params) in self.families.clone() {
            let names = params.iter().filter_map(Value::as_str);
            match family.as_str() {
                "depth" => self.depth(&params, market, &mut out),
                "kline" => self.kline(&params, market, &mut out),
                "deals" | "trades" => names.for_each(|name| self.deals(&family, name, market, &mut out)),
                "order" => self.orders(&params, market, &mut out),
                "asset" | "balance" => self.balances(&family, &params, market, &mut out),
                _ => {
                    for name in names {
                        let Some(recent) = recent(market, name, 86_400) else { continue };
                        let state = state(&family, recent, 86_400);
                        let key = (family.clone(), name.to_owned());
                        if self.states.get(&key) != Some(&state) {
                            self.states.insert(key, state.clone());
                            out.push(&family, json!([name, state]));
                        }
                    }
                }
            }
        }
        out.0
    }
}

/// The notifications of a round.
struct Out(Vec<String>);

impl Out {
    fn push(&mut self, family: &str, params: Value) {
        self.0.push(json!({"method": format!("{family}.update"), "params": params, "id": null}).to_string());
    }
}

impl Subscriptions {
    /// Returns the markets of all subscriptions, and whether the user trades in them.
    fn markets(&self) -> BTreeMap<String, bool> {
        let mut markets = BTreeMap::new();
        for (family, params) in &self.families {
            let named = if matches!(family.as_str(), "depth" | "kline") { 1 } else { params.len() };
            let of_user = matches!(family.as_str(), "order" | "asset" | "balance");
            for name in params.iter().take(named).filter_map(Value::as_str) {
                let name = match family.as_str() {
                    "asset" | "balance" if name == "USDT" => "BTC_USDT".to_owned(),
                    "asset" | "balance" => format!("{name}_USDT"),
                    _ => name.to_owned(),
                };
                // A market that does not exist is accepted, and stays silent.
                if name.contains('_') {
                    *markets.entry(name).or_default() |= of_user;
                }
            }
        }
        markets
    }

    fn depth(&mut self, params: &[Value], market: &dyn Market, out: &mut Out) {
        let [name, limit, interval] = params else { return };
        let Some(known) = name.as_str().filter(|name| market.has(name)) else { return };
        let limit = limit.as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1);
        let interval = interval.as_str().and_then(exact);
        let side = |buys: bool| market.levels(known, buys, interval).into_iter().take(limit).collect::<Levels>();
        let top = (side(false), side(true));
        let now = market.now().div_euclid(1000);
        let whole = || json!([true, {"asks": all(&top.0, false), "bids": all(&top.1, true)}, name]);
        let Some((sent, whole_at)) = &mut self.book else {
            out.push("depth", whole());
            self.book = Some((top, now));
            return;
        };
        if *sent == top {
            return;
        }
        if now - *whole_at >= WHOLE_BOOK {
            out.push("depth", whole());
            *whole_at = now;
        } else {
            // A consumer has to read each spelling of zero.
            let zero = match self.rounds % 3 {
                0 => "0",
                1 => "0.00",
                _ => "0e-8",
            };
            let mut book = serde_json::Map::new();
            let asks = changes(&sent.0, &top.0, limit, false, zero);
            let bids = changes(&sent.1, &top.1, limit, true, zero);
            for (side, levels) in [("asks", asks), ("bids", bids)] {
                if !levels.is_empty() {
                    book.insert(side.to_owned(), levels.into());
                }
            }
            if !book.is_empty() {
                out.push("depth", json!([false, book, name]));
            }
        }
        *sent = top;
    }

    /// Sends the newest candle when it changed, and the one before it once more when it is closed.
    fn kline(&mut self, params: &[Value], market: &dyn Market, out: &mut Out) {
        let [name, interval] = params else { return };
        let (Some(name), Some(interval)) = (name.as_str(), interval.as_i64()) else { return };
        let now = market.now().div_euclid(1000);
        let newest = candles(market, name, (now - interval, now), interval);
        let Some(candle) = newest.last() else { return };
        let key = ("kline".to_owned(), String::new());
        let before = self.states.get(&key);
        if before == Some(candle) {
            return;
        }
        let is_next = before.is_some_and(|before| before.get(0) != candle.get(0));
        let sent = if is_next { newest.clone() } else { vec![candle.clone()] };
        self.states.insert(key, candle.clone());
        out.push("kline", json!(sent));
    }

    /// Sends the latest trades at first, and new ones from then on.
    fn deals(&mut self, family: &str, name: &str, market: &dyn Market, out: &mut Out) {
        let key = (family.to_owned(), name.to_owned());
        let last = self.trades.get(&key).copied();
        let trades = market.trades(name);
        let new = trades.iter().filter(|trade| last.is_none_or(|last| trade.number > last));
        let new: Vec<Value> = new.take(TRADES).map(trade).collect();
        if !new.is_empty() {
            self.trades.insert(key, trades.first().map_or(0, |trade| trade.number));
            out.push(family, json!([name, new]));
        }
    }

    /// Returns the changes of the user since the last time.
    fn changes(&mut self, family: &str, market: &dyn Market) -> Vec<Change> {
        let after = self.changes.insert(family.to_owned(), market.last_change());
        market.changes(after.unwrap_or_default())
    }

    fn orders(&mut self, params: &[Value], market: &dyn Market, out: &mut Out) {
        for change in self.changes("order", market) {
            let Change::Order { market, step, order } = change else { continue };
            if params.iter().any(|name| *name == *market) {
                let event = match step {
                    OrderStep::Placed => 1,
                    OrderStep::Traded => 2,
                    OrderStep::Ended => 3,
                };
                out.push("order", json!([event, json_of(&order)]));
            }
        }
    }

    fn balances(&mut self, family: &str, params: &[Value], market: &dyn Market, out: &mut Out) {
        for change in self.changes(family, market) {
            let Change::Asset(asset) = change else { continue };
            if params.iter().any(|name| *name == *asset) {
                out.push(family, json!([{asset.as_str(): balance(market, &asset)}]));
            }
        }
    }
}

/// Returns whether a text is a step of prices that the core accepts: `0`, or `0.1` to `0.00000001`.
fn is_interval(text: &str) -> bool {
    text == "0" || (1..=PLACES).any(|places| text == Decimal::new(1, places).to_string())
}

fn level(price: Decimal, amount: &str) -> Value {
    json!([text(price), amount])
}

/// Returns all levels, the best first.
fn all(levels: &Levels, highest_first: bool) -> Vec<Value> {
    let mut out: Vec<Value> = levels.iter().map(|(price, amount)| level(*price, &text(*amount))).collect();
    if highest_first {
        out.reverse();
    }
    out
}

/// Returns the levels that differ. A level that is gone has the amount `zero`, unless it only left
/// the window of a side that is full.
fn changes(before: &Levels, after: &Levels, limit: usize, highest_first: bool, zero: &str) -> Vec<Value> {
    let is_full = after.len() >= limit;
    let worst = if highest_first { after.keys().next() } else { after.keys().next_back() };
    let is_outside = |price: Decimal| {
        is_full && worst.is_some_and(|worst| if highest_first { price < *worst } else { price > *worst })
    };
    let gone = before.keys().filter(|price| !after.contains_key(price) && !is_outside(**price));
    let mut out: Vec<Value> = gone.map(|price| level(*price, zero)).collect();
    let changed = after.iter().filter(|(price, amount)| before.get(price) != Some(amount));
    out.extend(changed.map(|(price, amount)| level(*price, &text(*amount))));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Wallet;

    /// A market without a network, whose books and trades the test sets.
    #[derive(Debug, Default)]
    struct Scripted {
        now: i64,
        asks: Vec<(i64, i64)>,
        bids: Vec<(i64, i64)>,
        trades: Vec<(u64, i64, i64, i64)>,
    }

    impl Market for Scripted {
        fn now(&self) -> i64 {
            self.now
        }

        fn has(&self, market: &str) -> bool {
            market == "A_B"
        }

        fn is_free(&self) -> bool {
            false
        }

        fn levels(&self, _: &str, buys: bool, _: Option<Decimal>) -> Vec<(Decimal, Decimal)> {
            let levels = if buys { &self.bids } else { &self.asks };
            levels.iter().map(|(price, amount)| (Decimal::from(*price), Decimal::from(*amount))).collect()
        }

        fn trades(&self, _: &str) -> Vec<Trade> {
            let trade = |(number, time, price, amount): &(u64, i64, i64, i64)| Trade {
                number: *number,
                time: *time,
                price: Decimal::from(*price),
                amount: Decimal::from(*amount),
                taker_buys: true,
            };
            self.trades.iter().rev().map(trade).collect()
        }

        fn is_touched(&self) -> bool {
            false
        }

        fn wallet(&self, _: &str) -> Wallet {
            Wallet::default()
        }

        fn assets(&self) -> Vec<String> {
            Vec::new()
        }

        fn balance_changes(&self) -> Vec<BalanceChange> {
            Vec::new()
        }

        fn orders(&self, _: &str, _: bool) -> Vec<Tree> {
            Vec::new()
        }

        fn last_change(&self) -> u64 {
            0
        }

        fn changes(&self, _: u64) -> Vec<Change> {
            Vec::new()
        }

        fn step(&mut self, _: &str, _: bool) {}
    }

    fn params(json: &str) -> Vec<Value> {
        serde_json::from_str(json).unwrap()
    }

    fn round(feed: &mut Subscriptions, market: &mut Scripted) -> Vec<Value> {
        feed.round(market).iter().map(|text| serde_json::from_str::<Value>(text).unwrap()["params"].clone()).collect()
    }

    #[test]
    fn a_book_is_sent_whole_at_first_and_again_when_it_changes_after_a_minute() {
        let mut market = Scripted { now: 1_000, asks: vec![(3, 1), (4, 1)], bids: vec![(2, 1)], ..Scripted::default() };
        let mut feed = Subscriptions::default();
        feed.subscribe("depth", &params(r#"["A_B", 5, "0"]"#), &mut market).unwrap();
        let whole = |asks: &str| params(&format!(r#"[[true, {{"asks": {asks}, "bids": [["2", "1"]]}}, "A_B"]]"#));
        assert_eq!(round(&mut feed, &mut market), whole(r#"[["3", "1"], ["4", "1"]]"#));
        assert!(round(&mut feed, &mut market).is_empty());
        market.asks.remove(0);
        let change = round(&mut feed, &mut market).remove(0);
        assert_eq!(
            (&change[0], &change[1]["asks"][0][0], &change[1]["bids"]),
            (&json!(false), &json!("3"), &Value::Null)
        );
        // A quiet book is not sent again, however long it is quiet.
        market.now += 61_000;
        assert!(round(&mut feed, &mut market).is_empty());
        market.asks[0].1 = 7;
        assert_eq!(round(&mut feed, &mut market), whole(r#"[["4", "7"]]"#));
        market.asks[0].1 = 8;
        assert_eq!(round(&mut feed, &mut market).remove(0)[0], json!(false));
    }

    #[test]
    fn a_level_that_only_leaves_the_window_is_not_removed() {
        let mut market = Scripted { asks: vec![(3, 1)], bids: vec![(2, 1)], ..Scripted::default() };
        let mut feed = Subscriptions::default();
        feed.subscribe("depth", &params(r#"["A_B", 1, "0"]"#), &mut market).unwrap();
        round(&mut feed, &mut market);
        market.bids.insert(0, (5, 9));
        market.asks = vec![(6, 1)];
        let change = round(&mut feed, &mut market).remove(0);
        assert_eq!(change[1]["bids"], json!([["5", "9"]]));
        assert_eq!((&change[1]["asks"][0][0], &change[1]["asks"][1]), (&json!("3"), &json!(["6", "1"])));
    }

    #[test]
    fn a_candle_that_is_closed_comes_once_more_and_trades_begin_with_the_latest_ones() {
        let mut market = Scripted { now: 59_500, trades: vec![(1, 58_000, 5, 2)], ..Scripted::default() };
        let mut feed = Subscriptions::default();
        feed.subscribe("kline", &params(r#"["A_B", 60]"#), &mut market).unwrap();
        feed.subscribe("deals", &params(r#"["A_B"]"#), &mut market).unwrap();
        let candle = |time: i64, volume: &str, deal: &str| json!([time, "5", "5", "5", "5", volume, deal, "A_B"]);
        let first = round(&mut feed, &mut market);
        assert_eq!((first[0][1][0]["id"].clone(), first[1].clone()), (json!(1), json!([candle(0, "2", "10")])));
        assert!(round(&mut feed, &mut market).is_empty());
        market.trades.push((2, 59_900, 5, 1));
        market.now = 60_100;
        let next = round(&mut feed, &mut market);
        assert_eq!((next[0][1].as_array().unwrap().len(), &next[0][1][0]["id"]), (1, &json!(2)));
        assert_eq!(next[1], json!([candle(0, "3", "15"), candle(60, "0", "0")]));
        let queried = query(
            &market,
            "kline.query",
            &[
                ("market".to_owned(), Tree::text("A_B")),
                ("start".to_owned(), Tree::number(1)),
                ("end".to_owned(), Tree::number(500)),
                ("interval".to_owned(), Tree::number(60)),
            ],
        );
        assert_eq!(json_of(&queried.unwrap().unwrap()), next[1]);
    }

    #[test]
    fn types_are_checked_before_an_earlier_subscription_ends_and_values_afterwards() {
        let mut market = Scripted::default();
        let mut feed = Subscriptions::default();
        let depth = params(r#"["A_B", 5, "0"]"#);
        feed.subscribe("depth", &depth, &mut market).unwrap();
        for wrong in
            [r#"["A_B", 5]"#, r#"["A_B", "5", "0"]"#, r#"[["A_B", 5, "0"]]"#, r#"["A_NAME_TOO_LONG_", 5, "0"]"#]
        {
            assert_eq!(feed.subscribe("depth", &params(wrong), &mut market).unwrap_err().code, 1, "{wrong}");
            assert!(feed.is_active(), "{wrong}");
        }
        for wrong in [r#"["A_B", 6, "0"]"#, r#"["A_B", 5, "0.5"]"#] {
            feed.subscribe("depth", &depth, &mut market).unwrap();
            assert_eq!(feed.subscribe("depth", &params(wrong), &mut market).unwrap_err().code, 1, "{wrong}");
            assert!(!feed.is_active(), "{wrong}");
        }
        assert_eq!(feed.subscribe("price", &params(r#"["A_B", 7, "C_D"]"#), &mut market).unwrap_err().code, 1);
        assert_eq!(feed.families["price"], params(r#"["A_B"]"#));
        feed.subscribe("price", &[], &mut market).unwrap();
        assert!(!feed.is_active());
    }
}
