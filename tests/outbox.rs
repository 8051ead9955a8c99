//! What happens after a commit and because of it.

use atrium::{
    entity::{mail_token, outbox, user},
    error::AppError,
    id::{Email, UserId},
    identity::{
        api::ForgotPassword,
        server::{letters::Correspondence, passwords},
    },
    server::outbox::{MOST_TRIES, Undelivered, delete_given_up, given_up, post, take},
};
use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::world::World;

const ADA: &str = "ada@example.com";

async fn owe(w: &World, letter: Correspondence) {
    let tx = w.db.write("a test owes a mail").await.unwrap();
    post(&*tx, w.services.clock.now(), &letter).await.unwrap();
    tx.commit().await.unwrap();
}

fn forgotten() -> Correspondence {
    let email = Email::parse(ADA).unwrap();
    Correspondence::ForgottenPassword { email }
}

async fn owed(w: &World) -> Option<outbox::Model> {
    let db = w.look();
    outbox::Entity::find().one(db).await.unwrap()
}

async fn choose_password(w: &World, user: UserId) {
    let (now, tx) = (w.services.clock.now(), w.db.write("a test").await.unwrap());
    passwords::set(&tx, now, user, "a hash".into())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn mail_that_is_not_taken_is_kept_and_tried_again_later() {
    let w = World::with(&["--smtp-url", "smtp://127.0.0.1:1"]).await;
    let forgot = ForgotPassword { email: ADA.into() };
    w.account(ADA).await;
    w.visitor().call(forgot).await.unwrap();
    let mut tries = 0;
    for _ in 0..500 {
        let kept = owed(&w).await.expect("it is owed");
        if kept.last_error.is_some() && kept.attempts > tries {
            assert!(kept.available_at > w.services.clock.now(), "not at once");
            tries = kept.attempts;
            w.wait(TimeDelta::minutes(5));
            w.services.outbox_filled.notify_one();
        }
        if tries >= 3 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it was tried {tries} times");
}

#[tokio::test]
async fn what_one_worker_has_taken_no_other_takes() {
    let w = World::at_rest().await;
    for _ in 0..20 {
        owe(&w, forgotten()).await;
    }
    let takes = (0..8).map(|_| {
        let services = w.services.clone();
        tokio::spawn(async move { take(&services, 4).await.unwrap().len() })
    });
    let mut taken = 0;
    for take in takes.collect::<Vec<_>>() {
        taken += take.await.unwrap();
    }
    taken += take(&w.services, 100).await.unwrap().len();
    assert_eq!(taken, 20, "each by one worker");
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_settles_nothing() {
    let w = World::at_rest().await;
    owe(&w, forgotten()).await;
    let slow = take(&w.services, 1).await.unwrap().pop().unwrap();
    w.wait(TimeDelta::minutes(2));
    let quick = take(&w.services, 1).await.unwrap().pop().unwrap();
    let before = owed(&w).await;

    slow.failed(&w.services, AppError::Unavailable)
        .await
        .unwrap();
    slow.done(&w.services).await.unwrap();
    assert_eq!(owed(&w).await, before, "it isn't the slow one's any more");

    quick.done(&w.services).await.unwrap();
    assert_eq!(owed(&w).await, None);
}

#[tokio::test]
async fn what_was_never_tried_comes_before_what_failed() {
    let w = World::at_rest().await;
    owe(&w, forgotten()).await;
    let first = take(&w.services, 1).await.unwrap().pop().unwrap();
    first
        .failed(&w.services, AppError::Unavailable)
        .await
        .unwrap();
    w.wait(TimeDelta::hours(2));
    let user = UserId::generate();
    owe(&w, Correspondence::PasswordChanged { user }).await;
    let next = take(&w.services, 1).await.unwrap();
    assert!(format!("{next:?}").contains("password_changed"), "{next:?}");
}

#[tokio::test]
async fn what_fails_for_a_day_is_given_up_and_kept() {
    let w = World::at_rest().await;
    owe(&w, forgotten()).await;
    for _ in 0..MOST_TRIES {
        let lease = take(&w.services, 1).await.unwrap().pop().unwrap();
        lease
            .failed(&w.services, AppError::Unavailable)
            .await
            .unwrap();
        w.wait(TimeDelta::minutes(61));
    }
    w.wait(TimeDelta::days(30));
    assert!(take(&w.services, 1).await.unwrap().is_empty());
    assert_eq!(given_up(&w.services).await, Ok(1));
    let kept = owed(&w).await.expect("an operator can see it");
    assert_eq!(kept.last_error, Some(AppError::Unavailable.words()));
}

#[tokio::test]
async fn what_will_never_happen_is_given_up_at_once_and_let_go_after_a_while() {
    let w = World::at_rest().await;
    owe(&w, forgotten()).await;
    let lease = take(&w.services, 1).await.unwrap().pop().unwrap();
    let never = Undelivered::Ever("no such mailbox".into());
    lease.failed(&w.services, never).await.unwrap();
    w.wait(TimeDelta::days(29));
    assert!(take(&w.services, 1).await.unwrap().is_empty());
    delete_given_up(&w.services).await.unwrap();
    let kept = owed(&w).await.expect("an operator can see it");
    assert_eq!(kept.last_error.as_deref(), Some("no such mailbox"));
    w.wait(TimeDelta::days(2));
    delete_given_up(&w.services).await.unwrap();
    assert_eq!(owed(&w).await, None);
}

#[tokio::test]
async fn a_mail_that_comes_too_late_gives_no_way_in() {
    let w = World::at_rest().await;
    let ada = w.account(ADA).await;
    let tokens = async || {
        let db = w.look();
        mail_token::Entity::find().count(db).await.unwrap()
    };
    owe(&w, forgotten()).await;
    w.deliver().await;
    assert_eq!((w.mail_to(ADA).await.len(), tokens().await), (1, 1));

    // Owed before the password was changed, delivered after.
    owe(&w, forgotten()).await;
    let email = Email::parse("ada@elsewhere.example").unwrap();
    owe(&w, Correspondence::NewAddress { user: ada, email }).await;
    w.wait(TimeDelta::seconds(1));
    choose_password(&w, ada).await;
    w.deliver().await;
    let subjects: Vec<_> = w
        .mail_to(ADA)
        .await
        .into_iter()
        .map(|m| m.subject)
        .collect();
    assert_eq!(
        subjects,
        ["Choose a new password", "Your password was changed"]
    );
    assert_eq!(w.mail_to("ada@elsewhere.example").await.len(), 0);
    assert_eq!(tokens().await, 0);

    // Owed for longer than its link would have been good.
    w.wait(TimeDelta::seconds(1));
    owe(&w, forgotten()).await;
    w.wait(TimeDelta::minutes(61));
    w.deliver().await;
    assert_eq!((w.mail_to(ADA).await.len(), tokens().await), (2, 0));

    let db = w.look();
    let ada = user::Entity::find_by_id(ada).one(db).await.unwrap();
    assert!(ada.unwrap().password_set_at.is_some());
}
