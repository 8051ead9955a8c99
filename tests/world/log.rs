//! The audit log, past the program.

use atrium::{
    access::server::{
        authn::Account,
        trail::{self, Actor},
    },
    audit::{
        model::Event,
        server::{Fault, Proof, chains, verify},
    },
    entity::user,
    id::OrgId,
};
use chrono::TimeDelta;
use sea_orm::EntityTrait;

use super::World;

impl World {
    /// The chains that can't be proven, and where each is broken.
    pub async fn broken_chains(&self) -> Vec<(OrgId, Fault)> {
        let mut broken = Vec::new();
        for id in chains(&self.services).await.unwrap() {
            if let Proof::Broken(fault) = verify(&self.services, id).await.unwrap() {
                broken.push((id, fault));
            }
        }
        broken
    }

    /// Adds rows to a log as changes do.
    pub async fn write_rows(&self, id: OrgId, count: usize) {
        let account = self
            .account(&format!("{}@example.com", uuid::Uuid::now_v7().simple()))
            .await;
        let account = user::Entity::find_by_id(account)
            .one(self.look())
            .await
            .unwrap()
            .unwrap();
        let actor = Actor::absent(&Account::from(account));
        let tx = self.db.write("a test writes a log").await.unwrap();
        for number in 0..count {
            let event = Event::OrganizationRenamed {
                organization: id,
                before: format!("={number}"),
                after: format!("={}", number + 1),
            };
            let now = self.services.clock.now() + TimeDelta::seconds(number as i64);
            trail::append(&*tx, id, &actor, &event, now).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}
