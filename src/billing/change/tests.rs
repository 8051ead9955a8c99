use chrono::TimeDelta;

use super::*;
use SubscriptionStatus as Is;

fn day(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(day)
}

const PERIOD: Period = Period {
    start: DateTime::UNIX_EPOCH,
    end: DateTime::UNIX_EPOCH,
};

/// A subscription on Professional that was made on that day.
fn subscription(id: &str, made: i64, status: StripeStatus) -> Subscription {
    Subscription {
        id: id.to_owned(),
        created: day(made),
        status,
        price: Some("price_pro".to_owned()),
        plan: Some(Plan::Pro),
        period: Some(PERIOD),
        cancels: false,
    }
}

fn birth(id: &str, made: i64) -> Birth {
    subscription(id, made, StripeStatus::Active).birth()
}

/// An organization that never subscribed.
fn never() -> Billing {
    Billing {
        status: Is::None,
        plan: Plan::Free,
        subscription: None,
        price: None,
        period: None,
        cancels_at_period_end: false,
        newest: None,
        surplus: Vec::new(),
    }
}

/// An organization on Professional, by a subscription that was made on day 1.
fn subscribed(status: Is) -> Billing {
    Billing {
        status,
        plan: Plan::Pro,
        subscription: Some(birth("sub_1", 1)),
        price: Some("price_pro".to_owned()),
        period: Some(PERIOD),
        newest: Some(birth("sub_1", 1)),
        ..never()
    }
}

/// An organization whose subscription of day 1 has ended.
fn ended(status: Is) -> Billing {
    Billing {
        status,
        newest: Some(birth("sub_1", 1)),
        ..never()
    }
}

fn becomes(after: Billing) -> BillingChange {
    BillingChange::Becomes(Box::new(after))
}

#[test]
fn each_of_stripes_statuses_means_one_thing_for_who_never_subscribed() {
    let free = |status| Billing {
        plan: Plan::Free,
        ..subscribed(status)
    };
    for (status, after) in [
        (StripeStatus::Incomplete, free(Is::Incomplete)),
        (
            StripeStatus::IncompleteExpired,
            ended(Is::IncompleteExpired),
        ),
        (StripeStatus::Trialing, subscribed(Is::Trialing)),
        (StripeStatus::Active, subscribed(Is::Active)),
        (StripeStatus::PastDue, subscribed(Is::PastDue)),
        (StripeStatus::Canceled, ended(Is::Canceled)),
        (StripeStatus::Unpaid, subscribed(Is::Unpaid)),
        (StripeStatus::Paused, subscribed(Is::Paused)),
    ] {
        let now = subscription("sub_1", 1, status.clone());
        let change = BillingChange::between(&never(), &now);
        assert_eq!(change, becomes(after.clone()), "{status:?}");
        // And nothing more the second time.
        let again = BillingChange::between(&after, &now);
        let known = [
            BillingChange::Unchanged,
            BillingChange::Ignored(Ignored::Stale),
        ];
        assert!(known.contains(&again), "{status:?} again: {again:?}");
    }
}

#[test]
fn each_of_stripes_statuses_means_one_thing_for_who_is_subscribed() {
    for (status, after) in [
        (StripeStatus::Trialing, subscribed(Is::Trialing)),
        (StripeStatus::PastDue, subscribed(Is::PastDue)),
        (StripeStatus::Canceled, ended(Is::Canceled)),
        (StripeStatus::Unpaid, subscribed(Is::Unpaid)),
        (StripeStatus::Paused, subscribed(Is::Paused)),
        (StripeStatus::Incomplete, subscribed(Is::Incomplete)),
        (
            StripeStatus::IncompleteExpired,
            ended(Is::IncompleteExpired),
        ),
    ] {
        let now = subscription("sub_1", 1, status.clone());
        let change = BillingChange::between(&subscribed(Is::Active), &now);
        assert_eq!(change, becomes(after), "{status:?}");
    }
    let same = subscription("sub_1", 1, StripeStatus::Active);
    assert_eq!(
        BillingChange::between(&subscribed(Is::Active), &same),
        BillingChange::Unchanged
    );
    for from in [Is::PastDue, Is::Unpaid, Is::Paused, Is::Incomplete] {
        assert_eq!(
            BillingChange::between(&subscribed(from), &same),
            becomes(subscribed(Is::Active)),
            "from {from:?}"
        );
    }
}

#[test]
fn the_plan_follows_the_price_and_an_unknown_price_changes_no_plan() {
    let starter = Subscription {
        price: Some("price_starter".to_owned()),
        plan: Some(Plan::Starter),
        ..subscription("sub_1", 1, StripeStatus::Active)
    };
    let on_starter = Billing {
        plan: Plan::Starter,
        price: Some("price_starter".to_owned()),
        ..subscribed(Is::Active)
    };
    assert_eq!(
        BillingChange::between(&subscribed(Is::Active), &starter),
        becomes(on_starter)
    );
    assert_eq!(starter.alert(), None);
    let unknown = Subscription {
        price: Some("price_new".to_owned()),
        plan: None,
        ..starter
    };
    let kept = Billing {
        price: Some("price_new".to_owned()),
        ..subscribed(Is::Active)
    };
    assert_eq!(
        BillingChange::between(&subscribed(Is::Active), &unknown),
        becomes(kept)
    );
    assert_eq!(
        unknown.alert(),
        Some(Alert::UnknownPrice("price_new".to_owned()))
    );
}

#[test]
fn an_unknown_status_changes_nothing_and_is_told() {
    let now = subscription("sub_1", 1, StripeStatus::named("hibernating"));
    assert_eq!(
        BillingChange::between(&subscribed(Is::Active), &now),
        BillingChange::Ignored(Ignored::UnknownStatus("hibernating".to_owned()))
    );
    assert!(now.alert().is_some());
}

#[test]
fn what_ended_before_is_not_news() {
    let old = subscription("sub_0", 0, StripeStatus::Canceled);
    let last = subscription("sub_1", 1, StripeStatus::Canceled);
    let later = subscription("sub_2", 2, StripeStatus::Canceled);
    let stale = BillingChange::Ignored(Ignored::Stale);
    let foreign = BillingChange::Ignored(Ignored::Foreign);
    for (before, now, change) in [
        // It went on with Free, and the event of the end comes once more.
        (ended(Is::None), &last, stale.clone()),
        (ended(Is::None), &old, stale.clone()),
        (ended(Is::Canceled), &last, stale),
        (subscribed(Is::Active), &old, foreign.clone()),
        (subscribed(Is::Active), &later, foreign),
    ] {
        assert_eq!(BillingChange::between(&before, now), change, "{now:?}");
    }
    // One that nobody had heard of, because its events were lost.
    let after = Billing {
        newest: Some(birth("sub_2", 2)),
        ..ended(Is::Canceled)
    };
    assert_eq!(
        BillingChange::between(&ended(Is::None), &later),
        becomes(after)
    );
}

#[test]
fn who_never_paid_for_another_one_stays_lapsed() {
    for status in [StripeStatus::Incomplete, StripeStatus::IncompleteExpired] {
        let unpaid = subscription("sub_2", 2, status);
        assert_eq!(
            BillingChange::between(&ended(Is::Canceled), &unpaid),
            BillingChange::Ignored(Ignored::Stale)
        );
    }
}

#[test]
fn of_two_that_are_paid_for_the_older_stays_whichever_was_seen_first() {
    let older = subscription("sub_1", 1, StripeStatus::Active);
    let newer = subscription("sub_2", 2, StripeStatus::Active);
    assert_eq!(
        BillingChange::between(&subscribed(Is::Active), &newer),
        BillingChange::Surplus
    );
    let on_newer = Billing {
        subscription: Some(newer.birth()),
        newest: Some(newer.birth()),
        ..subscribed(Is::Active)
    };
    let back = Billing {
        newest: Some(newer.birth()),
        surplus: vec!["sub_2".to_owned()],
        ..subscribed(Is::Active)
    };
    assert_eq!(
        BillingChange::between(&on_newer, &older),
        BillingChange::Replaces(Box::new(back.clone()))
    );
    for status in [StripeStatus::Active, StripeStatus::Canceled] {
        let given_back = subscription("sub_2", 2, status);
        assert_eq!(
            BillingChange::between(&back, &given_back),
            BillingChange::Ignored(Ignored::GivenBack)
        );
    }
}

#[test]
fn one_that_is_not_paid_makes_room_for_one_that_is() {
    let newer = subscription("sub_2", 2, StripeStatus::Active);
    for before in [Is::Incomplete, Is::Unpaid, Is::Paused] {
        let after = Billing {
            subscription: Some(newer.birth()),
            newest: Some(newer.birth()),
            ..subscribed(Is::Active)
        };
        assert_eq!(
            BillingChange::between(&subscribed(before), &newer),
            BillingChange::Replaces(Box::new(after)),
            "{before:?}"
        );
    }
    for status in [
        StripeStatus::Incomplete,
        StripeStatus::Unpaid,
        StripeStatus::Paused,
    ] {
        let unpaid = subscription("sub_2", 2, status);
        assert_eq!(
            BillingChange::between(&subscribed(Is::Active), &unpaid),
            BillingChange::Ignored(Ignored::Foreign)
        );
    }
}

#[test]
fn a_subscription_that_will_end_says_so() {
    let now = Subscription {
        cancels: true,
        ..subscription("sub_1", 1, StripeStatus::Active)
    };
    let after = Billing {
        cancels_at_period_end: true,
        ..subscribed(Is::Active)
    };
    assert_eq!(
        BillingChange::between(&subscribed(Is::Active), &now),
        becomes(after)
    );
}

#[test]
fn statuses_are_known_by_the_names_that_stripe_gives_them() {
    for (name, status) in [
        ("incomplete", Is::Incomplete),
        ("incomplete_expired", Is::IncompleteExpired),
        ("trialing", Is::Trialing),
        ("active", Is::Active),
        ("past_due", Is::PastDue),
        ("canceled", Is::Canceled),
        ("unpaid", Is::Unpaid),
        ("paused", Is::Paused),
    ] {
        assert_eq!(StripeStatus::named(name).known(), Some(status), "{name}");
    }
    assert_eq!(StripeStatus::named("ACTIVE").known(), None);
}
