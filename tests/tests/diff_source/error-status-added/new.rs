use acme::types::GetOrderError400; // breaks: error-status-removed

pub fn code(refusal: &GetOrderError400) -> Option<i64> {
    refusal.code
}
