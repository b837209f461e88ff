use acme::types::GetOrderError400;

pub fn text(refusal: GetOrderError400) -> Option<String> {
    refusal.text // breaks: optional-property-removed
}
