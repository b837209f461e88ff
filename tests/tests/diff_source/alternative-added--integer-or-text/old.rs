use acme::types::Fee;

pub fn is_integer(fee: &Fee) -> bool {
    fee.as_i64().is_some() // breaks: alternative-added
}
