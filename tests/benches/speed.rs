//! What exactness costs, side by side in one run: `cargo bench -p venuekit-tests`.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde::Deserialize;
use venuekit::meta::Arguments;
use venuekit::{Retry, Throttle};
use venuekit_tests::examples::{ExampleCall, Values};
use venuekit_tests::scripted::Scripted;
use venuekit_venues::venuekit_btse_spot::types::OrderBook;
use venuekit_venues::{VENUES, venue};

/// The same book as other clients have it: prices as floats.
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

/// The same book with its texts as they are.
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

/// A book of a thousand levels; `quote` stands around each price and size.
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

/// A whole call but for the network: build, sign, classify, decode.
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
        let transport = Scripted::answering("{}");
        let signer = venue.credentials.unwrap()("key", "secret").unwrap();
        let builder = venue.builder().base_url("https://venue.example/").transport(transport).signer(signer);
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
            b.iter(|| venuekit_codegen::generate(venue.spec, black_box(&text)).unwrap())
        });
    }
    group.finish();
}

criterion_group!(benches, decoding, calls, generation);
criterion_main!(benches);
