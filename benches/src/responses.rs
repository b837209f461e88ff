//! Responses of the size that a trading program reads.

fn list(count: usize, element: impl Fn(usize) -> String) -> String {
    let elements: Vec<String> = (0..count).map(element).collect();
    format!("[{}]", elements.join(","))
}

/// A book of BTSE with a thousand levels. `quote` is around each price and size.
pub fn btse_book(quote: &str) -> String {
    let level = |n: usize| {
        let (whole, cents, size) = (9500 + n / 7, n % 100, n * 1009 + 1);
        format!(r#"{{"price":{quote}{whole}.{cents:02}{quote},"size":{quote}0.{size:08}{quote}}}"#)
    };
    let side = list(500, level);
    format!(r#"{{"buyQuote":{side},"sellQuote":{side},"symbol":"BTC-USD","timestamp":1584698735000}}"#)
}

/// A book of JEX with a thousand levels, whose third column is ignored.
pub fn jex_book() -> String {
    let level = |n: usize| format!(r#"["{}.{:08}","{}.{:08}",[]]"#, 4 + n / 300, n * 200, 12 + n, n * 977);
    let side = list(500, level);
    format!(r#"{{"lastUpdateId":1027024,"bids":{side},"asks":{side}}}"#)
}

/// A thousand klines of JEX.
pub fn klines() -> String {
    list(1_000, |n| {
        let start = 1_499_040_000_000_u64 + n as u64 * 60_000;
        let price = |cents: usize| format!("\"0.{:08}\"", 1_634_790 + n * 7 + cents);
        format!(
            r#"[{start},{},{},{},{},"148976.{n:08}",{},"2434.{:08}",{},"1756.{n:08}","28.{n:08}","17928899.62484339"]"#,
            price(0),
            price(80),
            price(3),
            price(41),
            start + 59_999,
            19_055 + n,
            308 + n,
        )
    })
}

/// Five hundred open orders of JEX.
pub fn orders() -> String {
    list(500, |n| {
        let (side, status) = if n % 3 == 0 { ("BUY", "NEW") } else { ("SELL", "PARTIALLY_FILLED") };
        format!(
            r#"{{"symbol":"BTCUSDT","orderId":{},"clientOrderId":"myOrder{n}","price":"{}.{:08}","origQty":"1.{n:08}","executedQty":"0.{n:08}","cummulativeQuoteQty":"0.{n:08}","status":"{status}","timeInForce":"GTC","type":"LIMIT","side":"{side}","stopPrice":"0.0","icebergQty":"0.0","time":{},"updateTime":{},"isWorking":true}}"#,
            28_457 + n,
            9500 + n,
            n * 1009,
            1_499_827_319_559_u64 + n as u64,
            1_499_827_319_600_u64 + n as u64,
        )
    })
}

/// The rules of JEX for six hundred symbols.
pub fn exchange_info() -> String {
    let symbols = |count, kind: &str| {
        list(count, |n| {
            format!(
                r#"{{"symbol":"{kind}{n}USDT","status":"TRADING","baseAsset":"{kind}{n}","baseAssetPrecision":8,"quoteAsset":"USDT","quotePrecision":8,"orderTypes":["LIMIT","MARKET"],"icebergAllowed":false,"filters":[{{"filterType":"PRICE_FILTER","minPrice":"0.00000100","maxPrice":"100000.00000000","tickSize":"0.00000100"}},{{"filterType":"LOT_SIZE","minQty":"0.00100000","maxQty":"100000.00000000","stepSize":"0.00100000"}},{{"filterType":"MIN_NOTIONAL","minNotional":"0.00100000"}}]}}"#
            )
        })
    };
    format!(
        r#"{{"timezone":"UTC","serverTime":1551270414646,"rateLimits":[{{"rateLimitType":"requestsWeight","interval":"minute","intervalNum":1,"limit":1200}}],"optionSymbols":{},"contractSymbols":{},"spotSymbols":{}}}"#,
        symbols(100, "OPT"),
        symbols(100, "PERP"),
        symbols(400, "SPOT"),
    )
}
