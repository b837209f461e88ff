use acme::types::Wanted;

pub fn wanted(id: i64) -> Wanted {
    Wanted::builder().id(id).build()
}

pub fn id(wanted: &Wanted) -> i64 {
    wanted.id // breaks: shape-changed, alternative-added
}
