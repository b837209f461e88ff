//! Excore over a WebSocket. The mock behaves as the open source core: a subscription replaces all
//! earlier ones of its family on the connection, methods that do not exist get no response, and a
//! side of an order book without a change is absent.
//!
//! Each connection has markets of its own. The core too sends each connection to a worker of its
//! own, and two of them are not in step.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::excore;
use crate::profile::socket::{Feed, Refused, SocketProfile};
use crate::profile::{MarketNames, Profile};
use crate::seed::Rng;
use crate::sign::{Caller, Keys, Secret, hex, hmac_sha512};

pub(crate) static PROFILE: Profile = Profile {
    // A login belongs to the connection, and the socket checks it.
    verify: |_, _| Ok(Caller::new("anyone")),
    refuse: excore::refuse,
    signing: &[],
    variants: &[],
    effects: &[],
    // The core accepts a subscription to a market that does not exist, and stays silent.
    markets: MarketNames { names: &[], lists: &[] },
    liquidity: &[],
    users: &[],
    same_headers: &[],
    bans: false,
    socket: Some(&SOCKET),
};

static SOCKET: SocketProfile = SocketProfile {
    login,
    login_refused: Refused { code: 11, message: "login refused" },
    login_needed: Refused { code: 6, message: "require authentication" },
    success: r#"{"status":"success"}"#,
    feed: |seed| Box::new(Subscriptions::new(seed)),
};

const INVALID: Refused = Refused { code: 1, message: "invalid argument" };
const REFUSED: Refused = Refused { code: 11, message: "login refused" };

/// Checks key, signature and nonce: HMAC-SHA512 of the nonce, in base64 or in lower-case hex.
fn login(params: &[Value], keys: &Keys) -> Result<(), Refused> {
    let [key, signature, nonce] = params else { return Err(INVALID) };
    let (Some(key), Some(signature)) = (key.as_str(), signature.as_str()) else { return Err(INVALID) };
    let nonce = nonce.as_i64().filter(|nonce| *nonce != 0).ok_or(INVALID)?;
    let Some(Secret::Text(secret)) = keys.get(key) else { return Err(REFUSED) };
    let digest = hmac_sha512(secret.as_bytes(), nonce.to_string().as_bytes());
    if signature == STANDARD.encode(&digest) || signature == hex(&digest) { Ok(()) } else { Err(REFUSED) }
}

/// The price step and the amount step are both 0.01.
fn decimal(hundredths: i64) -> String {
    let (whole, part) = (hundredths.div_euclid(100), hundredths.rem_euclid(100));
    match part {
        0 => whole.to_string(),
        part if part % 10 == 0 => format!("{whole}.{}", part / 10),
        part => format!("{whole}.{part:02}"),
    }
}

type Levels = BTreeMap<i64, i64>;

/// A market whose prices move at random.
#[derive(Debug)]
struct Market {
    asks: Levels,
    bids: Levels,
    mid: i64,
    open: i64,
    high: i64,
    low: i64,
    volume: i64,
    trade_id: i64,
    /// The trades of the last round, the newest first.
    trades: Vec<Value>,
}

impl Market {
    fn new(rng: &mut Rng) -> Self {
        let mid = 8_000 + offset(rng, 400);
        let mut market = Self {
            asks: Levels::new(),
            bids: Levels::new(),
            mid,
            open: mid,
            high: mid,
            low: mid,
            volume: 0,
            trade_id: 900_000,
            trades: Vec::new(),
        };
        for step in 1..=120 {
            market.asks.insert(mid + step, 100 + offset(rng, 900));
            market.bids.insert(mid - step, 100 + offset(rng, 900));
        }
        market
    }

    /// Moves the market by one round.
    fn step(&mut self, rng: &mut Rng, now: i64) {
        self.trades.clear();
        for _ in 0..=rng.below(3) {
            let distance = 1 + offset(rng, 30);
            let amount = if rng.below(4) == 0 { 0 } else { 50 + offset(rng, 900) };
            let (levels, price) = match rng.below(2) {
                0 => (&mut self.asks, self.mid + distance),
                _ => (&mut self.bids, self.mid - distance),
            };
            if amount == 0 && levels.len() > 110 {
                levels.remove(&price);
            } else {
                levels.insert(price, amount.max(1));
            }
        }
        if rng.below(2) == 0 {
            let buys = rng.below(2) == 0;
            let amount = 1 + offset(rng, 300);
            self.trade_id += 1 + offset(rng, 3);
            self.volume += amount;
            let price = self.mid + if buys { 1 } else { -1 };
            (self.high, self.low) = (self.high.max(price), self.low.min(price));
            // The time has a fraction, as the core writes it.
            let time = now as f64 + 0.25;
            let side = if buys { "buy" } else { "sell" };
            self.trades.push(json!({
                "id": self.trade_id, "time": time, "price": decimal(price), "amount": decimal(amount), "type": side,
            }));
        }
    }

    fn state(&self) -> Value {
        json!({
            "period": 86_400, "last": decimal(self.mid), "open": decimal(self.open), "close": decimal(self.mid),
            "high": decimal(self.high), "low": decimal(self.low), "volume": decimal(self.volume),
            "deal": decimal(self.volume * 80),
        })
    }

    fn ticker(&self) -> Value {
        json!({
            "period": 86_400, "last": decimal(self.mid), "open": decimal(self.open), "close": decimal(self.mid),
            "high": decimal(self.high), "low": decimal(self.low), "change": "0",
            "quoteVolume": decimal(self.volume), "baseVolume": decimal(self.volume * 80),
        })
    }

    fn today(&self) -> Value {
        json!({
            "open": decimal(self.open), "last": decimal(self.mid), "high": decimal(self.high),
            "low": decimal(self.low), "volume": decimal(self.volume), "deal": decimal(self.volume * 80),
        })
    }

    /// Returns the best levels of both sides.
    fn top(&self, limit: usize) -> (Levels, Levels) {
        let asks = self.asks.iter().take(limit).map(|(price, amount)| (*price, *amount)).collect();
        let bids = self.bids.iter().rev().take(limit).map(|(price, amount)| (*price, *amount)).collect();
        (asks, bids)
    }
}

fn offset(rng: &mut Rng, below: usize) -> i64 {
    i64::try_from(rng.below(below)).unwrap_or_default()
}

/// The subscriptions of a connection.
#[derive(Debug)]
struct Subscriptions {
    rng: Rng,
    rounds: u64,
    markets: BTreeMap<String, Market>,
    /// The parameters of each family, and whether nothing was sent for them yet.
    families: BTreeMap<String, (Vec<Value>, bool)>,
    /// The sides of the order book that was sent last.
    sent: (Levels, Levels),
    /// The states that were sent last, by family and market.
    states: HashMap<(String, String), Value>,
}

impl Subscriptions {
    fn new(seed: u64) -> Self {
        Self {
            rng: Rng::of(&[seed, 2]),
            rounds: 0,
            markets: BTreeMap::new(),
            families: BTreeMap::new(),
            sent: Default::default(),
            states: HashMap::new(),
        }
    }
}

const LIMITS: [i64; 7] = [1, 5, 10, 20, 30, 50, 100];

impl Feed for Subscriptions {
    fn subscribe(&mut self, family: &str, params: &[Value]) -> Result<(), Refused> {
        self.unsubscribe(family);
        let fits = match (family, params) {
            ("depth", [market, limit, interval]) => {
                market.is_string()
                    && interval.is_string()
                    && limit.as_i64().is_some_and(|limit| LIMITS.contains(&limit))
            }
            ("kline", [market, interval]) => {
                market.is_string() && interval.as_i64().is_some_and(|interval| interval > 0)
            }
            ("depth" | "kline", _) => false,
            (_, names) => names.iter().all(Value::is_string),
        };
        if !fits {
            return Err(INVALID);
        }
        // An empty list is the end of the subscription, with success.
        if !params.is_empty() {
            self.families.insert(family.to_owned(), (params.to_vec(), true));
        }
        Ok(())
    }

    fn unsubscribe(&mut self, family: &str) {
        self.families.remove(family);
        self.states.retain(|(other, _), _| other != family);
    }

    fn is_active(&self) -> bool {
        !self.families.is_empty()
    }

    fn round(&mut self, now: i64) -> Vec<String> {
        self.rounds += 1;
        let Self { rng, markets, families, sent, states, rounds } = self;
        for (family, (params, _)) in families.iter() {
            let named = match family.as_str() {
                "asset" | "balance" => 0,
                "depth" | "kline" => 1,
                _ => params.len(),
            };
            for market in params.iter().take(named).filter_map(Value::as_str) {
                // A market that does not exist is accepted, and stays silent.
                if market.contains('_') && !markets.contains_key(market) {
                    markets.insert(market.to_owned(), Market::new(rng));
                }
            }
        }
        markets.values_mut().for_each(|market| market.step(rng, now));
        let mut out = Vec::new();
        let mut push = |family: &str, params: Value| {
            out.push(json!({"method": format!("{family}.update"), "params": params, "id": null}).to_string());
        };
        for (family, (params, is_fresh)) in families.iter_mut() {
            let names: Vec<&str> = params.iter().filter_map(Value::as_str).collect();
            match family.as_str() {
                "depth" => {
                    let [market, limit, _] = params.as_slice() else { continue };
                    let Some(found) = market.as_str().and_then(|name| markets.get(name)) else { continue };
                    let limit = limit.as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1);
                    let top = found.top(limit);
                    if *is_fresh {
                        push("depth", json!([true, {"asks": all(&top.0, false), "bids": all(&top.1, true)}, market]));
                    } else {
                        let zero = match *rounds % 3 {
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
                        if book.is_empty() {
                            continue;
                        }
                        push("depth", json!([false, book, market]));
                    }
                    *sent = top;
                    *is_fresh = false;
                }
                "kline" => {
                    let [market, interval] = params.as_slice() else { continue };
                    let Some(found) = market.as_str().and_then(|name| markets.get(name)) else { continue };
                    let interval = interval.as_i64().unwrap_or(60).max(1);
                    let candle = json!([
                        now - now.rem_euclid(interval),
                        decimal(found.open),
                        decimal(found.mid),
                        decimal(found.high),
                        decimal(found.low),
                        decimal(found.volume),
                        decimal(found.volume * 80),
                        market,
                    ]);
                    let key = (family.clone(), String::new());
                    if states.get(&key) != Some(&candle) {
                        states.insert(key, candle.clone());
                        push("kline", json!([candle]));
                    }
                }
                "deals" | "trades" => {
                    for name in names {
                        let Some(found) = markets.get(name).filter(|found| !found.trades.is_empty()) else { continue };
                        push(family, json!([name, found.trades]));
                    }
                }
                "order" => {
                    let event = 1 + *rounds % 3;
                    for name in names {
                        if markets.contains_key(name) {
                            push("order", json!([event, order(name, *rounds, now)]));
                        }
                    }
                }
                "asset" | "balance" => {
                    for name in names {
                        let free = decimal(41_020 + i64::try_from(*rounds % 100).unwrap_or_default());
                        push(family, json!([{name: {"available": free, "freeze": "120"}}]));
                    }
                }
                _ => {
                    for name in names {
                        let Some(found) = markets.get(name) else { continue };
                        let state = match family.as_str() {
                            "state" => found.state(),
                            "ticker" => found.ticker(),
                            "today" => found.today(),
                            _ => json!(decimal(found.mid)),
                        };
                        let key = (family.clone(), name.to_owned());
                        if states.get(&key) != Some(&state) {
                            states.insert(key, state.clone());
                            push(family, json!([name, state]));
                        }
                    }
                }
            }
        }
        out
    }
}

fn level(price: i64, amount: &str) -> Value {
    json!([decimal(price), amount])
}

/// Returns all levels, the best first.
fn all(levels: &Levels, highest_first: bool) -> Vec<Value> {
    let mut out: Vec<Value> = levels.iter().map(|(price, amount)| level(*price, &decimal(*amount))).collect();
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
    let is_outside =
        |price: i64| is_full && worst.is_some_and(|worst| if highest_first { price < *worst } else { price > *worst });
    let gone = before.keys().filter(|price| !after.contains_key(price) && !is_outside(**price));
    let mut out: Vec<Value> = gone.map(|price| level(*price, zero)).collect();
    let changed = after.iter().filter(|(price, amount)| before.get(price) != Some(amount));
    out.extend(changed.map(|(price, amount)| level(*price, &decimal(*amount))));
    out
}

/// Returns an order: it is put in the first round of three, filled in part in the second, and
/// finished in the third.
fn order(market: &str, round: u64, now: i64) -> Value {
    let (left, stock, money) = match round % 3 {
        0 => ("2", "0", "0"),
        1 => ("1.5", "0.5", "40"),
        _ => ("0", "2", "160"),
    };
    json!({
        "id": 5_500 + round / 3, "market": market, "source": "api", "type": 1, "side": 2, "user": 88,
        "ctime": now as f64 + 0.5, "mtime": now as f64 + 0.75, "price": "80", "amount": "2", "taker_fee": "0.002",
        "maker_fee": "0.001", "left": left, "deal_stock": stock, "deal_money": money, "deal_fee": "0",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(text: &str) -> Vec<Value> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_subscription_replaces_all_earlier_ones_of_its_family() {
        let mut feed = Subscriptions::new(1);
        feed.subscribe("price", &params(r#"["A_B"]"#)).unwrap();
        feed.subscribe("price", &params(r#"["C_D"]"#)).unwrap();
        let sent = feed.round(1).concat();
        assert!(sent.contains("C_D") && !sent.contains("A_B"), "{sent}");
        feed.subscribe("price", &[]).unwrap();
        assert!(!feed.is_active());
    }

    #[test]
    fn the_changes_of_a_book_lead_to_the_book() {
        let mut feed = Subscriptions::new(7);
        feed.subscribe("depth", &params(r#"["A_B", 5, "0"]"#)).unwrap();
        let (mut asks, mut bids): (BTreeMap<i64, String>, BTreeMap<i64, String>) = Default::default();
        let cents = |text: &str| (text.parse::<f64>().unwrap() * 100.0).round() as i64;
        for round in 0..500 {
            for message in feed.round(round) {
                let message: Value = serde_json::from_str(&message).unwrap();
                let (clean, book) = (message["params"][0].as_bool().unwrap(), &message["params"][1]);
                assert_eq!(clean, round == 0);
                for (side, held) in [("asks", &mut asks), ("bids", &mut bids)] {
                    for level in book[side].as_array().into_iter().flatten() {
                        let (price, amount) = (cents(level[0].as_str().unwrap()), level[1].as_str().unwrap());
                        if amount.parse::<f64>().unwrap() == 0.0 {
                            held.remove(&price);
                        } else {
                            held.insert(price, amount.to_owned());
                        }
                    }
                }
                while asks.len() > 5 {
                    asks.pop_last();
                }
                while bids.len() > 5 {
                    bids.pop_first();
                }
            }
            let texts = |levels: &Levels| levels.iter().map(|(p, a)| (*p, decimal(*a))).collect::<BTreeMap<_, _>>();
            let top = feed.markets["A_B"].top(5);
            assert_eq!((&asks, &bids), (&texts(&top.0), &texts(&top.1)), "round {round}");
        }
    }

    #[test]
    fn a_subscription_that_the_core_refuses_ends_the_earlier_one() {
        let mut feed = Subscriptions::new(1);
        feed.subscribe("depth", &params(r#"["A_B", 5, "0"]"#)).unwrap();
        assert_eq!(feed.subscribe("depth", &params(r#"["A_B", 6, "0"]"#)).unwrap_err().code, 1);
        assert!(!feed.is_active());
    }
}
