//! Addresses of letters: what is the same mailbox, however it was written.

/// A mailbox. Two are equal when their domains have the same A-label and their local parts differ at most in case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Address {
    local: String,
    /// As in DNS: `xn--80a1acny.xn--p1ai`.
    domain: String,
}

impl Address {
    /// `anya@почта.рф` or `anya@xn--80a1acny.xn--p1ai`; `None` when it is no address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.trim().rsplit_once('@')?;
        let odd = |sign: char| sign.is_control() || sign.is_whitespace() || "<>@,;".contains(sign);
        let domain = idna::domain_to_ascii_cow(domain.as_bytes(), idna::AsciiDenyList::STD3).ok()?;
        let well = !local.is_empty() && !local.contains(odd) && !domain.is_empty() && !domain.starts_with('.');
        well.then(|| Self { local: local.to_lowercase(), domain: domain.into_owned() })
    }

    /// As people read it: `anya@почта.рф`.
    pub(crate) fn spoken(&self) -> String {
        format!("{}@{}", self.local, idna::domain_to_unicode(&self.domain).0)
    }

    /// What the protocol log shows of it: enough to tell mailboxes apart.
    pub(crate) fn masked(&self) -> String {
        let first: String = self.local.chars().take(2).collect();
        format!("{first}•••@{}", idna::domain_to_unicode(&self.domain).0)
    }
}

/// Takes more than ASCII: such a mailbox can only be told with SMTPUTF8.
pub(super) fn needs_utf8(address: &str) -> bool {
    !address.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "anya", "@example.ru", "anya@", "an ya@example.ru", "anya@exa mple.ru", "anya@.ru", "a@b@c, d"]
        {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }

    #[test]
    fn one_mailbox_has_many_spellings() {
        let anya = Address::parse("anya@почта.рф").expect("an address");
        for text in ["Anya@xn--80a1acny.xn--p1ai", "anya@ПОЧТА.РФ", " anya@почта.рф "] {
            assert_eq!(Address::parse(text).as_ref(), Some(&anya), "{text}");
        }
        assert_eq!(anya.spoken(), "anya@почта.рф");
        assert_eq!(anya.masked(), "an•••@почта.рф");
        assert_ne!(Address::parse("anya+school@почта.рф"), Some(anya), "a tag is another address");
    }
}
