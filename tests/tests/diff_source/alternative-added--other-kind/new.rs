use acme::Decimal;
use acme::types::Fee;

pub fn fee(fee: &Fee) -> Decimal {
    match fee {
        Fee::Number(fee) => *fee, // breaks: alternative-added, alternative-removed
        Fee::Boolean(_) => Decimal::ZERO,
    }
}
