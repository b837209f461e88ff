//! An order of the mock.

use std::collections::VecDeque;

use venuekit::Decimal;
use venuekit_json::Tree;

use super::call::{Call, Seeds, same, value};
use crate::clock::TimeForm;
use crate::exchange::{self, Lifetime, OrderId, Resting, Terms};
use crate::json::{self, Amount as _};
use crate::markets::OrderNumbers;
use crate::profile::{Field, OrderFilter, OrderKinds, OrderParameters, Rates, Shape, Unsimulated};
use crate::record::Refusal;
use crate::refuse::Rejection;

/// The number of trades of an order that are kept.
const MAX_FILLS: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Open,
    Filled,
    Cancelled,
}

#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) own_id: Option<Tree>,
    pub(crate) user: String,
    pub(crate) market: String,
    pub(crate) buys: bool,
    pub(crate) amount: Tree,
    pub(crate) price: Option<Tree>,
    pub(crate) status: Status,
    pub(crate) at_once: bool,
    pub(crate) created: i64,
    pub(crate) changed: i64,
    pub(crate) given: Vec<(String, Tree)>,
    /// The way in which the order trades; `None` for an order that stays open and does not trade.
    pub(crate) terms: Option<Terms>,
    pub(crate) lifetime: Lifetime,
    /// The rates of fees: of what trades at once, and of what trades later.
    pub(crate) rates: (Decimal, Decimal),
    /// The id of the order in the matching core.
    pub(crate) core: Option<OrderId>,
    /// The amount of stock that traded.
    pub(crate) filled: Decimal,
    /// The money that was traded for it, and the fee; `None` if they have too many digits.
    pub(crate) value: Option<Decimal>,
    pub(crate) fee: Option<Decimal>,
    /// The latest trades, the oldest first.
    pub(crate) fills: VecDeque<OrderFill>,
}

/// A trade of an order.
#[derive(Clone, Debug)]
pub(crate) struct OrderFill {
    pub(crate) number: u64,
    pub(crate) time: i64,
    pub(crate) price: Decimal,
    pub(crate) amount: Decimal,
    pub(crate) value: Decimal,
    pub(crate) fee: Decimal,
    pub(crate) is_maker: bool,
    /// The id of the other order.
    pub(crate) other: String,
}

/// An order that was placed at a mock.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlacedOrder {
    /// The order's id.
    pub id: String,
    /// The market, as the request wrote it.
    pub market: String,
    /// True for an order to buy.
    pub buys: bool,
    /// The amount, as the request wrote it.
    pub amount: String,
    /// The limit price, as the request wrote it.
    pub price: Option<String>,
    /// The amount that traded, in the base asset.
    pub filled: String,
    /// True while the order is open.
    pub is_open: bool,
}

impl Order {
    /// Returns an order in the book that no account has. Its given values are those of `given`.
    pub(crate) fn of_another(
        core: OrderId,
        market: &str,
        buys: bool,
        resting: &Resting,
        given: &[(String, Tree)],
    ) -> Self {
        Self {
            id: core.to_string(),
            own_id: None,
            user: "0".to_owned(),
            market: market.to_owned(),
            buys,
            amount: number(resting.left),
            price: Some(number(resting.price)),
            status: Status::Open,
            at_once: false,
            created: 0,
            changed: 0,
            given: given.to_vec(),
            terms: Some(Terms::Limit { price: resting.price, amount: resting.left }),
            lifetime: Lifetime::Rests,
            rates: (Decimal::ZERO, resting.maker_rate),
            core: Some(core),
            filled: Decimal::ZERO,
            value: Some(Decimal::ZERO),
            fee: Some(Decimal::ZERO),
            fills: VecDeque::new(),
        }
    }

    pub(crate) fn is(&self, which: OrderFilter) -> bool {
        match which {
            OrderFilter::Open => self.status == Status::Open,
            OrderFilter::Done => self.status != Status::Open,
            OrderFilter::Traded => self.status != Status::Open && !self.filled.is_zero(),
            OrderFilter::All => true,
        }
    }

    pub(crate) fn is_any(&self, wanted: &[(String, bool)]) -> bool {
        wanted.iter().any(|(id, own)| match own {
            false => self.id == *id,
            true => self.own_id.as_ref().and_then(Tree::scalar).as_ref() == Some(id),
        })
    }

    /// Returns whether the order is in this market. `None` stands for any market.
    pub(crate) fn is_in(&self, market: Option<&str>) -> bool {
        market.is_none_or(|market| same(&self.market, market))
    }

    /// Adds a trade to the order.
    pub(crate) fn trade(&mut self, fill: OrderFill) {
        let sum = |one: Option<Decimal>, other: Decimal| exchange::add(one?, other);
        self.filled = exchange::add(self.filled, fill.amount).unwrap_or(self.filled);
        self.value = sum(self.value, fill.value);
        self.fee = sum(self.fee, fill.fee);
        self.changed = fill.time;
        if self.fills.len() >= MAX_FILLS {
            self.fills.pop_front();
        }
        self.fills.push_back(fill);
        if let Some(Terms::Limit { amount, .. } | Terms::Market { amount }) = self.terms
            && self.filled == amount
        {
            self.status = Status::Filled;
        }
    }

    /// Returns the order with its last fill only.
    pub(crate) fn without_fills(&self) -> Self {
        Self { fills: self.fills.back().cloned().into_iter().collect(), ..self.clone() }
    }

    /// Returns the amount that did not trade, in the unit of the order's amount.
    fn left(&self) -> Option<Tree> {
        if self.fills.is_empty() {
            return Some(self.amount.clone());
        }
        let done = if matches!(self.terms, Some(Terms::Money { .. })) { self.value? } else { self.filled };
        exchange::subtract(self.amount.exact()?, done).map(number)
    }

    /// Returns the value of a field, for a row of this fill if the rows are fills. `None`: there is
    /// no value, and the property is left out.
    pub(crate) fn field(&self, field: Field, fill: Option<&OrderFill>) -> Option<Tree> {
        let json = |json: &str| json::parse(json);
        let time = |form: TimeForm, millis: i64| {
            let text = form.write(millis);
            if form.is_text() { Tree::Text(text) } else { Tree::Number(text) }
        };
        let last = |of: fn(&OrderFill) -> Decimal| number(self.fills.back().map(of).unwrap_or_default());
        match field {
            Field::Id => Some(Tree::text(&self.id)),
            Field::OwnId => self.own_id.clone(),
            Field::Market => Some(Tree::text(&self.market)),
            Field::Side(buy, sell) => json(if self.buys { buy } else { sell }),
            Field::Amount => Some(self.amount.clone()),
            Field::Price => self.price.clone(),
            Field::Filled => Some(number(self.filled)),
            Field::Value => self.value.map(number),
            Field::Fee => self.fee.map(number),
            Field::Left => self.left(),
            Field::AveragePrice => {
                let average = self.value.and_then(|value| value.checked_div(self.filled));
                Some(number(average.unwrap_or_default().round_dp(8)))
            }
            Field::LastAmount => Some(last(|fill| fill.amount)),
            Field::LastPrice => Some(last(|fill| fill.price)),
            Field::FillNumber => Some(Tree::number(fill?.number)),
            Field::FillAmount => Some(number(fill?.amount)),
            Field::FillPrice => Some(number(fill?.price)),
            Field::FillValue => Some(number(fill?.value)),
            Field::FillFee => Some(number(fill?.fee)),
            Field::FillTime(form) => Some(time(form, fill?.time)),
            Field::FillRole(maker, taker) => json(if fill?.is_maker { maker } else { taker }),
            Field::FillOther => Some(Tree::text(&fill?.other)),
            Field::Status(open, partly, done, cancelled) => json(match self.status {
                Status::Open if !self.fills.is_empty() => partly,
                Status::Open => open,
                Status::Filled => done,
                Status::Cancelled => cancelled,
            }),
            Field::Created(form) => Some(time(form, self.created)),
            Field::Changed(form) => Some(time(form, self.changed)),
            Field::Kind(rests, at_once) => json(if self.at_once { at_once } else { rests }),
            Field::Is(always) => json(always),
            Field::User => Some(Tree::text(&self.user)),
            Field::Given(name) => value(&self.given, name).cloned(),
            Field::GivenAs(names, otherwise) => {
                names.iter().find_map(|name| value(&self.given, name)).cloned().or_else(|| json(otherwise))
            }
        }
    }

    /// Returns this order, or this fill of it, in the form of the example's order.
    pub(crate) fn shown_as(&self, template: &Tree, shape: &Shape, fill: Option<&OrderFill>) -> Tree {
        let mut members = Vec::new();
        for (name, example) in template.members() {
            match shape.members.iter().find(|(member, _)| member == name) {
                None => members.push((name.clone(), example.clone())),
                Some((_, field)) => {
                    // Some responses require a price, so an order without a price shows 0, in the
                    // example's type.
                    let node = self.field(*field, fill);
                    let node = node.or_else(|| matches!(field, Field::Price).then(|| Tree::number(0)));
                    members.extend(node.map(|node| (name.clone(), node.like(example))));
                }
            }
        }
        Tree::Object(members)
    }
}

fn number(number: Decimal) -> Tree {
    Tree::Number(number.normalize().to_string())
}

pub(crate) fn read_order(
    call: &Call<'_>,
    seeds: &Seeds,
    scope: &[(String, Tree)],
    rules: &OrderParameters,
) -> Result<Order, Rejection> {
    let text = |name: &str| value(scope, name).and_then(Tree::scalar).unwrap_or_default();
    let market = text(rules.market);
    let side = text(rules.side).to_lowercase();
    let buys = rules.buys.contains(&side.as_str());
    if !buys && !rules.sells.contains(&side.as_str()) {
        let why = format!("`{}` is not one of {}", rules.side, [rules.buys, rules.sells].concat().join(", "));
        return Err(Rejection::new(Refusal::BadParameter, why).about(rules.side));
    }
    let at_once = rules.at_once.is_some_and(|(name, wanted)| wanted == "*" || text(name).eq_ignore_ascii_case(wanted));
    let given = |name: &str| value(scope, name).filter(|given| !given.is_null()).cloned();
    let missing = |name: &str| Rejection::new(Refusal::MissingParameter, format!("`{name}` is missing")).about(name);
    let lifetime = lifetime(&rules.kinds, scope)?;
    let price = given(rules.price);
    let needs_price = rules.limit.is_some_and(|(name, values)| values.contains(&text(name).to_lowercase().as_str()));
    if needs_price && price.is_none() {
        return Err(missing(rules.price));
    }
    let amount = given(rules.amount).ok_or_else(|| missing(rules.amount))?;
    let read = |name: &str, number: &Tree| {
        let bad = || Rejection::new(Refusal::BadParameter, format!("`{name}` has too many digits")).about(name);
        number.exact().ok_or_else(bad)
    };
    let (size, limit) = (read(rules.amount, &amount)?, price.as_ref().filter(|_| !at_once));
    let limit = limit.map(|price| read(rules.price, price)).transpose()?;
    // An amount of money is compared with no bound of quantities.
    let is_money = at_once && buys && rules.buys_with_money;
    let names = (rules.amount, rules.price);
    let numbers = OrderNumbers { quantity: Some(size).filter(|_| !is_money), price: limit };
    seeds.markets.check_order(&market, numbers, names)?;
    if is_money {
        seeds.markets.check_order("", OrderNumbers { quantity: Some(size), price: None }, names)?;
    }
    let waits = rules.kinds.waits.is_some_and(|(name, values)| values.contains(&text(name).to_lowercase().as_str()));
    let terms = match (at_once, limit) {
        _ if waits => None,
        (true, _) if is_money => Some(Terms::Money { money: size, places: seeds.markets.places(&market) }),
        (true, _) => Some(Terms::Market { amount: size }),
        (false, Some(price)) => Some(Terms::Limit { price, amount: size }),
        (false, None) => None,
    };
    let rate = |names: &[&str]| {
        let Some(name) = names.iter().find(|name| value(scope, name).is_some()) else { return Ok(Decimal::ZERO) };
        let rate = value(scope, name).and_then(Tree::exact).unwrap_or(Decimal::NEGATIVE_ONE);
        if (Decimal::ZERO..Decimal::ONE).contains(&rate) {
            return Ok(rate);
        }
        let why = format!("`{name}` is not a rate from 0 to below 1");
        Err(Rejection::new(Refusal::BadParameter, why).about(*name))
    };
    let rates = match rules.rates {
        Rates::None => (Decimal::ZERO, Decimal::ZERO),
        Rates::Market => seeds.markets.rates(&market),
        Rates::Given { taker, maker } => (rate(taker)?, rate(maker)?),
    };
    Ok(Order {
        id: String::new(),
        own_id: rules.own_id.and_then(given),
        user: call.user.clone().unwrap_or_default(),
        market,
        buys,
        amount,
        price,
        status: Status::Open,
        at_once,
        created: call.now,
        changed: call.now,
        given: scope.to_vec(),
        terms,
        lifetime,
        rates,
        core: None,
        filled: Decimal::ZERO,
        value: Some(Decimal::ZERO),
        fee: Some(Decimal::ZERO),
        fills: VecDeque::new(),
    })
}

/// Returns the time for which an order stays. An order of a kind that the mock does not simulate is
/// an error.
fn lifetime(kinds: &OrderKinds, scope: &[(String, Tree)]) -> Result<Lifetime, Rejection> {
    let given = |name: &str| value(scope, name).filter(|given| !given.is_null()).and_then(Tree::scalar);
    let unsimulated = |name: &'static str, value: &str| {
        let why = format!("the mock does not simulate orders with `{name}` `{value}`");
        Err(Rejection::new(Refusal::NotSimulated, why).about(name))
    };
    for kind in kinds.unsimulated {
        let (name, holds): (_, &dyn Fn(&str) -> bool) = match kind {
            Unsimulated::Given(name) => (*name, &|_| true),
            Unsimulated::True(name) => (*name, &|value| value == "true"),
            Unsimulated::NotOneOf(name, values) => (*name, &|value| !values.iter().any(|known| same(known, value))),
        };
        if let Some(value) = given(name).filter(|value| holds(value)) {
            return unsimulated(name, &value);
        }
    }
    let only_rests = kinds.post_only.filter(|name| given(name).as_deref() == Some("true"));
    let Some((name, stays)) = kinds.time_in_force.and_then(|name| Some((name, given(name)?))) else {
        return Ok(if only_rests.is_some() { Lifetime::OnlyRests } else { Lifetime::Rests });
    };
    match (stays.to_lowercase().as_str(), only_rests) {
        ("gtc", None) => Ok(Lifetime::Rests),
        ("gtc", Some(_)) => Ok(Lifetime::OnlyRests),
        ("ioc", None) => Ok(Lifetime::AtOnce),
        ("fok", None) => Ok(Lifetime::WholeAtOnce),
        ("ioc" | "fok", Some(post_only)) => {
            let why = format!("an order with `{name}` `{stays}` does not rest, and `{post_only}` lets it only rest");
            Err(Rejection::new(Refusal::BadParameter, why).about(name))
        }
        _ => unsimulated(name, &stays),
    }
}

/// Returns the id that follows `last`, but at least the id of the example.
pub(crate) fn id_after(last: &str, example: &str) -> String {
    if let (Ok(last), Ok(example)) = (last.parse::<i128>(), example.parse::<i128>()) {
        return last.saturating_add(1).max(example).to_string();
    }
    let hex = |text: &str| u128::from_str_radix(&text.replace('-', ""), 16).ok().filter(|_| text.len() == 36);
    if let (Some(last), Some(example)) = (hex(last), hex(example)) {
        let next = format!("{:032x}", last.saturating_add(1).max(example));
        let part = |from: usize, to: usize| next.get(from..to).unwrap_or_default();
        return [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-");
    }
    format!("{last}1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_in_any_form() {
        assert_eq!(id_after("28", "2208"), "2208");
        assert_eq!(id_after("2208", "28"), "2209");
        assert_eq!(id_after("-72057594037927935", "-72057594037927935"), "-72057594037927934");
        let example = "5e1f2d1c-7b64-4d3a-9a3e-3f0a4f6c2bff";
        assert_eq!(id_after(example, example), "5e1f2d1c-7b64-4d3a-9a3e-3f0a4f6c2c00");
    }
}
