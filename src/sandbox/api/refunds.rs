use serde_json::Value;

use super::{
    list::{page, with_paging},
    params::Params,
};
use crate::sandbox::{
    books::{
        Books, find,
        invoice::{Intent, Refund},
    },
    refusal::Refusal,
    render,
};

const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

pub fn intent(books: &Books, id: &str) -> Result<Value, Refusal> {
    Ok(render::intent(find(&books.intents, "payment_intent", id)?))
}

pub fn list(books: &Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&with_paging(&["payment_intent", "charge"]))?;
    let intent = params.word("payment_intent");
    let charge = params.word("charge");
    page(
        "/v1/refunds",
        params,
        &books.refunds,
        |refund| {
            intent.as_ref().is_none_or(|of| refund.intent == *of)
                && charge.as_ref().is_none_or(|of| refund.charge == *of)
        },
        render::refund,
    )
}

pub fn create(books: &mut Books, params: &Params) -> Result<Value, Refusal> {
    params.allow(&["payment_intent", "charge", "amount", "reason", "metadata"])?;
    let of = paid(books, params)?.clone();
    let left = of.amount - of.refunded;
    if left == 0 {
        return Err(
            Refusal::invalid(format!("Charge {} has already been refunded.", of.charge))
                .with_code("charge_already_refunded"),
        );
    }
    let amount = params.number("amount")?.unwrap_or(left);
    if !(1..=left).contains(&amount) {
        return Err(Refusal::invalid(format!(
            "Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        ))
        .about("amount"));
    }
    let reason = params.one_of("reason", |reason| {
        REASONS.contains(&reason).then(|| reason.to_owned())
    })?;
    let refund = Refund {
        id: books.id("re"),
        created: books.now,
        amount,
        currency: of.currency,
        charge: of.charge,
        intent: of.id.clone(),
        reason,
        metadata: params.metadata(),
    };
    if let Some(intent) = books.intents.get_mut(&of.id) {
        intent.refunded += amount;
    }
    let view = render::refund(&refund);
    books.refunds.insert(refund.id.clone(), refund);
    books.tell("refund.created", view.clone());
    Ok(view)
}

/// The payment that is to be given back.
fn paid<'a>(books: &'a Books, params: &Params) -> Result<&'a Intent, Refusal> {
    let (intent, charge) = (params.word("payment_intent"), params.word("charge"));
    let found = match (&intent, &charge) {
        (Some(id), _) => books
            .intents
            .get(id)
            .ok_or_else(|| Refusal::names_nothing("payment_intent", id, "payment_intent")),
        (None, Some(id)) => books
            .intents
            .values()
            .find(|intent| intent.charge == *id)
            .ok_or_else(|| Refusal::names_nothing("charge", id, "charge")),
        (None, None) => Err(Refusal::required("payment_intent")),
    }?;
    if !found.has_succeeded {
        return Err(Refusal::invalid(format!(
            "This PaymentIntent ({}) does not have a successful charge to refund.",
            found.id
        )));
    }
    Ok(found)
}
