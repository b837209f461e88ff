//! Benchmarks of decoding exact decimals (compared with floats and texts), of signed calls, of the
//! generator and of the comparison of specs. `cargo bench -p venuekit-tests` runs them.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use serde_json::Value;
use venuekit::meta::Arguments;
use venuekit::{Retry, Throttle};
use venuekit_codegen::Spec;
use venuekit_codegen::source::Document;
use venuekit_diff as diff;
use venuekit_test_support::{Script, respond};
use venuekit_tests::examples::{ExampleCall, Values, base_url};
use venuekit_venues::venuekit_btse_spot::types::OrderBook;
use venuekit_venues::{VENUES, venue};

/// An order book with prices and sizes as floats, as other clients hold them.
#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read only")]
struct Floats {
    #[serde(rename = "buyQuote")]
    buy: Vec<Level<f64>>,
    #[serde(rename = "sellQuote")]
    sell: Vec<Level<f64>>,
    symbol: String,
    timestamp: i64,
}

/// An order book with prices and sizes as texts.
#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read only")]
struct Texts {
    #[serde(rename = "buyQuote")]
    buy: Vec<Level<String>>,
    #[serde(rename = "sellQuote")]
    sell: Vec<Level<String>>,
    symbol: String,
    timestamp: i64,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read only")]
struct Level<T> {
    price: T,
    size: T,
}

/// Returns an order book of a thousand levels as JSON; `quote` is put around each price and size.
fn book(quote: &str) -> String {
    let level = |n: usize| {
        format!(
            r#"{{"price":{quote}{}.{:02}{quote},"size":{quote}0.{:08}{quote}}}"#,
            9500 + n / 7,
            n % 100,
            n * 1009 + 1
        )
    };
    let side = (0..500).map(level).collect::<Vec<_>>().join(",");
    format!(r#"{{"buyQuote":[{side}],"sellQuote":[{side}],"symbol":"BTC-USD","timestamp":1584698735000}}"#)
}

fn decoding(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a book of 1000 levels");
    let (texts, numbers) = (book("\""), book(""));
    group.throughput(Throughput::Bytes(texts.len() as u64));
    group.bench_function("exact decimals, from texts", |b| {
        b.iter(|| serde_json::from_str::<OrderBook>(black_box(&texts)).unwrap())
    });
    group.bench_function("texts as they are", |b| b.iter(|| serde_json::from_str::<Texts>(black_box(&texts)).unwrap()));
    group.bench_function("exact decimals, from numbers", |b| {
        b.iter(|| serde_json::from_str::<OrderBook>(black_box(&numbers)).unwrap())
    });
    group.bench_function("floats, from numbers", |b| {
        b.iter(|| serde_json::from_str::<Floats>(black_box(&numbers)).unwrap())
    });
    group.finish();
}

/// Measures calls by name without the network: from building and signing the request to reading the
/// response `{}`.
fn calls(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut group = criterion.benchmark_group("a signed call, network aside");
    for (name, operation) in [
        ("btse-spot", "placeOrder"),
        ("jex-spot", "placeOrder"),
        ("altmarket", "placeOrder"),
        ("anboto", "createOrder"),
        ("excore", "order.put_limit"),
    ] {
        let venue = venue(name).unwrap();
        let transport = Script::new([respond(200, "{}")]);
        let signer = venue.credentials.unwrap()("key", "secret").unwrap();
        let builder =
            venue.builder().base_url(base_url(venue, "https://venue.example")).transport(transport).signer(signer);
        let client = (venue.connect)(builder.retry(Retry::never()).throttle(Throttle::Off).build().unwrap());
        let arguments: Arguments = ExampleCall::of(venue.operation(operation).unwrap(), Values::All).arguments();
        group.bench_function(name, |b| {
            b.iter_batched(
                || arguments.clone(),
                |arguments| runtime.block_on(client.call(operation, arguments).unwrap()),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

fn generation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("generation");
    group.sample_size(10);
    for venue in VENUES {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(venue.spec);
        let text = std::fs::read_to_string(file).unwrap();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(venue.venue.name(), |b| {
            b.iter(|| venuekit_codegen::generate(&Spec::new(venue.spec, black_box(&*text))).unwrap())
        });
    }
    group.finish();
}

/// Returns a copy of a value in which the ids of operations and the references end with `mark`, so
/// that the copy can be added to the same spec. References to errors are not changed.
fn marked(value: &Value, mark: &str) -> Value {
    match value {
        Value::Array(elements) => elements.iter().map(|element| marked(element, mark)).collect(),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                let named = matches!(key.as_str(), "$ref" | "operationId");
                let text = value.as_str().filter(|text| named && !text.contains("/errors/"));
                (key.clone(), text.map_or_else(|| marked(value, mark), |text| format!("{text}{mark}").into()))
            };
            members.iter().map(member).collect()
        }
        other => other.clone(),
    }
}

/// Repeats the contents of a spec until it has about a megabyte.
fn megabyte(spec: &Value) -> Value {
    let mut whole = spec.clone();
    for index in 1..1_000_000_usize.div_ceil(spec.to_string().len()) {
        let mark = format!("Copy{index}");
        let copy = marked(spec, &mark);
        for (path, item) in copy["paths"].as_object().into_iter().flatten() {
            whole["paths"][format!("/copy{index}{path}")] = item.clone();
        }
        for method in copy["methods"].as_array().into_iter().flatten() {
            let mut method = method.clone();
            for key in ["name", "x-method"] {
                if let Some(name) = method[key].as_str().map(|name| format!("{name}{mark}")) {
                    method[key] = name.into();
                }
            }
            whole["methods"].as_array_mut().unwrap().push(method);
        }
        for (section, components) in copy["components"].as_object().into_iter().flatten() {
            // The security schemes and the errors of the API are not copied.
            for (name, component) in components.as_object().unwrap() {
                if !matches!(section.as_str(), "securitySchemes" | "errors") {
                    whole["components"][section][format!("{name}{mark}")] = component.clone();
                }
            }
        }
    }
    whole
}

/// Compares two specs of about a megabyte each. In the second spec, each component with properties
/// has one more property, so that there are more than 100 changes.
fn comparison(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("comparison of specs of a megabyte");
    group.sample_size(10);
    for venue in VENUES {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(venue.spec);
        let document = Document::parse(venue.spec, &std::fs::read_to_string(file).unwrap()).unwrap();
        let mut spec = megabyte(&document.root().to_value());
        let old = spec.to_string();
        for schema in spec["components"]["schemas"].as_object_mut().unwrap().values_mut() {
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.insert("oneMore".to_owned(), serde_json::json!({"type": "string"}));
            }
        }
        let new = spec.to_string();
        let (old, new) = (Spec::new(venue.spec, old), Spec::new(venue.spec, new));
        let comparison = diff::compare(Some(&old), Some(&new)).unwrap();
        assert!(
            comparison.names_compared() && comparison.changes.len() > 100,
            "{} changes (expected more than 100)",
            comparison.changes.len()
        );
        group.throughput(Throughput::Bytes(old.document.text.len() as u64));
        group.bench_function(venue.venue.name(), |b| {
            b.iter(|| diff::compare(Some(black_box(&old)), Some(black_box(&new))).unwrap())
        });
    }
    group.finish();
}

criterion_group!(benches, decoding, calls, generation, comparison);
criterion_main!(benches);
