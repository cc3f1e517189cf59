//! The one parser of `mostik://` links. A link is hostile input: any program and any page can send one. So it bears no
//! data but an opaque handle, and it does nothing unless this very handle is awaited, or the person says yes
//! to what the service knows of it ([`crate::News::Link`]).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A link that is well formed. Whether it is awaited is for the state to say.
#[derive(Clone, PartialEq, Eq)]
pub enum Link {
    /// `mostik://return/<handle>`: the person comes back from MAX.
    Return {
        /// 22 characters of base64url: 128 random bits.
        handle: String,
    },
    /// `mostik://open/<handle>`: the person comes out of MAX, and the service knows who it is.
    Open {
        /// 22 characters of base64url: 128 random bits.
        handle: String,
    },
    /// `mostik://continue/<handle>`: the person goes on here with what another device of theirs has shown.
    Continue {
        /// 22 characters of base64url: 128 random bits.
        handle: String,
    },
}

/// Why a `mostik://` link does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkRefusal {
    /// Not a link of the kind that the service makes.
    Malformed,
    /// No linking waits for a link, or the link belongs to another one.
    Foreign,
    /// The link was used already.
    Repeated,
    /// The link's minute is over.
    Expired,
    /// The service could not be asked about it.
    Unchecked,
    /// A code of another device that the service has not made.
    HandOffUnknown,
    /// A code of another device whose time is over, or which a newer one replaced.
    HandOffExpired,
    /// A code of another device that was used already.
    HandOffUsed,
    /// The code that this very device has made.
    HandOffHere,
    /// A code of another device that the service could not be asked about.
    HandOffUnchecked,
}

/// Reads a link.
///
/// # Errors
/// [`LinkRefusal::Malformed`] for everything that is not exactly a link of the service's making.
pub fn parse(text: &str) -> Result<Link, LinkRefusal> {
    // Sign by sign and not with a URL parser, which forgives tabs, line breaks, `..`, empty users and empty ports.
    let (scheme, rest) = text.split_once(':').ok_or(LinkRefusal::Malformed)?;
    let (kind, handle) = rest.strip_prefix("//").and_then(|rest| rest.split_once('/')).ok_or(LinkRefusal::Malformed)?;
    // Some browsers add a slash at the end of a link that they hand over.
    let handle = handle.strip_suffix('/').unwrap_or(handle);
    if !scheme.eq_ignore_ascii_case("mostik") || !is_handle(handle) {
        return Err(LinkRefusal::Malformed);
    }
    let handle = handle.to_owned();
    match kind {
        "return" => Ok(Link::Return { handle }),
        "open" => Ok(Link::Open { handle }),
        "continue" => Ok(Link::Continue { handle }),
        _ => Err(LinkRefusal::Malformed),
    }
}

fn is_handle(text: &str) -> bool {
    text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HANDLE: &str = "AbCdEfGhIjKlMnOpQrStU-";

    #[test]
    fn links_that_are_not_ours_are_refused() {
        let long = format!("mostik://return/{}", "A".repeat(200));
        for text in [
            "",
            "mostik:",
            "mostik://",
            "mostik://return",
            "mostik://return/",
            "mostik://return/short",
            "mostik://open",
            "mostik://open/",
            "mostik://open/short",
            "mostik://continue",
            "mostik://continue/",
            "mostik://continue/short",
            "mostik://Continue/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://continued/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://continue/open/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://mostik.example/continue/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://continue/AbCdEfGhIjKlMnOpQrStU-?pupil=1",
            "mostik:///AbCdEfGhIjKlMnOpQrStU-",
            "mostik://OPEN/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://opener/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://open/return/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://open/AbCdEfGhIjKlMnOpQrStU-?next=1",
            "mostik://open/AbCdEfGhIjKlMnOpQrStU-//",
            "mostik://link/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://return/AbCdEfGhIjKlMnOpQrStU-?next=1",
            "mostik://return/AbCdEfGhIjKlMnOpQrStU-#x",
            "mostik://return/AbCdEfGhIjKlMnOpQrStU-/x",
            "mostik://return//AbCdEfGhIjKlMnOpQrStU-",
            "mostik://a@return/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://return:1/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://@return/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://return:/AbCdEfGhIjKlMnOpQrStU-",
            "mostik://return/./AbCdEfGhIjKlMnOpQrStU-",
            "mostik://return/x/../AbCdEfGhIjKlMnOpQrStU-",
            "mostik://return/AbCdEfGhIjKl\tMnOpQrStU-",
            " mostik://return/AbCdEfGhIjKlMnOpQrStU-\n",
            "mostik://return/AbCdEfGhIjKlMnOpQrStU-//",
            "mostik://return/AbCdEfGhIjKlMnOpQrStU+",
            "mostik://return/AbCdEfGhIjKlMnOpQrSt%55-",
            "mostik://return/АбвгдежзиклмнопрстуфхцU",
            "https://return/AbCdEfGhIjKlMnOpQrStU-",
            "javascript:alert(1)",
            &long,
        ] {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_link_of_the_service_is_read() {
        let handle = || HANDLE.to_owned();
        for (kind, link) in [
            ("return", Link::Return { handle: handle() }),
            ("open", Link::Open { handle: handle() }),
            ("continue", Link::Continue { handle: handle() }),
        ] {
            for text in [format!("mostik://{kind}/{HANDLE}"), format!("MOSTIK://{kind}/{HANDLE}/")] {
                assert!(parse(&text).is_ok_and(|read| read == link), "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "\\PC{0,200}", handle in "[A-Za-z0-9_-]{0,30}") {
            if let Ok(Link::Return { handle } | Link::Open { handle } | Link::Continue { handle }) = parse(&text) {
                prop_assert!(is_handle(&handle));
            }
            for kind in ["return", "open", "continue"] {
                prop_assert_eq!(parse(&format!("mostik://{kind}/{handle}")).is_ok(), handle.len() == 22);
            }
        }
    }
}
