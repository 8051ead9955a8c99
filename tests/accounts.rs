//! What people do with their accounts.

use atrium::{
    access::Role,
    error::{AppError, Conflict, Problem},
    identity::api::{
        ChangeEmail, ChangeName, ChangePassword, ConfirmNewEmail, DeleteAccount, ForgotPassword,
        GetMe, ResetPassword,
    },
    organizations::api::GetOrgContext,
};
use chrono::TimeDelta;

use crate::world::{PASSWORD, World};

#[tokio::test]
async fn of_two_links_at_once_one_is_used_and_nobody_waits_for_ever() {
    let w = World::new().await;
    w.account("ada@example.com").await;
    for round in 0..5 {
        // What is still owed from the round before isn't the newest then.
        w.mail_to("ada@example.com").await;
        let mut tokens = Vec::new();
        for _ in 0..2 {
            let forgot = ForgotPassword {
                email: "ada@example.com".into(),
            };
            w.visitor().call(forgot).await.unwrap();
            tokens.push(w.newest_mail_to("ada@example.com").await.token());
        }
        let resets = tokens.into_iter().map(|token| {
            let visitor = w.visitor();
            let password = format!("a new one, {round}");
            tokio::spawn(async move { visitor.call(ResetPassword { token, password }).await })
        });
        let mut ends = Vec::new();
        for reset in resets.collect::<Vec<_>>() {
            ends.push(reset.await.unwrap());
        }
        ends.sort_by_key(Result::is_err);
        assert_eq!(ends, [Ok(()), Err(AppError::LinkExpired)]);
        w.wait(TimeDelta::hours(3));
    }
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
        Err(AppError::invalid("password", Problem::CommonPassword))
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
        Err(AppError::invalid(
            "current_password",
            Problem::WrongPassword
        ))
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
        Err(AppError::invalid("password", Problem::WrongPassword))
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
        Err(AppError::invalid("name", Problem::Missing))
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
        Err(AppError::invalid("password", Problem::WrongPassword))
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

#[tokio::test]
async fn a_password_that_is_being_changed_is_good_for_nothing_more() {
    let w = World::new().await;
    w.account("ada@example.com").await;
    let (owner, intruder) = (w.visitor(), w.visitor());
    for who in [&owner, &intruder] {
        who.sign_in("ada@example.com", PASSWORD).await.unwrap();
    }
    let change = |new: &str| ChangePassword {
        current_password: PASSWORD.into(),
        new_password: new.into(),
    };
    let (one, other) = tokio::join!(
        owner.call(change("the owner's own")),
        intruder.call(change("the intruder's")),
    );
    assert_eq!(
        [one.is_ok(), other.is_ok()]
            .iter()
            .filter(|ok| **ok)
            .count(),
        1
    );
    let left = [&owner, &intruder].map(|who| who.call(GetMe {}));
    let [owner_left, intruder_left] = left;
    assert_eq!(owner_left.await.is_ok(), one.is_ok());
    assert_eq!(intruder_left.await.is_ok(), other.is_ok());
}

#[tokio::test]
async fn an_account_that_goes_while_it_is_used_is_no_fault() {
    let w = World::new().await;
    for round in 0..6 {
        let email = format!("ada{round}@example.com");
        w.account(&email).await;
        let (ada, other) = (w.visitor(), w.visitor());
        for who in [&ada, &other] {
            who.sign_in(&email, PASSWORD).await.unwrap();
        }
        let newcomer = w.visitor();
        let delete = DeleteAccount {
            password: PASSWORD.into(),
        };
        let rename = ChangeName { name: "Ada".into() };
        let change = ChangePassword {
            current_password: PASSWORD.into(),
            new_password: "another good one".into(),
        };
        let ends = tokio::join!(
            ada.call(delete),
            other.call(rename),
            other.call(change),
            newcomer.sign_in(&email, PASSWORD),
        );
        for end in [ends.0, ends.1, ends.2, ends.3] {
            let error = end.err().map_or(200, |error| error.status());
            assert!(error < 500, "{error}");
        }
    }
}
