//! Rules that hold for whatever text comes.

use atrium::{
    id::{Email, OrgSlug, ProjectId},
    identity::model::safe_callback,
    projects::model::{DeploymentStatus, search_key},
    ui::page::encoded,
};
use proptest::prelude::*;
use url::Url;
use uuid::Uuid;

/// What somebody types who looks for a way off the site.
const NEAR_A_PATH: &str = r"[/\\]{0,3}[a-z@:?#%.\t\n\r ;é/\\]{0,20}";

proptest! {
    #[test]
    fn an_id_is_read_as_it_was_written(bits: u128) {
        let id = ProjectId(Uuid::from_u128(bits));
        prop_assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn ids_sort_like_their_texts(a: u128, b: u128) {
        let [a, b] = [a, b].map(|bits| ProjectId(Uuid::from_u128(bits)));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn an_id_has_one_text_only(bits: u128, place in 0..30_usize, other in "[ -~]") {
        let mut text = ProjectId(Uuid::from_u128(bits)).to_string();
        text.replace_range(place..=place, &other);
        if let Ok(id) = text.parse::<ProjectId>() {
            prop_assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn an_address_is_its_own_normal_form(
        text in "[ ]?[a-zA-Z0-9.+_'-]{1,12}@[a-zA-Z0-9-]{1,8}[.][a-z]{2,3}[ ]?",
        place in 0..12_usize,
        other in "\\PC?",
    ) {
        let mut text = text;
        if place < text.len() {
            text.replace_range(place..=place, &other);
        }
        if let Ok(email) = Email::parse(&text) {
            prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
            prop_assert!(email.as_str().parse::<lettre::Address>().is_ok(), "{}", email);
            prop_assert!(!email.as_str().chars().any(|c| c.is_control() || c.is_whitespace()));
        }
    }

    #[test]
    fn a_suggested_slug_is_one_or_too_short_or_reserved(name in "\\PC{0,60}") {
        use atrium::id::SlugProblem::{Reserved, TooShort};
        let suggested = OrgSlug::suggest(&name);
        match OrgSlug::parse(&suggested) {
            Ok(slug) => prop_assert_eq!(slug.as_str(), suggested),
            Err(problem) => prop_assert!(matches!(problem, TooShort | Reserved), "{:?}", problem),
        }
    }

    #[test]
    fn a_slug_needs_no_escaping_anywhere(text in "[a-z0-9\\-]{0,45}") {
        if let Ok(slug) = OrgSlug::parse(&text) {
            prop_assert_eq!(encoded(slug.as_str()), slug.as_str());
        }
    }

    #[test]
    fn whoever_follows_a_callback_stays(text in NEAR_A_PATH) {
        let here = Url::parse("https://atrium.example/auth/signin").unwrap();
        if let Some(path) = safe_callback(&text) {
            let there = here.join(path).unwrap();
            prop_assert_eq!(there.origin(), here.origin(), "{:?}", path);
        }
    }

    #[test]
    fn a_query_comes_back_as_it_was_sent(text in "\\PC{0,40}") {
        let read = url::form_urlencoded::parse(format!("q={}", encoded(&text)).as_bytes())
            .into_owned()
            .collect::<Vec<_>>();
        prop_assert_eq!(read, vec![("q".to_owned(), text)]);
    }

    #[test]
    fn a_search_finds_what_it_is_asked_for_in_any_case(text in "[a-zA-Zäöüß0-9 ]{0,40}") {
        prop_assert_eq!(search_key(&text.to_lowercase()), search_key(&text));
    }

    #[test]
    fn whatever_a_deployment_is_told_it_goes_its_way(
        told in proptest::collection::vec(proptest::sample::select(DeploymentStatus::ALL.to_vec()), 0..12),
    ) {
        use DeploymentStatus::{Building, Canceled, Failed, Queued, Ready};
        const STEPS: [(DeploymentStatus, DeploymentStatus); 6] = [
            (Queued, Building),
            (Queued, Failed),
            (Queued, Canceled),
            (Building, Ready),
            (Building, Failed),
            (Building, Canceled),
        ];
        let mut at = Queued;
        for next in told {
            let is_step = STEPS.contains(&(at, next)) || at == next;
            match at.step_to(next) {
                Ok(there) => prop_assert!(is_step && there == next),
                Err(error) => prop_assert!(!is_step && error.status() == 409),
            }
            at = at.step_to(next).unwrap_or(at);
        }
        prop_assert_eq!(at.is_final(), at.next().is_empty());
    }
}
