//! Nobody learns here whether an address has an account.

use atrium::{
    entity::known_browser,
    error::AppError,
    identity::{
        api::{ChangePassword, ForgotPassword, SignIn, SignOut, SignUp},
        server::browsers,
    },
    server::{hash::Hasher, token},
};
use chrono::TimeDelta;
use leptos::server_fn::ServerFn;
use sea_orm::EntityTrait;
use serde::Serialize;

use crate::world::{PASSWORD, Page, World};

/// All of an answer that a client sees, except what differs for everyone.
fn seen(page: &Page) -> (u16, Vec<(String, String)>, String) {
    let headers = page
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "x-request-id" | "date"));
    let headers = headers.map(|(name, value)| {
        let value = value.to_str().unwrap();
        // A browser that signs up is given a secret of its own.
        let is_secret = value.starts_with("atrium_signup=");
        let value = if is_secret {
            value.split_once(';').unwrap().1
        } else {
            value
        };
        (name.to_string(), value.to_owned())
    });
    (page.status.as_u16(), headers.collect(), page.body.clone())
}

async fn both<F: ServerFn + Serialize>(w: &World, known: F, unknown: F) -> [Page; 2] {
    let send = async |function: F| {
        w.visitor()
            .post(
                F::PATH,
                serde_qs::to_string(&function).unwrap(),
                "application/json",
            )
            .await
    };
    [send(known).await, send(unknown).await]
}

#[tokio::test]
async fn known_and_unknown_addresses_get_the_same_answers() {
    let w = World::new().await;
    w.account("known@example.com").await;
    let (known, unknown) = (
        "known@example.com".to_owned(),
        "unknown@example.com".to_owned(),
    );

    let sign_in = |email| SignIn {
        email,
        password: "not the password".into(),
        callback_url: String::new(),
    };
    let [a, b] = both(&w, sign_in(known.clone()), sign_in(unknown.clone())).await;
    assert_eq!((a.status.as_u16(), seen(&a)), (422, seen(&b)));

    let forgot = |email| ForgotPassword { email };
    let [a, b] = both(&w, forgot(known.clone()), forgot(unknown.clone())).await;
    assert_eq!((a.status.as_u16(), seen(&a)), (200, seen(&b)));

    let sign_up = |email| SignUp {
        name: "A".into(),
        email,
        password: PASSWORD.into(),
        callback_url: String::new(),
    };
    let [a, b] = both(&w, sign_up(known.clone()), sign_up(unknown)).await;
    assert_eq!((a.status.as_u16(), seen(&a)), (200, seen(&b)));

    // Whoever signed up with somebody's address knows a password for it.
    let with_that = |email| SignIn {
        password: "what was signed up with".into(),
        ..sign_in(email)
    };
    let again = |email| SignUp {
        password: "what was signed up with".into(),
        ..sign_up(email)
    };
    let fresh = "fresh@example.com".to_owned();
    both(&w, again(known.clone()), again(fresh.clone())).await;
    let [a, b] = both(&w, with_that(known), with_that(fresh)).await;
    assert_eq!((a.status.as_u16(), seen(&a)), (422, seen(&b)));

    let subjects = w
        .mail_to("known@example.com")
        .await
        .into_iter()
        .map(|mail| mail.subject)
        .collect::<Vec<_>>();
    assert!(
        subjects.contains(&"You already have an Atrium account".to_owned()),
        "{subjects:?}"
    );
}

#[tokio::test]
async fn signing_up_again_changes_nothing_about_an_account() {
    let w = World::new().await;
    w.account("known@example.com").await;
    let thief = SignUp {
        name: "Thief".into(),
        email: "known@example.com".into(),
        password: "the thief's own".into(),
        callback_url: String::new(),
    };
    w.visitor().call(thief).await.unwrap();
    assert_eq!(
        w.visitor()
            .sign_in("known@example.com", "the thief's own")
            .await,
        Err(AppError::WrongCredentials)
    );
    assert_eq!(
        w.visitor().sign_in("known@example.com", PASSWORD).await,
        Ok(())
    );
}

#[tokio::test]
async fn a_hash_is_computed_whether_or_not_there_is_one() {
    let hasher = Hasher::new().unwrap();
    let phc = hasher.hash(PASSWORD.into()).await.unwrap();
    let before = hasher.computed();
    hasher.verify("wrong".into(), Some(phc)).await.unwrap();
    hasher.verify("wrong".into(), None).await.unwrap();
    assert_eq!(hasher.computed() - before, 2);

    let w = World::new().await;
    w.account("known@example.com").await;
    for email in ["known@example.com", "unknown@example.com"] {
        let before = w.services.hasher.computed();
        assert_eq!(
            w.visitor().sign_in(email, "wrong password").await,
            Err(AppError::WrongCredentials)
        );
        assert_eq!(w.services.hasher.computed() - before, 1, "{email}");
        let before = w.services.hasher.computed();
        let form = SignUp {
            name: "A".into(),
            email: email.into(),
            password: PASSWORD.into(),
            callback_url: String::new(),
        };
        w.visitor().call(form).await.unwrap();
        assert_eq!(w.services.hasher.computed() - before, 1, "{email}");
    }
}

#[tokio::test]
async fn guessing_gets_slower_for_known_and_unknown_addresses_alike() {
    let w = World::new().await;
    w.account("known@example.com").await;
    for email in ["known@example.com", "unknown@example.com"] {
        for _ in 0..5 {
            assert_eq!(
                w.visitor().sign_in(email, "wrong password").await,
                Err(AppError::WrongCredentials)
            );
        }
        let refused = w.visitor().sign_in(email, PASSWORD).await;
        assert!(
            matches!(refused, Err(AppError::TooManyTries { retry_after: 1..=5 })),
            "{refused:?}"
        );
        w.wait(TimeDelta::seconds(6));
        let again = w.visitor().sign_in(email, "wrong password").await;
        assert_eq!(again, Err(AppError::WrongCredentials));
        let refused = w.visitor().sign_in(email, PASSWORD).await;
        assert!(
            matches!(
                refused,
                Err(AppError::TooManyTries {
                    retry_after: 6..=10
                })
            ),
            "{refused:?}"
        );
    }
    w.wait(TimeDelta::seconds(11));
    assert_eq!(
        w.visitor().sign_in("known@example.com", PASSWORD).await,
        Ok(())
    );
}

/// Guesses from elsewhere, until the next one has to wait.
async fn use_up_tries(w: &World, email: &str) {
    for _ in 0..5 {
        let wrong = w.visitor().sign_in(email, "a guess").await;
        assert_eq!(wrong, Err(AppError::WrongCredentials));
    }
}

#[tokio::test]
async fn a_stranger_who_guesses_does_not_lock_out_a_browser_that_is_known() {
    let w = World::new().await;
    w.account("known@example.com").await;
    let own = w.visitor();
    own.sign_in("known@example.com", PASSWORD).await.unwrap();
    own.call(SignOut {
        callback_url: String::new(),
    })
    .await
    .unwrap();
    use_up_tries(&w, "known@example.com").await;
    let elsewhere = w.visitor().sign_in("known@example.com", PASSWORD).await;
    assert!(matches!(elsewhere, Err(AppError::TooManyTries { .. })));
    assert_eq!(own.sign_in("known@example.com", PASSWORD).await, Ok(()));

    let elsewhere = w.visitor().sign_in("known@example.com", PASSWORD).await;
    assert!(
        matches!(elsewhere, Err(AppError::TooManyTries { .. })),
        "the owner's success gives the stranger no more tries"
    );
}

#[tokio::test]
async fn a_known_browser_has_only_so_many_tries_of_its_own() {
    let w = World::new().await;
    w.account("known@example.com").await;
    w.account("other@example.com").await;
    let own = w.visitor();
    own.sign_in("known@example.com", PASSWORD).await.unwrap();
    for email in ["known@example.com", "other@example.com"] {
        for _ in 0..5 {
            let wrong = own.sign_in(email, "a guess").await;
            assert_eq!(wrong, Err(AppError::WrongCredentials));
        }
        let refused = own.sign_in(email, PASSWORD).await;
        assert!(matches!(refused, Err(AppError::TooManyTries { .. })));
    }
    let from_elsewhere = w.visitor().sign_in("known@example.com", PASSWORD).await;
    assert_eq!(from_elsewhere, Ok(()), "its tries are its own");
    let from_elsewhere = w.visitor().sign_in("other@example.com", PASSWORD).await;
    assert!(
        matches!(from_elsewhere, Err(AppError::TooManyTries { .. })),
        "it is known to one account and not to the other"
    );
}

#[tokio::test]
async fn a_new_password_makes_all_browsers_unknown() {
    let w = World::new().await;
    w.account("known@example.com").await;
    let own = w.visitor();
    own.sign_in("known@example.com", PASSWORD).await.unwrap();
    let change = ChangePassword {
        current_password: PASSWORD.into(),
        new_password: "another good one".into(),
    };
    own.call(change).await.unwrap();
    own.call(SignOut {
        callback_url: String::new(),
    })
    .await
    .unwrap();
    use_up_tries(&w, "known@example.com").await;
    let refused = own.sign_in("known@example.com", "another good one").await;
    assert!(matches!(refused, Err(AppError::TooManyTries { .. })));
}

#[tokio::test]
async fn only_so_many_browsers_are_known_the_oldest_no_more() {
    let w = World::at_rest().await;
    let ada = w.account("ada@example.com").await;
    for place in 0..browsers::MOST_KNOWN + 3 {
        let now = w.services.clock.now() + TimeDelta::seconds(place.cast_signed());
        let tx = w.db.write("a test").await.unwrap();
        let browser = format!("browser {place}");
        browsers::remember(&tx, now, ada, &browser).await.unwrap();
        tx.commit().await.unwrap();
    }
    let db = w.look();
    let known = known_browser::Entity::find().all(db).await.unwrap();
    assert_eq!(known.len() as u64, browsers::MOST_KNOWN);
    let oldest = token::hash("browser 2");
    assert!(known.iter().all(|browser| browser.browser_hash != oldest));
}
