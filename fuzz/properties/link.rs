// What is true of the parser of deep links, whatever it is given. Shared by the fuzz target and the tests of `mostik-flow`.

use mostik_flow::{Link, parse_link};

/// Whether it is a link. Panics when it is read and is not exactly what the service makes, or the other way round.
pub fn holds(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let exact = is_exact(text);
    let (kind, handle) = match parse_link(text) {
        Ok(Link::Return { handle }) => ("return", handle),
        Ok(Link::Open { handle }) => ("open", handle),
        Ok(Link::Continue { handle }) => ("continue", handle),
        Err(_) => {
            assert!(!exact, "a link of ours is refused: {text:?}");
            return false;
        }
    };
    assert!(exact, "no link of ours is read: {text:?}");
    let printed = format!("mostik://{kind}/{handle}");
    assert!(text.strip_suffix('/').unwrap_or(text).eq_ignore_ascii_case(&printed), "{text:?} is read as {printed:?}");
    assert!(text.contains(&format!("/{kind}/{handle}")), "{text:?} is read with another handle: {handle:?}");
    assert!(parse_link(&printed).is_ok(), "{printed:?} is not read again");
    true
}

/// `mostik://return/`, `mostik://open/` or `mostik://continue/` and 22 signs of base64url. Browsers may change the case of the
/// scheme and add a slash at the end.
fn is_exact(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let handle = ["//return/", "//open/", "//continue/"].iter().find_map(|kind| rest.strip_prefix(kind));
    let Some(handle) = handle else { return false };
    let handle = handle.strip_suffix('/').unwrap_or(handle);
    scheme.eq_ignore_ascii_case("mostik")
        && handle.len() == 22
        && handle.chars().all(|sign| matches!(sign, 'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_'))
}
