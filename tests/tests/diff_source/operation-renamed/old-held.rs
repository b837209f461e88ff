/// An operation that is held to be sent again.
pub struct Watch {
    pub trades: acme::operations::GetTrades, // breaks: operation-renamed
}
