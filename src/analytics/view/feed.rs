//! What was done last.

use crate::{
    analytics::model::{Happening, Live},
    ui::{
        display::avatar,
        drawn::{Element, el},
        time::elapsed,
    },
};

pub fn feed(live: &Live, org: &str, sees_activity: bool) -> Element {
    let row = |happening: &Happening| row(happening, org, live.now);
    let rows = live.feed.iter().map(row).collect();
    let mut head = el("div", "card-head").child(el("h2", "").attr("id", "latest").text("Latest"));
    if sees_activity {
        let all = el("a", "button small").attr("href", &format!("/app/{org}/activity"));
        head = head.child(all.text("View all"));
    }
    el("section", "card")
        .attr("aria-labelledby", "latest")
        .child(head)
        .child(el("ol", "card-body feed").children(rows))
}

fn row(happening: &Happening, org: &str, now: i64) -> Element {
    let Happening {
        who,
        did,
        what,
        path,
        at,
        at_second,
        ..
    } = happening;
    let mut body = el("span", "said")
        .child(el("strong", "").text(who))
        .text(" ")
        .text(did);
    if let Some(what) = what {
        let what_with = match path {
            Some(path) => el("a", "").attr("href", &format!("/app/{org}{path}")),
            None => el("span", ""),
        };
        body = body.text(" ").child(what_with.text(what));
    }
    let time = el("time", "faint").attr("datetime", at).attr("title", at);
    el("li", "")
        .child(avatar(who, "avatar small"))
        .child(body)
        .child(time.text(&elapsed(now - at_second)))
}
