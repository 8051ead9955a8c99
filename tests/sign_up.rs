//! From signing up to a confirmed address.

use atrium::{
    entity::user,
    error::{AppError, Problem},
    identity::{
        api::{ChangeEmail, ConfirmAddress, ConfirmNewEmail, GetMe, SignUp},
        server::{sign_up, tokens},
    },
};
use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::world::{Browser, PASSWORD, World};

fn ada() -> SignUp {
    SignUp {
        name: "Ada Lovelace".into(),
        email: " Ada@Example.COM ".into(),
        password: PASSWORD.into(),
        callback_url: "/app/acme?q=1".into(),
    }
}

async fn confirm(visitor: &Browser, token: String) -> Result<(), AppError> {
    visitor
        .call(ConfirmAddress {
            token,
            password: String::new(),
            callback_url: String::new(),
        })
        .await
}

#[tokio::test]
async fn a_person_signs_up_confirms_and_is_signed_in() {
    let w = World::new().await;
    let visitor = w.visitor();
    visitor.call(ada()).await.unwrap();
    assert_eq!(visitor.call(GetMe {}).await, Err(AppError::SignedOut));

    let mail = w.newest_mail_to("ada@example.com").await;
    assert_eq!(mail.subject, "Confirm your e-mail address");
    assert!(
        mail.link().ends_with("&callbackUrl=%2Fapp%2Facme%3Fq%3D1"),
        "{}",
        mail.link()
    );
    let page = visitor.get(&mail.link()).await;
    assert!(
        page.body.contains(r#"value="/app/acme?q=1""#),
        "the way back goes on"
    );
    assert_eq!(
        visitor.call(GetMe {}).await,
        Err(AppError::SignedOut),
        "opening a link changes nothing"
    );

    confirm(&visitor, mail.token()).await.unwrap();
    let me = visitor.call(GetMe {}).await.unwrap();
    assert_eq!(
        (me.name.as_str(), me.email.as_str()),
        ("Ada Lovelace", "ada@example.com")
    );
}

#[tokio::test]
async fn a_token_works_once_and_not_for_ever() {
    let w = World::new().await;
    let visitor = w.visitor();
    visitor.call(ada()).await.unwrap();
    let token = w.newest_mail_to("ada@example.com").await.token();
    w.wait(TimeDelta::hours(25));
    assert_eq!(confirm(&visitor, token).await, Err(AppError::LinkExpired));

    visitor.call(ada()).await.unwrap();
    let token = w.mail_to("ada@example.com").await.pop().unwrap().token();
    let tries = [
        confirm(&visitor, token.clone()).await,
        confirm(&visitor, token).await,
    ];
    assert_eq!(tries, [Ok(()), Err(AppError::LinkExpired)]);
}

#[tokio::test]
async fn an_early_bird_gets_nothing() {
    let w = World::new().await;
    let (early, ada_herself) = (w.visitor(), w.visitor());
    early
        .call(SignUp {
            password: "early bird's secret".into(),
            ..ada()
        })
        .await
        .unwrap();
    w.mail_to("ada@example.com").await;
    ada_herself.call(ada()).await.unwrap();
    confirm(
        &ada_herself,
        w.newest_mail_to("ada@example.com").await.token(),
    )
    .await
    .unwrap();
    assert_eq!(
        early
            .sign_in("ada@example.com", "early bird's secret")
            .await,
        Err(AppError::WrongCredentials)
    );
    assert_eq!(
        w.visitor().sign_in("ada@example.com", PASSWORD).await,
        Ok(())
    );
}

#[tokio::test]
async fn whoever_confirms_confirms_their_own_password() {
    let w = World::new().await;
    let (ada, thief) = (w.visitor(), w.visitor());
    ada.call(SignUp {
        name: "Ada".into(),
        ..self::ada()
    })
    .await
    .unwrap();
    let hers = w.newest_mail_to("ada@example.com").await.token();
    thief
        .call(SignUp {
            password: "the thief's own".into(),
            ..self::ada()
        })
        .await
        .unwrap();
    let his = w.newest_mail_to("ada@example.com").await.token();
    assert_eq!(
        confirm(&ada, his.clone()).await,
        Err(AppError::invalid("password", Problem::Missing))
    );
    let with = |token: &str, password: &str| ConfirmAddress {
        token: token.to_owned(),
        password: password.into(),
        callback_url: String::new(),
    };
    assert_eq!(
        ada.call(with(&his, PASSWORD)).await,
        Err(AppError::invalid("password", Problem::WrongPassword))
    );
    let phone = w.visitor();
    assert_eq!(
        confirm(&phone, hers.clone()).await,
        Err(AppError::invalid("password", Problem::Missing))
    );
    phone.call(with(&hers, PASSWORD)).await.unwrap();
    assert_eq!(confirm(&thief, his).await, Err(AppError::LinkExpired));
    assert_eq!(
        w.visitor()
            .sign_in("ada@example.com", "the thief's own")
            .await,
        Err(AppError::WrongCredentials)
    );
    assert_eq!(
        w.visitor().sign_in("ada@example.com", PASSWORD).await,
        Ok(())
    );
}

#[tokio::test]
async fn an_unconfirmed_person_is_nobody_yet() {
    let w = World::new().await;
    let visitor = w.visitor();
    visitor.call(ada()).await.unwrap();
    assert_eq!(
        visitor.sign_in("ada@example.com", PASSWORD).await,
        Err(AppError::WrongCredentials)
    );
    assert_eq!(w.mail_to("ada@example.com").await.len(), 1);
    visitor.call(ada()).await.unwrap();
    let newest = w.mail_to("ada@example.com").await.pop().unwrap();
    confirm(&visitor, newest.token()).await.unwrap();
    visitor.sign_in("ada@example.com", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_link_asks_for_the_password_where_nobody_signed_up() {
    let w = World::new().await;
    let (here, elsewhere) = (w.visitor(), w.visitor());
    here.call(ada()).await.unwrap();
    let link = w.newest_mail_to("ada@example.com").await.link();
    // Somebody signed up there, too, but not with this address.
    let other = SignUp {
        email: "other@example.com".into(),
        ..ada()
    };
    elsewhere.call(other).await.unwrap();
    let asks = async |who: &Browser| who.get(&link).await.body.contains("type=\"password\"");
    assert!(!asks(&here).await);
    assert!(asks(&elsewhere).await);
}

#[tokio::test]
async fn an_address_that_nobody_confirms_is_let_go() {
    let w = World::new().await;
    let squatter = w.visitor();
    squatter.call(ada()).await.unwrap();
    let count = async || {
        let db = w.look();
        user::Entity::find().count(db).await.unwrap()
    };
    w.mail_to("ada@example.com").await;
    let clean = async || {
        tokens::delete_expired(&w.services).await.unwrap();
        sign_up::delete_unconfirmed(&w.services).await.unwrap();
    };
    clean().await;
    assert_eq!(count().await, 1, "it may still be confirmed");

    // Whoever proves that it is theirs needn't wait for that.
    let owner = w.person("owner@example.com").await;
    let change = ChangeEmail {
        email: "ada@example.com".into(),
        password: PASSWORD.into(),
    };
    owner.call(change).await.unwrap();
    let token = w.newest_mail_to("ada@example.com").await.token();
    owner.call(ConfirmNewEmail { token }).await.unwrap();
    assert_eq!(count().await, 1);

    squatter
        .call(SignUp {
            email: "third@example.com".into(),
            ..ada()
        })
        .await
        .unwrap();
    w.mail_to("third@example.com").await;
    w.wait(TimeDelta::days(8));
    clean().await;
    assert_eq!(count().await, 1, "only who confirmed is left");
}

#[tokio::test]
async fn common_and_short_passwords_are_refused() {
    let w = World::new().await;
    for (password, problem) in [
        ("password1", Problem::CommonPassword),
        ("Qwertyuiop", Problem::CommonPassword),
        ("short", Problem::TooShort(8)),
        ("", Problem::Missing),
    ] {
        let tried = w
            .visitor()
            .call(SignUp {
                password: password.into(),
                ..ada()
            })
            .await;
        assert_eq!(
            tried,
            Err(AppError::invalid("password", problem)),
            "{password}"
        );
    }
    assert_eq!(w.mail_to("ada@example.com").await.len(), 0);
}
