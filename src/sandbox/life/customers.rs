//! Customers come and go.

use crate::sandbox::{
    books::{Books, Customer},
    ids,
    refusal::Refusal,
    render,
};

impl Books {
    /// Welcomes a customer, of whom the id and the moment are filled in.
    pub fn welcome(&mut self, customer: Customer) -> String {
        let id = self.id("cus");
        let customer = Customer {
            id: id.clone(),
            created: self.now,
            invoice_prefix: ids::letters(8).to_uppercase(),
            next_invoice: 1,
            ..customer
        };
        let view = render::customer(self, &customer);
        self.customers.insert(id.clone(), customer);
        self.tell("customer.created", view);
        id
    }

    /// Deletes a customer, whose subscriptions and visits to the till end.
    ///
    /// # Errors
    /// If there is none.
    pub fn delete_customer(&mut self, id: &str) -> Result<(), Refusal> {
        let customer = self.customer(id)?.clone();
        let visits: Vec<String> = self
            .checkouts
            .values()
            .filter(|session| session.customer.as_deref() == Some(id) && session.is_open())
            .map(|session| session.id.clone())
            .collect();
        for session in visits {
            self.expire_checkout(&session);
        }
        let running: Vec<String> = self.running(id).map(|one| one.id.clone()).collect();
        for subscription in running {
            self.cancel(&subscription, "cancellation_requested");
        }
        let view = render::customer(self, &customer);
        if let Some(customer) = self.customers.get_mut(id) {
            customer.is_deleted = true;
        }
        self.tell("customer.deleted", view);
        Ok(())
    }
}
