//! Three figures.

use super::state::State;
use crate::{
    analytics::model::{Live, Metric},
    ui::{
        StatCard,
        chart::sparkline,
        display::{Change, avatar},
        drawn::{Element, el},
        number::grouped,
    },
};

pub fn figures(state: &State) -> Element {
    let live = &state.live;
    let rate = format!("{} a minute now", grouped(live.api_calls_per_minute));
    let range = state.range().label();
    let compared = match state.shown.before {
        Some(_) => format!("vs. the {range} before"),
        None => format!("last {range}"),
    };
    let cards = vec![
        active(live),
        counted(state, "Events", Metric::Events, compared),
        counted(state, "API calls", Metric::ApiCalls, rate),
    ];
    el("div", "grid cards-3").children(cards)
}

fn active(live: &Live) -> Element {
    let people = live.people.iter();
    let avatars = people.map(|present| avatar(&present.name, "avatar"));
    let card = StatCard {
        label: "Active now",
        value: grouped(live.current_users),
        change: None,
        note: names(live),
        side: vec![el("div", "avatars").children(avatars.collect())],
    };
    card.draw()
}

fn counted(state: &State, label: &'static str, metric: Metric, note: String) -> Element {
    let shown = &state.shown;
    let sum = shown.counts.sum(metric);
    let before = shown.before.as_ref().map(|before| before.sum(metric));
    let card = StatCard {
        label,
        value: grouped(sum),
        // Nothing against nothing is no news.
        change: before
            .filter(|before| before + sum > 0)
            .map(|before| Change::new(before, sum)),
        note,
        side: vec![sparkline(shown.counts.of(metric))],
    };
    card.draw()
}

/// Who is there, as far as there is room for it.
fn names(live: &Live) -> String {
    const ROOM: usize = 3;
    let mut names = String::new();
    let mut others = live.current_users;
    for present in live.people.iter().take(ROOM) {
        if !names.is_empty() {
            names.push_str(", ");
        }
        names.push_str(present.name.split(' ').next().unwrap_or_default());
        others = others.saturating_sub(1);
    }
    match (names.is_empty(), others) {
        (true, _) => "in the last 5 minutes".to_owned(),
        (false, 0) => names,
        (false, others) => format!("{names} and {others} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::model::Present;

    #[test]
    fn as_many_are_named_as_there_is_room_for() {
        let present = |name: &str| Present {
            id: String::new(),
            name: name.to_owned(),
        };
        let people = ["Ada Byron", "Grace", "Mara Lindqvist", "Ole"].map(present);
        for (there, current_users, words) in [
            (0, 0, "in the last 5 minutes"),
            (2, 2, "Ada, Grace"),
            (4, 12, "Ada, Grace, Mara and 9 more"),
        ] {
            let live = Live {
                current_users,
                people: people[..there].to_vec(),
                ..Live::default()
            };
            assert_eq!(names(&live), words);
        }
    }
}
