//! Who and what the demo is made of.

use crate::{access::Role, billing::Plan};

pub struct DemoOrganization {
    pub slug: &'static str,
    pub name: &'static str,
    pub plan: Plan,
    pub people: &'static [(Role, &'static str, &'static str)],
    pub projects: &'static [(&'static str, &'static str)],
}

pub const DEMO: DemoOrganization = DemoOrganization {
    slug: "demo",
    name: "Northwind Labs",
    plan: Plan::Pro,
    people: &[
        (Role::Owner, "owner@demo.test", "Mara Lindqvist"),
        (Role::Admin, "admin@demo.test", "Jonas Okafor"),
        (Role::Member, "member@demo.test", "Priya Shah"),
        (Role::Viewer, "viewer@demo.test", "Tomás Rivera"),
    ],
    projects: &[
        ("Storefront", "Public shop and checkout"),
        ("Checkout API", "Payments, taxes and receipts"),
        (
            "Warehouse sync",
            "Stock levels from three depots, every minute",
        ),
        (
            "Partner portal",
            "Where resellers place and follow their orders",
        ),
        ("Mobile app", "iOS and Android, one code base"),
        ("Search", "Finds products by what people meant"),
        ("Mailer", "Receipts, reminders and the weekly letter"),
        ("Data pipeline", "From events to the figures on Monday"),
        ("Design system", "Parts that all front ends share"),
        ("Status page", "What is up, and what is not"),
        ("Billing", "Invoices, dunning and proration"),
        ("Internal tools", "Small things that save hours"),
    ],
};

pub const RIVAL: DemoOrganization = DemoOrganization {
    slug: "rival",
    name: "Rival Works",
    plan: Plan::Free,
    people: &[(Role::Owner, "owner@rival.test", "Robin Sato")],
    projects: &[("Skunkworks", "Not to be seen by anyone else")],
};
