//! Sessions: begun, kept, listed, ended.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::SaltString};
use atrium::{
    access::server::session_store::DbSessionStore,
    entity::{session, user},
    error::AppError,
    identity::api::{ChangePassword, GetMe, MySessions, RevokeSession, SignOut, SignOutEverywhere},
};
use axum_login::tower_sessions::SessionStore;
use chrono::TimeDelta;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};

use crate::world::{Browser, PASSWORD, World};

async fn signed_in(who: &Browser) -> bool {
    who.call(GetMe {}).await.is_ok()
}

/// The value of the session's cookie, as a sign-in sets it.
async fn cookie_of_sign_in(who: &Browser) -> String {
    let body = format!(
        "email=ada%40example.com&password={}",
        PASSWORD.replace(' ', "+")
    );
    let page = who.post("/_fn/sign_in", body, "application/json").await;
    assert_eq!(page.status, 200, "{page:?}");
    let cookie = page
        .cookies()
        .into_iter()
        .find(|cookie| cookie.starts_with("atrium_session="))
        .unwrap()
        .to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"),
        "{cookie}"
    );
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn signing_out_with_requests_in_flight_leaves_no_way_back() {
    let w = World::new().await;
    w.account("ada@example.com").await;
    let ada = w.visitor();
    let cookie = cookie_of_sign_in(&ada).await;
    let with_cookie = |path: &str| ada.raw().get(ada.at(path)).header("cookie", &cookie).send();
    let mut flying = tokio::task::JoinSet::new();
    for _ in 0..50 {
        flying.spawn(with_cookie("/account"));
    }
    ada.call(SignOut {
        callback_url: String::new(),
    })
    .await
    .unwrap();
    while flying.join_next().await.is_some() {}
    let other = w.visitor();
    let page = other
        .raw()
        .get(other.at("/account"))
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 302);
    let left = session::Entity::find().count(w.look()).await.unwrap();
    assert_eq!(left, 0, "no request brought the session back");
}

#[tokio::test]
async fn a_request_that_outlives_its_session_can_not_bring_it_back() {
    let w = World::new().await;
    w.account("ada@example.com").await;
    let ada = w.visitor();
    let cookie = cookie_of_sign_in(&ada).await;
    let id = cookie.split_once('=').unwrap().1.parse().unwrap();
    let store = DbSessionStore::new(w.services.clone());
    // What a slow request has read, it writes after the session has ended.
    let read = store.load(&id).await.unwrap().expect("a session");
    ada.call(SignOut {
        callback_url: String::new(),
    })
    .await
    .unwrap();
    store.save(&read).await.unwrap();
    assert!(store.load(&id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_sign_in_gets_a_new_id_and_ends_the_old_session() {
    let w = World::new().await;
    w.account("ada@example.com").await;
    let ada = w.visitor();
    let first = cookie_of_sign_in(&ada).await;
    let second = cookie_of_sign_in(&ada).await;
    assert_ne!(first, second);
    let other = w.visitor();
    let page = other
        .raw()
        .get(other.at("/account"))
        .header("cookie", &first)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 302, "the first id is worth nothing");
    let kept = session::Entity::find().all(w.look()).await.unwrap();
    assert_eq!(kept.len(), 1);
    let value = second.split_once('=').unwrap().1;
    assert!(
        !format!("{kept:?}").contains(value),
        "the cookie isn't stored as it is"
    );
}

#[tokio::test]
async fn an_id_that_was_never_given_out_is_not_taken() {
    let w = World::new().await;
    w.account("ada@example.com").await;
    let chosen = "atrium_session=AAAAAAAAAAAAAAAAAAAAAA";
    let victim = w.visitor();
    let body = format!(
        "email=ada%40example.com&password={}",
        PASSWORD.replace(' ', "+")
    );
    let page = victim
        .raw()
        .post(victim.at("/_fn/sign_in"))
        .header("cookie", chosen)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    let set = page
        .headers()
        .get_all("set-cookie")
        .iter()
        .any(|cookie| cookie.to_str().unwrap().starts_with(chosen));
    assert!(!set, "the session has an id of our own");
}

#[tokio::test]
async fn a_session_ends_when_it_is_not_used_and_in_any_case() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    w.wait(TimeDelta::days(6));
    assert!(signed_in(&ada).await);
    w.wait(TimeDelta::days(6));
    assert!(signed_in(&ada).await, "being used kept it");
    w.wait(TimeDelta::days(8));
    assert!(!signed_in(&ada).await, "it wasn't used for a week");

    ada.sign_in("ada@example.com", PASSWORD).await.unwrap();
    for _ in 0..5 {
        w.wait(TimeDelta::days(5));
        assert!(signed_in(&ada).await);
    }
    w.wait(TimeDelta::days(6));
    assert!(!signed_in(&ada).await, "after 30 days it is over");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_only() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    let phone = w.visitor();
    phone.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let bob = w.person("bob@example.com").await;

    let mine = ada.call(MySessions {}).await.unwrap();
    assert_eq!(mine.len(), 2);
    assert_eq!(mine.iter().filter(|session| session.is_this).count(), 1);
    let other = mine.iter().find(|session| !session.is_this).unwrap().id;
    assert_eq!(bob.call(MySessions {}).await.unwrap().len(), 1);
    assert_eq!(
        bob.call(RevokeSession { session: other }).await,
        Err(AppError::NotFound)
    );
    assert!(signed_in(&phone).await);

    ada.call(RevokeSession { session: other }).await.unwrap();
    assert!(!signed_in(&phone).await);
    assert!(signed_in(&ada).await);
}

#[tokio::test]
async fn signing_out_everywhere_ends_all_sessions() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    let phone = w.visitor();
    phone.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let bob = w.person("bob@example.com").await;
    ada.call(SignOutEverywhere {}).await.unwrap();
    assert!(!signed_in(&ada).await && !signed_in(&phone).await);
    assert!(signed_in(&bob).await);
}

#[tokio::test]
async fn every_sign_in_is_noted_once_and_going_on_is_not() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let noted = async || {
        let rows = w.audit("acme").await;
        let signed_in = rows.iter().filter(|row| row.action == "session.signed_in");
        signed_in.count()
    };
    assert_eq!(noted().await, 0, "there was no organization yet");
    owner.sign_in("owner@acme.test", PASSWORD).await.unwrap();
    assert_eq!(noted().await, 1);
    let change = ChangePassword {
        current_password: PASSWORD.into(),
        new_password: "another good one".into(),
    };
    owner.call(change).await.unwrap();
    assert!(signed_in(&owner).await);
    assert_eq!(noted().await, 1, "nobody signed in");

    let wrong = owner.sign_in("owner@acme.test", PASSWORD).await;
    assert_eq!(wrong, Err(AppError::WrongCredentials));
    assert_eq!(noted().await, 1);
    let kept = session::Entity::find().count(w.look()).await.unwrap();
    assert_eq!(kept, 1);
}

#[tokio::test]
async fn a_weak_hash_is_made_anew_at_sign_in_and_ends_no_session() {
    let w = World::new().await;
    let id = w.account("ada@example.com").await;
    let weak = {
        let salt = SaltString::encode_b64(b"sixteen bytes ..").unwrap();
        let params = Params::new(8 * 1024, 1, 1, None).unwrap();
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = argon.hash_password(PASSWORD.as_bytes(), &salt).unwrap();
        hash.to_string()
    };
    let tx = w.db.write("a test").await.unwrap();
    let old = user::ActiveModel {
        id: Set(id),
        password_hash: Set(Some(weak.clone())),
        ..Default::default()
    };
    user::Entity::update(old).exec(&*tx).await.unwrap();
    tx.commit().await.unwrap();
    let hash = async || {
        let db = w.look();
        let ada = user::Entity::find_by_id(id).one(db).await.unwrap();
        ada.unwrap().password_hash.unwrap()
    };

    let wrong = w.visitor().sign_in("ada@example.com", "wrong").await;
    assert_eq!(wrong, Err(AppError::WrongCredentials));
    assert_eq!(hash().await, weak, "only who knows the password changes it");
    let (first, second) = (w.visitor(), w.visitor());
    first.sign_in("ada@example.com", PASSWORD).await.unwrap();
    let strong = hash().await;
    assert!(strong.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    second.sign_in("ada@example.com", PASSWORD).await.unwrap();
    assert_eq!(hash().await, strong, "once is enough");
    assert!(signed_in(&first).await && signed_in(&second).await);
}
