//! Links that hold a number or an address: `tel:` (RFC 3966), `sms:` (RFC 5724), `mailto:` (RFC 6068), and those of messengers.
//! Digits of any other link are no number: `vk.com/id79002223344`.

use std::sync::LazyLock;

use percent_encoding::percent_decode_str;
use regex::{Captures, Regex};

/// A scheme or a host with a path, up to the blank or bracket that ends it.
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?xi)
        \b (?<scheme> tel | sms | smsto | mailto | callto | skype | facetime(?:-audio)? ) : (?<rest> [^\s<>"»)]+ )
        | (?<link> \b (?: [a-z][a-z0-9+.-]* :// | (?: [\p{L}\d-]+ \. )+ (?: ru | com | me | net | org | su | io | app | pro | link | рф ) / ) [^\s<>"»]* )
        "#,
    )
    .expect("a pattern")
});

/// Where a link of a messenger has its number.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        ^ (?: https?:// )? (?:www\.)? wa\.me / (?<wa> \+?\d{10,15} ) \b
        | ^ (?: https?:// )? (?: t\.me | telegram\.me ) / (?<tg> \+\d{10,15} ) (?: [/?\#] | $ )
        | ^ (?: https?:// (?:\w+\.)? whatsapp\.com / | whatsapp:// | viber:// | tg:// ) .* [?&] (?: phone | number ) = \s* (?<asked> \+? [\d\ ()-]{10,20} )
        ",
    )
    .expect("a pattern")
});

/// The text with what each link holds in its place.
pub(super) fn open(text: &str) -> String {
    LINK.replace_all(text, |found: &Captures<'_>| match (found.name("scheme"), found.name("link")) {
        (Some(scheme), _) => address(scheme.as_str(), &found["rest"]),
        (_, Some(link)) if link.as_str().contains('@') && !link.as_str().contains("://") => link.as_str().to_owned(),
        (_, Some(link)) => number(link.as_str()),
        _ => String::new(),
    })
    .into_owned()
}

fn address(scheme: &str, rest: &str) -> String {
    let decoded = |text: &str| crate::signs::plain(&percent_decode_str(text).decode_utf8_lossy());
    // What follows is a subject, a message, or copies to others; iOS writes `&body=`.
    let (to, fields) = rest.split_once('?').unwrap_or((rest, ""));
    if scheme.eq_ignore_ascii_case("mailto") {
        let others = fields.split('&').filter_map(|field| field.strip_prefix("to="));
        return std::iter::once(to).chain(others).map(decoded).collect::<Vec<_>>().join(" ");
    }
    let to = to.split_once('&').map_or(to, |(to, _)| to);
    format!(" ; {} ; ", decoded(to).trim_start_matches('/'))
}

fn number(link: &str) -> String {
    let link = percent_decode_str(link).decode_utf8_lossy();
    let found = NUMBER.captures(&link).and_then(|found| found.name("wa").or(found.name("tg")).or(found.name("asked")));
    // A break in its place: what stood on its two sides is not one number.
    found
        .map_or_else(|| " ; ".to_owned(), |number| format!(" ; +{} ; ", number.as_str().trim().trim_start_matches('+')))
}
