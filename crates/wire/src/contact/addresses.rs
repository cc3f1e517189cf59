//! E-mail addresses in a text.

use std::sync::LazyLock;

use regex::Regex;

use super::{error::ContactError, look_alike};
use crate::{Contact, Email, EmailError};

/// Domains that people mean when they mistype, by how many boxes of pupils and parents they hold.
pub(super) const COMMON: [&str; 14] = [
    "mail.ru",
    "yandex.ru",
    "gmail.com",
    "bk.ru",
    "list.ru",
    "inbox.ru",
    "ya.ru",
    "rambler.ru",
    "icloud.com",
    "vk.com",
    "outlook.com",
    "hotmail.com",
    "internet.ru",
    "edu.mos.ru",
];

/// Endings that a word of a domain is known by, where blanks, commas or a missing dot leave it in doubt.
const ENDINGS: [&str; 14] =
    ["ru", "com", "net", "org", "su", "me", "рф", "дети", "москва", "рус", "info", "edu", "online", "school"];

/// What stands in place of the last dot: `mail,ru`, `mail ru`, `mail. ru`, and `ю`, which is the dot's key.
static ENDING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?i)^[ ]*[.,;:/ ][ ]*({})(?:[^\p{{L}}\d@-]|$)", ENDINGS.join("|"))).expect("a pattern")
});

/// What stands around an @, as far as it is one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A sound one.
    Sound(Email),
    /// A slip is likely: what is meant, and the address as it stands, if it is one.
    Doubtful { likely: Email, as_typed: Option<Email> },
    /// None.
    Broken(ContactError),
}

impl Address {
    pub(super) fn verdict(&self) -> Result<Contact, ContactError> {
        match self {
            Self::Sound(email) => Ok(by_mail(email.clone())),
            Self::Doubtful { likely, as_typed } => Err(ContactError::LooksLike {
                likely: by_mail(likely.clone()),
                as_typed: as_typed.clone().map(by_mail),
            }),
            Self::Broken(error) => Err(error.clone()),
        }
    }
}

/// The addresses of a text, and the text without them: the digits in an address are no number.
pub(super) fn find(text: &str) -> (Vec<Address>, String) {
    let signs: Vec<char> = text.chars().collect();
    let (mut found, mut rest, mut at, mut kept) = (Vec::new(), String::with_capacity(text.len()), 0, 0);
    while at < signs.len() {
        if signs[at] != '@' {
            at += 1;
            continue;
        }
        let Some((address, from, to)) = around(&signs, at, kept) else {
            at += 1;
            continue;
        };
        rest.extend(&signs[kept..from]);
        rest.push(';');
        found.push(address);
        (at, kept) = (to, to);
    }
    rest.extend(&signs[kept..]);
    (found, rest)
}

/// The address around the @ at `at`, with its place; nothing where it is a name in a messenger: `@anya_orlova`.
fn around(signs: &[char], at: usize, least: usize) -> Option<(Address, usize, usize)> {
    let blanks = |sign: &&char| **sign == ' ';
    let left = at - signs[least..at].iter().rev().take_while(blanks).count();
    let from = left - signs[least..left].iter().rev().take_while(|sign| is_of_local(**sign)).count();
    let right = at + 1 + signs[at + 1..].iter().take_while(blanks).count();
    let to = right + signs[right..].iter().take_while(|sign| is_of_domain(**sign)).count();
    if signs.get(to) == Some(&'@') {
        let end = to + signs[to..].iter().take_while(|sign| **sign == '@' || is_of_domain(**sign)).count();
        return Some((Address::Broken(EmailError::Shape.into()), from, end));
    }
    let local: String = signs[from..left].iter().collect();
    // Quotes and dashes of lists; emphasis of messengers, which stands on both sides: `_anya@mail.ru_`.
    let domain: String = signs[right..to].iter().collect();
    let emphasised = domain.ends_with('_');
    let local = local
        .trim_start_matches(|sign| matches!(sign, '\'' | '-' | '&' | '.' | '+') || (emphasised && sign == '_'))
        .trim_end_matches(['\'', '-', '&', '.']);
    let domain = domain.trim_end_matches(['.', '-', '_', '\'']);
    let tail: String = signs[right + domain.chars().count()..].iter().take(16).collect();
    let ends = |domain: &str| {
        domain
            .rsplit_once('.')
            .is_some_and(|(_, top)| ENDINGS.contains(&top.to_lowercase().as_str()) || top.chars().count() == 2)
    };
    // A name in a messenger stands after a blank, and a word before it is another word.
    let handle = match (left < at, right > at + 1) {
        (true, false) => !ends(domain) && undotted(domain).is_none(),
        _ => local.is_empty() && !ends(domain),
    };
    if handle {
        return None;
    }
    let (address, more) = judge(local, domain, &tail);
    let more = tail.char_indices().take_while(|(index, _)| *index < more).count();
    Some((address, from, right + domain.chars().count() + more))
}

/// What the two sides of an @ make, and how many bytes of the tail belong to it.
fn judge(local: &str, domain: &str, tail: &str) -> (Address, usize) {
    let as_typed = Email::parse(&format!("{local}@{domain}"));
    let (meant, more) = match domain_meant(domain, tail) {
        Ok((meant, more)) => (meant, more),
        Err(error) => return (Address::Broken(error), 0),
    };
    let whole = meant.as_deref().unwrap_or(domain);
    let local_meant = match local_meant(local, &whole.to_lowercase()) {
        Ok(meant) => meant,
        Err(error) => return (Address::Broken(error), more),
    };
    if meant.is_some() || local_meant.is_some() {
        let local = local_meant.as_deref().unwrap_or(local);
        if let Ok(likely) = Email::parse(&format!("{local}@{whole}")) {
            // A slip beside a slip: `mialru`.
            let likely = match judge(local, whole, "").0 {
                Address::Doubtful { likely, .. } => likely,
                _ => likely,
            };
            return (Address::Doubtful { likely, as_typed: as_typed.ok() }, more);
        }
    }
    match as_typed {
        Err(error) => (Address::Broken(error.into()), 0),
        Ok(email) => (Address::Sound(email), 0),
    }
}

/// The domain that is likely meant, where it is another than the typed one, with the bytes of the tail that belong to it.
fn domain_meant(domain: &str, tail: &str) -> Result<(Option<String>, usize), ContactError> {
    let (shown, _) = idna::domain_to_unicode(&domain.to_lowercase());
    let typed = if domain.to_ascii_lowercase().contains("xn--") { shown } else { domain.to_lowercase() };
    if COMMON.contains(&typed.as_str()) {
        return Ok((None, 0));
    }
    let near = |domain: &str| COMMON.iter().find(|common| strsim::osa_distance(domain, common) == 1);
    if let Some(common) = near(&typed) {
        return Ok((Some((*common).to_owned()), 0));
    }
    // The dot's key on a Russian keyboard: `mailюru`.
    let dotted = typed.replace('ю', ".");
    if dotted != typed && COMMON.contains(&dotted.as_str()) {
        return Ok((Some(dotted), 0));
    }
    let top = typed.rsplit('.').next().unwrap_or_default();
    let latin_top = top.is_ascii() || (look_alike::is_mixed(top) && look_alike::in_latin(top).is_some());
    let labels: Result<Vec<String>, ContactError> =
        typed.split('.').map(|label| label_meant(label, latin_top)).collect();
    let mended = match labels?.join(".") {
        // Nobody has `.ру` and `.ком`: they are heard, not seen.
        mended if mended.ends_with(".ру") && mended.trim_end_matches(".ру").is_ascii() => {
            mended.replace(".ру", ".ru")
        }
        mended if mended.ends_with(".ком") && mended.trim_end_matches(".ком").is_ascii() => {
            mended.replace(".ком", ".com")
        }
        mended => mended,
    };
    if !mended.contains('.') && !mended.is_empty() {
        if let Some(ending) = ENDING.captures(tail).and_then(|found| found.get(1)) {
            return Ok((Some(format!("{mended}.{}", ending.as_str().to_lowercase())), ending.end()));
        }
        if let Some(whole) = undotted(&mended) {
            return Ok((Some(whole), 0));
        }
    }
    // «…@mail.ru.Звоните»: the sentence went on.
    let run_on = COMMON.iter().find(|common| mended.strip_prefix(**common).is_some_and(|rest| rest.starts_with('.')));
    let meant = near(&mended).or(run_on).map_or(mended, |common| (*common).to_owned());
    Ok(((meant != typed).then_some(meant), 0))
}

/// `mailru`, `mail`, `school179ru`: a domain without its last dot, or without its ending.
fn undotted(domain: &str) -> Option<String> {
    let common = COMMON.iter().find(|common| common.replace('.', "") == domain);
    let common = common.or_else(|| COMMON.iter().find(|common| domain.replace(['-', '_'], ".") == **common));
    let common = common.or_else(|| {
        COMMON.iter().find(|common| common.split_once('.').is_some_and(|(name, _)| name == domain && name.len() > 3))
    });
    common.map(|common| (*common).to_owned()).or_else(|| {
        let (name, ending) = ENDINGS.iter().find_map(|ending| Some((domain.strip_suffix(ending)?, ending)))?;
        (name.chars().count() > 1).then(|| format!("{}.{ending}", name.trim_end_matches(['-', '_'])))
    })
}

/// A label in one alphabet: the one of the domain's end. A wholly Cyrillic name under a Cyrillic end is as real as any.
fn label_meant(label: &str, latin_top: bool) -> Result<String, ContactError> {
    if look_alike::is_mixed(label) {
        let (first, second) = (look_alike::in_latin(label), look_alike::in_cyrillic(label));
        let meant = if latin_top { first.or(second) } else { second.or(first) };
        return meant.ok_or(ContactError::MixedAlphabets);
    }
    let twin = if latin_top && !label.is_ascii() { look_alike::in_latin(label) } else { None };
    Ok(twin.unwrap_or_else(|| label.to_owned()))
}

/// The local part that is likely meant, where it is another than the typed one.
fn local_meant(local: &str, domain: &str) -> Result<Option<String>, ContactError> {
    let latin_domain = domain.is_ascii();
    let words: Vec<&str> = local.split(|sign: char| !sign.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let some_latin = words.iter().any(|word| word.is_ascii());
    let mut meant = String::with_capacity(local.len());
    let mut rest = local;
    for word in words {
        let at = rest.find(word).unwrap_or_default();
        meant.push_str(&rest[..at]);
        rest = &rest[at + word.len()..];
        // The boxes of the common providers have Latin names alone.
        let astray = latin_domain && !look_alike::is_latin(word) && (some_latin || COMMON.contains(&domain));
        let twin = if look_alike::is_mixed(word) {
            let (first, second) = (look_alike::in_latin(word), look_alike::in_cyrillic(word));
            Some(if latin_domain { first.or(second) } else { second.or(first) }.ok_or(ContactError::MixedAlphabets)?)
        } else if astray {
            look_alike::in_latin(word)
        } else {
            None
        };
        meant.push_str(twin.as_deref().unwrap_or(word));
    }
    meant.push_str(rest);
    Ok((meant != local).then_some(meant))
}

/// Letters, digits, and the signs that local parts of real boxes have.
fn is_of_local(sign: char) -> bool {
    sign.is_alphanumeric() || is_mark(sign) || "._-+'&".contains(sign)
}

fn is_of_domain(sign: char) -> bool {
    sign.is_alphanumeric() || is_mark(sign) || "._-".contains(sign)
}

/// Marks that some scripts write over and under letters.
fn is_mark(sign: char) -> bool {
    unicode_normalization::char::is_combining_mark(sign)
}

/// An address as a contact.
pub(super) fn by_mail(email: Email) -> Contact {
    Contact::Mail { email }
}
