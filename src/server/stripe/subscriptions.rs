//! Subscriptions: what is paid for, changed and ended.

use chrono::{DateTime, Utc};
use stripe_billing::{
    invoice::{
        CreatePreviewInvoice, CreatePreviewInvoiceSubscriptionDetails,
        CreatePreviewInvoiceSubscriptionDetailsItems,
        CreatePreviewInvoiceSubscriptionDetailsProrationBehavior as PreviewProration,
    },
    subscription::{
        CancelSubscription, ListSubscription, ListSubscriptionStatus, ResumeSubscription,
        RetrieveSubscription, UpdateSubscription, UpdateSubscriptionItems,
        UpdateSubscriptionPaymentBehavior, UpdateSubscriptionProrationBehavior as Proration,
    },
};

use stripe::StripeRequest;
use stripe_client_core::RequestBuilder;

use super::{
    Ending, Found, Intent, Preview, Refused, Stripe,
    answers::{List, TheSubscription},
};

/// How a subscription goes over to another price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// The difference is paid at once, or nothing is changed.
    Up,
    /// What was paid too much is taken off the next invoice.
    Down,
}

/// A plan that takes the place of another, from a moment on that the
/// difference is reckoned by.
#[derive(Clone, Debug)]
pub struct PlanSwitch {
    pub subscription: String,
    pub item: String,
    pub price: String,
    pub at: DateTime<Utc>,
    pub way: Switch,
    /// How it was to end by itself, which it no longer is.
    pub ending: Ending,
}

/// A request that has a subscription go on which was to end by itself. Only
/// the way that it was to end by may be named, and no type of the library's
/// says that a moment is taken back.
struct GoingOn<R> {
    request: R,
    /// What stands around the moment, as `subscription_details[cancel_at]`.
    moment: &'static str,
    ending: Ending,
}

impl<R: StripeRequest> StripeRequest for GoingOn<R> {
    type Output = R::Output;

    fn build(&self) -> RequestBuilder {
        let mut built = self.request.build();
        if self.ending == Ending::At {
            let body = built.body.unwrap_or_default();
            built.body = Some(format!("{body}&{}=", self.moment));
        }
        built
    }
}

impl Stripe {
    /// # Errors
    /// `Missing` if there is none of that id.
    pub async fn subscription(&self, id: &str) -> Result<Found, Refused> {
        let request =
            RetrieveSubscription::new(id).expand(vec!["default_payment_method".to_owned()]);
        let found: TheSubscription = self.ask(&request, None).await?;
        Ok(found.read(&self.config))
    }

    /// All that a customer has which isn't over.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn subscriptions(&self, customer: &str) -> Result<Vec<Found>, Refused> {
        let request = ListSubscription::new()
            .customer(customer)
            .status(ListSubscriptionStatus::All)
            .limit(100_i64);
        let found: List<TheSubscription> = self.ask(&request, None).await?;
        let found = found.data.into_iter();
        Ok(found.map(|found| found.read(&self.config)).collect())
    }

    /// What a switch would cost.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn preview(&self, switch: &PlanSwitch) -> Result<Preview, Refused> {
        let mut item = CreatePreviewInvoiceSubscriptionDetailsItems::new();
        item.id = Some(switch.item.clone());
        item.price = Some(switch.price.clone());
        let mut details = CreatePreviewInvoiceSubscriptionDetails::new();
        details.items = Some(vec![item]);
        details.proration_date = Some(switch.at.timestamp());
        details.proration_behavior = Some(match switch.way {
            Switch::Up => PreviewProration::AlwaysInvoice,
            Switch::Down => PreviewProration::CreateProrations,
        });
        if switch.ending == Ending::WithPeriod {
            details.cancel_at_period_end = Some(false);
        }
        let request = CreatePreviewInvoice::new()
            .subscription(switch.subscription.clone())
            .subscription_details(details);
        let request = GoingOn {
            request,
            moment: "subscription_details%5Bcancel_at%5D",
            ending: switch.ending,
        };
        self.ask(&request, None).await
    }

    /// Makes a switch; one that was to end by itself goes on.
    ///
    /// # Errors
    /// `Declined`, and then nothing was changed.
    pub async fn switch(&self, switch: &PlanSwitch, intent: &Intent) -> Result<Found, Refused> {
        let mut item = UpdateSubscriptionItems::new();
        item.id = Some(switch.item.clone());
        item.price = Some(switch.price.clone());
        let request = UpdateSubscription::new(switch.subscription.as_str())
            .items(vec![item])
            .proration_date(switch.at.timestamp())
            .payment_behavior(UpdateSubscriptionPaymentBehavior::ErrorIfIncomplete)
            .proration_behavior(match switch.way {
                Switch::Up => Proration::AlwaysInvoice,
                Switch::Down => Proration::CreateProrations,
            });
        self.go_on(request, switch.ending, intent).await
    }

    /// Lets a subscription end once what was paid for is over.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn end_by_itself(&self, id: &str, intent: &Intent) -> Result<Found, Refused> {
        let request = UpdateSubscription::new(id).cancel_at_period_end(true);
        let found: TheSubscription = self.ask(&request, Some(intent)).await?;
        Ok(found.read(&self.config))
    }

    /// Has a subscription go on that was to end by itself.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn keep(&self, id: &str, ending: Ending, intent: &Intent) -> Result<Found, Refused> {
        self.go_on(UpdateSubscription::new(id), ending, intent)
            .await
    }

    async fn go_on(
        &self,
        request: UpdateSubscription,
        ending: Ending,
        intent: &Intent,
    ) -> Result<Found, Refused> {
        let request = match ending {
            Ending::WithPeriod => request.cancel_at_period_end(false),
            Ending::At | Ending::Never => request,
        };
        let request = GoingOn {
            request,
            moment: "cancel_at",
            ending,
        };
        let found: TheSubscription = self.ask(&request, Some(intent)).await?;
        Ok(found.read(&self.config))
    }

    /// Goes on with a subscription that was paused.
    ///
    /// # Errors
    /// `Declined`.
    pub async fn resume(&self, id: &str, intent: &Intent) -> Result<Found, Refused> {
        let found: TheSubscription = self.ask(&ResumeSubscription::new(id), Some(intent)).await?;
        Ok(found.read(&self.config))
    }

    /// Ends a subscription now. One that has ended stays so.
    ///
    /// # Errors
    /// See [`Refused`].
    pub async fn cancel(&self, id: &str) -> Result<(), Refused> {
        let canceled: Result<TheSubscription, Refused> =
            self.ask(&CancelSubscription::new(id), None).await;
        match canceled {
            Err(Refused::Missing) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
