use acme::types::Stop;

/// A part of a program that keeps a builder.
pub struct Form {
    pub stop: acme::builders::StopBuilder, // breaks: builder-removed
}

pub fn build(form: Form) -> Stop {
    form.stop.build()
}

pub fn without(order: &acme::types::Order) -> bool {
    order.id.is_some()
}
