//! What the log is filtered by. All of it stands in the address.

use leptos::prelude::*;

use super::page::address;
use crate::{
    audit::model::{AuditQuery, Event, KINDS, Person},
    ui::{Glyph, Icon},
};

/// What a kind of thing is called in the choice of them.
fn label(kind: &str) -> String {
    match kind {
        "user" => "Session".to_owned(),
        "api_key" => "API key".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        }
    }
}

#[component]
pub fn Filters(query: AuditQuery, people: Vec<Person>) -> impl IntoView {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
    let actor = query.actor.clone();
    let actors = people
        .iter()
        .map(|person| (person.id.to_string(), person.name.clone()));
    let actions = Event::ACTIONS
        .iter()
        .map(|action| ((*action).to_owned(), (*action).to_owned()));
    let kinds = KINDS.map(|kind| (kind.to_owned(), label(kind)));
    view! {
        <form class="filters" method="get" role="search" aria-label="Activity">
            <Choice name="actor" label="Who" any="Anyone" options=actors.collect() value=actor.clone()/>
            <Choice name="action" label="Action" any="Any action" options=actions.collect() value=query.action.clone()/>
            <Choice name="entity" label="On" any="Anything" options=kinds.into() value=query.entity.clone()/>
            <label class="filter">"From "<input type="date" name="from" value=day(query.from)/></label>
            <label class="filter">"To "<input type="date" name="to" value=day(query.to)/></label>
            <button class="button" type="submit">"Apply"</button>
        </form>
        <Chips query=query people=people/>
    }
}

#[component]
fn Choice(
    name: &'static str,
    label: &'static str,
    any: &'static str,
    options: Vec<(String, String)>,
    value: Option<String>,
) -> impl IntoView {
    // What is asked for by its id isn't one of the choices, and stays.
    let other = value
        .clone()
        .filter(|value| options.iter().all(|(known, _)| known != value));
    view! {
        <select name=name aria-label=label>
            <option value="">{any}</option>
            {other.map(|other| view! { <option value=other.clone() selected=true>{other.clone()}</option> })}
            {options.into_iter().map(|(option, label)| {
                let is_chosen = value.as_ref() == Some(&option);
                view! { <option value=option selected=is_chosen>{label}</option> }
            }).collect_view()}
        </select>
    }
}

/// What is filtered by, each to be taken away by itself.
#[component]
fn Chips(query: AuditQuery, people: Vec<Person>) -> impl IntoView {
    let filters = query.filters();
    let chips: Vec<_> = filters
        .into_iter()
        .map(|(name, value)| {
            let mut without = query.clone();
            match name {
                "actor" => without.actor = None,
                "action" => without.action = None,
                "entity" => without.entity = None,
                "from" => without.from = None,
                _ => without.to = None,
            }
            let person = people.iter().find(|person| person.id.to_string() == value);
            let words = person.map_or(value, |person| person.name.clone());
            (name, words, address(&without, None))
        })
        .collect();
    (!chips.is_empty()).then(|| view! {
        <ul class="chips" aria-label="Filters in use">
            {chips.into_iter().map(|(name, words, without)| view! {
                <li class="chip">
                    <span class="muted">{name}</span> {words.clone()}
                    <a href=without aria-label=format!("Remove the filter {name} {words}")><Icon glyph=Glyph::X/></a>
                </li>
            }).collect_view()}
            <li><a class="button ghost small" href="?">"Clear all"</a></li>
        </ul>
    })
}
