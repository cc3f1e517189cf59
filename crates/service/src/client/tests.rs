//! Whom a request is counted for, with proxies and without.

use axum::http::{HeaderMap, HeaderName, HeaderValue};

use super::*;

const OURS: &str = "10.0.0.0/8 fd00::/8 192.0.2.7";

/// The client of a request that came from `peer` with these headers.
fn client(peer: &str, headers: &[(&'static str, &str)]) -> Client {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let origin = Origin { trusted: Arc::new(Networks::read(OURS).ok().unwrap()), tls: false };
    Client::of(peer.parse().unwrap(), &map, &origin)
}

fn address(peer: &str, headers: &[(&'static str, &str)]) -> String {
    client(peer, headers).address().to_string()
}

#[test]
fn who_is_no_proxy_of_ours_is_not_believed() {
    for headers in [
        &[("x-forwarded-for", "198.51.100.1")][..],
        &[("forwarded", "for=198.51.100.1;proto=https")],
        &[("x-forwarded-for", "198.51.100.1, 10.0.0.1"), ("x-forwarded-proto", "https")],
    ] {
        assert_eq!(address("203.0.113.9", headers), "203.0.113.9", "{headers:?}");
        assert!(!client("203.0.113.9", headers).https());
    }
}

#[test]
fn what_the_client_wrote_before_the_proxy_did_is_not_believed() {
    // The proxy adds at the end.
    assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "1.1.1.1, 203.0.113.9")]), "203.0.113.9");
    assert_eq!(address("10.0.0.1", &[("forwarded", "for=1.1.1.1, for=203.0.113.9")]), "203.0.113.9");
    // In a line of its own, or on the client's.
    assert_eq!(
        address("10.0.0.1", &[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.9")]),
        "203.0.113.9"
    );
    assert_eq!(address("10.0.0.1", &[("forwarded", "for=\"1.1.1.1"), ("forwarded", "for=203.0.113.9")]), "203.0.113.9");
    // The client forges the header that this proxy does not write.
    let forged = [("forwarded", "for=1.1.1.1;proto=https"), ("x-forwarded-for", "203.0.113.9")];
    assert_eq!(address("10.0.0.1", &forged), "10.0.0.1");
    assert!(!client("10.0.0.1", &forged).https());
    let both = [("forwarded", "for=203.0.113.9"), ("x-forwarded-for", "1.1.1.1, 203.0.113.9")];
    assert_eq!(address("10.0.0.1", &both), "203.0.113.9");
}

#[test]
fn what_cannot_be_read_ends_at_the_last_proxy_that_could() {
    for value in [
        "",
        "for",
        "for=",
        "for=\"203.0.113.9",
        // A quote that the client opened, and the proxy's word in it.
        "for=\", for=203.0.113.9",
        "for=\", for=\"[2001:db8::1]\"",
        "for=203.0.113.9;for=1.1.1.1",
        "for=203.0.113.9 for=1.1.1.1",
        "for=203.0.113.999",
        "for=\"[2001:db8::1\"",
        "for=\"[2001:db8::1]x\"",
        "by=203.0.113.9",
        "for=школа",
    ] {
        assert_eq!(address("10.0.0.1", &[("forwarded", value)]), "10.0.0.1", "{value}");
    }
    for value in ["", ",", "203.0.113.9,", "203.0.113.9, x", "203.0.113.9 1.1.1.1", "203.0.113.9:port", "\u{fffd}"] {
        assert_eq!(address("10.0.0.1", &[("x-forwarded-for", value)]), "10.0.0.1", "{value}");
    }
    // A proxy further out is known; whom it spoke for is not.
    assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "203.0.113.9, garbage, 10.0.0.2")]), "10.0.0.2");
    let endless = vec!["10.0.0.2"; 5000].join(",");
    assert_eq!(address("10.0.0.1", &[("x-forwarded-for", &format!("203.0.113.9,{endless}"))]), "10.0.0.2");
}

#[test]
fn hidden_and_unknown_clients_are_their_proxy_s() {
    for value in ["for=_hidden", "for=unknown", "for=\"_SEVKISEK\"", "for=unknown;proto=https;by=_ours"] {
        assert_eq!(address("10.0.0.1", &[("forwarded", value)]), "10.0.0.1", "{value}");
    }
    assert_eq!(address("10.0.0.1", &[("forwarded", "for=203.0.113.9, for=_hidden, for=10.0.0.2")]), "10.0.0.2");
    assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "unknown")]), "10.0.0.1");
}

#[test]
fn a_chain_of_proxies_is_followed_to_the_first_address_that_is_not_ours() {
    assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
    assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "1.1.1.1, 203.0.113.9, 192.0.2.7, 10.9.9.9")]), "203.0.113.9");
    assert_eq!(address("10.0.0.1", &[("forwarded", "for=203.0.113.9;by=192.0.2.7, for=192.0.2.7")]), "203.0.113.9");
    // Somebody inside.
    assert_eq!(address("10.0.0.1", &[("x-forwarded-for", "10.1.1.1, 10.9.9.9")]), "10.1.1.1");
}

#[test]
fn addresses_come_with_ports_and_as_ipv6() {
    for (value, expected) in [
        ("for=203.0.113.9:4711", "203.0.113.9"),
        ("for=\"203.0.113.9:_port\"", "203.0.113.9"),
        ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
        ("FOR=\"[2001:DB8::17]\"", "2001:db8::17"),
        ("for=\"[2001:db8::17]:_port\"", "2001:db8::17"),
        ("for=[2001:db8::17]", "2001:db8::17"),
        ("for=\"[::ffff:203.0.113.9]\"", "203.0.113.9"),
        ("proto=https ; for = x", "fd00::1"),
        ("by=\"a\\\"b\";for=\"\\203.0.113.9\"", "203.0.113.9"),
        (" for=203.0.113.9 ; proto=http , ", "203.0.113.9"),
    ] {
        assert_eq!(address("fd00::1", &[("forwarded", value)]), expected, "{value}");
    }
    for (value, expected) in [
        ("203.0.113.9:443", "203.0.113.9"),
        ("2001:db8::17", "2001:db8::17"),
        ("[2001:db8::17]:443", "2001:db8::17"),
        ("203.0.113.9, fd00::2", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
    ] {
        assert_eq!(address("fd00::1", &[("x-forwarded-for", value)]), expected, "{value}");
    }
    assert!(Networks::read("10.0.0.1 fe80::/10").ok().unwrap().holds("10.0.0.1".parse().unwrap()));
    assert_eq!(Networks::read("10.0.0.1/33").err(), Some("10.0.0.1/33".to_owned()));
}

#[test]
fn the_proxy_says_whether_the_client_spoke_tls() {
    let https = |headers: &[(&'static str, &str)]| client("10.0.0.1", headers).https();
    assert!(https(&[("forwarded", "for=203.0.113.9;proto=https")]));
    assert!(https(&[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https")]));
    assert!(!https(&[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https, http")]));
    assert!(!https(&[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "gopher")]));
    assert!(!https(&[("x-forwarded-for", "203.0.113.9")]));
    // Without an address the proxy speaks for nobody.
    assert!(!https(&[("x-forwarded-proto", "https")]));
}
