//! Which mailbox an address leads to, by its provider's rules.

use crate::Email;

/// A provider whose mailboxes have more names than one for each.
struct Provider {
    /// All name one mailbox, by the first.
    domains: &'static [&'static str],
    /// What divides a name from a word of the person's own choice.
    tag: char,
    /// Signs of a name that say nothing.
    silent: &'static [char],
    /// A dot in a name is as good as a hyphen.
    dot_is_hyphen: bool,
}

const fn provider(domains: &'static [&'static str]) -> Provider {
    Provider { domains, tag: '+', silent: &[], dot_is_hyphen: false }
}

// Where nothing but the part behind `+` is of the person's own choice, and each domain has mailboxes of its own, a provider is not
// here: Mail.ru (mail.ru, bk.ru, inbox.ru, list.ru, internet.ru), Rambler, Outlook, Hotmail and Live.
const PROVIDERS: &[Provider] = &[
    Provider { silent: &['.'], ..provider(&["gmail.com", "googlemail.com"]) },
    Provider {
        dot_is_hyphen: true,
        ..provider(&[
            "yandex.ru",
            "ya.ru",
            "narod.ru",
            "yandex.az",
            "yandex.by",
            "yandex.co.il",
            "yandex.com",
            "yandex.com.am",
            "yandex.com.ge",
            "yandex.com.tr",
            "yandex.ee",
            "yandex.fr",
            "yandex.kg",
            "yandex.kz",
            "yandex.lt",
            "yandex.lv",
            "yandex.md",
            "yandex.tj",
            "yandex.tm",
            "yandex.ua",
            "yandex.uz",
        ])
    },
    provider(&["icloud.com", "me.com", "mac.com"]),
    Provider { silent: &['.', '-', '_'], ..provider(&["proton.me", "protonmail.com", "protonmail.ch", "pm.me"]) },
    // No name there has a hyphen; what follows one is a throw-away address.
    Provider { tag: '-', ..provider(&["yahoo.com"]) },
    Provider { tag: '-', ..provider(&["ymail.com"]) },
];

/// `anything@name.fastmail.com` is `name@fastmail.com`.
const NAMED_BY_DOMAIN: [&str; 2] = ["fastmail.com", "fastmail.fm"];

impl Email {
    /// The mailbox that it leads to, as an address that leads there as well. For what one mailbox may cost: a person is who has given the
    /// address, [`Email::key`], and letters go to that one.
    ///
    /// Of a domain that is not known the part behind `+` does not count. Nearly every mail server reads it so (RFC 5233), and where one
    /// does not, two neighbours share what a day admits; where it counted, everybody would have any number of days.
    #[must_use]
    pub fn mailbox(&self) -> String {
        let local = self.local().to_lowercase();
        let domain = self.domain();
        let named = |of: &str| domain.strip_suffix(of)?.strip_suffix('.')?.rsplit('.').next();
        if let Some((name, of)) = NAMED_BY_DOMAIN.iter().find_map(|of| Some((named(of)?, of))) {
            return format!("{name}@{of}");
        }
        let known = PROVIDERS.iter().find(|provider| provider.domains.contains(&domain));
        let provider = known.unwrap_or(&const { provider(&[]) });
        let name = untagged(untagged(&local, '+'), provider.tag);
        let spoken: String = name.chars().filter(|sign| !provider.silent.contains(sign)).collect();
        // No address is without a name: one of nothing but such signs is its own.
        let name = if spoken.is_empty() { name } else { &spoken };
        let name = if provider.dot_is_hyphen { name.replace('.', "-") } else { name.to_owned() };
        format!("{name}@{}", provider.domains.first().unwrap_or(&domain))
    }
}

// What is in front of the sign, unless nothing is. No name ends with a dot.
fn untagged(local: &str, tag: char) -> &str {
    let name = local.split_once(tag).map_or(local, |(name, _)| name).trim_end_matches('.');
    if name.is_empty() { local } else { name }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{prelude::*, sample::select};

    use super::*;

    fn mailbox(text: &str) -> String {
        Email::parse(text).unwrap_or_else(|error| panic!("{text}: {error}")).mailbox()
    }

    #[test]
    fn the_names_of_one_mailbox() {
        for names in [
            &[
                "misha.orlov@gmail.com",
                "m.i.s.h.a.orlov@gmail.com",
                "MishaOrlov+1@googlemail.com",
                "mishaorlov+a+b@gmail.com",
            ][..],
            &[
                "misha.orlov@yandex.ru",
                "misha-orlov@ya.ru",
                "MISHA-ORLOV+x@yandex.com",
                "misha.orlov@narod.ru",
                "misha.orlov@yandex.kz",
            ],
            &["misha@icloud.com", "misha@me.com", "misha+school@mac.com"],
            &["misha.orlov@proton.me", "misha_or-lov@pm.me", "MishaOrlov+1@protonmail.com"],
            &["misha@fastmail.com", "misha+a@fastmail.com", "school@misha.fastmail.com", "a.b@x.misha.fastmail.com"],
            &["misha@yahoo.com", "misha-school@yahoo.com", "misha+1@yahoo.com"],
            &["misha@mail.ru", "Misha+1@mail.ru", "misha+2@MAIL.ru"],
            &["misha@outlook.com", "misha+1@outlook.com"],
            &["аня@школа.дети", "АНЯ+1@xn--80atdl2c.xn--d1acj3b", "аня+два@школа.дети"],
        ] {
            let all: BTreeSet<String> = names.iter().map(|name| mailbox(name)).collect();
            assert_eq!(all.len(), 1, "{names:?}: {all:?}");
        }
    }

    #[test]
    fn mailboxes_that_are_not_the_same() {
        for (one, other) in [
            ("misha@mail.ru", "misha@bk.ru"),
            ("misha@inbox.ru", "misha@list.ru"),
            ("misha@mail.ru", "misha@internet.ru"),
            ("misha.orlov@mail.ru", "mishaorlov@mail.ru"),
            ("misha@outlook.com", "misha@hotmail.com"),
            ("misha.orlov@outlook.com", "mishaorlov@outlook.com"),
            ("misha.orlov@yandex.ru", "mishaorlov@yandex.ru"),
            ("misha-orlov@gmail.com", "mishaorlov@gmail.com"),
            ("misha.orlov@icloud.com", "mishaorlov@icloud.com"),
            ("misha.orlov@school.example", "mishaorlov@school.example"),
            ("misha@yandex.ru", "misha@yandex.school.example"),
            ("misha@fastmail.com", "misha@fastmail.fm"),
            ("misha@fastmail.com", "misha@notfastmail.com"),
            ("misha@yahoo.com", "misha@ymail.com"),
            ("+1@school.example", "+2@school.example"),
        ] {
            assert_ne!(mailbox(one), mailbox(other), "{one} {other}");
        }
    }

    #[test]
    fn no_domain_is_of_two_providers() {
        let all: Vec<&str> = PROVIDERS.iter().flat_map(|provider| provider.domains).copied().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    fn domains() -> Vec<&'static str> {
        let known = PROVIDERS.iter().flat_map(|provider| provider.domains).chain(&NAMED_BY_DOMAIN).copied();
        known
            .chain(["mail.ru", "bk.ru", "outlook.com", "live.com", "school.example", "x.fastmail.fm", "школа.дети"])
            .collect()
    }

    // Who has the mailbox: the first domain of a provider in the table, else the domain itself.
    fn owner(domain: &str) -> &str {
        let of = PROVIDERS.iter().find(|provider| provider.domains.contains(&domain));
        of.map_or_else(
            || NAMED_BY_DOMAIN.into_iter().find(|of| domain.ends_with(&format!(".{of}"))).unwrap_or(domain),
            |provider| provider.domains[0],
        )
    }

    proptest! {
        #[test]
        fn a_mailbox_is_its_own_and_no_other_providers(
            one in "[a-zA-Zа-я0-9+._-]{1,12}", other in "[a-zA-Zа-я0-9+._-]{1,12}",
            at in select(domains()), elsewhere in select(domains()),
        ) {
            let one = Email::parse(&format!("{one}@{at}"));
            prop_assume!(one.is_ok());
            let mailbox = one.as_ref().unwrap().mailbox();
            let again = Email::parse(&mailbox);
            prop_assert_eq!(again.as_ref().map(Email::mailbox), Ok(mailbox.clone()), "{}", mailbox);
            if let Ok(other) = Email::parse(&format!("{other}@{elsewhere}")) {
                prop_assert!(other.mailbox() != mailbox || owner(at) == owner(elsewhere), "{} {} {}", mailbox, at, elsewhere);
            }
        }

        #[test]
        fn a_word_behind_a_plus_and_capitals_lead_to_the_same_one(name in "[a-z0-9._-]{1,12}", word in "[a-z0-9+._-]{0,8}[a-z0-9]", at in select(domains())) {
            if let Ok(plain) = Email::parse(&format!("{name}@{at}")) {
                let tagged = Email::parse(&format!("{}+{word}@{at}", name.to_uppercase()));
                prop_assume!(tagged.is_ok());
                prop_assert_eq!(tagged.unwrap().mailbox(), plain.mailbox());
            }
        }
    }
}
