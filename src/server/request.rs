//! What is known of a request before anybody is: its id, and where it is from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{HeaderMap, header::USER_AGENT, request::Parts};
use uuid::Uuid;

use super::{config::Config, host::Host};

/// The longest user agent that is kept, in characters.
const USER_AGENT_LENGTH: usize = 255;

#[derive(Clone, Debug)]
pub struct RequestInfo {
    pub id: Uuid,
    pub ip: IpAddr,
    pub user_agent: String,
    /// Whose the host is that was asked.
    pub host: Host,
}

impl RequestInfo {
    /// Who is to be slowed down for what this address does: an IPv6 client has
    /// a whole /64 to itself.
    #[must_use]
    pub fn network(&self) -> String {
        match self.ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }

    /// Reads `X-Forwarded-For` from its end, only as far as our own proxies
    /// wrote it: what stands before that is whatever the client liked.
    #[must_use]
    pub fn of(parts: &Parts, config: &Config) -> Self {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        Self {
            id: Uuid::now_v7(),
            ip: forwarded_for(&parts.headers, config.trusted_proxy_hops)
                .unwrap_or(peer)
                .to_canonical(),
            user_agent: user_agent(&parts.headers),
            host: Host::of(&parts.uri, &parts.headers, config),
        }
    }
}

fn forwarded_for(headers: &HeaderMap, hops: usize) -> Option<IpAddr> {
    let listed: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let place = listed.len().checked_sub(hops)?;
    listed.get(place)?.trim().parse().ok()
}

fn user_agent(headers: &HeaderMap) -> String {
    headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .chars()
        .take(USER_AGENT_LENGTH)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip_behind(hops: usize, header: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", http::HeaderValue::from_static(header));
        forwarded_for(&headers, hops).map_or_else(|| "peer".into(), |ip| ip.to_string())
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        assert_eq!(ip_behind(0, "6.6.6.6, 10.0.0.1"), "peer");
        assert_eq!(ip_behind(1, "6.6.6.6, 203.0.113.9"), "203.0.113.9");
        assert_eq!(
            ip_behind(2, "6.6.6.6, 203.0.113.9, 10.0.0.1"),
            "203.0.113.9"
        );
        assert_eq!(ip_behind(3, "203.0.113.9"), "peer");
        assert_eq!(ip_behind(1, "nonsense"), "peer");
    }
}
