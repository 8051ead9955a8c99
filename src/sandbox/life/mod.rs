//! What happens: the verbs over the books. Whatever changes here is told as an
//! event, with the object as it then is.

pub mod cards;
pub mod change;
pub mod checkout;
pub mod collect;
pub mod customers;
pub mod end;
pub mod events;
pub mod fall_due;
pub mod invoicing;
pub mod proration;
pub mod subscribe;

#[cfg(test)]
mod tests;
