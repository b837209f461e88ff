//! Tests that the values of each example in the specs agree with each other, and that no example
//! resembles a real key, address or id.
//!
//! The tables name the members of the venues' objects that are compared. Other members are not
//! compared.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeSet, HashMap};

use venuekit::Decimal;
use venuekit::meta::ExampleOf;
use venuekit_json::{Tree, is_number};
use venuekit_venues::VENUES;

/// In each pair, the first member is at most the second.
const AT_MOST: &[(&str, &str)] = &[
    ("executedQty", "origQty"),
    ("unitsFilled", "amount"),
    ("left", "amount"),
    ("inOrder", "totalBalance"),
    ("availableBalance", "totalBalance"),
    ("available", "total"),
    ("lastQuantity", "filledQuantity"),
    ("low", "high"),
    ("lowPrice", "highPrice"),
    ("low24hr", "high24hr"),
    ("minPrice", "maxPrice"),
    ("minQty", "maxQty"),
    ("base_min_size", "base_max_size"),
    ("openTime", "closeTime"),
    ("time", "updateTime"),
    ("ctime", "mtime"),
    ("ctime", "ftime"),
    ("createdAt", "updatedAt"),
    ("startTime", "endTime"),
];

/// In each pair, the first member is less than the second.
const LESS: &[(&str, &str)] = &[("bid", "ask"), ("bidPrice", "askPrice"), ("highest_bid", "lowest_ask")];

/// Each member in the list is at least the second name and at most the third.
const WITHIN: &[(&[&str], &str, &str)] = &[
    (&["open", "close"], "low", "high"),
    (&["openPrice", "lastPrice", "weightedAvgPrice"], "lowPrice", "highPrice"),
    (&["last"], "low24hr", "high24hr"),
];

/// The first two members add up to the third.
const SUMS: &[(&str, &str, &str)] = &[
    ("left", "deal_stock", "amount"),
    ("inOrder", "availableBalance", "totalBalance"),
    ("freeze_balance", "available_balance", "total_balance"),
    ("openPrice", "priceChange", "lastPrice"),
];

/// The product of the first two members is the third.
const PRODUCTS: &[(&str, &str, &str)] =
    &[("unitsFilled", "price", "total"), ("executedQty", "price", "cummulativeQuoteQty"), ("amount", "price", "deal")];

/// The bids and the asks of an order book.
const BOOKS: &[(&str, &str)] = &[("bids", "asks"), ("buyQuote", "sellQuote")];

/// The positions of open, close, low and high in the rows of an operation.
const ROWS: &[(&str, [usize; 4])] = &[("getKlines", [1, 4, 3, 2]), ("market.kline", [1, 2, 4, 3])];

/// An example and its place.
struct Example {
    place: String,
    json: Tree,
}

fn examples() -> Vec<Example> {
    let mut examples = Vec::new();
    for venue in VENUES {
        for example in venue.examples {
            let place = format!("{}#{}", venue.spec, example.pointer);
            examples.push(Example { place, json: Tree::parse(example.json).unwrap() });
        }
        for operation in venue.operations {
            let values = operation.parameters.iter().filter_map(|parameter| Some((parameter.name, parameter.example?)));
            let body = operation.body.as_ref().and_then(|body| Some(("body", body.example?)));
            for (name, json) in values.chain(body) {
                let place = format!("{} {} {name}", venue.spec, operation.operation.id());
                examples.push(Example { place, json: Tree::parse(json).unwrap() });
            }
        }
    }
    examples
}

/// Calls a function for a value and all values inside it.
fn visit(tree: &Tree, found: &mut dyn FnMut(&Tree)) {
    found(tree);
    tree.elements().iter().for_each(|element| visit(element, found));
    tree.members().iter().for_each(|(_, member)| visit(member, found));
}

/// Returns the number in a scalar, which may be a string; `None` for any other value.
fn number(tree: &Tree) -> Option<Decimal> {
    let text = tree.scalar()?;
    if is_number(&text) { text.parse().ok().or_else(|| Decimal::from_scientific(&text).ok()) } else { None }
}

/// Returns the order of two numbers, or of two texts, such as times in the same form. Returns
/// `None` for any other values.
fn order(one: &Tree, other: &Tree) -> Option<std::cmp::Ordering> {
    match (number(one), number(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        (None, None) => Some(one.as_text()?.cmp(other.as_text()?)),
        _ => None,
    }
}

/// Returns the faults of one object, without those of the objects in it.
fn faults_of(object: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    let value = |name: &str| object.get(name).and_then(number);
    for (table, is_strict) in [(AT_MOST, false), (LESS, true)] {
        for (less, more) in table {
            let order = object.get(less).zip(object.get(more)).and_then(|(less, more)| order(less, more));
            if order.is_some_and(|order| order.is_gt() || is_strict && order.is_eq()) {
                faults.push(format!("`{less}` is not below `{more}`"));
            }
        }
    }
    for (names, low, high) in WITHIN {
        for name in *names {
            if let (Some(value), Some(low), Some(high)) = (value(name), value(low), value(high))
                && !(low..=high).contains(&value)
            {
                faults.push(format!("`{name}` is not from {low} to {high}"));
            }
        }
    }
    for (one, other, sum) in SUMS {
        if let (Some(one), Some(other), Some(sum)) = (value(one), value(other), value(sum))
            && one + other != sum
        {
            faults.push(format!("{one} and {other} are not {sum}"));
        }
    }
    for (one, other, product) in PRODUCTS {
        if let (Some(one), Some(other), Some(product)) = (value(one), value(other), value(product))
            && one * other != product
        {
            faults.push(format!("{one} times {other} is not {product}"));
        }
    }
    for (bids, asks) in BOOKS {
        if let (Some(bids), Some(asks)) = (object.get(bids), object.get(asks)) {
            let (bids, asks) = (prices(bids), prices(asks));
            let fall = bids.is_sorted_by(|one, next| one > next);
            // Some venues send the asks from the highest price down.
            let in_order = asks.is_sorted_by(|one, next| one < next) || asks.is_sorted_by(|one, next| one > next);
            let apart = bids.iter().max().zip(asks.iter().min()).is_none_or(|(bid, ask)| bid < ask);
            if !fall || !in_order || !apart {
                faults.push(format!("the bids {bids:?} and the asks {asks:?} are not an order book"));
            }
        }
    }
    faults
}

/// Returns the prices of the levels of a book.
fn prices(levels: &Tree) -> Vec<Decimal> {
    let price = |level: &Tree| number(level.get("price").or(level.elements().first())?);
    levels.elements().iter().filter_map(price).collect()
}

#[test]
fn the_numbers_and_times_of_each_example_agree_with_each_other() {
    let mut faults = Vec::new();
    let mut objects = 0;
    for example in examples() {
        visit(&example.json, &mut |tree| {
            objects += usize::from(!tree.members().is_empty());
            faults.extend(faults_of(tree).iter().map(|fault| format!("{}: {fault}", example.place)));
        });
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(objects > 100, "{objects} objects (expected more than 100)");
}

#[test]
fn numbers_and_times_that_do_not_agree_are_found() {
    for json in [
        r#"{"executedQty":"2","origQty":1}"#,
        r#"{"bid":1,"ask":1}"#,
        r#"{"open":3,"low":1,"high":2}"#,
        r#"{"createdAt":"2024-01-02T00:00:00Z","updatedAt":"2024-01-01T00:00:00Z"}"#,
        r#"{"left":"1","deal_stock":"1","amount":"3"}"#,
        r#"{"executedQty":2,"origQty":3,"price":"1.5","cummulativeQuoteQty":"2"}"#,
        r#"{"bids":[["1","1"],["2","1"]],"asks":[]}"#,
        r#"{"buyQuote":[{"price":"2"}],"sellQuote":[{"price":"2"}]}"#,
    ] {
        assert_eq!(faults_of(&Tree::parse(json).unwrap()).len(), 1, "{json}");
    }
}

#[test]
fn the_prices_of_a_candle_are_within_its_range() {
    let mut rows = 0;
    for venue in VENUES {
        for (operation, columns) in ROWS {
            let is_response = |subject: ExampleOf| match subject {
                ExampleOf::Response { operation: of, .. } => of == *operation,
                _ => false,
            };
            for example in venue.examples.iter().filter(|example| is_response(example.subject)) {
                for row in Tree::parse(example.json).unwrap().elements() {
                    let [open, close, low, high] = columns.map(|column| number(&row.elements()[column]).unwrap());
                    assert!(low <= open && low <= close && open <= high && close <= high, "{}", example.pointer);
                    rows += 1;
                }
            }
        }
    }
    assert!(rows >= 3, "{rows} rows (expected at least 3)");
}

#[test]
fn the_example_of_a_start_parameter_is_not_after_the_example_of_the_end() {
    for venue in VENUES {
        for operation in venue.operations {
            let value = |wanted: &str| {
                let is_wanted = |name: &str| name.replace('_', "").eq_ignore_ascii_case(wanted);
                let parameter = operation.parameters.iter().find(|parameter| is_wanted(parameter.name))?;
                Tree::parse(parameter.example?).ok()
            };
            for (begin, end) in [("starttime", "endtime"), ("startdate", "enddate")] {
                if let (Some(begin), Some(end)) = (value(begin), value(end)) {
                    assert!(order(&begin, &end).unwrap().is_le(), "{} {}", venue.spec, operation.operation.id());
                }
            }
        }
    }
}

/// The names of the members that hold a market, prices and amounts. `of` collects the number of
/// decimals of the prices and the amounts of each market from an example.
struct Scales {
    market: &'static str,
    prices: &'static [&'static str],
    amounts: &'static [&'static str],
    of: fn(&Tree, &mut HashMap<String, (u32, u32)>),
}

/// Returns the number of decimals of a step, such as 2 for 0.01.
fn decimals(step: Decimal) -> u32 {
    step.normalize().scale()
}

const SCALES: &[(&str, Scales)] = &[
    (
        "btse-spot",
        Scales {
            market: "symbol",
            prices: &["price"],
            amounts: &["amount"],
            of: |example, scales| {
                for market in example.elements() {
                    let step = |name: &str| market.get(name).and_then(number).map(decimals);
                    if let (Some(id), Some(price), Some(amount)) =
                        (market.get("id"), step("quote_increment"), step("base_increment_size"))
                    {
                        scales.insert(id.scalar().unwrap(), (price, amount));
                    }
                }
            },
        },
    ),
    (
        "altmarket",
        Scales {
            market: "instrument",
            prices: &["price", "executionPrice", "activationPrice", "stopPrice"],
            amounts: &["amount", "unitsFilled"],
            of: |example, scales| {
                for (id, market) in example.get("pairs").map(Tree::members).unwrap_or_default() {
                    let scale = |name: &str| market.get(name)?.scalar()?.parse().ok();
                    if let (Some(price), Some(amount)) = (scale("priceScale"), scale("amountScale")) {
                        scales.insert(id.clone(), (price, amount));
                    }
                }
            },
        },
    ),
];

#[test]
fn prices_and_amounts_have_at_most_the_decimals_of_their_market() {
    for (name, rules) in SCALES {
        let venue = VENUES.iter().find(|venue| venue.venue.name() == *name).unwrap();
        let trees: Vec<Tree> = venue.examples.iter().map(|example| Tree::parse(example.json).unwrap()).collect();
        let mut scales = HashMap::new();
        trees.iter().for_each(|tree| (rules.of)(tree, &mut scales));
        let mut judged = 0;
        let mut judge = |object: &Tree| {
            let market = object.get(rules.market).and_then(Tree::scalar);
            let Some((price, amount)) = market.and_then(|market| scales.get(&market).copied()) else { return };
            for (names, scale) in [(rules.prices, price), (rules.amounts, amount)] {
                for value in names.iter().filter_map(|name| object.get(name).and_then(number)) {
                    assert!(decimals(value) <= scale, "{name}: {value} has more than {scale} decimals");
                    judged += 1;
                }
            }
        };
        trees.iter().for_each(|tree| visit(tree, &mut judge));
        assert!(judged >= 8, "{name}: {judged} values were compared (expected at least 8)");
    }
}

/// Returns what a text could be taken for: a real address, key, hash or id. Returns `None` for an
/// invented text, which repeats a few characters or is made of words.
fn resembles(text: &str) -> Option<&'static str> {
    let distinct = |chars: &str| chars.to_lowercase().chars().collect::<BTreeSet<_>>().len();
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_alphanumeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let is_uuid = text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if is_uuid && distinct(&text.replace('-', "")) > 6 {
        return Some("a random UUID");
    }
    if matches!(digits.len(), 32 | 40 | 64 | 96 | 128) && is_hex(digits) && distinct(digits) > 4 {
        return Some("a hash, a signature or an address");
    }
    let is_base58 = |text: &str| is_alphanumeric(text) && !text.contains(['0', 'O', 'I', 'l']);
    if matches!(text.len(), 25..=36) && text.starts_with(['1', '3', 'L', 'T', 'r']) && is_base58(text) {
        return Some("an address in base58");
    }
    if ["bc1", "tb1", "ltc1"].iter().any(|start| text.starts_with(start)) && text.len() > 20 && is_alphanumeric(text) {
        return Some("an address in bech32");
    }
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-');
    let has_both = text.contains(|c: char| c.is_ascii_digit()) && text.contains(|c: char| c.is_ascii_alphabetic());
    let is_words = text.split(['-', '_', '/']).all(|word| word.len() < 16);
    if text.len() >= 20 && text.chars().all(is_token) && has_both && !is_words && distinct(text) > 10 {
        return Some("a key or a token");
    }
    None
}

#[test]
fn no_example_resembles_a_real_key_address_hash_or_id() {
    let mut faults = Vec::new();
    let mut texts = 0;
    for example in examples() {
        visit(&example.json, &mut |tree| {
            let names = tree.members().iter().map(|(name, _)| name.as_str());
            for text in names.chain(tree.as_text()) {
                texts += 1;
                faults.extend(resembles(text).map(|what| format!("{}: {text} resembles {what}", example.place)));
            }
        });
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(texts > 1_000, "{texts} texts (expected more than 1000)");
}

#[test]
fn texts_that_resemble_real_keys_or_ids_are_found_and_words_are_not() {
    for text in [
        "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
        "0xa1b2c3d4e5a1b2c3d4e5a1b2c3d4e5a1b2c3d4e5",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "1Q2W3E4R5T6Y7U8i9opASDFGHJKzxcvbnm",
        "bc1q2w3e4r5t6y7u8i9opasdfghjk2w3e",
        "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9",
        "c2VjcmV0LWtleS0xMjM0NTY3ODkw",
    ] {
        assert!(resembles(text).is_some(), "`{text}` is not recognised");
    }
    for text in [
        "do-not-pay-this-is-an-example",
        "00000000-0000-4000-8000-000000000007",
        "0000000000000000000000000000000000000000000000000000000000000001",
        "https://explorer.example/tx/0000000000000000000000000000000000000000000000000000000000000001",
        "2019-10-14T04:24:54.623Z",
        "UNAUTHORIZED: signature does not match",
        "MAX_PRIORITY_FEE_PER_GAS_IS_TOO_LOW",
        "-1441151880758294523",
        "example-public-key",
    ] {
        assert_eq!(resembles(text), None, "{text}");
    }
}
