use acme::types::{Debt, Refusal};

pub fn code(refusal: &Refusal, debt: &Debt) -> Option<i64> {
    refusal.code.or(debt.code)
}
