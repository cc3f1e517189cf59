//! What proxies write of whom they speak for: `Forwarded` (RFC 7239), and `X-Forwarded-For` with `X-Forwarded-Proto`. Each proxy adds
//! at the end, so hops are read from there; what cannot be read, or names no address, ends them.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

/// More proxies in a row than this are nobody's set-up.
const MOST_HOPS: usize = 32;

/// Whom one proxy spoke for.
pub(super) struct Hop {
    /// `None`: hidden (`_name`), `unknown`, or not to be read.
    pub(super) address: Option<IpAddr>,
    /// Whether that one spoke TLS, where the proxy says so.
    pub(super) https: Option<bool>,
}

const UNREADABLE: Hop = Hop { address: None, https: None };

/// The hops of `Forwarded`, the nearest first; `None` where there is no such header.
pub(super) fn standard(headers: &HeaderMap) -> Option<Vec<Hop>> {
    let lines = lines(headers, "forwarded")?;
    let hops = lines.into_iter().rev().flat_map(|line| match line.and_then(elements) {
        Some(elements) => elements.into_iter().rev().map(|element| hop(&element)).collect(),
        // A quote that somebody left open swallows what comes after: nothing on this line is to be believed.
        None => vec![UNREADABLE],
    });
    Some(hops.take(MOST_HOPS).collect())
}

/// The hops of `X-Forwarded-For`, the nearest first; `None` where there is no such header. `X-Forwarded-Proto` is of the nearest proxy
/// where it says one word, and else has one for each hop.
pub(super) fn by_custom(headers: &HeaderMap) -> Option<Vec<Hop>> {
    let addresses = list(headers, "x-forwarded-for")?;
    let protocols: Vec<Option<bool>> =
        list(headers, "x-forwarded-proto").unwrap_or_default().into_iter().map(|p| p.and_then(is_https)).collect();
    let hops = addresses.into_iter().enumerate().map(|(at, address)| Hop {
        address: address.and_then(address_of),
        https: protocols.get(at).copied().flatten(),
    });
    Some(hops.take(MOST_HOPS).collect())
}

fn lines<'a>(headers: &'a HeaderMap, name: &str) -> Option<Vec<Option<&'a str>>> {
    let lines: Vec<_> = headers.get_all(name).iter().map(|value| value.to_str().ok()).collect();
    (!lines.is_empty()).then_some(lines)
}

/// The entries of a plain list, the last first.
fn list<'a>(headers: &'a HeaderMap, name: &str) -> Option<Vec<Option<&'a str>>> {
    let lines = lines(headers, name)?.into_iter().rev();
    Some(
        lines
            .flat_map(|line| line.map_or_else(|| vec![None], |l| l.rsplit(',').map(|e| Some(e.trim())).collect()))
            .collect(),
    )
}

fn is_https(protocol: &str) -> Option<bool> {
    match protocol.to_ascii_lowercase().as_str() {
        "https" => Some(true),
        "http" => Some(false),
        _ => None,
    }
}

/// One `forwarded-element`: its names, in small letters, with their values.
type Element = Vec<(String, String)>;

/// `None` when the line does not follow the grammar.
fn elements(line: &str) -> Option<Vec<Element>> {
    let mut signs = line.chars().peekable();
    let (mut elements, mut element) = (Vec::new(), Element::new());
    loop {
        while signs.next_if(|sign| matches!(sign, ' ' | '\t')).is_some() {}
        let name = token(&mut signs);
        if !name.is_empty() {
            signs.next_if_eq(&'=')?;
            let value = if signs.next_if_eq(&'"').is_some() { quoted(&mut signs)? } else { token(&mut signs) };
            let name = name.to_ascii_lowercase();
            if element.iter().any(|(known, _)| *known == name) {
                return None;
            }
            element.push((name, value));
        }
        while signs.next_if(|sign| matches!(sign, ' ' | '\t')).is_some() {}
        match signs.next() {
            Some(';') => {}
            Some(',') => elements.push(std::mem::take(&mut element)),
            None => {
                elements.push(element);
                // Lists may have empty entries (RFC 9110, 5.6.1.2).
                elements.retain(|element| !element.is_empty());
                return Some(elements);
            }
            Some(_) => return None,
        }
    }
}

type Signs<'a> = std::iter::Peekable<std::str::Chars<'a>>;

// Colons and brackets belong in quotes, but many proxies write addresses without.
fn token(signs: &mut Signs<'_>) -> String {
    let is_token = |sign: &char| sign.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:[]".contains(*sign);
    std::iter::from_fn(|| signs.next_if(is_token)).collect()
}

fn quoted(signs: &mut Signs<'_>) -> Option<String> {
    let mut text = String::new();
    loop {
        match signs.next()? {
            '"' => return Some(text),
            '\\' => text.push(signs.next()?),
            sign => text.push(sign),
        }
    }
}

fn hop(element: &Element) -> Hop {
    let value = |name: &str| element.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    Hop { address: value("for").and_then(address_of), https: value("proto").and_then(is_https) }
}

/// An address as proxies write it: with a port or without, IPv6 in brackets or without.
fn address_of(node: &str) -> Option<IpAddr> {
    if let Ok(address) = node.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    if let Ok(address) = node.parse::<SocketAddr>() {
        return Some(address.ip().to_canonical());
    }
    if let Some(inner) = node.strip_prefix('[') {
        // Alone, or with a port that is hidden (`_name`).
        let (address, port) = inner.split_once(']')?;
        let rest = port.is_empty() || port.starts_with(":_");
        return address.parse::<std::net::Ipv6Addr>().ok().filter(|_| rest).map(|ip| IpAddr::V6(ip).to_canonical());
    }
    let (address, port) = node.split_once(':')?;
    address.parse::<std::net::Ipv4Addr>().ok().filter(|_| port.starts_with('_')).map(IpAddr::V4)
}
