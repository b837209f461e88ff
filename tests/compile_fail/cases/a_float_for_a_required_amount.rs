use venuekit_btse_spot::venuekit::setters::IntoDecimal;

fn takes(_: impl IntoDecimal) {}

fn main() {
    takes(0.1);
}
