//! Properties of the matching core, on random orders and cancels.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use venuekit::Decimal;

use super::exact::{add, divide_down, multiply, subtract};
use super::{Exchange, Fill, Lifetime, NewOrder, OrderId, Owner, Refused, Terms};

const BASE: &str = "STOCK";
const QUOTE: &str = "MONEY";

/// A step of a test: an order, the cancel of an earlier one, or a small deposit to an account.
#[derive(Clone, Debug)]
enum Step {
    Place { owner: usize, buys: bool, terms: Terms, lifetime: Lifetime, rates: (Decimal, Decimal) },
    Cancel(usize),
    Deposit { owner: usize, asset: usize, amount: Decimal },
}

fn owners() -> [Owner; 4] {
    let account = |key: &str, user: &str| Owner::Account(key.to_owned(), user.to_owned());
    [Owner::House, Owner::Counterparty, account("one", ""), account("two", "7")]
}

fn decimal(units: i64, scale: u32) -> Decimal {
    Decimal::new(units, scale)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Prices are few, so that orders share them; amounts have many digits.
    let price = (1_i64..12, 0_u32..3).prop_map(|(units, scale)| decimal(units, scale));
    let amount = (1_i64..3_000_000, 0_u32..8).prop_map(|(units, scale)| decimal(units, scale));
    let terms = prop_oneof![
        6 => (price, amount.clone()).prop_map(|(price, amount)| Terms::Limit { price, amount }),
        1 => amount.clone().prop_map(|amount| Terms::Market { amount }),
        1 => (amount, 0_u32..9).prop_map(|(money, places)| Terms::Money { money, places }),
    ];
    let rate = (-2_i64..30).prop_map(|units| decimal(units, 4));
    let lifetime = prop_oneof![
        5 => Just(Lifetime::Rests),
        1 => Just(Lifetime::OnlyRests),
        1 => Just(Lifetime::AtOnce),
        1 => Just(Lifetime::WholeAtOnce),
    ];
    let values = (0_usize..4, any::<bool>(), terms, lifetime, (rate.clone(), rate));
    let place = values.prop_map(|(owner, buys, terms, lifetime, rates)| {
        // An order to sell states its amount of stock.
        let terms = match terms {
            Terms::Money { money, .. } if !buys => Terms::Market { amount: money },
            terms => terms,
        };
        Step::Place { owner, buys, terms, lifetime, rates }
    });
    // All numbers of a test still fit with them.
    let deposit = (2_usize..4, 0_usize..2, 1_i64..1_000, 0_u32..16)
        .prop_map(|(owner, asset, units, scale)| Step::Deposit { owner, asset, amount: decimal(units, scale) });
    let step = prop_oneof![4 => place, 1 => (0_usize..40).prop_map(Step::Cancel), 1 => deposit];
    proptest::collection::vec(step, 1..40)
}

fn order(owner: &Owner, buys: bool, terms: Terms, rates: (Decimal, Decimal)) -> NewOrder {
    NewOrder {
        owner: owner.clone(),
        market: "STOCK-MONEY".to_owned(),
        base: BASE.to_owned(),
        quote: QUOTE.to_owned(),
        buys,
        terms,
        lifetime: Lifetime::Rests,
        taker_rate: rates.0,
        maker_rate: rates.1,
    }
}

/// An exchange whose accounts have some balance, and the deposits by asset.
fn exchange() -> (Exchange, [Decimal; 2]) {
    let mut exchange = Exchange::default();
    let (stock, money) = (decimal(20_000_001, 1), decimal(50_000_000_003, 3));
    for owner in owners().iter().skip(2) {
        exchange.deposit(owner, BASE, stock).unwrap();
        exchange.deposit(owner, QUOTE, money).unwrap();
    }
    (exchange, [add(stock, stock).unwrap(), add(money, money).unwrap()])
}

/// Trades as maker, price and amount.
type Trades = Vec<(OrderId, Decimal, Decimal)>;

/// The naive matcher: a list of orders, of which the best is searched for each trade.
#[derive(Clone, Debug, Default)]
struct Naive(Vec<(OrderId, bool, Decimal, Decimal)>);

impl Naive {
    /// Returns the trades of an order as maker, price and amount, and the amount left. `None`: it
    /// only rests, and would trade.
    fn place(&mut self, id: OrderId, buys: bool, terms: Terms, lifetime: Lifetime) -> Option<(Trades, Decimal)> {
        let before = self.clone();
        let (trades, left) = self.meet(id, buys, terms);
        let amount = if let Terms::Limit { amount, .. } | Terms::Market { amount } = terms { amount } else { left };
        match lifetime {
            Lifetime::OnlyRests if !trades.is_empty() => {
                *self = before;
                None
            }
            Lifetime::WholeAtOnce if !left.is_zero() => {
                *self = before;
                Some((Vec::new(), amount))
            }
            _ => {
                if !lifetime.rests() {
                    self.cancel(id);
                }
                Some((trades, left))
            }
        }
    }

    fn meet(&mut self, id: OrderId, buys: bool, terms: Terms) -> (Trades, Decimal) {
        let (limit, mut left, mut money) = match terms {
            Terms::Limit { price, amount } => (Some(price), amount, None),
            Terms::Market { amount } => (None, amount, None),
            Terms::Money { money, places } => (None, Decimal::ZERO, Some((money, places))),
        };
        let mut trades = Vec::new();
        loop {
            let others = self.0.iter().enumerate().filter(|(_, (_, other, _, left))| *other != buys && !left.is_zero());
            let better = |one: &Decimal, other: &Decimal| if buys { one.cmp(other) } else { other.cmp(one) };
            let best = others.min_by(|(_, one), (_, other)| better(&one.2, &other.2).then(one.0.cmp(&other.0)));
            let Some((index, &(maker, _, price, available))) = best else { break };
            let crosses = limit.is_none_or(|limit| if buys { price <= limit } else { price >= limit });
            let wanted = money.map_or(left, |(money, places)| divide_down(money, price, places).unwrap());
            let amount = wanted.min(available);
            if !crosses || amount.is_zero() {
                break;
            }
            self.0[index].3 = subtract(available, amount).unwrap();
            match &mut money {
                Some((money, _)) => *money = subtract(*money, multiply(price, amount).unwrap()).unwrap(),
                None => left = subtract(left, amount).unwrap(),
            }
            trades.push((maker, price, amount));
        }
        if let (Some(price), false) = (limit, left.is_zero()) {
            self.0.push((id, buys, price, left));
        }
        (trades, left)
    }

    fn cancel(&mut self, id: OrderId) -> Option<Decimal> {
        let index = self.0.iter().position(|(other, _, _, left)| *other == id && !left.is_zero())?;
        Some(self.0.remove(index).3)
    }

    fn levels(&self, buys: bool) -> Vec<(Decimal, Decimal)> {
        let mut levels: BTreeMap<Decimal, Decimal> = BTreeMap::new();
        for (_, _, price, left) in self.0.iter().filter(|(_, side, _, left)| *side == buys && !left.is_zero()) {
            let total = levels.entry(*price).or_default();
            *total = add(*total, *left).unwrap();
        }
        let levels = levels.into_iter();
        if buys { levels.rev().collect() } else { levels.collect() }
    }
}

fn check_wallets(exchange: &Exchange) {
    for owner in &owners() {
        let mut locked = HashMap::from([(BASE, Decimal::ZERO), (QUOTE, Decimal::ZERO)]);
        for (buys, asset) in [(true, QUOTE), (false, BASE)] {
            for (_, order) in exchange.resting("STOCK-MONEY", buys) {
                if order.owner == *owner {
                    let reserved = if buys { multiply(order.price, order.left).unwrap() } else { order.left };
                    let sum = locked.get_mut(asset).unwrap();
                    *sum = add(*sum, reserved).unwrap();
                }
            }
        }
        for (asset, wallet) in exchange.wallets(owner) {
            assert_eq!(wallet.locked, locked[asset], "{owner:?} {asset}");
            assert!(!matches!(owner, Owner::Account(..)) || wallet.free >= Decimal::ZERO, "{owner:?} {asset}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    /// Every asset is conserved, with the fees; the book is never crossed; the two sides of a fill
    /// are equal; and the fills are those of the naive matcher.
    #[test]
    fn orders_meet_as_in_a_naive_matcher_and_every_asset_is_conserved(steps in steps()) {
        let (mut exchange, mut deposits) = exchange();
        let mut naive = Naive::default();
        let mut placed: Vec<OrderId> = Vec::new();
        // The ordered and the traded amount of each limit order.
        let mut amounts: HashMap<OrderId, (Decimal, Decimal)> = HashMap::new();
        let mut last_fill = 0;
        for step in steps {
            match step {
                Step::Place { owner, buys, terms, lifetime, rates } => {
                    let owner = &owners()[owner];
                    match exchange.place(NewOrder { lifetime, ..order(owner, buys, terms, rates) }, 7) {
                        Ok(done) => {
                            let (trades, left) = naive.place(done.id, buys, terms, lifetime).unwrap();
                            let fills = |fill: &Fill| (fill.maker, fill.price, fill.amount);
                            prop_assert_eq!(done.fills.iter().map(fills).collect::<Vec<_>>(), trades);
                            prop_assert_eq!(done.left, left);
                            let rests = matches!(terms, Terms::Limit { .. }) && !left.is_zero() && lifetime.rests();
                            prop_assert_eq!(done.rests, rests);
                            if let Terms::Limit { amount, .. } | Terms::Market { amount } = terms {
                                amounts.insert(done.id, (amount, Decimal::ZERO));
                            }
                            for fill in &done.fills {
                                prop_assert_eq!((fill.taker, fill.taker_buys), (done.id, buys));
                                prop_assert_eq!(fill.value, multiply(fill.price, fill.amount).unwrap());
                                prop_assert!(fill.number > last_fill);
                                last_fill = fill.number;
                                for id in [fill.maker, fill.taker] {
                                    if let Some((_, traded)) = amounts.get_mut(&id) {
                                        *traded = add(*traded, fill.amount).unwrap();
                                    }
                                }
                            }
                            if let Some((amount, traded)) = amounts.get(&done.id) {
                                prop_assert_eq!(subtract(*amount, *traded).unwrap(), left);
                            }
                            placed.push(done.id);
                        }
                        Err(Refused::Balance(asset)) => {
                            prop_assert!(matches!(owner, Owner::Account(..)));
                            let needed = exchange.needs(&order(owner, buys, terms, rates)).unwrap();
                            prop_assert!(exchange.wallet(owner, &asset).free < needed.1);
                        }
                        Err(Refused::Trades) => prop_assert_eq!(naive.place(0, buys, terms, lifetime), None),
                        Err(Refused::Digits) => prop_assert!(false, "these numbers have few digits"),
                    }
                }
                Step::Cancel(index) => {
                    let Some(id) = placed.get(index).copied() else { continue };
                    prop_assert_eq!(exchange.cancel(id), naive.cancel(id));
                }
                Step::Deposit { owner, asset, amount } => {
                    exchange.deposit(&owners()[owner], [BASE, QUOTE][asset], amount).unwrap();
                    deposits[asset] = add(deposits[asset], amount).unwrap();
                }
            }
            let (bids, asks) = (exchange.levels("STOCK-MONEY", true), exchange.levels("STOCK-MONEY", false));
            if let (Some((bid, _)), Some((ask, _))) = (bids.first(), asks.first()) {
                prop_assert!(bid < ask, "the book is crossed: {} {}", bid, ask);
            }
            prop_assert_eq!((bids, asks), (naive.levels(true), naive.levels(false)));
            prop_assert_eq!([BASE, QUOTE].map(|asset| exchange.total(asset).unwrap()), deposits);
            check_wallets(&exchange);
        }
        for (id, (amount, traded)) in amounts {
            prop_assert!(traded <= amount, "order {} traded {} of {}", id, traded, amount);
        }
    }

    /// After a deposit with many decimals, a cancel gives back what the order reserved, or changes
    /// nothing.
    #[test]
    fn a_cancel_that_does_not_fit_changes_nothing(
        buys in any::<bool>(), amount in 1_i64..1_000_000, scale in 0_u32..6, units in 1_i64..1_000,
        places in 12_u32..28,
    ) {
        let (mut exchange, _) = exchange();
        let account = &owners()[2];
        let terms = Terms::Limit { price: decimal(7, 1), amount: decimal(amount, scale) };
        let Ok(placed) = exchange.place(order(account, buys, terms, (Decimal::ZERO, Decimal::ZERO)), 0) else {
            return Ok(());
        };
        let asset = if buys { QUOTE } else { BASE };
        // The deposit may not fit either.
        let _ = exchange.deposit(account, asset, decimal(units, places));
        let before = exchange.clone();
        let (wallet, reserved) = (before.wallet(account, asset), before.wallet(account, asset).locked);
        match exchange.cancel(placed.id) {
            Some(left) => {
                prop_assert_eq!(left, decimal(amount, scale));
                let after = exchange.wallet(account, asset);
                prop_assert_eq!((Some(after.free), after.locked), (add(wallet.free, reserved), Decimal::ZERO));
                prop_assert!(!exchange.is_open(placed.id));
            }
            None => {
                prop_assert_eq!(add(wallet.free, reserved), None);
                prop_assert!(exchange.is_open(placed.id));
                prop_assert_eq!(exchange.levels("STOCK-MONEY", buys), before.levels("STOCK-MONEY", buys));
                prop_assert_eq!(exchange.wallet(account, asset), wallet);
            }
        }
    }

    /// An order of an account that does not fit beside what the account reserves already.
    #[test]
    fn an_order_that_does_not_fit_makes_no_market(scale in 1_u32..28) {
        let mut exchange = Exchange::default();
        let account = &owners()[2];
        let large = Decimal::MAX - Decimal::ONE;
        exchange.deposit(account, BASE, large).unwrap();
        let sale = |amount: Decimal| Terms::Limit { price: decimal(1, 0), amount };
        exchange.place(order(account, false, sale(large), (Decimal::ZERO, Decimal::ZERO)), 0).unwrap();
        exchange.deposit(account, BASE, decimal(1, scale)).unwrap();
        let before = format!("{exchange:?}");
        let mut other = order(account, false, sale(decimal(1, scale)), (Decimal::ZERO, Decimal::ZERO));
        other.market = "OTHER".to_owned();
        prop_assert_eq!(exchange.place(other, 0), Err(Refused::Digits));
        prop_assert_eq!(format!("{exchange:?}"), before);
    }

    /// An order whose numbers do not fit is refused, and nothing changes.
    #[test]
    fn numbers_that_do_not_fit_are_refused_and_change_nothing(
        units in 1_i64..i64::MAX, scale in 0_u32..28, price in 1_i64..i64::MAX, places in 0_u32..28,
    ) {
        let (mut exchange, deposits) = exchange();
        let house = Owner::House;
        let resting = Terms::Limit { price: decimal(price, places), amount: decimal(units, scale) };
        let before = format!("{exchange:?}");
        let rates = (decimal(2, 3), decimal(1, 3));
        if exchange.place(order(&house, false, resting, rates), 0).is_err() {
            prop_assert_eq!(&format!("{exchange:?}"), &before);
        }
        let before = exchange.clone();
        let taker = Terms::Market { amount: decimal(3, 1) };
        if exchange.place(order(&Owner::Counterparty, true, taker, rates), 0).is_err() {
            prop_assert_eq!(exchange.levels("STOCK-MONEY", false), before.levels("STOCK-MONEY", false));
        }
        for (asset, deposit) in [BASE, QUOTE].into_iter().zip(deposits) {
            prop_assert!(exchange.total(asset).is_none_or(|total| total == deposit));
        }
    }
}
