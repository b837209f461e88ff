use acme::types::GetOrderError400;

pub fn code(refusal: GetOrderError400) -> Option<i64> {
    refusal.code
}
