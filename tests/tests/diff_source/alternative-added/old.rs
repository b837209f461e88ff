use acme::types::Fee;

pub fn text(fee: Fee) -> String {
    match fee {
        // breaks: alternative-added
        Fee::Integer(fee) => fee.to_string(),
        Fee::Boolean(fee) => fee.to_string(),
    }
}
