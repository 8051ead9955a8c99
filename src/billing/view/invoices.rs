use leptos::prelude::*;

use crate::{
    billing::model::{BillingReport, InvoiceRow, InvoiceStatus},
    ui::{Badge, EmptyState, Glyph, Icon},
};

#[component]
pub fn Invoices(report: BillingReport) -> impl IntoView {
    // Who never paid has nothing to look for here.
    if !report.has_portal() {
        return None;
    }
    let invoices = report.at_stripe?.invoices;
    Some(view! {
        <section class="card table-card" aria-labelledby="invoices">
            <div class="card-head"><h2 id="invoices">"Invoices"</h2></div>
            {if invoices.is_empty() {
                view! { <EmptyState glyph=Glyph::FileText title="No invoices yet" words="Each payment leaves one here, with a PDF to keep."/> }.into_any()
            } else {
                view! {
                    <table class="table">
                        <thead><tr><th>"Number"</th><th>"Date"</th><th>"Amount"</th><th>"Status"</th><th><span class="visually-hidden">"PDF"</span></th></tr></thead>
                        <tbody>{invoices.into_iter().map(|invoice| view! { <Row invoice=invoice/> }).collect_view()}</tbody>
                    </table>
                }.into_any()
            }}
        </section>
    })
}

#[component]
fn Row(invoice: InvoiceRow) -> impl IntoView {
    let name = invoice.number.unwrap_or_else(|| invoice.id.clone());
    let tone = match invoice.status {
        InvoiceStatus::Paid => "badge success",
        InvoiceStatus::Open => "badge warning",
        InvoiceStatus::Uncollectible => "badge danger",
        InvoiceStatus::Draft | InvoiceStatus::Void => "badge",
    };
    let label = format!("Download invoice {name}");
    view! {
        <tr>
            <td class="main">{match invoice.page {
                Some(page) => view! { <a href=page rel="noreferrer">{name}</a> }.into_any(),
                None => name.into_any(),
            }}</td>
            <td data-label="Date">{invoice.at.map(|at| at.format("%-d %b %Y").to_string())}</td>
            <td data-label="Amount">{invoice.total.to_string()}</td>
            <td data-label="Status"><Badge label=invoice.status.label() class=tone/></td>
            <td class="end">{invoice.pdf.map(|pdf| view! {
                <a class="button ghost small" href=pdf rel="noreferrer" aria-label=label><Icon glyph=Glyph::Download/>"PDF"</a>
            })}</td>
        </tr>
    }
}
