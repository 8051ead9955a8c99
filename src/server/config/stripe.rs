//! How Stripe is reached, and what its prices are called there.

use std::str::FromStr;

use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::billing::Plan;

#[derive(Args, Clone, Debug)]
pub struct StripeConfig {
    /// The secret key of a Stripe account; nothing is sold if absent
    #[arg(long, env = "STRIPE_SECRET_KEY", hide_env_values = true, global = true)]
    pub stripe_secret_key: Option<StripeKey>,

    /// What Stripe signs its events with; several, with commas, while they are rotated
    #[arg(
        long = "stripe-webhook-secret",
        env = "STRIPE_WEBHOOK_SECRET",
        value_delimiter = ',',
        hide_env_values = true,
        global = true
    )]
    pub stripe_webhook_secrets: Vec<WebhookSecret>,

    /// The price of Starter at Stripe
    #[arg(long, env = "STRIPE_STARTER_PRICE_ID", global = true)]
    pub stripe_starter_price_id: Option<PriceId>,

    /// The price of Professional at Stripe
    #[arg(long, env = "STRIPE_PRO_PRICE_ID", global = true)]
    pub stripe_pro_price_id: Option<PriceId>,

    /// The price of Enterprise at Stripe
    #[arg(long, env = "STRIPE_ENTERPRISE_PRICE_ID", global = true)]
    pub stripe_enterprise_price_id: Option<PriceId>,

    /// Where Stripe's API is, if not at Stripe: for `atrium sandbox`
    #[arg(long, env = "STRIPE_API_BASE", global = true)]
    pub stripe_api_base: Option<ApiBase>,
}

impl StripeConfig {
    /// The price that a plan is sold at.
    #[must_use]
    pub fn price_of(&self, plan: Plan) -> Option<&str> {
        let id = match plan {
            Plan::Free => None,
            Plan::Starter => self.stripe_starter_price_id.as_ref(),
            Plan::Pro => self.stripe_pro_price_id.as_ref(),
            Plan::Enterprise => self.stripe_enterprise_price_id.as_ref(),
        };
        id.map(|id| id.0.as_str())
    }

    /// The plan that is sold at that price.
    #[must_use]
    pub fn plan_of(&self, price: &str) -> Option<Plan> {
        Plan::ALL
            .into_iter()
            .find(|plan| self.price_of(*plan) == Some(price))
    }

    /// What can't be together, in one line.
    ///
    /// # Errors
    /// Two plans at one price: which of them was bought couldn't be told.
    pub fn check(&self) -> Result<(), String> {
        for plan in Plan::ALL {
            if let Some(price) = self.price_of(plan)
                && self.plan_of(price) != Some(plan)
            {
                return Err(format!(
                    "STRIPE_{}_PRICE_ID: {price} is another plan's price already",
                    plan.name()
                ));
            }
        }
        Ok(())
    }
}

/// A secret or restricted key of an account.
#[derive(Clone, Debug)]
pub struct StripeKey(SecretString);

impl StripeKey {
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether no money moves by it.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.expose().contains("_test_")
    }
}

impl FromStr for StripeKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_key = text.starts_with("sk_") || text.starts_with("rk_");
        if is_key && text.chars().all(|c| c.is_ascii_graphic()) {
            Ok(Self(SecretString::from(text)))
        } else {
            Err("a secret key begins with sk_, a restricted one with rk_".into())
        }
    }
}

/// What an endpoint's events are signed with.
#[derive(Clone, Debug)]
pub struct WebhookSecret(SecretString);

impl WebhookSecret {
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl FromStr for WebhookSecret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.starts_with("whsec_") && text.len() > "whsec_".len() {
            Ok(Self(SecretString::from(text)))
        } else {
            Err("a signing secret begins with whsec_".into())
        }
    }
}

/// What a price is called at Stripe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceId(String);

impl FromStr for PriceId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_id = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if text.starts_with("prod_") {
            Err("that is a product: its price begins with price_".into())
        } else if is_id && (text.starts_with("price_") || text.starts_with("plan_")) {
            Ok(Self(text.to_owned()))
        } else {
            Err("a price begins with price_".into())
        }
    }
}

/// Where an API like Stripe's is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiBase(Url);

impl ApiBase {
    /// With a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

impl FromStr for ApiBase {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut url = Url::parse(text).map_err(|_| "not a URL")?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err("an API is at http://… or https://…".into());
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("only scheme, host, port and path".into());
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(Self(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_right_is_refused() {
        assert!("pk_test_1".parse::<StripeKey>().is_err());
        assert!("sk_test_1 ".parse::<StripeKey>().is_err());
        assert!("rk_live_1".parse::<StripeKey>().is_ok());
        assert!("secret".parse::<WebhookSecret>().is_err());
        assert!("prod_1".parse::<PriceId>().is_err());
        assert!("price_1".parse::<PriceId>().is_ok());
        assert!("localhost:12111".parse::<ApiBase>().is_err());
    }

    #[test]
    fn a_base_ends_where_a_path_can_follow() {
        for (given, base) in [
            ("http://127.0.0.1:3010", "http://127.0.0.1:3010/"),
            (
                "https://proxy.example/stripe",
                "https://proxy.example/stripe/",
            ),
        ] {
            assert_eq!(
                given.parse::<ApiBase>().map(|url| url.as_str().to_owned()),
                Ok(base.to_owned())
            );
        }
    }
}
