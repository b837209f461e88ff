//! An order of the mock.

use venuekit::Decimal;
use venuekit_json::Tree;

use super::call::{Call, Seeds, same, value};
use crate::clock::TimeForm;
use crate::json::{self, Amount as _};
use crate::markets::OrderNumbers;
use crate::profile::{Deal, DealPart, Field, OrderFilter, OrderParameters, Shape};
use crate::record::Refusal;
use crate::refuse::Rejection;

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
    /// The reserved asset and amount.
    pub(crate) reserves: Option<(String, Decimal)>,
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
    /// True while the order is open.
    pub is_open: bool,
}

impl Order {
    pub(crate) fn is(&self, which: OrderFilter) -> bool {
        match which {
            OrderFilter::Open => self.status == Status::Open,
            OrderFilter::Done => self.status != Status::Open,
            OrderFilter::Traded => self.status == Status::Filled,
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

    /// Returns the value of a field. `None`: there is no value, and the property is left out.
    pub(crate) fn field(&self, field: Field) -> Option<Tree> {
        let json = |json: &str| json::parse(json);
        let time = |form: TimeForm, millis: i64| {
            let text = form.write(millis);
            if form.is_text() { Tree::Text(text) } else { Tree::Number(text) }
        };
        let filled = self.status == Status::Filled;
        match field {
            Field::Id => Some(Tree::text(&self.id)),
            Field::OwnId => self.own_id.clone(),
            Field::Market => Some(Tree::text(&self.market)),
            Field::Side(buy, sell) => json(if self.buys { buy } else { sell }),
            Field::Amount => Some(self.amount.clone()),
            Field::Price => self.price.clone(),
            Field::Filled => Some(if filled { self.amount.clone() } else { Tree::number(0) }),
            Field::Value if !filled => Some(Tree::number(0)),
            Field::Value => {
                let value = self.price.as_ref().and_then(|price| exact_product(&self.amount, price))?;
                Some(Tree::Number(value.to_string()))
            }
            Field::TradedAt(otherwise) => self.price.clone().or_else(|| json(otherwise)),
            Field::Number => Some(Tree::Number(number_of(&self.id))),
            Field::Deal(deal) => {
                let number = if filled { deal_number(self, deal) } else { Some(Decimal::ZERO) };
                number.map(|number| Tree::Number(number.normalize().to_string()))
            }
            Field::Left => Some(if filled { Tree::number(0) } else { self.amount.clone() }),
            Field::Status(open, done, cancelled) => json(match self.status {
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

    /// Returns this order in the form of the example's order.
    pub(crate) fn shown_as(&self, template: &Tree, shape: &Shape) -> Tree {
        let mut members = Vec::new();
        for (name, example) in template.members() {
            match shape.members.iter().find(|(member, _)| member == name) {
                None => members.push((name.clone(), example.clone())),
                Some((_, field)) => {
                    // Some responses require a price, so an order without a price shows 0, in the
                    // example's type.
                    let node = self.field(*field).or_else(|| matches!(field, Field::Price).then(|| Tree::number(0)));
                    members.extend(node.map(|node| (name.clone(), node.like(example))));
                }
            }
        }
        Tree::Object(members)
    }
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
    let price = given(rules.price);
    let needs_price = rules.limit.is_some_and(|(name, values)| values.contains(&text(name).to_lowercase().as_str()));
    if needs_price && price.is_none() {
        return Err(missing(rules.price));
    }
    let amount = given(rules.amount).ok_or_else(|| missing(rules.amount))?;
    let number = |name: &str, number: &Tree| {
        let bad = || Rejection::new(Refusal::BadParameter, format!("`{name}` has too many digits")).about(name);
        number.decimal().ok_or_else(bad)
    };
    let (quantity, limit) = (number(rules.amount, &amount)?, price.as_ref().filter(|_| !at_once));
    let limit = limit.map(|price| number(rules.price, price)).transpose()?;
    // An amount of money is compared with no bound of quantities.
    let is_money = at_once && buys && rules.buys_with_money;
    let numbers = OrderNumbers { quantity: Some(quantity).filter(|_| !is_money), price: limit };
    seeds.markets.check_order(&market, numbers, (rules.amount, rules.price))?;
    if is_money {
        let money = OrderNumbers { quantity: Some(quantity), price: None };
        seeds.markets.check_order("", money, (rules.amount, rules.price))?;
    }
    let reserves = reserves(seeds.markets.assets(&market), is_money, buys, quantity, limit);
    Ok(Order {
        id: String::new(),
        own_id: rules.own_id.and_then(|name| value(scope, name)).filter(|id| !id.is_null()).cloned(),
        user: call.user.clone().unwrap_or_default(),
        market,
        buys,
        amount,
        price,
        status: if at_once { Status::Filled } else { Status::Open },
        at_once,
        created: call.now,
        changed: call.now,
        given: scope.to_vec(),
        reserves,
    })
}

/// Returns the product of two numbers. `None`: one of them is not a decimal, or the product has
/// more digits than a decimal.
fn exact_product(one: &Tree, other: &Tree) -> Option<Decimal> {
    let (one, other) = (one.decimal()?.normalize(), other.decimal()?.normalize());
    let product = one.checked_mul(other)?;
    // A product that does not fit is rounded to fewer places.
    (product.is_zero() || product.scale() == one.scale() + other.scale()).then(|| product.normalize())
}

/// Returns a number made of the last digits of an id, which rise from id to id.
fn number_of(id: &str) -> String {
    let hex: String = id.chars().filter(char::is_ascii_hexdigit).collect();
    let tail = hex.get(hex.len().saturating_sub(12)..).unwrap_or_default();
    u64::from_str_radix(tail, 16).unwrap_or_default().to_string()
}

/// Returns a number of an order that traded. `None`: a number of the request is not a decimal.
fn deal_number(order: &Order, deal: Deal) -> Option<Decimal> {
    /// The number of decimals of stock.
    const SCALE: u32 = 8;

    let (amount, price) = (order.amount.decimal()?, deal.price.parse::<Decimal>().ok()?);
    let (stock, money) = if order.buys {
        (amount.checked_div(price)?.trunc_with_scale(SCALE), amount)
    } else {
        (amount, amount.checked_mul(price)?)
    };
    match deal.is {
        DealPart::Stock => Some(stock),
        DealPart::Money => Some(money),
        DealPart::Fee(rates) => {
            let rate = rates.iter().find_map(|name| value(&order.given, name))?.decimal()?;
            rate.checked_mul(if order.buys { stock } else { money })
        }
    }
}

/// Returns the asset that an order needs, in upper case, and the amount. Returns `None` if the
/// order needs nothing or its asset is unknown. The cost of a market order to buy is known only if
/// its amount is money.
fn reserves(
    assets: Option<(String, String)>,
    is_money: bool,
    buys: bool,
    amount: Decimal,
    price: Option<Decimal>,
) -> Option<(String, Decimal)> {
    let (base, quote) = assets?;
    let needed = match (buys, is_money) {
        (false, _) => (base, amount),
        (true, true) => (quote, amount),
        (true, false) => (quote, amount.checked_mul(price?)?),
    };
    (needed.1 > Decimal::ZERO).then_some(needed)
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

    fn order(amount: &str, price: Option<&str>, status: Status) -> Order {
        Order {
            id: "00000000-0000-4000-8000-000000000011".to_owned(),
            own_id: None,
            user: String::new(),
            market: "JEXBTC".to_owned(),
            buys: true,
            amount: json::parse(amount).unwrap(),
            price: price.map(|price| json::parse(price).unwrap()),
            status,
            at_once: false,
            created: 0,
            changed: 0,
            given: Vec::new(),
            reserves: None,
        }
    }

    #[test]
    fn the_value_of_a_filled_order_is_its_price_times_its_amount_to_the_last_digit() {
        let value = |amount, price, status| order(amount, price, status).field(Field::Value);
        for (amount, price, expected) in [
            ("1", "0.00001464", "0.00001464"),
            ("\"3.00000000\"", "\"0.00001490\"", "0.0000447"),
            ("12345678.87654321", "0.00000001", "0.1234567887654321"),
            ("0", "0.00001464", "0"),
        ] {
            let expected = Some(Tree::Number(expected.to_owned()));
            assert_eq!(value(amount, Some(price), Status::Filled), expected, "{amount} x {price}");
        }
        for status in [Status::Open, Status::Cancelled] {
            assert_eq!(value("1", Some("0.00001464"), status), Some(Tree::number(0)), "{status:?}");
        }
        // No number is better than a rounded one.
        let (long, places) = ("12345678901234567890", "0.1234567890123456789");
        assert_eq!(value(long, Some(places), Status::Filled), None);
        assert_eq!(value("1", None, Status::Filled), None);
    }

    #[test]
    fn an_order_without_a_price_trades_at_the_price_of_the_profile_and_has_a_number_of_its_own() {
        let field = |price, field| order("1", price, Status::Filled).field(field);
        assert_eq!(field(None, Field::TradedAt("9300.5")), json::parse("9300.5"));
        assert_eq!(field(Some("8500.5"), Field::TradedAt("9300.5")), json::parse("8500.5"));
        assert_eq!(field(None, Field::Number), json::parse("17"));
    }
}
