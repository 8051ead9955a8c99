use super::*;

#[test]
fn a_subscription_is_renewed_on_its_day_of_the_month() {
    let mut world = World::new();
    assert_eq!(world.standing(), Standing::Active);
    assert_eq!(world.subscription().period.end, at("2027-02-28T10:00"));
    world.wait_until("2027-02-28T09:59");
    assert_eq!(world.books.invoices.len(), 1);
    world.wait_until("2027-02-28T10:00");
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 2_900, 1));
    assert_eq!(world.subscription().period.end, at("2027-03-31T10:00"));
    world.wait_until("2028-03-01T10:00");
    assert_eq!(world.books.invoices.len(), 14);
    assert_eq!(world.subscription().period.start, at("2028-02-29T10:00"));
}

#[test]
fn what_happens_is_told_with_the_moment_at_which_it_happened() {
    let mut world = World::new();
    let before = world.books.events.len();
    world.wait_until("2027-04-15T00:00");
    let renewal = [
        "customer.subscription.updated",
        "invoice.created",
        "invoice.finalized",
        "payment_intent.succeeded",
        "invoice.updated",
        "invoice.paid",
        "invoice.payment_succeeded",
    ];
    assert_eq!(world.told_after(before), [renewal, renewal].concat());
    let moments: Vec<Moment> = world
        .books
        .events
        .values()
        .map(|event| event.created)
        .collect();
    assert!(moments.is_sorted());
    assert_eq!(moments.last(), Some(&at("2027-03-31T10:00")));
    let first = world.books.events.values().nth(before).unwrap();
    let body: Value = serde_json::from_str(&first.body).unwrap();
    let was = &body["data"]["previous_attributes"]["items"]["data"][0];
    assert_eq!(was["current_period_end"], at("2027-02-28T10:00"));
}

#[test]
fn a_failed_renewal_is_tried_again_and_canceled_in_the_end() {
    let mut world = World::new();
    world.card_goes_bad();
    world.wait_until("2027-02-28T10:00");
    assert_eq!(world.standing(), Standing::PastDue);
    let tries = [
        ("2027-03-03T09:59", 1),
        ("2027-03-03T10:00", 2),
        ("2027-03-05T10:00", 3),
        ("2027-03-07T09:59", 3),
    ];
    for (moment, count) in tries {
        world.wait_until(moment);
        assert_eq!(
            world.last_invoice(),
            (InvoiceState::Open, 2_900, count),
            "{moment}"
        );
        assert_eq!(world.standing(), Standing::PastDue);
    }
    world.wait_until("2027-03-07T10:00");
    assert_eq!(world.standing(), Standing::Canceled);
    assert_eq!(world.subscription().ended_at, Some(at("2027-03-07T10:00")));
    assert_eq!(
        world.told_after(0).last(),
        Some(&"customer.subscription.deleted")
    );
    world.wait_until("2027-06-01T00:00");
    assert_eq!(world.books.invoices.len(), 2, "nothing more is asked for");
}

#[test]
fn after_the_last_try_the_rules_decide() {
    for (rule, standing) in [
        (AfterRetries::Unpaid, Standing::Unpaid),
        (AfterRetries::PastDue, Standing::PastDue),
    ] {
        let mut world = World::new();
        world.books.rules.after_retries = rule;
        world.card_goes_bad();
        world.wait_until("2027-03-08T00:00");
        assert_eq!(world.standing(), standing);
        assert_eq!(world.last_invoice(), (InvoiceState::Open, 2_900, 4));
    }
}

#[test]
fn a_new_card_pays_what_is_open_and_the_subscription_recovers() {
    let mut world = World::new();
    world.card_goes_bad();
    world.wait_until("2027-03-01T00:00");
    let customer = world.customer.clone();
    let refused = world.books.replace_card(&customer, entry(Kind::Declined));
    assert!(refused.is_err());
    assert_eq!(world.standing(), Standing::PastDue);
    world
        .books
        .replace_card(&customer, entry(Kind::Visa))
        .unwrap();
    assert_eq!(world.standing(), Standing::Active);
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 2_900, 1));
    world.wait_until("2027-03-31T10:00");
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 2_900, 1));
}

#[test]
fn a_retry_may_succeed() {
    let mut world = World::new();
    world.card_goes_bad();
    world.wait_until("2027-03-01T00:00");
    let customer = world.customer.clone();
    world.books.pay_with(&customer, entry(Kind::Visa)).unwrap();
    assert_eq!(world.standing(), Standing::PastDue, "nobody has tried yet");
    world.wait_until("2027-03-03T10:00");
    assert_eq!(world.standing(), Standing::Active);
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 2_900, 2));
}

#[test]
fn an_end_with_the_period_can_be_undone_until_then() {
    let mut world = World::new();
    let id = world.subscription.clone();
    world.books.end_with_period(&id, true);
    assert_eq!(world.subscription().cancel_at, Some(at("2027-02-28T10:00")));
    world.books.end_with_period(&id, false);
    world.wait_until("2027-03-01T00:00");
    assert_eq!(world.standing(), Standing::Active);
    world.books.end_with_period(&id, true);
    world.wait_until("2027-03-31T10:00");
    assert_eq!(world.standing(), Standing::Canceled);
    assert_eq!(world.books.invoices.len(), 2);
}

#[test]
fn paying_twice_pays_once() {
    let mut world = World::new();
    world.card_goes_bad();
    world.wait_until("2027-03-01T00:00");
    let customer = world.customer.clone();
    world.books.pay_with(&customer, entry(Kind::Visa)).unwrap();
    let invoice = world.subscription().latest_invoice.clone().unwrap();
    world.books.collect(&invoice, None, Scene::Asked).unwrap();
    let told = world.books.events.len();
    world.books.collect(&invoice, None, Scene::Asked).unwrap();
    assert_eq!(world.books.events.len(), told);
}

#[test]
fn a_customer_who_is_deleted_pays_no_more() {
    let mut world = World::new();
    let customer = world.customer.clone();
    world.books.delete_customer(&customer).unwrap();
    assert_eq!(world.standing(), Standing::Canceled);
    assert_eq!(
        world.told_after(0).split_last_chunk().map(|(_, last)| last),
        Some(&["customer.subscription.deleted", "customer.deleted"])
    );
    assert!(world.books.customer(&customer).is_err());
    world.wait_until("2027-06-01T00:00");
    assert_eq!(world.books.invoices.len(), 1);
}
