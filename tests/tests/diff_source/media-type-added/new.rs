use acme::types::GetOrderError400; // breaks: media-type-removed

pub fn code(refusal: &GetOrderError400) -> Option<i64> {
    refusal.code
}
