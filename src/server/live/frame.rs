//! What is shown, as bytes that are written once for all who see it.

use std::sync::Arc;

use axum::body::Bytes;

/// Who sees a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Members of an organization that is open.
    Members,
    /// Those who pay for one that isn't: they see what they pay for, and no more.
    Payers,
}

/// Something that is told whenever it has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The name of its events; empty for the default one.
    pub name: &'static str,
    /// JSON.
    pub data: String,
    pub is_for_payers: bool,
}

/// All topics as they were last told.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    epoch: u32,
    /// Counts the frames of a room from 1; 0 before there is one.
    number: u64,
    topics: Arc<[Told]>,
    /// What a member is told who knows the frame before.
    news: Bytes,
}

#[derive(Clone, Debug)]
struct Told {
    topic: Topic,
    /// The frame that it is told by.
    since: u64,
    text: Bytes,
}

impl Frame {
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The frame after this one: what hasn't changed isn't told again.
    #[must_use]
    pub fn next(&self, topics: Vec<Topic>, epoch: u32) -> Self {
        let number = self.number + 1;
        let told = topics.into_iter().enumerate().map(|(place, topic)| {
            let before = self.topics.get(place);
            match before.filter(|before| before.topic == topic) {
                Some(same) => same.clone(),
                None => Told {
                    text: event(&topic),
                    since: number,
                    topic,
                },
            }
        });
        let mut next = Self {
            epoch,
            number,
            topics: told.collect(),
            news: Bytes::new(),
        };
        next.news = next.written(self.number, Audience::Members);
        next
    }

    /// What whoever knows the frame of that number is still to be told.
    #[must_use]
    pub fn since(&self, known: u64, audience: Audience) -> Bytes {
        if audience == Audience::Members && known + 1 == self.number {
            return self.news.clone();
        }
        self.written(known, audience)
    }

    /// The last event has the id of the frame: whoever is cut off before it is
    /// told all of them again.
    fn written(&self, known: u64, audience: Audience) -> Bytes {
        let is_news = |told: &&Told| {
            told.since > known && (audience == Audience::Members || told.topic.is_for_payers)
        };
        let news: Vec<&Told> = self.topics.iter().filter(is_news).collect();
        let Some((last, others)) = news.split_last() else {
            return Bytes::new();
        };
        let id = EventId {
            epoch: self.epoch,
            number: self.number,
            audience,
        };
        let id = format!("id: {id}\n");
        let mut texts: Vec<&[u8]> = others.iter().map(|told| told.text.as_ref()).collect();
        texts.extend([id.as_bytes(), last.text.as_ref()]);
        texts.concat().into()
    }
}

/// An event as it is sent. JSON has no line breaks of its own.
fn event(topic: &Topic) -> Bytes {
    if topic.name.is_empty() {
        format!("data: {}\n\n", topic.data).into()
    } else {
        format!("event: {}\ndata: {}\n\n", topic.name, topic.data).into()
    }
}

/// Names a frame of a room, as it was told to some. Another room, be it of
/// another node, counts anew, and knows by the epoch that the number isn't one
/// of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventId {
    pub epoch: u32,
    pub number: u64,
    pub audience: Audience,
}

/// Ends the ids of those who were told less.
const PAYERS: &str = "p";

impl std::fmt::Display for EventId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = match self.audience {
            Audience::Members => "",
            Audience::Payers => PAYERS,
        };
        write!(f, "{:08x}-{}{of}", self.epoch, self.number)
    }
}

impl std::str::FromStr for EventId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (epoch, number) = text.split_once('-').unwrap_or((text, ""));
        let (number, audience) = match number.strip_suffix(PAYERS) {
            Some(number) => (number, Audience::Payers),
            None => (number, Audience::Members),
        };
        Ok(Self {
            epoch: u32::from_str_radix(epoch, 16)?,
            number: number.parse()?,
            audience,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topics(overview: &str, billing: &str) -> Vec<Topic> {
        let topic = |name, data: &str, is_for_payers| Topic {
            name,
            data: data.to_owned(),
            is_for_payers,
        };
        vec![topic("", overview, false), topic("billing", billing, true)]
    }

    #[test]
    fn what_has_not_changed_is_not_told_again() {
        let first = Frame::default().next(topics("1", "a"), 7);
        let second = first.next(topics("2", "a"), 7);
        let third = second.next(topics("3", "b"), 7);
        let told = |frame: &Frame, known, audience| {
            String::from_utf8(frame.since(known, audience).to_vec()).unwrap()
        };
        let overview = |data: &str| format!("data: {data}\n\n");
        let billing = |data: &str| format!("event: billing\ndata: {data}\n\n");
        let id = |number: &str| format!("id: 00000007-{number}\n");
        let members = Audience::Members;
        // The id comes last: until then, nothing of it counts as told.
        assert_eq!(
            told(&first, 0, members),
            overview("1") + &id("1") + &billing("a")
        );
        assert_eq!(told(&second, 1, members), id("2") + &overview("2"));
        // Whoever missed one is told the newest of each, and nothing in between.
        let all = overview("3") + &id("3") + &billing("b");
        assert_eq!(told(&third, 1, members), all);
        assert_eq!(
            told(&second, 0, members),
            overview("2") + &id("2") + &billing("a")
        );
        assert_eq!(told(&third, 3, members), "");
        assert_eq!(told(&third, 0, Audience::Payers), id("3p") + &billing("b"));
        assert_eq!(told(&second, 1, Audience::Payers), "");
    }

    #[test]
    fn an_event_id_reads_back_as_it_was_written() {
        for (audience, text) in [
            (Audience::Members, "000000fe-12"),
            (Audience::Payers, "000000fe-12p"),
        ] {
            let id = EventId {
                epoch: 0xfe,
                number: 12,
                audience,
            };
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
        }
        for text in ["", "12", "-12", "x-1", "000000fe-", "1-1-1", "1-p", "1-1pp"] {
            assert!(text.parse::<EventId>().is_err(), "{text}");
        }
    }
}
