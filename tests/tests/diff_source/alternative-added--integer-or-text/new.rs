use acme::types::Fee;

pub fn is_integer(fee: &Fee) -> bool {
    matches!(fee, Fee::Integer(_)) // breaks: alternative-removed
}
