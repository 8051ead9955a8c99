use super::*;

#[test]
fn an_upgrade_is_charged_for_the_rest_of_the_period() {
    let mut world = World::new();
    world.wait_until("2027-02-14T10:00");
    let id = world.subscription.clone();
    let change = world.change("price_sandbox_pro", Proration::Now, true);
    world.books.change_items(&id, &change).unwrap();
    // Half of 28 days: 4950 − 1450.
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 3_500, 1));
    let back = world.change("price_sandbox_starter", Proration::Now, true);
    world.books.change_items(&id, &back).unwrap();
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 0, 0));
    assert_eq!(
        world.books.customer(&world.customer).unwrap().balance,
        -3_500
    );
    world.wait_until("2027-02-28T10:00");
    assert_eq!(
        world.last_invoice(),
        (InvoiceState::Paid, 0, 0),
        "paid from credit"
    );
    world.wait_until("2027-03-31T10:00");
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 2_300, 1));
}

#[test]
fn a_change_can_wait_for_the_next_invoice() {
    let mut world = World::new();
    world.wait_until("2027-02-14T10:00");
    let id = world.subscription.clone();
    let change = world.change("price_sandbox_pro", Proration::Next, false);
    world.books.change_items(&id, &change).unwrap();
    assert_eq!(world.books.invoices.len(), 1);
    world.wait_until("2027-02-28T10:00");
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 9_900 + 3_500, 1));
    world.wait_until("2027-03-31T10:00");
    assert_eq!(world.last_invoice(), (InvoiceState::Paid, 9_900, 1));
}

#[test]
fn an_upgrade_that_cannot_be_charged_changes_nothing_if_so_wished() {
    let mut world = World::new();
    world.card_goes_bad();
    world.wait_until("2027-02-14T10:00");
    let id = world.subscription.clone();
    let told = world.books.events.len();
    let wish = world.change("price_sandbox_pro", Proration::Now, true);
    let refusal = world.books.change_items(&id, &wish).unwrap_err();
    assert_eq!((refusal.status, refusal.code), (402, Some("card_declined")));
    assert_eq!(world.books.events.len(), told);
    assert_eq!(world.subscription().items[0].price, "price_sandbox_starter");
    let wish = world.change("price_sandbox_pro", Proration::Now, false);
    world.books.change_items(&id, &wish).unwrap();
    assert_eq!(world.standing(), Standing::PastDue);
    assert_eq!(world.subscription().items[0].price, "price_sandbox_pro");
}
