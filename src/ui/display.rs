//! Parts that only show something.

use leptos::prelude::*;

use super::{Glyph, Icon};

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
    let hue = name.bytes().map(u32::from).sum::<u32>() % 6;
    view! {
        <span class=class data-hue=hue.to_string() aria-hidden="true">
            {match image.flatten() {
                Some(image) => view! { <img src=image alt="" width="64" height="64"/> }.into_any(),
                None => initials(&name).into_any(),
            }}
        </span>
    }
}

fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    let first = words.next();
    first
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

/// A status is a dot and a word; a property is a pill.
#[component]
pub fn Badge(
    #[prop(into)] label: String,
    #[prop(default = "badge")] class: &'static str,
) -> impl IntoView {
    view! { <span class=class>{label}</span> }
}

/// How much of something is used, amber from 80 % and red when it is full.
#[component]
pub fn Meter(#[prop(into)] label: String, used: u64, max: u64) -> impl IntoView {
    let percent = used.saturating_mul(100) / max.max(1);
    let level = match percent {
        ..80 => "ok",
        80..100 => "warn",
        _ => "full",
    };
    view! {
        <meter class="meter" data-level=level min="0" max=max.to_string() value=used.min(max).to_string() aria-label=label>
            {format!("{percent} %")}
        </meter>
    }
}

/// A figure, with what it is against the period before.
#[component]
pub fn StatCard(
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(default = None, into)] change: Option<Change>,
    #[prop(into)] note: String,
) -> impl IntoView {
    view! {
        <div class="card stat">
            <h2 class="stat-label">{label}</h2>
            <p class="stat-value">{value}</p>
            <p class="stat-foot">
                {change.map(|change| view! { <span class=change.class()>{change.words()}</span> " " })}
                <span class="faint">{note}</span>
            </p>
        </div>
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
        let (before, now) = (i128::from(self.before), i128::from(self.now));
        let sign = if now < before { "−" } else { "+" };
        match before {
            0 => format!("{sign}{}", (now - before).abs()),
            _ => format!(
                "{sign}{} %",
                ((now - before).abs() * 100 + before / 2) / before
            ),
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
            ("ärzte", "Ä"),
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
