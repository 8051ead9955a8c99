//! Changing a subscription: another plan, its end, and its going on.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Payer, apply, look, on};
use crate::{
    audit::model::Event,
    billing::{
        Money, Plan, Standing,
        model::{ChangeCost, ChangePreview, over},
    },
    error::{AppError, Conflict},
    server::stripe::{Found, Intent, PlanSwitch, Preview, Stripe, Switch},
    usage::server::in_use,
};

/// For how long what was reckoned up is good.
const GOOD: TimeDelta = TimeDelta::hours(1);

/// For how long sending a form again is the same attempt, in seconds.
const AN_ATTEMPT: i64 = 20;

fn moved() -> AppError {
    AppError::Conflict {
        conflict: Conflict::BillingMoved,
    }
}

/// The subscription of an organization, as Stripe has it.
async fn current(payer: &Payer, stripe: &Stripe) -> Result<Found, AppError> {
    let id = payer.organization().stripe_subscription_id.as_deref();
    let id = id.ok_or(AppError::Conflict {
        conflict: Conflict::NotSubscribed,
    })?;
    let found = stripe.subscription(id).await?;
    if found.subscription.is_over() {
        return Err(moved());
    }
    Ok(found)
}

/// Who has to pay first changes nothing before.
fn open(payer: &Payer) -> Result<(), AppError> {
    let standing = payer.organization().subscription_status.standing();
    if standing == Standing::Suspended {
        return Err(AppError::Suspended { standing });
    }
    Ok(())
}

/// How to get from one plan to another, reckoned by that moment.
fn switch(
    stripe: &Stripe,
    found: &Found,
    from: Plan,
    to: Plan,
    at: DateTime<Utc>,
) -> Result<PlanSwitch, AppError> {
    let price = stripe.price_id(to)?.to_owned();
    if found.subscription.price.as_ref() == Some(&price) {
        return Err(moved());
    }
    Ok(PlanSwitch {
        subscription: found.subscription.id.clone(),
        item: found.item.clone().ok_or_else(moved)?,
        price,
        at,
        ending: found.ending,
        way: if rank(to) > rank(from) {
            Switch::Up
        } else {
            Switch::Down
        },
    })
}

fn rank(plan: Plan) -> Option<usize> {
    Plan::ALL.iter().position(|other| *other == plan)
}

/// What it would come to, to have another plan.
///
/// # Errors
/// `Conflict` without a subscription, or if it has that plan already;
/// `StripeUnavailable`.
pub async fn preview(payer: &Payer, to: Plan) -> Result<ChangePreview, AppError> {
    open(payer)?;
    let services = payer.agent().services();
    let stripe = on(services)?;
    let found = current(payer, stripe).await?;
    let from = payer.organization().plan;
    let cost = match to {
        Plan::Free => None,
        _ => {
            let at = moment(&found, payer.now());
            let switch = switch(stripe, &found, from, to, at)?;
            let preview = stripe.preview(&switch).await?;
            Some(cost(&preview, &switch))
        }
    };
    let price = stripe.price(to).await;
    let (db, allowed) = (payer.read().await?, payer.entitlements());
    let usage = in_use(payer, &db, &allowed, payer.now()).await?;
    Ok(ChangePreview {
        from,
        to: look::offer(services, to, price.as_ref()),
        period_end: found.subscription.period.map(|period| period.end),
        cost,
        over: over(to, &usage),
        intent: Uuid::now_v7().to_string(),
    })
}

/// Within what is paid for now, which may be ahead of our clock, or behind it.
fn moment(found: &Found, now: DateTime<Utc>) -> DateTime<Utc> {
    match found.subscription.period {
        Some(period) if period.start <= period.end => now.clamp(period.start, period.end),
        _ => now,
    }
}

fn cost(preview: &Preview, switch: &PlanSwitch) -> ChangeCost {
    let money = |minor| Money::new(minor, &preview.currency);
    let lines = preview.lines.data.iter().map(|line| {
        let words = line.description.clone().unwrap_or_default();
        (words, money(line.amount))
    });
    let is_up = switch.way == Switch::Up;
    ChangeCost {
        due_now: is_up.then(|| money(preview.amount_due)),
        next_bill: (!is_up).then(|| money(preview.total)),
        lines: lines.collect(),
        reckoned_at: switch.at.timestamp(),
    }
}

/// Has another plan from now on; to Free, once what was paid for is over.
///
/// # Errors
/// `PaymentDeclined`, `StripeUnavailable`, and `Conflict` if it was reckoned up
/// too long ago; nothing is changed then.
pub async fn change(
    payer: &Payer,
    to: Plan,
    reckoned_at: Option<i64>,
    intent: &str,
) -> Result<(), AppError> {
    open(payer)?;
    if to == Plan::Free {
        return end_by_itself(payer, true, intent).await;
    }
    let services = payer.agent().services();
    let stripe = on(services)?;
    let found = current(payer, stripe).await?;
    let from = payer.organization().plan;
    let at = reckoned_at
        .and_then(|at| DateTime::from_timestamp(at, 0))
        .unwrap_or_else(|| moment(&found, payer.now()));
    let is_good = (moment(&found, payer.now()) - at).abs() <= GOOD;
    if !is_good || moment(&found, at) != at {
        return Err(moved());
    }
    let switch = switch(stripe, &found, from, to, at)?;
    let id = &found.subscription.id;
    // Stripe says the same to the same intent for a day, no matter what the bank
    // would say by now: who tries again in a while means it anew.
    let moment = at.timestamp().to_string();
    let attempt = (payer.now().timestamp() / AN_ATTEMPT).to_string();
    let parts = ["switch", id, to.name(), &moment, intent, &attempt];
    stripe.switch(&switch, &Intent::new(&parts)?).await?;
    let organization = payer.organization().id;
    let event = Event::PlanChangeRequested {
        organization,
        before: from,
        after: to,
    };
    settle(payer, stripe, id, event).await
}

/// Lets the subscription end once what was paid for is over, or go on.
///
/// # Errors
/// `Conflict` without a subscription; `StripeUnavailable`.
pub async fn end_by_itself(payer: &Payer, ends: bool, intent: &str) -> Result<(), AppError> {
    let stripe = on(payer.agent().services())?;
    let found = current(payer, stripe).await?;
    let id = &found.subscription.id;
    if found.subscription.cancels == ends {
        return apply::now(payer.agent().services(), stripe, id).await;
    }
    if ends {
        let intent = Intent::new(&["end", id, intent])?;
        stripe.end_by_itself(id, &intent).await?;
    } else {
        let intent = Intent::new(&["keep", id, intent])?;
        stripe.keep(id, found.ending, &intent).await?;
    }
    let organization = payer.organization().id;
    let event = if ends {
        Event::CancellationRequested { organization }
    } else {
        Event::CancellationWithdrawn { organization }
    };
    settle(payer, stripe, id, event).await
}

/// Goes on with a subscription that was paused.
///
/// # Errors
/// `PaymentDeclined`, `StripeUnavailable`, `Conflict`.
pub async fn resume(payer: &Payer, intent: &str) -> Result<(), AppError> {
    let stripe = on(payer.agent().services())?;
    let found = current(payer, stripe).await?;
    let id = &found.subscription.id;
    let intent = Intent::new(&["resume", id, intent])?;
    stripe.resume(id, &intent).await?;
    let organization = payer.organization().id;
    settle(
        payer,
        stripe,
        id,
        Event::ResumptionRequested { organization },
    )
    .await
}

/// Notes who asked for it, and looks at once at what Stripe made of it. If
/// that can't be seen now, an event will tell.
async fn settle(payer: &Payer, stripe: &Stripe, id: &str, event: Event) -> Result<(), AppError> {
    payer.begin().await?.commit(event).await?;
    let services = payer.agent().services();
    if let Err(error) = apply::now(services, stripe, id).await {
        tracing::warn!(%error, "what was changed at Stripe is seen later");
    }
    Ok(())
}
