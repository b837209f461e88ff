//! The markets of a venue, and the rules that its own market data states for orders.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use venuekit::Decimal;
use venuekit_json::Tree;

use crate::json::Amount as _;
use crate::profile::{MarketList, MarketNames};
use crate::record::Refusal;
use crate::refuse::Rejection;

/// The number of an order that a rule bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    Price,
    Quantity,
    /// The price times the quantity.
    Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Step,
    Scale,
    Minimum,
    Maximum,
}

/// The meaning of each property that has `x-market-rule`, by the name of the property.
#[derive(Debug, Default)]
pub(crate) struct RuleNames(HashMap<String, (Subject, Kind)>);

impl RuleNames {
    /// Reads the rules of a schema and of all schemas in it.
    pub(crate) fn read(&mut self, schema: &Value) {
        match schema {
            Value::Object(members) => {
                for (name, member) in members {
                    if let Some(rule) = member.get("x-market-rule").and_then(rule) {
                        self.0.insert(name.clone(), rule);
                    }
                    self.read(member);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.read(element)),
            _ => {}
        }
    }
}

fn rule(rule: &Value) -> Option<(Subject, Kind)> {
    let subject = match rule.get("of")?.as_str()? {
        "price" => Subject::Price,
        "quantity" => Subject::Quantity,
        "amount" => Subject::Value,
        _ => return None,
    };
    let kind = match rule.get("is")?.as_str()? {
        "step" => Kind::Step,
        "scale" => Kind::Scale,
        "minimum" => Kind::Minimum,
        "maximum" => Kind::Maximum,
        _ => return None,
    };
    Some((subject, kind))
}

/// A market.
#[derive(Clone, Debug)]
pub(crate) struct Market {
    /// The base and the quote asset, in upper case; `None` if they are unknown.
    pub(crate) assets: Option<(String, String)>,
    is_open: bool,
    /// The rates of fees: of what trades at once, and of what trades later.
    pub(crate) rates: (Decimal, Decimal),
    bounds: Vec<(Subject, Kind, Decimal)>,
}

/// The markets of a venue.
#[derive(Debug)]
pub(crate) struct Markets {
    names: &'static MarketNames,
    known: BTreeMap<String, Market>,
}

/// The numbers of an order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrderNumbers {
    /// The amount of stock; `None` if the order states an amount of money.
    pub(crate) quantity: Option<Decimal>,
    /// The price of a limit order.
    pub(crate) price: Option<Decimal>,
}

impl Markets {
    pub(crate) fn new(names: &'static MarketNames) -> Self {
        Self { names, known: BTreeMap::new() }
    }

    /// Adds a market without rules, unless it is known.
    pub(crate) fn add(&mut self, name: &str) {
        let market = || Market {
            assets: assets(name),
            is_open: true,
            rates: (Decimal::ZERO, Decimal::ZERO),
            bounds: Vec::new(),
        };
        self.known.entry(name.to_owned()).or_insert_with(market);
    }

    /// Adds the markets of a list in the venue's market data.
    pub(crate) fn add_list(&mut self, list: &MarketList, example: &Tree, rules: &RuleNames) {
        let rows: Vec<(String, &Tree)> = match (example.at(list.at), list.name) {
            (Some(Tree::Array(rows)), Some(name)) => {
                rows.iter().filter_map(|row| Some((row.get(name)?.scalar()?, row))).collect()
            }
            (Some(Tree::Object(rows)), None) => rows.iter().map(|(name, row)| (name.clone(), row)).collect(),
            _ => Vec::new(),
        };
        for (name, row) in rows {
            let asset = |member: Option<&str>| Some(row.get(member?)?.scalar()?.to_uppercase());
            let mut bounds = Vec::new();
            bounds_in(row, rules, &mut bounds);
            let is_open = list.open.is_none_or(|(member, open)| {
                row.get(member).and_then(Tree::scalar).is_none_or(|status| status.eq_ignore_ascii_case(open))
            });
            let assets = asset(list.base).zip(asset(list.quote)).or_else(|| assets(&name));
            let rate = |member: &str| row.get(member).and_then(Tree::decimal).unwrap_or_default();
            let rates = list.rates.map(|(taker, maker)| (rate(taker), rate(maker))).unwrap_or_default();
            self.known.insert(name, Market { assets, is_open, rates, bounds });
        }
    }

    /// Adds the markets that an example names, by the properties of these names.
    pub(crate) fn add_named(&mut self, names: &MarketNames, example: &Tree) {
        let mut found = Vec::new();
        each_name(names, example, &mut |name| {
            found.push(name.to_owned());
            Ok(())
        })
        .unwrap_or_default();
        found.iter().for_each(|name| self.add(name));
    }

    pub(crate) fn is_known(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    fn is_name(&self, property: &str) -> bool {
        self.names.names.contains(&property)
    }

    /// Returns the assets of a market, in upper case; `None` if they are unknown.
    pub(crate) fn assets(&self, market: &str) -> Option<(String, String)> {
        self.known.get(market).map_or_else(|| assets(market), |market| market.assets.clone())
    }

    pub(crate) fn rates(&self, market: &str) -> (Decimal, Decimal) {
        self.known.get(market).map(|market| market.rates).unwrap_or_default()
    }

    /// Returns the number of decimals of amounts in a market: 8 if the market states none.
    pub(crate) fn places(&self, market: &str) -> u32 {
        let stated = self.bound(market, Subject::Quantity, Kind::Scale);
        stated.and_then(|places| u32::try_from(places).ok()).map_or(8, |places| places.min(12))
    }

    /// Returns the smallest amount in a market; `None` if it states none.
    pub(crate) fn minimum(&self, market: &str) -> Option<Decimal> {
        self.bound(market, Subject::Quantity, Kind::Minimum)
    }

    fn bound(&self, market: &str, subject: Subject, kind: Kind) -> Option<Decimal> {
        let mut bounds = self.known.get(market)?.bounds.iter();
        bounds.find(|(other, is, _)| *other == subject && *is == kind).map(|(.., bound)| *bound)
    }

    /// Returns an error if a request names a market that the venue does not have. The name has to
    /// be written as the venue writes it.
    pub(crate) fn check_names(&self, values: &[(String, Tree)], body: Option<&Tree>) -> Result<(), Rejection> {
        if self.names.lists.is_empty() {
            return Ok(());
        }
        let mut check = |name: &str| {
            if self.known.contains_key(name) {
                return Ok(());
            }
            let other = self.known.keys().find(|known| known.eq_ignore_ascii_case(name));
            let known = other.map(|known| format!("; the venue writes `{known}`")).unwrap_or_default();
            Err(Rejection::new(Refusal::UnknownMarket, format!("there is no market `{name}`{known}")))
        };
        for (name, value) in values.iter().filter(|(name, _)| self.is_name(name)) {
            each_text(value, &mut check).map_err(|no| no.about(name))?;
        }
        body.map_or(Ok(()), |body| each_name(self.names, body, &mut check))
    }

    /// Returns an error if the market is closed, or the numbers of an order break its rules.
    /// `names` are the names of quantity and price in the request.
    pub(crate) fn check_order(
        &self,
        market: &str,
        numbers: OrderNumbers,
        names: (&str, &str),
    ) -> Result<(), Rejection> {
        let positive = |number: Option<Decimal>, name: &str| match number {
            Some(number) if number <= Decimal::ZERO => {
                let why = format!("`{name}` is not above zero: {number}");
                Err(Rejection::new(Refusal::NotPositive, why).about(name))
            }
            _ => Ok(()),
        };
        positive(numbers.quantity, names.0)?;
        positive(numbers.price, names.1)?;
        let Some(known) = self.known.get(market) else { return Ok(()) };
        if !known.is_open {
            return Err(Rejection::new(Refusal::MarketClosed, format!("the market `{market}` is not open")));
        }
        for (subject, kind, bound) in &known.bounds {
            let (number, name) = match subject {
                Subject::Quantity => (numbers.quantity, names.0),
                Subject::Price => (numbers.price, names.1),
                Subject::Value => {
                    let value = numbers.price.zip(numbers.quantity);
                    (value.and_then(|(price, quantity)| price.checked_mul(quantity)), names.0)
                }
            };
            let Some(number) = number else { continue };
            if let Some((refusal, why)) = broken(*kind, number, *bound) {
                return Err(Rejection::new(refusal, format!("`{name}` of `{market}` {why}: {number}")).about(name));
            }
        }
        Ok(())
    }
}

/// Returns the reason why a number breaks a bound. A bound of 0 is not a bound: venues state it for
/// a market without one.
fn broken(kind: Kind, number: Decimal, bound: Decimal) -> Option<(Refusal, String)> {
    match kind {
        Kind::Scale => {
            let places = number.normalize().scale();
            (Decimal::from(places) > bound).then(|| (Refusal::OffStep, format!("has more than {bound} decimals")))
        }
        _ if bound <= Decimal::ZERO => None,
        Kind::Step => {
            let is_on = number.checked_rem(bound).is_some_and(|rest| rest.is_zero());
            (!is_on).then(|| (Refusal::OffStep, format!("is not a multiple of {bound}")))
        }
        Kind::Minimum => (number < bound).then(|| (Refusal::TooSmall, format!("is below {bound}"))),
        Kind::Maximum => (number > bound).then(|| (Refusal::TooLarge, format!("is above {bound}"))),
    }
}

/// Collects the bounds of a market. Some are in objects and lists below it.
fn bounds_in(row: &Tree, rules: &RuleNames, bounds: &mut Vec<(Subject, Kind, Decimal)>) {
    for (name, member) in row.members() {
        match (rules.0.get(name), member.decimal()) {
            (Some((subject, kind)), Some(bound)) => bounds.push((*subject, *kind, bound)),
            _ => bounds_in(member, rules, bounds),
        }
    }
    row.elements().iter().for_each(|element| bounds_in(element, rules, bounds));
}

/// Calls `each` with every market that a tree names.
fn each_name(
    names: &MarketNames,
    tree: &Tree,
    each: &mut dyn FnMut(&str) -> Result<(), Rejection>,
) -> Result<(), Rejection> {
    for (name, member) in tree.members() {
        match names.names.contains(&name.as_str()) {
            true => each_text(member, each).map_err(|no| no.about(name))?,
            false => each_name(names, member, each)?,
        }
    }
    tree.elements().iter().try_for_each(|element| each_name(names, element, each))
}

/// Calls `each` with a text, or with each text of a list.
fn each_text(tree: &Tree, each: &mut dyn FnMut(&str) -> Result<(), Rejection>) -> Result<(), Rejection> {
    match tree {
        Tree::Text(text) => each(text),
        Tree::Array(elements) => elements.iter().try_for_each(|element| each_text(element, each)),
        _ => Ok(()),
    }
}

/// Returns the base and the quote asset of a market by its name, in upper case; `None` if they are
/// unknown.
fn assets(market: &str) -> Option<(String, String)> {
    const QUOTES: [&str; 9] = ["USDT", "USDC", "BUSD", "USD", "EUR", "BTC", "ETH", "BCH", "JEX"];
    let market = market.to_uppercase();
    if let Some((base, quote)) = market.split_once(['-', '_', '/']) {
        return Some((base.to_owned(), quote.to_owned()));
    }
    let split = |quote: &&str| {
        let base = market.strip_suffix(*quote).filter(|base| !base.is_empty())?;
        Some((base.to_owned(), (*quote).to_owned()))
    };
    QUOTES.iter().find_map(split)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markets_are_split_into_two_assets() {
        let pair = |base: &str, quote: &str| Some((base.to_owned(), quote.to_owned()));
        assert_eq!(assets("BTC-USD"), pair("BTC", "USD"));
        assert_eq!(assets("btc_usdt"), pair("BTC", "USDT"));
        assert_eq!(assets("JEXBTC"), pair("JEX", "BTC"));
        assert_eq!(assets("BTC"), None);
    }

    #[test]
    fn a_number_on_a_bound_keeps_it_and_a_bound_of_zero_is_none() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        for (kind, number, bound, expected) in [
            (Kind::Step, "8500.5", "0.5", None),
            (Kind::Step, "8500.50", "0.5", None),
            (Kind::Step, "8500.3", "0.5", Some(Refusal::OffStep)),
            (Kind::Step, "0.000000019", "0.00000001", Some(Refusal::OffStep)),
            (Kind::Step, "8500.3", "0", None),
            (Kind::Scale, "1.200", "1", None),
            (Kind::Scale, "1.25", "1", Some(Refusal::OffStep)),
            (Kind::Scale, "1.5", "0", Some(Refusal::OffStep)),
            (Kind::Minimum, "0.001", "0.001", None),
            (Kind::Minimum, "0.0009", "0.001", Some(Refusal::TooSmall)),
            (Kind::Maximum, "2000", "2000", None),
            (Kind::Maximum, "2000.1", "2000", Some(Refusal::TooLarge)),
            (Kind::Maximum, "2000.1", "0", None),
        ] {
            let found = broken(kind, decimal(number), decimal(bound)).map(|(refusal, _)| refusal);
            assert_eq!(found, expected, "{kind:?} {number} {bound}");
        }
    }
}
