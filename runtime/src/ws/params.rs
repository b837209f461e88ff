//! The topics of a subscription, and the merged call of several subscriptions.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::error::Error;
use crate::operation::family::{SubscriptionFamily, Topics};

/// The parameters of one subscription.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// The topics; empty if the subscription has none, or has all.
    pub(super) topics: Vec<Arc<str>>,
    /// The `params` of the call that subscribes to nothing else.
    params: Box<str>,
}

impl Wanted {
    /// Reads the parameters of a subscription.
    ///
    /// # Errors
    ///
    /// When the list of topics is empty although it has to have one, or when a topic is not a text.
    pub(super) fn new(family: &SubscriptionFamily, kind: Topics, params: String) -> Result<Self, Error> {
        let name = family.name;
        if kind == Topics::Ids {
            return Ok(Self { topics: Vec::new(), params: params.into() });
        }
        let elements: Vec<&RawValue> = serde_json::from_str(&params)
            .map_err(|_| Error::request(format!("the parameters of `{name}` do not go by position")))?;
        let topic = |element: &RawValue| serde_json::from_str::<Box<str>>(element.get()).map(Arc::from);
        let topics = match kind {
            Topics::List => elements
                .iter()
                .map(|element| topic(element))
                .collect::<Result<Vec<_>, _>>()
                .map_err(|_| Error::request(format!("each parameter of `{name}` has to be a text")))?,
            Topics::Rows | Topics::RowsOrSingle | Topics::Single | Topics::Ids => {
                elements.first().and_then(|first| topic(first).ok()).into_iter().collect()
            }
        };
        if kind == Topics::List && topics.is_empty() && !family.empty_list_is_all {
            let message =
                format!("`{name}` needs at least one topic: the venue reads an empty list as no subscription");
            return Err(Error::request(message));
        }
        Ok(Self { topics, params: params.into() })
    }

    /// Returns the parameters that go by position.
    pub(super) fn parameters(&self) -> Vec<&RawValue> {
        serde_json::from_str(&self.params).unwrap_or_default()
    }

    /// Returns the `params` of the call that subscribes to nothing else.
    pub(super) fn params(&self) -> &str {
        &self.params
    }

    /// Returns whether a notification about this topic is meant for the subscription.
    pub(super) fn has(&self, topic: &str) -> bool {
        self.topics.is_empty() || self.topics.iter().any(|own| &**own == topic)
    }

    /// Returns the topic as it is kept here, so that it is not copied for each notification.
    pub(super) fn own(&self, topic: &str) -> Option<&Arc<str>> {
        self.topics.iter().find(|own| &***own == topic)
    }
}

/// Returns the `params` of one call for all these subscriptions.
pub(super) fn merged<'w>(kind: Topics, all: impl Iterator<Item = &'w Wanted> + Clone) -> String {
    match kind {
        Topics::List => {
            if all.clone().any(|wanted| wanted.topics.is_empty()) {
                return "[]".to_owned();
            }
            let mut seen = HashSet::new();
            let topics = all.flat_map(|wanted| &wanted.topics).filter(|topic| seen.insert(&***topic));
            let topics: Vec<String> = topics.map(|topic| serde_json::Value::from(&**topic).to_string()).collect();
            format!("[{}]", topics.join(","))
        }
        Topics::Rows => {
            let mut rows: Vec<&str> = Vec::new();
            for wanted in all {
                if !rows.contains(&&*wanted.params) {
                    rows.push(&wanted.params);
                }
            }
            match rows.as_slice() {
                [row] => (*row).to_owned(),
                rows => format!("[{}]", rows.join(",")),
            }
        }
        Topics::Single | Topics::RowsOrSingle | Topics::Ids => {
            all.last().map_or("[]", |wanted| &wanted.params).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::operation::Operation;

    static SUBSCRIBE: Operation = Operation::rpc("s", "s");
    static LIST: SubscriptionFamily =
        SubscriptionFamily::new("list", &SUBSCRIBE, &SUBSCRIBE, &["u"]).with_topics(Topics::List);
    static ALL: SubscriptionFamily = SubscriptionFamily::new("all", &SUBSCRIBE, &SUBSCRIBE, &["u"])
        .with_topics(Topics::List)
        .with_empty_list_is_all();
    static ROWS: SubscriptionFamily =
        SubscriptionFamily::new("rows", &SUBSCRIBE, &SUBSCRIBE, &["u"]).with_topics(Topics::Rows);

    fn call(family: &SubscriptionFamily, params: &[&str]) -> String {
        let wanted = params.iter().map(|params| Wanted::new(family, family.topics, (*params).to_owned()).unwrap());
        let wanted: Vec<_> = wanted.collect();
        merged(family.topics, wanted.iter())
    }

    #[test]
    fn lists_of_topics_become_one_list_without_repetition() {
        assert_eq!(call(&LIST, &[r#"["A"]"#]), r#"["A"]"#);
        assert_eq!(call(&LIST, &[r#"["A","B"]"#, r#"["C\"","A"]"#]), r#"["A","B","C\""]"#);
        assert_eq!(call(&ALL, &[r#"["A"]"#, "[]"]), "[]");
    }

    #[test]
    fn an_empty_list_is_an_error_unless_it_means_all() {
        assert!(Wanted::new(&LIST, Topics::List, "[]".to_owned()).is_err());
        assert!(Wanted::new(&LIST, Topics::List, "[1]".to_owned()).is_err());
        assert!(Wanted::new(&ALL, Topics::List, "[]".to_owned()).unwrap().has("A"));
    }

    #[test]
    fn several_rows_become_a_list_of_rows() {
        assert_eq!(call(&ROWS, &[r#"["A",5,"0"]"#]), r#"["A",5,"0"]"#);
        assert_eq!(call(&ROWS, &[r#"["A",5,"0"]"#, r#"["B",1,"0"]"#]), r#"[["A",5,"0"],["B",1,"0"]]"#);
    }
}
