use acme::types::Stop;

/// A struct of the user that holds a builder.
pub struct Form {
    pub stop: acme::builders::StopBuilder, // breaks: builder-removed
}

pub fn build(form: Form) -> Stop {
    form.stop.build()
}

pub fn without(order: &acme::types::Order) -> bool {
    order.id.is_some()
}
