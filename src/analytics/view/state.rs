//! All that the dashboard shows follows from one state.

use super::{feed::feed, figures::figures, history, rankings::rankings};
use crate::{
    analytics::model::{Grain, History, Live, Metric, Range, Shown},
    ui::{
        chart::{Point, largest, top_tick},
        drawn::{Element, el},
    },
};

#[derive(Debug)]
pub struct State {
    pub org: String,
    /// Whether whoever reads it may see all that is done.
    pub sees_activity: bool,
    history: History,
    pub live: Live,
    pub shown: Shown,
    pub metric: Metric,
    /// What the chart shows.
    pub points: Vec<Point>,
    /// The highest tick of the chart. It only grows: what moves are the values.
    pub top: u64,
    /// The place of the chart that is looked at.
    pub chosen: Option<usize>,
    is_due: bool,
    /// Whether what went on is about to be read anew.
    pub is_read_anew: bool,
}

impl State {
    #[must_use]
    pub fn of(
        org: String,
        sees_activity: bool,
        history: History,
        live: Live,
        metric: Metric,
    ) -> Self {
        let mut state = Self {
            org,
            sees_activity,
            history,
            live,
            shown: Shown::default(),
            metric,
            points: Vec::new(),
            top: 0,
            chosen: None,
            is_due: false,
            is_read_anew: false,
        };
        state.look();
        state
    }

    #[must_use]
    pub fn range(&self) -> Range {
        self.history.range
    }

    /// What goes on now.
    pub fn go_on(&mut self, live: Live) {
        // A tab that leads may be behind what the page was made of.
        if live.now < self.live.now {
            return;
        }
        let (ended, next) = match self.range().grain() {
            Grain::Minute => (None, 0),
            Grain::Hour => (Some(&self.live.hour), live.hour.start),
            Grain::Day => (Some(&self.live.day), live.day.start),
        };
        if let Some(ended) = ended
            && ended.start == self.history.last()
            && next == ended.start + self.range().grain().seconds()
        {
            self.history.go_on(ended);
            self.is_due = true;
        }
        self.live = live;
        self.look();
    }

    /// Whether what went on has to be read anew: a stretch of it has ended.
    #[must_use]
    pub fn is_outdated(&self) -> bool {
        self.is_due || self.shown.is_outdated
    }

    /// What went on, read anew.
    pub fn look_back(&mut self, history: History) {
        self.history = history;
        self.is_due = false;
        self.look();
    }

    fn look(&mut self) {
        self.shown = Shown::of(&self.history, &self.live);
        self.points = history::points(&self.shown, self.range(), self.metric);
        self.top = self.top.max(top_tick(largest(&self.points)));
    }

    /// The same on the server and in the browser.
    #[must_use]
    pub fn draw(&self) -> Element {
        el("div", "stack")
            .child(figures(self))
            .child(history::activity(self))
            .child(rankings(self))
            .child(feed(&self.live, &self.org, self.sees_activity))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analytics::model::Series;

    #[test]
    fn the_axis_grows_and_never_shrinks() {
        let minutes = |count| {
            let mut live = Live::default();
            live.minutes.counts = Series::empty(120);
            live.minutes.counts.events[119] = count;
            live
        };
        let history = History {
            range: Range::Hour,
            ..History::default()
        };
        let org = "acme".to_owned();
        let mut state = State::of(org, true, history, minutes(30), Metric::Events);
        let mut tops = vec![state.top];
        for count in [50, 3] {
            state.go_on(minutes(count));
            tops.push(state.top);
        }
        assert_eq!(tops, [40, 80, 80]);
    }
}
