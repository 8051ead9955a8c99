//! Customers: who pays, by which card, and what they were charged.

use std::collections::HashMap;

use stripe_billing::{
    billing_portal_session::CreateBillingPortalSession,
    invoice::{ListInvoice, RetrieveInvoice},
};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionSubscriptionData,
    ExpireCheckoutSession, ListCheckoutSession,
};
use stripe_core::{
    customer::{CreateCustomer, RetrieveCustomer},
    refund::CreateRefund,
};
use stripe_shared::{CheckoutSessionMode, CheckoutSessionStatus};

use super::{
    Intent, Refused, Stripe,
    answers::{Address, Card, Invoice, InvoicePayment, List, Named, ORGANIZATION, TheCustomer},
};
use crate::{error::AppError, id::OrgId};

/// How many invoices are shown at most.
const INVOICES: i64 = 24;

/// Who is to pay.
#[derive(Clone, Debug)]
pub struct Customer {
    pub organization: OrgId,
    pub name: String,
    /// Where invoices are sent.
    pub email: String,
}

/// A plan that is to be paid for, at a page of Stripe's.
#[derive(Clone, Debug)]
pub struct NewCheckout {
    pub organization: OrgId,
    pub customer: String,
    pub price: String,
    pub success_url: String,
    pub cancel_url: String,
}

fn metadata(organization: OrgId) -> HashMap<String, String> {
    HashMap::from([(ORGANIZATION.to_owned(), organization.to_string())])
}

impl Stripe {
    /// The organization's customer, made if there is none; the same one for all
    /// who ask at the same time. If the last one was deleted, say which it was.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn customer(&self, new: &Customer, deleted: Option<&str>) -> Result<String, Refused> {
        let request = CreateCustomer::new()
            .name(new.name.clone())
            .email(new.email.clone())
            .metadata(metadata(new.organization));
        let organization = new.organization.to_string();
        let parts = ["customer", &organization, deleted.unwrap_or("first")];
        let intent = Intent::new(&parts).map_err(Refused::Rejected)?;
        let made: Result<TheCustomer, Refused> = self.ask(&request, Some(&intent)).await;
        let made = match made {
            // Name or address was changed since somebody else asked.
            Err(Refused::OtherIntent) => {
                let parts = [&parts[..], &[&new.name, &new.email]].concat();
                let digest = crate::server::token::hash(parts.join("\n"));
                let digest = crate::server::token::hex(&digest);
                let intent = Intent::new(&["customer", &organization, &digest]);
                let intent = intent.map_err(Refused::Rejected)?;
                self.ask(&request, Some(&intent)).await?
            }
            made => made?,
        };
        Ok(made.id)
    }

    /// Where a plan is paid for.
    ///
    /// # Errors
    /// `Missing` if the customer was deleted.
    pub async fn checkout(&self, new: NewCheckout, intent: &Intent) -> Result<String, Refused> {
        let mut item = CreateCheckoutSessionLineItems::new();
        item.price = Some(new.price);
        item.quantity = Some(1);
        let mut subscription = CreateCheckoutSessionSubscriptionData::new();
        subscription.metadata = Some(metadata(new.organization));
        let request = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Subscription)
            .customer(new.customer)
            .client_reference_id(new.organization.to_string())
            .line_items(vec![item])
            .metadata(metadata(new.organization))
            .subscription_data(subscription)
            .success_url(new.success_url)
            .cancel_url(new.cancel_url);
        let session: Address = self.ask(&request, Some(intent)).await?;
        session.url.ok_or_else(nowhere)
    }

    /// Where a customer looks after cards and invoices.
    ///
    /// # Errors
    /// `Missing` if the customer was deleted.
    pub async fn portal(&self, customer: &str, return_url: String) -> Result<String, Refused> {
        let request = CreateBillingPortalSession::new()
            .customer(customer)
            .return_url(return_url);
        let session: Address = self.ask(&request, None).await?;
        session.url.ok_or_else(nowhere)
    }

    /// What a customer was charged lately, the newest first.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn invoices(&self, customer: &str) -> Result<Vec<Invoice>, Refused> {
        let request = ListInvoice::new().customer(customer).limit(INVOICES);
        let invoices: List<Invoice> = self.ask(&request, None).await?;
        Ok(invoices.data)
    }

    /// The card that a customer pays by, unless a subscription has its own.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn card(&self, customer: &str) -> Result<Option<Card>, Refused> {
        let request = RetrieveCustomer::new(customer)
            .expand(vec!["invoice_settings.default_payment_method".to_owned()]);
        let customer: TheCustomer = self.ask(&request, None).await?;
        Ok(customer
            .invoice_settings
            .card()
            .filter(|_| !customer.deleted))
    }

    /// Whether a customer was deleted.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn is_deleted(&self, customer: &str) -> Result<bool, Refused> {
        let found: Result<TheCustomer, Refused> =
            self.ask(&RetrieveCustomer::new(customer), None).await;
        match found {
            Err(Refused::Missing) => Ok(true),
            found => Ok(found?.deleted),
        }
    }

    /// Gives back all that was paid on an invoice.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn refund(&self, invoice: &str) -> Result<(), Refused> {
        let request = RetrieveInvoice::new(invoice).expand(vec!["payments".to_owned()]);
        let invoice: Invoice = self.ask(&request, None).await?;
        let paid = invoice.payments.data.into_iter();
        for payment in paid.filter_map(InvoicePayment::paid) {
            let intent = Intent::new(&["refund", &payment]).map_err(Refused::Rejected)?;
            let request = CreateRefund::new().payment_intent(payment);
            let refund: Result<Named, Refused> = self.ask(&request, Some(&intent)).await;
            match refund {
                Err(Refused::Done) | Ok(_) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Closes the pages at which a customer could still pay.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn close_checkouts(&self, customer: &str) -> Result<(), Refused> {
        let open = ListCheckoutSession::new()
            .customer(customer)
            .status(CheckoutSessionStatus::Open)
            .limit(100_i64);
        let open: List<Named> = self.ask(&open, None).await?;
        for session in open.data {
            let closed: Result<Named, Refused> = self
                .ask(&ExpireCheckoutSession::new(session.id), None)
                .await;
            match closed {
                // Somebody paid, or it has expired by itself.
                Err(Refused::Rejected(_) | Refused::Missing) | Ok(_) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

fn nowhere() -> Refused {
    let error = std::io::Error::other("Stripe gave no address to go to");
    Refused::Rejected(AppError::internal(&error))
}
