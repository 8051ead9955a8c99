//! For how long somebody may listen: a stream ends with what let them in.

use std::time::{Duration, Instant};

use atrium::{
    access::Role,
    billing::SubscriptionStatus,
    entity::organization,
    identity::api::{ChangePassword, MySessions, RevokeSession, SignOut, SignOutEverywhere},
    organizations::api::DeleteOrganization,
    server::database::Scope,
    team::api::RemoveMember,
};
use chrono::TimeDelta;
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::Value;

use super::{are_all, next_topics};
use crate::world::{
    Browser, PASSWORD, World, acme, page,
    stream::{Listener, Told, created},
};

/// How soon a stream ends on the node where it was said, and
pub const HERE: Duration = Duration::from_secs(1);
/// wherever else it is open, or where nobody said so.
pub const ELSEWHERE: Duration = Duration::from_secs(5);

/// It ends within that time, and says last that it was ended.
pub async fn is_revoked(listener: Listener, within: Duration) -> Vec<Told> {
    let begun = Instant::now();
    let rest = listener.ended().await;
    let took = begun.elapsed();
    let last = rest.last().map(|told| told.event.as_str());
    assert_eq!(last, Some("revoked"), "{rest:?}");
    assert!(took < within, "it took {took:?}");
    rest
}

/// Somebody with two devices, of which one listens.
pub async fn on_two_devices(w: &World, email: &str, desk: Browser) -> (Browser, Browser, Listener) {
    let user = w.account(email).await;
    w.join("acme", user, Role::Viewer).await;
    let phone = w.visitor();
    for device in [&desk, &phone] {
        device.sign_in(email, PASSWORD).await.unwrap();
    }
    let mut listener = desk.listen("acme").await;
    listener.overview().await;
    (desk, phone, listener)
}

/// Ends the session of the other device.
pub async fn end_the_other(device: &Browser) {
    let mine = device.call(MySessions {}).await.unwrap();
    let mut others = mine.iter().filter(|session| !session.is_this);
    let session = others.next().expect("another session").id;
    device.call(RevokeSession { session }).await.unwrap();
}

/// Has the subscription stand so, as what Stripe tells does.
async fn let_stand(w: &World, status: SubscriptionStatus) {
    let id = w.organization("acme").await.id;
    let tx = w.services.db.write("a test").await.unwrap();
    tx.enter(Scope::Tenant(id)).await.unwrap();
    organization::Entity::update(organization::ActiveModel {
        id: Set(id),
        subscription_status: Set(status),
        ..Default::default()
    })
    .exec(&*tx)
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_removed_hears_no_more() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let member = w.member_of("acme", Role::Member).await;
    let mut stays = owner.listen("acme").await;
    let mut tabs = Vec::new();
    for _ in 0..3 {
        let mut tab = member.listen("acme").await;
        tab.overview().await;
        tabs.push(tab);
    }
    let remove = RemoveMember {
        org: acme(),
        member: w.user("member@acme.test").await,
    };
    owner.call(remove).await.unwrap();
    join_all(tabs.into_iter().map(|tab| is_revoked(tab, HERE))).await;
    assert_eq!(member.ask_to_listen("acme", None).await.status(), 404);
    stays
        .overview_where(|told| told["eventsLastHour"]["member.removed"] == 1)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_signed_out_hears_no_more() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let mut stays = owner.listen("acme").await;

    let (desk, _, listener) = on_two_devices(&w, "ada@acme.test", w.visitor()).await;
    let callback_url = String::new();
    desk.call(SignOut { callback_url }).await.unwrap();
    is_revoked(listener, HERE).await;
    assert_eq!(desk.ask_to_listen("acme", None).await.status(), 401);

    let (_, phone, listener) = on_two_devices(&w, "bob@acme.test", w.visitor()).await;
    let mut own = phone.listen("acme").await;
    end_the_other(&phone).await;
    is_revoked(listener, HERE).await;

    let (_, phone, listener) = on_two_devices(&w, "cyd@acme.test", w.visitor()).await;
    phone.call(SignOutEverywhere {}).await.unwrap();
    is_revoked(listener, HERE).await;

    let (_, phone, listener) = on_two_devices(&w, "dan@acme.test", w.visitor()).await;
    let change = ChangePassword {
        current_password: PASSWORD.into(),
        new_password: "another good one".into(),
    };
    phone.call(change).await.unwrap();
    is_revoked(listener, HERE).await;
    let mut goes_on = phone.listen("acme").await;

    // Nobody else's has ended, nor that of another device.
    let id = w.organization("acme").await.id;
    w.happens(id, &created("After all that")).await;
    for listener in [&mut stays, &mut own, &mut goes_on] {
        listener
            .until(|told| told.data.contains("After all that"))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ends_by_itself_ends_its_streams() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let mut listener = owner.listen("acme").await;
    listener.overview().await;
    w.wait(TimeDelta::days(8));
    is_revoked(listener, ELSEWHERE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organization_that_is_deleted_is_told_of_no_more() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let mut all = Vec::new();
    for who in [&owner, &viewer] {
        let mut listener = who.listen("acme").await;
        listener.overview().await;
        all.push(listener);
    }
    let delete = DeleteOrganization {
        org: acme(),
        confirmation: "acme".into(),
    };
    owner.call(delete).await.unwrap();
    join_all(all.into_iter().map(|listener| is_revoked(listener, HERE))).await;
    assert_eq!(owner.ask_to_listen("acme", None).await.status(), 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_it_is_shut_only_those_who_pay_hear_whether_they_have() {
    let w = World::new().await;
    let owner = w.owner_of("acme").await;
    let admin = w.member_of("acme", Role::Admin).await;
    let viewer = w.member_of("acme", Role::Viewer).await;
    let id = w.organization("acme").await.id;
    for status in [SubscriptionStatus::Unpaid, SubscriptionStatus::Canceled] {
        let mut all = Vec::new();
        for who in [&owner, &admin, &viewer] {
            let mut listener = who.listen("acme").await;
            listener.overview().await;
            all.push(listener);
        }
        let_stand(&w, status).await;
        join_all(all.into_iter().map(|listener| is_revoked(listener, HERE))).await;
        for who in [&admin, &viewer] {
            let page = page(who.ask_to_listen("acme", None).await).await;
            assert_eq!(page.status, 402);
            let problem: Value = serde_json::from_str(&page.body).unwrap();
            assert_eq!(problem["code"], "suspended");
        }

        let mut payer = owner.listen("acme").await;
        let told = payer.next().await.expect("an event");
        assert_eq!(told.event, "billing");
        assert_eq!(told.json()["standing"], status.standing().name());
        w.happens(id, &created("What they can't see")).await;
        payer.hears_nothing_for(Duration::from_millis(800)).await;
        assert!(!payer.heard().contains("What they can't see"));

        let_stand(&w, SubscriptionStatus::Active).await;
        for told in is_revoked(payer, HERE).await {
            assert!(["billing", "revoked"].contains(&told.event.as_str()));
        }
        let mut back = owner.listen("acme").await;
        assert!(are_all(&next_topics(&mut back).await));
    }
}
