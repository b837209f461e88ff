use acme::types::Fee;

pub fn text(fee: Fee) -> String {
    match fee {
        Fee::Integer(fee) => fee.to_string(),
        Fee::Boolean(fee) => fee.to_string(),
        Fee::String(fee) => fee, // breaks: alternative-removed
    }
}
