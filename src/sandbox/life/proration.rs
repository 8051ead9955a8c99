//! Sharing out a price over the part of a period that is left.

use crate::sandbox::{
    books::{
        Books,
        invoice::Line,
        subscription::{Item, Span, Standing, Subscription},
        wares::Every,
    },
    ids,
    moment::{self, Moment},
};

/// The part of an amount that falls on what is left of a whole, to the cent,
/// half a cent up.
#[must_use]
pub fn share(amount: i64, left: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    let (amount, left, whole) = (i128::from(amount), i128::from(left), i128::from(whole));
    let share = (2 * amount * left + whole).div_euclid(2 * whole);
    i64::try_from(share).unwrap_or(i64::MAX)
}

impl Books {
    /// What an item costs for a period.
    #[must_use]
    pub fn cost(&self, item: &Item) -> i64 {
        let unit = self.prices.get(&item.price).map_or(0, |price| price.amount);
        unit * i64::from(item.quantity)
    }

    /// How often these items are paid.
    #[must_use]
    pub fn every(&self, items: &[Item]) -> Every {
        items
            .first()
            .and_then(|item| self.prices.get(&item.price))
            .map_or(Every::MONTH, |price| price.every)
    }

    /// The lines for a whole period.
    #[must_use]
    pub fn period_lines(&self, subscription: &Subscription, span: Span) -> Vec<Line> {
        let is_trial = subscription.standing == Standing::Trialing;
        let line = |item: &Item| {
            let ware = self.ware(&item.price);
            let description = if is_trial {
                format!("Trial period for {ware}")
            } else {
                format!("{} × {ware}", item.quantity)
            };
            let amount = if is_trial { 0 } else { self.cost(item) };
            line(subscription, item, amount, description, span)
        };
        subscription.items.iter().map(line).collect()
    }

    /// The lines that set right a change of items within a period: credit for
    /// what isn't used, and the price of what comes in its place.
    #[must_use]
    pub fn prorations(&self, subscription: &Subscription, to: &[Item], at: Moment) -> Vec<Line> {
        if subscription.standing == Standing::Trialing {
            return Vec::new();
        }
        let period = subscription.period;
        let at = at.clamp(period.start, period.end);
        let whole = period.end - period.start;
        let rest = Span {
            start: at,
            end: period.end,
        };
        let every = self.every(to);
        let begins_anew = every != subscription.every;
        let mut lines = Vec::new();
        for old in subscription.items.iter().filter(|old| !to.contains(old)) {
            let credit = -share(self.cost(old), rest.end - at, whole);
            let words = format!(
                "Unused time on {} after {}",
                self.ware(&old.price),
                moment::date(at)
            );
            lines.push(proration(line(subscription, old, credit, words, rest)));
        }
        for new in to.iter().filter(|new| !subscription.items.contains(new)) {
            let (charge, span, words) = if begins_anew {
                let span = Span {
                    start: at,
                    end: every.after(at, 1),
                };
                (
                    self.cost(new),
                    span,
                    format!("{} × {}", new.quantity, self.ware(&new.price)),
                )
            } else {
                let charge = share(self.cost(new), rest.end - at, whole);
                let ware = self.ware(&new.price);
                (
                    charge,
                    rest,
                    format!("Remaining time on {ware} after {}", moment::date(at)),
                )
            };
            let line = line(subscription, new, charge, words, span);
            lines.push(if begins_anew { line } else { proration(line) });
        }
        lines
    }
}

fn line(
    subscription: &Subscription,
    item: &Item,
    amount: i64,
    description: String,
    span: Span,
) -> Line {
    Line {
        id: format!("il_{}", ids::letters(24)),
        amount,
        currency: subscription.currency.clone(),
        description,
        price: item.price.clone(),
        quantity: item.quantity,
        item: item.id.clone(),
        span,
        is_proration: false,
    }
}

fn proration(line: Line) -> Line {
    Line {
        is_proration: true,
        ..line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_right_to_the_cent() {
        assert_eq!(share(9_900, 15, 30), 4_950);
        assert_eq!(share(2_900, 1, 3), 967, "966.67");
        assert_eq!(share(100, 1, 3), 33);
        assert_eq!(share(1, 1, 2), 1, "half a cent goes up");
        assert_eq!(share(2_900, 0, 30), 0);
        assert_eq!(share(2_900, 30, 30), 2_900);
        assert_eq!(share(2_900, 1, 0), 0);
    }
}
