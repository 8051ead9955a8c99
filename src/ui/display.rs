//! Parts that only show something.

use leptos::prelude::*;

use super::{
    Glyph, Icon,
    drawn::{Element, el},
};

#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" aria-hidden="true">
            <path class="roof" d="M3 21V11a9 9 0 0 1 18 0v10h-4V11a5 5 0 0 0-10 0v10z"/>
            <path class="door" d="M10 21v-9.5a2 2 0 0 1 4 0V21z"/>
        </svg>
    }
}

/// Initials, or an image where there is one.
#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    /// Where the image is.
    #[prop(optional)]
    image: Option<Option<String>>,
    #[prop(default = "avatar")] class: &'static str,
) -> impl IntoView {
    match image.flatten() {
        Some(image) => view! {
            <span class=class data-hue=hue(&name) aria-hidden="true"><img src=image alt="" width="64" height="64"/></span>
        }
        .into_any(),
        None => avatar(&name, class).into_view(),
    }
}

/// The initials of a name.
#[must_use]
pub fn avatar(name: &str, class: &'static str) -> Element {
    el("span", class)
        .attr("data-hue", &hue(name))
        .attr("aria-hidden", "true")
        .text(&initials(name))
}

fn hue(name: &str) -> String {
    (name.bytes().map(u32::from).sum::<u32>() % 6).to_string()
}

fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    let first = words.next();
    // The style has them in capitals: what knows the capitals of all scripts is
    // large, and every browser has it.
    first.into_iter().chain(words.next_back()).collect()
}

/// A status is a dot and a word; a property is a pill.
#[component]
pub fn Badge(
    #[prop(into)] label: String,
    #[prop(default = "badge")] class: &'static str,
) -> impl IntoView {
    view! { <span class=class>{label}</span> }
}

#[component]
pub fn Meter(#[prop(into)] label: String, used: u64, max: u64) -> impl IntoView {
    meter(&label, used, max).into_view()
}

/// How much of something is used, amber from 80 % and red when it is full.
#[must_use]
pub fn meter(label: &str, used: u64, max: u64) -> Element {
    let percent = used.saturating_mul(100) / max.max(1);
    let level = match percent {
        ..80 => "ok",
        80..100 => "warn",
        _ => "full",
    };
    el("meter", "meter")
        .attr("data-level", level)
        .attr("min", "0")
        .attr("max", &max.to_string())
        .attr("value", &used.min(max).to_string())
        .attr("aria-label", label)
        .text(&format!("{percent} %"))
}

/// A figure, with what it is against the period before.
#[derive(Clone, Debug, Default)]
pub struct StatCard {
    pub label: &'static str,
    pub value: String,
    pub change: Option<Change>,
    pub note: String,
    /// Beside the figure.
    pub side: Vec<Element>,
}

impl StatCard {
    #[must_use]
    pub fn draw(self) -> Element {
        let delta = el("span", self.change.map_or("delta", Change::class));
        let words = self.change.map(Change::words).unwrap_or_default();
        el("div", "card stat")
            .child(el("h2", "stat-label").text(self.label))
            .child(el("p", "stat-value").text(&self.value))
            .child(
                el("p", "stat-foot")
                    .child(delta.text(&words))
                    .text(" ")
                    .child(el("span", "faint").text(&self.note)),
            )
            .child(el("div", "stat-side").children(self.side))
    }
}

/// How a figure moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    before: u64,
    now: u64,
}

impl Change {
    #[must_use]
    pub const fn new(before: u64, now: u64) -> Self {
        Self { before, now }
    }

    fn class(self) -> &'static str {
        match self.now.cmp(&self.before) {
            std::cmp::Ordering::Greater => "delta up",
            std::cmp::Ordering::Equal => "delta",
            std::cmp::Ordering::Less => "delta down",
        }
    }

    /// In per cent, or in numbers where there was nothing before.
    fn words(self) -> String {
        let Self { before, now } = self;
        let sign = if now < before { "−" } else { "+" };
        let moved = now.abs_diff(before);
        match before {
            0 => format!("{sign}{moved}"),
            _ => {
                let percent = moved.saturating_mul(100).saturating_add(before / 2) / before;
                format!("{sign}{percent} %")
            }
        }
    }
}

/// The first cell of a row: what it is called, and leads to, and some words.
#[component]
pub fn NameCell(
    #[prop(into)] path: String,
    #[prop(into)] name: String,
    #[prop(into)] words: String,
) -> impl IntoView {
    view! {
        <td class="main"><a class="row-link" href=path>{name}</a><span class="muted truncate">{words}</span></td>
    }
}

/// What stands where there is nothing yet, with what to do about it.
#[component]
pub fn EmptyState(
    glyph: Glyph,
    #[prop(into)] title: String,
    #[prop(into)] words: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph large=true/>
            <h2>{title}</h2>
            <p class="muted">{words}</p>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_name() {
        for (name, letters) in [
            ("Mara Lindqvist", "ML"),
            ("Ada", "A"),
            ("Juan de la Cruz", "JC"),
            ("", ""),
            ("ärzte", "ä"),
        ] {
            assert_eq!(initials(name), letters);
        }
    }

    #[test]
    fn a_change_is_told_in_per_cent() {
        for (before, now, words, class) in [
            (100, 112, "+12 %", "delta up"),
            (8, 6, "−25 %", "delta down"),
            (0, 3, "+3", "delta up"),
            (5, 5, "+0 %", "delta"),
        ] {
            let change = Change::new(before, now);
            assert_eq!((change.words().as_str(), change.class()), (words, class));
        }
    }
}
