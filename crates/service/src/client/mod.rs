//! Who asks: the address of the client, not of the proxies before the service. It identifies a person, so it has no `Debug`, is never
//! logged, and is stored as a keyed hash alone, in the counts of the limits.

mod forwarded;
#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::Response,
};

use crate::{config::Networks, refusal::Refusal};

/// Who is at the other end of the connection.
#[derive(Clone, Copy)]
pub struct Peer(IpAddr);

impl Peer {
    /// Of a connection.
    #[must_use]
    pub fn of(address: SocketAddr) -> Self {
        Self(address.ip().to_canonical())
    }

    /// The address.
    #[must_use]
    pub fn address(self) -> IpAddr {
        self.0
    }
}

/// Of what one household or one school has, an address: with IPv6 the network of 64 bits, of which whoever wants takes any address. It
/// has no `Debug`, as [`Client`] has none.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl Network {
    /// The one that an address is of.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        })
    }

    /// The address, or the first one of the network.
    #[must_use]
    pub const fn address(self) -> IpAddr {
        self.0
    }
}

/// Who asks, for handlers and limits; [`note`] puts it into each request's extensions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Client {
    address: IpAddr,
    https: bool,
}

impl Client {
    /// Its address; of a client that a trusted proxy does not name, that proxy's.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Whether it speaks TLS, with the service or with the proxies before it.
    #[must_use]
    pub fn https(&self) -> bool {
        self.https
    }

    /// Follows the proxies back from `peer` for as long as they are trusted. `Forwarded` and `X-Forwarded-For` may both be there
    /// only if they agree: a proxy that writes one of them hands on the other as the client wrote it.
    fn of(peer: IpAddr, headers: &HeaderMap, origin: &Origin) -> Self {
        let own = Self { address: peer, https: origin.tls };
        if !origin.trusted.holds(peer) {
            return own;
        }
        let follow = |hops: Vec<forwarded::Hop>| {
            let mut client = own;
            for hop in hops {
                let Some(address) = hop.address else { break };
                client = Self { address, https: hop.https.unwrap_or(client.https) };
                if !origin.trusted.holds(address) {
                    break;
                }
            }
            client
        };
        match (forwarded::standard(headers).map(follow), forwarded::by_custom(headers).map(follow)) {
            (Some(one), Some(other)) if one.address != other.address => own,
            (Some(client), _) | (None, Some(client)) => client,
            (None, None) => own,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get().copied().ok_or_else(|| Refusal::internal(&"the listener tells no peer"))
    }
}

/// What has to be known of the way to the service.
#[derive(Clone)]
pub struct Origin {
    /// Who is believed.
    pub trusted: Arc<Networks>,
    /// Whether the service itself speaks TLS.
    pub tls: bool,
}

/// Puts the [`Client`] into a request's extensions.
pub async fn note(State(origin): State<Origin>, mut request: Request, next: Next) -> Result<Response, Infallible> {
    if let Some(ConnectInfo(Peer(peer))) = request.extensions().get::<ConnectInfo<Peer>>() {
        let client = Client::of(*peer, request.headers(), &origin);
        request.extensions_mut().insert(client);
    }
    Ok(next.run(request).await)
}
