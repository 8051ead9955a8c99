//! What happens after a commit and because of it.

use atrium::{entity::outbox, identity::api::ForgotPassword};
use chrono::TimeDelta;
use sea_orm::EntityTrait;

use crate::world::World;

#[tokio::test]
async fn mail_that_is_not_taken_is_kept_and_tried_again_later() {
    let w = World::with(&["--smtp-url", "smtp://127.0.0.1:1"]).await;
    let forgot = ForgotPassword {
        email: "ada@example.com".into(),
    };
    w.account("ada@example.com").await;
    w.visitor().call(forgot).await.unwrap();
    let db = w.services.db.unscoped("a test looks");
    let mut tries = 0;
    for _ in 0..500 {
        let kept = outbox::Entity::find()
            .one(db)
            .await
            .unwrap()
            .expect("it is owed");
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
