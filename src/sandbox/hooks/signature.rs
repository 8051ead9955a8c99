//! The header by which the receiver knows who has written.

use hmac::{Hmac, Mac, digest::KeyInit};
use sha2::Sha256;

use crate::sandbox::moment::Moment;

/// `t=…,v1=…`: when it was signed, and the HMAC-SHA-256 of that and the body.
/// The secret is used as it is given, with its `whsec_`.
#[must_use]
pub fn header(secret: &str, at: Moment, body: &str) -> String {
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.as_bytes()) else {
        // A key of any length will do, so that there is always one.
        return String::new();
    };
    mac.update(format!("{at}.{body}").as_bytes());
    let digits: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("t={at},v1={digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_that_stripe_would_make() {
        // Reckoned with `openssl dgst -sha256 -hmac whsec_sandbox`.
        assert_eq!(
            header("whsec_sandbox", 1_492_774_577, "{\"id\":\"evt_1\"}"),
            "t=1492774577,v1=c963f5361c0ae50aa6ee0754b58e0cd50c3582b73793fc307937411cd3a8259f"
        );
    }
}
