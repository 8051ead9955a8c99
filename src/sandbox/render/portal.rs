use serde_json::{Value, json};

use crate::sandbox::books::{Books, session::PortalSession};

/// A visit to the portal.
#[must_use]
pub fn portal(books: &Books, session: &PortalSession) -> Value {
    let flow = session.flow.as_ref().map(|flow| {
        let cancel = session
            .subscription
            .as_ref()
            .filter(|_| flow == "subscription_cancel")
            .map(|subscription| json!({ "retention": null, "subscription": subscription }));
        json!({
            "after_completion": {
                "hosted_confirmation": null,
                "redirect": null,
                "type": "portal_homepage",
            },
            "subscription_cancel": cancel,
            "subscription_update": null,
            "subscription_update_confirm": null,
            "type": flow,
        })
    });
    json!({
        "id": session.id,
        "object": "billing_portal.session",
        "configuration": "bpc_sandbox",
        "created": session.created,
        "customer": session.customer,
        "customer_account": null,
        "flow": flow,
        "livemode": false,
        "locale": session.locale,
        "on_behalf_of": null,
        "return_url": session.return_url,
        "url": format!("{}/portal/{}", books.base, session.id),
    })
}
