//! Which addresses a client may be sent back to.

/// Whether `redirect` is the one registered for the client: the same text, except that on loopback any port fits
/// (RFC 8252, 7.3). Texts are compared, not parsed addresses: nothing is normalised into being right.
#[must_use]
pub fn redirect_allowed(registered: &str, redirect: &str) -> bool {
    if registered == redirect {
        return true;
    }
    ["http://127.0.0.1", "http://[::1]"].into_iter().any(|origin| {
        let path = registered.strip_prefix(origin).filter(|p| p.starts_with('/'));
        let rest = redirect.strip_prefix(origin).and_then(|r| r.strip_prefix(':'));
        let (Some(path), Some(rest)) = (path, rest) else { return false };
        let Some(port) = rest.strip_suffix(path) else { return false };
        !port.starts_with('0') && port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::redirect_allowed;

    const REGISTERED: &str = "http://127.0.0.1/callback";

    #[test]
    fn nothing_but_the_port_may_differ() {
        for redirect in [
            "",
            "http://127.0.0.1:80/",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:080/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:80/callback/",
            "http://127.0.0.1:80/callback?x=1",
            "http://127.0.0.1:80/callback#x",
            "http://127.0.0.1:80@evil.example/callback",
            "http://127.0.0.1:80/../callback",
            "http://127.0.0.1:80//callback",
            "http://localhost:80/callback",
            "http://[::1]:80/callback",
            "https://127.0.0.1:80/callback",
            "HTTP://127.0.0.1:80/callback",
            "http://127.0.0.1.evil.example/callback",
            " http://127.0.0.1:80/callback",
        ] {
            assert!(!redirect_allowed(REGISTERED, redirect), "{redirect:?}");
        }
        assert!(!redirect_allowed("https://app.example/cb", "https://app.example:444/cb"));
    }

    #[test]
    fn any_port_of_loopback_fits() {
        for port in [1, 80, 8080, 49_152, 65_535] {
            assert!(redirect_allowed(REGISTERED, &format!("http://127.0.0.1:{port}/callback")));
        }
        assert!(redirect_allowed(REGISTERED, REGISTERED));
    }
}
