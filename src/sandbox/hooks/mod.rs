//! Telling the program what happened: each event is delivered until it is
//! acknowledged, by several senders at once and in no certain order.

pub mod signature;

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{books::Books, desk::Desk, ids, moment};

/// How often the clock is looked at when nothing else happens.
const PERIOD: Duration = Duration::from_millis(500);
/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The waits between tries, in milliseconds.
const FIRST_WAIT: i64 = 500;
const LONGEST_WAIT: i64 = 60_000;

/// A delivery that is to be made now.
struct Letter {
    number: u64,
    url: String,
    secret: String,
    body: String,
}

/// What letters are sent with.
///
/// # Errors
/// If nothing can be sent from here.
pub fn client() -> Result<Client, String> {
    // The client wants one even where nothing is encrypted.
    let _already = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent("Stripe/1.0 (+https://stripe.com/docs/webhooks)")
        .timeout(TIMEOUT)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| error.to_string())
}

/// Delivers until told to stop, and lets the clock run meanwhile.
pub async fn work(desk: Desk, client: Client, stop: CancellationToken) {
    let mut under_way = JoinSet::new();
    let mut is_kept = true;
    while !stop.is_cancelled() {
        // Looking brings about what has fallen due.
        let wait = desk.look(Books::next_letter);
        for letter in desk.note(|books| books.take_letters(under_way.len())) {
            under_way.spawn(deliver(desk.clone(), client.clone(), letter));
        }
        tokio::select! {
            () = stop.cancelled() => {}
            Some(_) = under_way.join_next() => is_kept = false,
            () = desk.posted.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
        while under_way.try_join_next().is_some() {}
        // Once for all of them: what isn't kept is merely told again.
        if under_way.is_empty() && !is_kept {
            desk.change(|_| ());
            is_kept = true;
        }
    }
    desk.change(|_| ());
}

async fn deliver(desk: Desk, client: Client, letter: Letter) {
    let signature = signature::header(&letter.secret, moment::wall(), &letter.body);
    let sent = client
        .post(&letter.url)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Stripe-Signature", signature)
        .body(letter.body)
        .send()
        .await;
    let status = sent.ok().map(|answer| answer.status().as_u16());
    desk.note(|books| books.note_delivery(letter.number, status));
}

impl Books {
    /// How long to wait for the next delivery that is owed.
    fn next_letter(&self) -> Duration {
        let now = moment::wall_millis();
        let due = self
            .owed
            .iter()
            .filter(|ticket| !ticket.is_under_way && ticket.due > now)
            .map(|ticket| ticket.due - now)
            .min();
        due.and_then(|wait| u64::try_from(wait).ok())
            .map_or(PERIOD, |wait| PERIOD.min(Duration::from_millis(wait)))
    }

    /// Takes what is due, for as many senders as are free.
    fn take_letters(&mut self, busy: usize) -> Vec<Letter> {
        let Some(url) = self.webhook.url.clone().filter(|_| !self.webhook.paused) else {
            return Vec::new();
        };
        let free = usize::from(self.webhook.senders.max(1)).saturating_sub(busy);
        let mut taken = Vec::new();
        for _ in 0..free {
            let Some((number, body)) = self.take_ticket() else {
                break;
            };
            taken.push(Letter {
                number,
                url: url.clone(),
                secret: self.webhook.secret.clone(),
                body,
            });
        }
        taken
    }

    fn take_ticket(&mut self) -> Option<(u64, String)> {
        let now = moment::wall_millis();
        let due: Vec<usize> = self
            .owed
            .iter()
            .enumerate()
            .filter(|(_, ticket)| !ticket.is_under_way && ticket.due <= now)
            .map(|(place, _)| place)
            .collect();
        let last = u32::try_from(due.len().checked_sub(1)?).ok()?;
        let which = if self.webhook.shuffle {
            ids::up_to(last)
        } else {
            0
        };
        let place = due.get(usize::try_from(which).ok()?)?;
        let ticket = self.owed.get_mut(*place)?;
        ticket.is_under_way = true;
        let event = self.events.get(&ticket.event)?;
        Some((ticket.number, event.body.clone()))
    }

    /// Notes what was answered to a delivery. Any 2xx settles it.
    fn note_delivery(&mut self, number: u64, status: Option<u16>) {
        let Some(place) = self.owed.iter().position(|ticket| ticket.number == number) else {
            return;
        };
        let Some(ticket) = self.owed.get_mut(place) else {
            return;
        };
        ticket.attempts += 1;
        ticket.is_under_way = false;
        ticket.due = moment::wall_millis() + wait_after(ticket.attempts);
        let is_delivered = status.is_some_and(|status| (200..300).contains(&status));
        if let Some(event) = self.events.get_mut(&ticket.event) {
            event.attempts += 1;
            event.last_status = status;
            event.delivered += u32::from(is_delivered);
        }
        if is_delivered {
            self.owed.remove(place);
        }
    }
}

/// Doubles with each try.
fn wait_after(tries: u32) -> i64 {
    let doublings = tries.saturating_sub(1).min(10);
    (FIRST_WAIT << doublings).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_double_up_to_a_minute() {
        let waits: Vec<i64> = (1..=10).map(wait_after).collect();
        assert_eq!(
            waits,
            [
                500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000
            ]
        );
        assert_eq!(wait_after(u32::MAX), LONGEST_WAIT);
    }
}
