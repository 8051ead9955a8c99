//! What went on over a range, and what is shown of it as it goes on.

use serde::{Deserialize, Serialize};

use super::{ByAction, Deployed, Grain, Live, Range, Stretch, TOP};

/// What a chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    #[default]
    Events,
    Deployments,
    ApiCalls,
}

impl Metric {
    pub const ALL: [Self; 3] = [Self::Events, Self::Deployments, Self::ApiCalls];

    /// As it stands in an address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Deployments => "deployments",
            Self::ApiCalls => "api_calls",
        }
    }

    /// The one of that name, if it is one.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Events => "Events",
            Self::Deployments => "Deployments",
            Self::ApiCalls => "API calls",
        }
    }
}

/// Counts of each metric, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    pub events: Vec<u64>,
    pub deployments: Vec<u64>,
    pub api_calls: Vec<u64>,
}

impl Series {
    #[must_use]
    pub fn empty(length: usize) -> Self {
        Self {
            events: vec![0; length],
            deployments: vec![0; length],
            api_calls: vec![0; length],
        }
    }

    #[must_use]
    pub fn of(&self, metric: Metric) -> &[u64] {
        match metric {
            Metric::Events => &self.events,
            Metric::Deployments => &self.deployments,
            Metric::ApiCalls => &self.api_calls,
        }
    }

    pub fn of_mut(&mut self, metric: Metric) -> &mut Vec<u64> {
        match metric {
            Metric::Events => &mut self.events,
            Metric::Deployments => &mut self.deployments,
            Metric::ApiCalls => &mut self.api_calls,
        }
    }

    #[must_use]
    pub fn sum(&self, metric: Metric) -> u64 {
        self.of(metric).iter().sum()
    }

    /// The first so many, and the rest.
    #[must_use]
    pub fn split_at(mut self, at: usize) -> (Self, Self) {
        let mut rest = Self::default();
        for metric in Metric::ALL {
            let all = self.of_mut(metric);
            let later = all.split_off(at.min(all.len()));
            *rest.of_mut(metric) = later;
        }
        (self, rest)
    }
}

/// What went on over a range.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct History {
    pub range: Range,
    /// When the first point begins, in seconds of Unix time.
    pub first: i64,
    /// The last point is under way.
    pub counts: Series,
    /// As many points of the period before, if the plan keeps them.
    pub before: Option<Series>,
    /// By action, without the stretch that is under way.
    pub settled_events: ByAction,
    /// By project, without the stretch that is under way; those that were
    /// deployed most.
    pub settled_projects: Vec<Deployed>,
}

impl History {
    /// When the last point begins, in seconds of Unix time.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.first + (i64::from(self.range.length()) - 1) * self.range.grain().seconds()
    }

    /// Goes on to the stretch after the last one, which was like that at its
    /// end. What is no longer in the range is still counted by action and by
    /// project, until it is read anew.
    pub fn go_on(&mut self, ended: &Stretch) {
        let counts = [ended.events.sum(), ended.deployments, ended.api_calls];
        for (metric, count) in Metric::ALL.into_iter().zip(counts) {
            let points = self.counts.of_mut(metric);
            if points.is_empty() {
                continue;
            }
            let first = points.remove(0);
            if let Some(last) = points.last_mut() {
                *last = count;
            }
            points.push(0);
            if let Some(before) = &mut self.before {
                let before = before.of_mut(metric);
                before.push(first);
                before.remove(0);
            }
        }
        for (action, count) in &ended.events.0 {
            self.settled_events.add(action, *count);
        }
        add_each(&mut self.settled_projects, &ended.projects);
        self.first += self.range.grain().seconds();
    }
}

fn add_each(projects: &mut Vec<Deployed>, more: &[Deployed]) {
    for project in more {
        match projects.iter_mut().find(|known| known.id == project.id) {
            Some(known) => known.deployments += project.deployments,
            None => projects.push(project.clone()),
        }
    }
}

/// What a page shows of a range at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// When the first point begins, in seconds of Unix time.
    pub first: i64,
    pub counts: Series,
    pub before: Option<Series>,
    /// By action, the most frequent one first.
    pub events: Vec<(String, u64)>,
    /// By deployments, five at most.
    pub projects: Vec<Deployed>,
    /// A stretch has ended since it was read: it has to be read anew.
    pub is_outdated: bool,
}

impl Shown {
    /// What went on, with what goes on now. The same on the server, and in the
    /// browser each time that the stream tells something.
    #[must_use]
    pub fn of(history: &History, live: &Live) -> Self {
        match history.range.grain() {
            Grain::Minute => Self::of_minutes(live),
            Grain::Hour => Self::of_stretches(history, &live.hour),
            Grain::Day => Self::of_stretches(history, &live.day),
        }
    }

    /// All that is shown of the last hour is in what is told now.
    fn of_minutes(live: &Live) -> Self {
        let length = Range::Hour.length();
        let (before, counts) = live.minutes.counts.clone().split_at(length.into());
        Self {
            first: live.minutes.start + i64::from(length) * Grain::Minute.seconds(),
            counts,
            before: Some(before),
            events: live.events_last_hour.clone().ranked(),
            projects: live.top_projects.clone(),
            is_outdated: false,
        }
    }

    fn of_stretches(history: &History, now: &Stretch) -> Self {
        let last = history.last();
        let mut shown = Self {
            first: history.first,
            counts: history.counts.clone(),
            before: history.before.clone(),
            events: history.settled_events.clone().ranked(),
            projects: history.settled_projects.clone(),
            is_outdated: now.start > last,
        };
        if now.start == last {
            shown.take(now);
        }
        shown.projects = top(shown.projects);
        shown
    }

    /// Has the last point be what it is now.
    fn take(&mut self, now: &Stretch) {
        let counts = [now.events.sum(), now.deployments, now.api_calls];
        for (metric, count) in Metric::ALL.into_iter().zip(counts) {
            if let Some(point) = self.counts.of_mut(metric).last_mut() {
                *point = count;
            }
        }
        let mut events = ByAction(std::mem::take(&mut self.events));
        for (action, count) in &now.events.0 {
            events.add(action, *count);
        }
        self.events = events.ranked();
        add_each(&mut self.projects, &now.projects);
    }
}

/// The most often deployed first; of two, the older project.
#[must_use]
pub fn top(projects: Vec<Deployed>) -> Vec<Deployed> {
    let mut top: Vec<Deployed> = Vec::new();
    for project in projects {
        let is_before = |other: &Deployed| {
            other.deployments > project.deployments
                || (other.deployments == project.deployments && other.id < project.id)
        };
        let place = top.iter().take_while(|other| is_before(other)).count();
        top.insert(place, project);
        top.truncate(TOP);
    }
    top
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_action(counts: &[(&str, u64)]) -> ByAction {
        let owned = |(action, count): &(&str, u64)| ((*action).to_owned(), *count);
        ByAction(counts.iter().map(owned).collect())
    }

    fn project(number: u128, deployments: u64) -> Deployed {
        Deployed {
            id: format!("prj_{number}"),
            name: number.to_string(),
            deployments,
        }
    }

    fn history() -> History {
        let mut counts = Series::empty(24);
        counts.events[22] = 7;
        counts.events[23] = 1;
        History {
            range: Range::Day,
            first: 3_600,
            counts,
            settled_events: by_action(&[("a", 3), ("b", 4)]),
            settled_projects: (1..=6).map(|number| project(number, 1)).collect(),
            ..History::default()
        }
    }

    fn hour(start: i64) -> Live {
        let hour = Stretch {
            start,
            events: by_action(&[("a", 2), ("c", 1)]),
            projects: vec![project(6, 2), project(9, 1)],
            deployments: 3,
            api_calls: 5,
        };
        Live {
            hour,
            ..Live::default()
        }
    }

    #[test]
    fn what_goes_on_now_takes_the_place_of_the_last_point() {
        let shown = Shown::of(&history(), &hour(24 * 3_600));
        assert_eq!(shown.counts.events[22..], [7, 3]);
        assert_eq!(shown.counts.sum(Metric::ApiCalls), 5);
        let counted = |action: &str, count| (action.to_owned(), count);
        assert_eq!(
            shown.events,
            [counted("a", 5), counted("b", 4), counted("c", 1)]
        );
        let top: Vec<_> = shown.projects.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(top, ["6", "1", "2", "3", "4"]);
        assert!(!shown.is_outdated);
    }

    #[test]
    fn what_goes_on_in_a_later_stretch_has_it_read_anew() {
        let shown = Shown::of(&history(), &hour(25 * 3_600));
        assert!(shown.is_outdated);
        assert_eq!(shown.counts, history().counts);
        // A node that is behind tells nothing about the last point.
        assert_eq!(
            Shown::of(&history(), &hour(23 * 3_600)).counts,
            history().counts
        );
    }

    #[test]
    fn a_stretch_that_ends_is_counted_like_those_before_it() {
        let mut history = history();
        let ended = hour(24 * 3_600).hour;
        history.go_on(&ended);
        assert_eq!((history.first, history.last()), (7_200, 25 * 3_600));
        assert_eq!(history.counts.events[21..], [7, 3, 0]);
        let shown = Shown::of(&history, &hour(25 * 3_600));
        assert_eq!(shown.counts.events[21..], [7, 3, 3]);
        assert_eq!(shown.events[0], ("a".to_owned(), 7));
        assert!(!shown.is_outdated);
    }

    #[test]
    fn the_last_hour_is_all_in_what_is_told_now() {
        let mut live = Live::default();
        live.minutes.counts = Series::empty(120);
        live.minutes.counts.events[59] = 4;
        live.minutes.counts.events[60] = 2;
        live.events_last_hour = by_action(&[("a", 2)]);
        let last_hour = History {
            range: Range::Hour,
            ..History::default()
        };
        let shown = Shown::of(&last_hour, &live);
        assert_eq!(shown.first, 3_600);
        assert_eq!(shown.counts.sum(Metric::Events), 2);
        assert_eq!(shown.before.unwrap().sum(Metric::Events), 4);
    }
}
