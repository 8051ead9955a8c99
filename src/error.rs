//! All that a browser or a client may be told when something goes wrong.
//!
//! An error is data. What it says to people, and its HTTP status, are each
//! given in one place below; what went wrong inside stays in the log, and
//! outside there is only a reference to find it by.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{Capability, KeyScope, Role},
    billing::{Feature, Limit, Standing},
};

mod field;

pub use field::{FieldError, Problem};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in.
    SignedOut,
    /// It doesn't exist, or not for the one who asks.
    NotFound,
    /// A member asks for what the role doesn't allow.
    Forbidden { needs: Capability },
    /// A member would act on somebody of their own rank or above, or give a
    /// role above their own; the capability is there, and doesn't reach so far.
    Outranked { needs: Capability },
    /// No key of the API was sent, or none that holds.
    #[serde(rename = "invalid_api_key")]
    BadKey,
    /// The key isn't made for it.
    MissingScope { scope: KeyScope },
    /// The organization has lapsed or is suspended.
    Suspended { standing: Standing },
    /// The plan doesn't include it.
    NotInPlan { feature: Feature },
    /// The plan's limit is used up.
    #[serde(rename = "limit_exceeded")]
    LimitReached { limit: Limit, max: u64 },
    /// The input is at fault; nothing was changed.
    Invalid { errors: Vec<FieldError> },
    /// It isn't signed by whoever it says it is from; nothing was kept.
    BadSignature,
    /// The input is fine by itself, and doesn't fit what there is.
    Unfitting { errors: Vec<FieldError> },
    /// The input is fine, but not as things stand.
    Conflict { conflict: Conflict },
    /// Another request was sent with that idempotency key.
    #[serde(rename = "idempotency_key_reused")]
    KeyReused,
    /// No account has this address and password.
    WrongCredentials,
    /// A link from a mail was used before, has expired or was never sent.
    LinkExpired,
    /// Too many tries; `retry_after` in seconds.
    TooManyTries { retry_after: u32 },
    /// As many streams are open as one person or organization may have.
    TooManyStreams,
    /// The body is larger than what is taken here.
    TooLarge,
    /// How large the body will be must be said before.
    LengthRequired,
    /// The body is of a kind that isn't taken here.
    UnsupportedMediaType,
    /// The body broke off before its end.
    CutOff,
    /// The body didn't arrive in time.
    TooSlow,
    /// The address is there, and can't be used that way.
    MethodNotAllowed,
    /// The request came from another site.
    ForeignOrigin,
    /// Too many files are on their way in just now.
    Busy,
    /// The database can't be reached just now.
    Unavailable,
    /// Stripe can't be reached just now.
    StripeUnavailable,
    /// The bank refused a payment; nothing was changed.
    PaymentDeclined,
    /// Where artifacts are kept can't be reached just now, or is full.
    StorageUnavailable,
    /// A fault of ours; the log has it under this reference.
    Internal { reference: Uuid },
}

/// What stands in the way of an otherwise good request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// The person is the last owner of an organization that has other members.
    LastOwner,
    /// The person's role was changed while the request was under way.
    RoleChanged,
    /// The invitation is for somebody else.
    OtherAddress,
    /// Whoever invited may not invite any more, or not to that role.
    InvitationVoid,
    /// A deployment doesn't go that way from where it stands.
    NotAStep,
    /// The same request is being answered.
    SameRequest,
    /// Nothing is sold here: Stripe isn't configured.
    NothingSold,
    /// The plan isn't sold here.
    NotForSale,
    /// There is a subscription already, which can be changed.
    Subscribed,
    /// There is no subscription that could be changed.
    NotSubscribed,
    /// What is paid for was changed in the meantime.
    BillingMoved,
}

impl AppError {
    /// Input with one thing wrong with it.
    #[must_use]
    pub fn invalid(field: &str, problem: Problem) -> Self {
        Self::Invalid {
            errors: vec![FieldError::new(field, problem)],
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::CutOff | Self::BadSignature => 400,
            Self::SignedOut | Self::BadKey => 401,
            Self::Suspended { .. } | Self::PaymentDeclined => 402,
            Self::LimitReached {
                limit: Limit::ApiCalls,
                ..
            }
            | Self::TooManyTries { .. }
            | Self::TooManyStreams => 429,
            Self::Forbidden { .. }
            | Self::Outranked { .. }
            | Self::MissingScope { .. }
            | Self::NotInPlan { .. }
            | Self::LimitReached { .. }
            | Self::ForeignOrigin => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooSlow => 408,
            Self::Conflict { .. } | Self::Unfitting { .. } => 409,
            Self::LinkExpired => 410,
            Self::LengthRequired => 411,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Invalid { .. } | Self::WrongCredentials | Self::KeyReused => 422,
            Self::Internal { .. } => 500,
            Self::Busy | Self::Unavailable | Self::StorageUnavailable | Self::StripeUnavailable => {
                503
            }
        }
    }

    /// What is to be said above a form; nothing where it is said beside its
    /// fields already.
    #[must_use]
    pub fn message(&self) -> Option<String> {
        match self {
            Self::Invalid { errors } if errors.iter().any(|error| !error.field.is_empty()) => None,
            other => Some(other.words()),
        }
    }

    /// What happened and what to do next, in words for people.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::SignedOut => "You are signed out. Sign in to go on.".into(),
            Self::NotFound => "This doesn't exist, or you don't have access to it any more.".into(),
            Self::MethodNotAllowed => "This address can't be used that way.".into(),
            Self::TooSlow => {
                "What you sent took too long to arrive. Check your connection and try again.".into()
            }
            Self::Forbidden { needs } => {
                let who = if needs.holders().contains(&Role::Admin) {
                    "an owner or admin"
                } else {
                    "an owner"
                };
                format!(
                    "Your role doesn't include this ({}). Ask {who} of the organization.",
                    needs.name()
                )
            }
            Self::BadKey => "Send an API key that holds in the header Authorization, as \
                 `Bearer atr_live_…`. This one is missing, unknown, expired or revoked."
                .into(),
            Self::MissingScope { scope } => format!(
                "This API key doesn't have the scope {}. Use one that has it.",
                scope.name()
            ),
            Self::Outranked { .. } => {
                "Your role doesn't reach that far: nobody changes members of \
                 their own rank or above, or gives a role above their own. Ask an owner."
                    .into()
            }
            Self::Suspended {
                standing: Standing::Lapsed,
            } => "The subscription of this organization has ended. An owner can take another, or \
                 go on with Free."
                .into(),
            Self::Suspended { .. } => "This organization is suspended until its bill is paid. \
                 Ask an owner."
                .into(),
            Self::NotInPlan { feature } => format!(
                "Your plan doesn't include the {}. The {} plan does.",
                feature.label(),
                feature.first_plan().label()
            ),
            Self::LimitReached {
                limit: Limit::FreeOrganizations,
                max,
            } => format!(
                "You own {max} organizations on Free, which is as many as one person may. \
                 Upgrade or delete one of them first."
            ),
            Self::LimitReached {
                limit: Limit::ApiCalls,
                max,
            } => format!(
                "Your plan includes {max} API calls per month, and all are used. Wait for the \
                 next month, or take a larger plan."
            ),
            Self::LimitReached {
                limit: Limit::StorageBytes,
                max,
            } => format!(
                "Your plan includes {} of storage, and there is no room for this in it. Delete \
                 artifacts you no longer need, or take a larger plan.",
                crate::billing::plan::bytes(*max)
            ),
            Self::LimitReached { limit, max } => format!(
                "Your plan includes {max} {}, and all are in use. Delete one you no longer need \
                 to make room.",
                limit.label()
            ),
            Self::Invalid { .. } | Self::Unfitting { .. } => {
                "Please check the marked fields.".into()
            }
            Self::BadSignature => "The header Stripe-Signature doesn't hold. It must be made with \
                 a secret of this endpoint, over the body as it was sent, at most 300 seconds ago."
                .into(),
            Self::Conflict {
                conflict: Conflict::LastOwner,
            } => "An organization with members needs an owner. Make someone else an owner first, \
                 or delete the organization."
                .into(),
            Self::Conflict {
                conflict: Conflict::RoleChanged,
            } => "Your role was changed at the same moment. Reload the page.".into(),
            Self::Conflict {
                conflict: Conflict::OtherAddress,
            } => "This invitation is for another address. Sign in with the account that has it."
                .into(),
            Self::Conflict {
                conflict: Conflict::InvitationVoid,
            } => "Whoever invited you may no longer do so. Ask for a new invitation.".into(),
            Self::Conflict {
                conflict: Conflict::NotAStep,
            } => "A deployment goes from queued to building to ready, and until then it may fail \
                 or be canceled. It can't go that way from where it stands."
                .into(),
            Self::Conflict {
                conflict: Conflict::SameRequest,
            } => "The same request is being answered already. Try again in a moment.".into(),
            Self::Conflict {
                conflict: Conflict::NothingSold,
            } => "Payments aren't set up on this installation. Ask whoever runs it.".into(),
            Self::Conflict {
                conflict: Conflict::NotForSale,
            } => "This plan can't be bought here by yourself. Ask whoever runs this \
                 installation."
                .into(),
            Self::Conflict {
                conflict: Conflict::Subscribed,
            } => "The organization has a subscription already. Change its plan on the billing \
                 page; a second one would be paid for twice."
                .into(),
            Self::Conflict {
                conflict: Conflict::NotSubscribed,
            } => "The organization has no subscription. Choose a plan on the billing page.".into(),
            Self::Conflict {
                conflict: Conflict::BillingMoved,
            } => "What you pay for was changed in the meantime. Reload the page and try again."
                .into(),
            Self::StripeUnavailable => "We can't reach Stripe, who take our payments. Try again \
                 in a moment: nothing is paid twice."
                .into(),
            Self::PaymentDeclined => "The bank declined the payment. Nothing was changed; use \
                 another card, or ask your bank."
                .into(),
            Self::KeyReused => "This Idempotency-Key was sent with another request. Use a new \
                 one for each request."
                .into(),
            Self::LengthRequired => {
                "Say how many bytes will come, in the header Content-Length.".into()
            }
            Self::UnsupportedMediaType => {
                "This kind of content isn't taken here. Send JSON, as application/json.".into()
            }
            Self::CutOff => {
                "The upload broke off before its end. Nothing was kept; send it again.".into()
            }
            Self::WrongCredentials => "That e-mail and password don't match an account. If you \
                 have just signed up, open the link in our mail first."
                .into(),
            Self::LinkExpired => {
                "This link has been used or has expired. Ask for a new one.".into()
            }
            Self::TooManyTries { retry_after } => {
                format!("Too many tries. Wait {} and try again.", wait(*retry_after))
            }
            Self::TooManyStreams => "Too many live views are open. Close some of them; this one \
                 tries again by itself."
                .into(),
            Self::TooLarge => "That is more than we can take. Send something smaller.".into(),
            Self::ForeignOrigin => {
                "This request came from another site. Reload the page and try again.".into()
            }
            Self::Busy => "Too many files are being stored just now. Nothing was kept; try again \
                 in a moment."
                .into(),
            Self::Unavailable => "We can't reach our database. Try again in a moment.".into(),
            Self::StorageUnavailable => {
                "We can't reach our storage. Nothing was kept; try again in a moment.".into()
            }
            Self::Internal { reference } => format!(
                "Something went wrong on our side. Try again; if it keeps happening, tell us the \
                 reference {reference}."
            ),
        }
    }
}

fn wait(seconds: u32) -> String {
    match seconds {
        0..=1 => "a second".into(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words())
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        match error {
            E::Args(_) | E::MissingArg(_) | E::Deserialization(_) => {
                Self::invalid("", Problem::Malformed)
            }
            E::Request(_) | E::UnsupportedRequestMethod(_) | E::MiddlewareError(_) => {
                Self::Unavailable
            }
            E::Registration(_) | E::ServerError(_) | E::Serialization(_) | E::Response(_) => {
                Self::Internal {
                    reference: Uuid::nil(),
                }
            }
        }
    }
}
