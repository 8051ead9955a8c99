//! A look at all that the program needs, before anyone relies on it.

use super::{Failure, health, site::Site};
use crate::{
    billing::{Plan, server::work},
    server::{database::role, outbox, services::Services},
};

/// # Errors
/// If anything is wrong; what, was printed.
pub async fn run(services: &Services) -> Result<(), Failure> {
    let config = &services.config;
    let mut wrong = 0_usize;
    let mut say = |what: &str, found: Result<String, String>| match found {
        Ok(fine) => println!("ok    {what}: {fine}"),
        Err(why) => {
            wrong += 1;
            println!("WRONG {what}: {why}");
        }
    };
    say(
        "people reach it at",
        Ok(config.app_url().origin().to_owned()),
    );
    let readiness = health::readiness(&services.db).await;
    say(
        "database",
        match readiness {
            Ok(0) => Ok(format!("{}, schema up to date", config.database_url)),
            Ok(pending) => Err(format!(
                "{pending} migrations are pending: run `atrium migrate up`"
            )),
            Err(error) => Err(error.words()),
        },
    );
    say(
        "role",
        match role::faults(&services.db).await {
            Ok(faults) if faults.is_empty() => Ok(if services.db.is_postgres() {
                "no more than it may be; tenants are kept apart by the database".into()
            } else {
                "SQLite has none; what is written is guarded on each connection".into()
            }),
            Ok(faults) => Err(health::unfit(&faults)),
            Err(error) => Err(error.to_string()),
        },
    );
    say(
        "storage",
        match services.store.ping().await {
            Ok(()) => Ok(config.storage_url.to_string()),
            Err(error) => Err(format!("{}: {}", config.storage_url, error.words())),
        },
    );
    say(
        "mail",
        match services.mailer.folder() {
            None => Ok("sent by SMTP".into()),
            Some(folder) if config.app_url().is_loopback() => {
                Ok(format!("written to {}", folder.display()))
            }
            Some(folder) => Err(format!(
                "written to {}, where nobody gets it: set SMTP_URL",
                folder.display()
            )),
        },
    );
    say(
        "owed effects",
        match outbox::given_up(services).await {
            Ok(0) => Ok("none was given up".into()),
            Ok(some) => Err(format!(
                "{some} were given up: see last_error in the table outbox"
            )),
            Err(error) => Err(error.words()),
        },
    );
    say("payments", payments(services).await);
    let site = Site::find().map(|site| site.root().to_owned());
    say("site files", site.map_err(|Failure(why)| why));
    if wrong == 0 {
        Ok(())
    } else {
        Err(Failure(format!("{wrong} things are wrong")))
    }
}

/// Whether plans can be paid for, and what was paid is heard of.
async fn payments(services: &Services) -> Result<String, String> {
    let Some(stripe) = &services.stripe else {
        return Ok("nothing is sold: STRIPE_SECRET_KEY isn't set".into());
    };
    if services.config.stripe.stripe_webhook_secrets.is_empty() {
        return Err("what is paid is never heard of: set STRIPE_WEBHOOK_SECRET".into());
    }
    let mut sold = Vec::new();
    for plan in Plan::ALL.into_iter().filter(|plan| stripe.sells(*plan)) {
        match stripe.price(plan).await {
            Some(_) => sold.push(plan.label()),
            None => {
                return Err(format!(
                    "the price of {} can't be had from Stripe",
                    plan.label()
                ));
            }
        }
    }
    if sold.is_empty() {
        return Err("no plan has a price: set STRIPE_STARTER_PRICE_ID and the like".into());
    }
    match work::troubles(services).await {
        Ok(0) if stripe.is_test() => Ok(format!("{}, in test mode", sold.join(", "))),
        Ok(0) => Ok(sold.join(", ")),
        Ok(some) => Err(format!(
            "{some} events have to be looked at: see `atrium stripe events --open`"
        )),
        Err(error) => Err(error.words()),
    }
}
