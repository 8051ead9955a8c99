use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
};

/// How often each action happened; in JSON, an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByAction(pub Vec<(String, u64)>);

impl ByAction {
    pub fn add(&mut self, action: &str, count: u64) {
        let known = self.0.iter_mut().find(|(known, _)| known == action);
        match known {
            Some((_, so_far)) => *so_far += count,
            None => self.0.push((action.to_owned(), count)),
        }
    }

    #[must_use]
    pub fn sum(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// The most frequent one first.
    #[must_use]
    pub fn ranked(self) -> Vec<(String, u64)> {
        let mut ranked: Vec<(String, u64)> = Vec::new();
        // They are few: to sort many quickly is more code than a browser needs.
        for (action, count) in self.0.into_iter().filter(|(_, count)| *count > 0) {
            let is_before = |(other, often): &(String, u64)| {
                *often > count || (*often == count && *other < action)
            };
            let place = ranked.iter().take_while(|other| is_before(other)).count();
            ranked.insert(place, (action, count));
        }
        ranked
    }
}

impl Serialize for ByAction {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(action, count)| (action, count)))
    }
}

impl<'de> Deserialize<'de> for ByAction {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Counts;
        impl<'de> Visitor<'de> for Counts {
            type Value = ByAction;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("counts by action")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<ByAction, M::Error> {
                let mut counts = ByAction::default();
                while let Some((action, count)) = map.next_entry::<String, u64>()? {
                    counts.add(&action, count);
                }
                Ok(counts)
            }
        }
        from.deserialize_map(Counts)
    }
}
