use acme::types::Wanted;

pub fn wanted(id: &str) -> Wanted {
    Wanted::builder().id(id).build() // breaks: shape-changed, alternative-removed
}

pub fn id(wanted: Wanted) -> String {
    wanted.id.to_string()
}
