use super::*;

#[test]
fn a_trial_is_announced_and_then_paid_for() {
    let mut world = World::with(Some(Kind::Visa), Some(14), WithoutCard::CreateInvoice);
    assert_eq!(world.standing(), Standing::Trialing);
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 0, 0));
    world.wait_until("2027-02-11T10:00");
    assert_eq!(
        world.told_after(0).last(),
        Some(&"customer.subscription.trial_will_end")
    );
    world.wait_until("2027-02-14T10:00");
    assert_eq!(world.standing(), Standing::Active);
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 2_900, 1));
    assert_eq!(world.subscription().period.end, at("2027-03-14T10:00"));
}

#[test]
fn a_trial_with_no_card_ends_as_was_said() {
    let mut world = World::with(None, Some(14), WithoutCard::Cancel);
    world.wait_until("2027-02-14T10:00");
    assert_eq!(world.standing(), Standing::Canceled);
    let mut world = World::with(None, Some(14), WithoutCard::CreateInvoice);
    world.wait_until("2027-02-14T10:00");
    assert_eq!(world.standing(), Standing::PastDue);
    let mut world = World::with(None, Some(14), WithoutCard::Pause);
    world.wait_until("2027-02-20T10:00");
    assert_eq!(world.standing(), Standing::Paused);
    assert_eq!(
        world.told_after(0).last(),
        Some(&"customer.subscription.paused")
    );
    let (customer, id) = (world.customer.clone(), world.subscription.clone());
    world.books.resume(&id).unwrap();
    assert_eq!(world.standing(), Standing::Paused, "nobody has paid");
    world
        .books
        .replace_card(&customer, entry(Kind::Visa))
        .unwrap();
    assert_eq!(world.standing(), Standing::Active);
    assert_eq!(
        world.told_after(0).last(),
        Some(&"customer.subscription.resumed")
    );
    assert_eq!(world.subscription().period.end, at("2027-03-20T10:00"));
}

#[test]
fn a_first_payment_that_never_comes_leaves_nothing_to_pay() {
    let mut world = World::with(Some(Kind::PoorVisa), None, WithoutCard::CreateInvoice);
    assert_eq!(world.standing(), Standing::Incomplete);
    world.wait_until("2027-02-01T09:00");
    assert_eq!(world.standing(), Standing::IncompleteExpired);
    assert_eq!(world.last_invoice().0, InvoiceState::Void);
}
