//! From signing up to deleting the account.

use atrium::{
    access::Role,
    error::{AppError, Conflict, FieldError, Problem},
    identity::api::{
        ChangeEmail, ChangeName, ChangePassword, ConfirmAddress, ConfirmNewEmail, DeleteAccount,
        ForgotPassword, GetMe, ResetPassword, SignUp,
    },
    organizations::api::GetOrgContext,
};
use chrono::TimeDelta;

use crate::world::{Browser, PASSWORD, World};

fn ada() -> SignUp {
    SignUp {
        name: "Ada Lovelace".into(),
        email: " Ada@Example.COM ".into(),
        password: PASSWORD.into(),
        callback_url: "/app/acme?q=1".into(),
    }
}

fn invalid(field: &str, problem: Problem) -> AppError {
    AppError::Invalid {
        errors: vec![FieldError::new(field, problem)],
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
        Err(invalid("password", Problem::Missing))
    );
    let with = |token: &str, password: &str| ConfirmAddress {
        token: token.to_owned(),
        password: password.into(),
        callback_url: String::new(),
    };
    assert_eq!(
        ada.call(with(&his, PASSWORD)).await,
        Err(invalid("password", Problem::WrongPassword))
    );
    let phone = w.visitor();
    assert_eq!(
        confirm(&phone, hers.clone()).await,
        Err(invalid("password", Problem::Missing))
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
async fn an_unconfirmed_person_is_sent_another_mail_at_sign_in() {
    let w = World::new().await;
    let visitor = w.visitor();
    visitor.call(ada()).await.unwrap();
    w.newest_mail_to("ada@example.com").await;
    visitor.sign_in("ada@example.com", PASSWORD).await.unwrap();
    assert_eq!(visitor.call(GetMe {}).await, Err(AppError::SignedOut));
    assert_eq!(w.mail_to("ada@example.com").await.len(), 2);
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
        assert_eq!(tried, Err(invalid("password", problem)), "{password}");
    }
    assert_eq!(w.mail_to("ada@example.com").await.len(), 0);
}

#[tokio::test]
async fn a_forgotten_password_is_chosen_anew() {
    let w = World::new().await;
    let elsewhere = w.person("ada@example.com").await;
    let visitor = w.visitor();
    visitor
        .call(ForgotPassword {
            email: "ada@example.com".into(),
        })
        .await
        .unwrap();
    let token = w.newest_mail_to("ada@example.com").await.token();

    let reset = |password: &str| ResetPassword {
        token: token.clone(),
        password: password.into(),
    };
    assert_eq!(
        visitor.call(reset("password1")).await,
        Err(invalid("password", Problem::CommonPassword))
    );
    visitor.call(reset("a new one altogether")).await.unwrap();
    assert_eq!(
        visitor.call(reset("yet another one")).await,
        Err(AppError::LinkExpired)
    );

    assert!(visitor.call(GetMe {}).await.is_ok());
    assert_eq!(
        elsewhere.call(GetMe {}).await,
        Err(AppError::SignedOut),
        "other sessions ended"
    );
    assert_eq!(
        w.visitor().sign_in("ada@example.com", PASSWORD).await,
        Err(AppError::WrongCredentials)
    );
    assert_eq!(
        w.visitor()
            .sign_in("ada@example.com", "a new one altogether")
            .await,
        Ok(())
    );
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_only() {
    let w = World::new().await;
    let here = w.person("ada@example.com").await;
    let elsewhere = w.visitor();
    elsewhere
        .sign_in("ada@example.com", PASSWORD)
        .await
        .unwrap();
    let change = |current: &str| ChangePassword {
        current_password: current.into(),
        new_password: "a new one altogether".into(),
    };
    assert_eq!(
        here.call(change("wrong")).await,
        Err(invalid("current_password", Problem::WrongPassword))
    );
    here.call(change(PASSWORD)).await.unwrap();
    assert!(here.call(GetMe {}).await.is_ok());
    assert_eq!(elsewhere.call(GetMe {}).await, Err(AppError::SignedOut));
    assert_eq!(
        w.newest_mail_to("ada@example.com").await.subject,
        "Your password was changed"
    );
}

#[tokio::test]
async fn an_address_is_changed_once_the_new_one_answered() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    let change = |password: &str| ChangeEmail {
        email: "ada@new.example".into(),
        password: password.into(),
    };
    assert_eq!(
        ada.call(change("wrong")).await,
        Err(invalid("password", Problem::WrongPassword))
    );
    ada.call(change(PASSWORD)).await.unwrap();
    assert_eq!(
        ada.call(GetMe {}).await.unwrap().email.as_str(),
        "ada@example.com"
    );

    let token = w.newest_mail_to("ada@new.example").await.token();
    w.visitor().call(ConfirmNewEmail { token }).await.unwrap();
    assert_eq!(
        ada.call(GetMe {}).await.unwrap().email.as_str(),
        "ada@new.example"
    );
    assert_eq!(
        w.newest_mail_to("ada@example.com").await.subject,
        "Your e-mail address was changed"
    );
}

#[tokio::test]
async fn an_address_that_is_in_use_is_told_so_by_mail_alone() {
    let w = World::new().await;
    w.account("bob@example.com").await;
    let ada = w.person("ada@example.com").await;
    ada.call(ChangeEmail {
        email: "bob@example.com".into(),
        password: PASSWORD.into(),
    })
    .await
    .unwrap();
    let mail = w.newest_mail_to("bob@example.com").await;
    assert_eq!(mail.subject, "This address has an Atrium account");
}

#[tokio::test]
async fn a_name_is_changed() {
    let w = World::new().await;
    let ada = w.person("ada@example.com").await;
    assert_eq!(
        ada.call(ChangeName { name: "  ".into() }).await,
        Err(invalid("name", Problem::Missing))
    );
    ada.call(ChangeName {
        name: " Countess ".into(),
    })
    .await
    .unwrap();
    assert_eq!(ada.call(GetMe {}).await.unwrap().name, "Countess");
}

#[tokio::test]
async fn the_last_owner_of_others_stays() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let member = w.member_of("acme", Role::Member).await;
    let delete = || DeleteAccount {
        password: PASSWORD.into(),
    };
    assert_eq!(
        owner.call(delete()).await,
        Err(AppError::Conflict {
            conflict: Conflict::LastOwner
        })
    );

    member.call(delete()).await.unwrap();
    assert_eq!(member.call(GetMe {}).await, Err(AppError::SignedOut));
    assert_eq!(w.audit("acme").await.last().unwrap().action, "member.left");

    assert_eq!(
        owner
            .call(DeleteAccount {
                password: "wrong".into()
            })
            .await,
        Err(invalid("password", Problem::WrongPassword))
    );
    owner.call(delete()).await.unwrap();
    assert_eq!(
        w.visitor().sign_in("owner@acme.test", PASSWORD).await,
        Err(AppError::WrongCredentials)
    );
    let newcomer = w.person("new@example.com").await;
    let gone = newcomer
        .call(GetOrgContext {
            org: "acme".to_owned().into(),
        })
        .await;
    assert_eq!(gone, Err(AppError::NotFound));
}
