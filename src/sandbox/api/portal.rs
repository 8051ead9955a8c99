use serde_json::Value;

use super::params::Params;
use crate::sandbox::{
    books::{Books, session::PortalSession},
    ids,
    refusal::Refusal,
    render,
};

pub fn create(books: &mut Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&[
        "customer",
        "return_url",
        "flow_data",
        "locale",
        "configuration",
    ])?;
    let customer = params.need("customer")?;
    books.named_customer(&customer)?;
    let flow_data = params.part("flow_data");
    flow_data.allow(&["type", "subscription_cancel", "after_completion"])?;
    let flow = flow_data.one_of("type", |kind| match kind {
        "payment_method_update" | "subscription_cancel" => Some(kind.to_owned()),
        _ => None,
    })?;
    let subscription = flow_data.part("subscription_cancel").word("subscription");
    if flow.as_deref() == Some("subscription_cancel") {
        let id = subscription
            .clone()
            .ok_or_else(|| Refusal::required("flow_data[subscription_cancel][subscription]"))?;
        books.subscription(&id)?;
    }
    let session = PortalSession {
        id: format!("{}{}", books.id("bps"), ids::letters(20)),
        created: books.now,
        customer,
        return_url: params.word("return_url"),
        flow,
        subscription,
        locale: params.word("locale"),
    };
    let view = render::portal(books, &session);
    books.portals.insert(session.id.clone(), session);
    Ok(view)
}
