//! The file of operators: who may do what, each known by the hash of a token.

use std::{collections::BTreeMap, path::Path};

use mostik_wire::Secret;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    clock::{self, Entropy},
    config::Fault,
    keys,
};

/// The setting that names the file.
pub const SETTING: &str = "operators.file";

/// 32 random bytes in base64url: the only kind of token that a plain hash keeps safe.
const TOKEN: usize = 43;

/// What an operator may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Look people and messages up, masked.
    Look,
    /// See names and contacts in full, and give a profile's data out.
    Disclose,
    /// Unlink, end sessions.
    Act,
    /// Ask for a deletion, or confirm another operator's.
    Delete,
    /// Count a day.
    Statistics,
}

impl Right {
    const ALL: [Self; 5] = [Self::Look, Self::Disclose, Self::Act, Self::Delete, Self::Statistics];

    /// As the file writes it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Disclose => "disclose",
            Self::Act => "act",
            Self::Delete => "delete",
            Self::Statistics => "statistics",
        }
    }

    /// All of them, as the file writes them.
    #[must_use]
    pub fn words() -> String {
        Self::ALL.map(Self::word).join(", ")
    }

    /// The right of that word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.word() == word)
    }
}

/// An operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The name, as the audit log has it.
    pub name: String,
    rights: Vec<Right>,
}

impl Operator {
    /// Whether the operator has that right.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }
}

/// All operators.
pub struct Operators(Vec<(String, Operator)>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    token_sha256: String,
    rights: Vec<String>,
}

impl Operators {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, others than its owner may write or read it, or it does not say what it has to.
    pub fn read(file: &Path) -> Result<Self, Fault> {
        let name = file.display();
        let fault = |found: String, next: &str| Fault { key: SETTING.into(), found, next: next.into() };
        let text = std::fs::read_to_string(file)
            .map_err(|error| fault(format!("{name} cannot be read: {error}"), "Name a readable file"))?;
        if let Some(who) = open_to(file) {
            return Err(fault(format!("{name} may be {who}"), "`chmod 640` it, and give it to the service's group"));
        }
        Self::parse(&text).map_err(|(found, next)| fault(format!("{name}: {found}"), next))
    }

    fn parse(text: &str) -> Result<Self, (String, &'static str)> {
        const SHAPE: &str =
            "Give each operator one table, [name] with token_sha256 and rights, as `operators new-token` prints it";
        let tables: BTreeMap<String, Entry> =
            toml::from_str(text).map_err(|error| (error.to_string().trim().to_owned(), SHAPE))?;
        let mut all: Vec<(String, Operator)> = Vec::new();
        for (name, entry) in tables {
            if !is_name(&name) {
                return Err((format!("[{name}] is no operator's name"), "Write it in 2 to 32 of a-z 0-9 . - _"));
            }
            let is_hash = entry.token_sha256.len() == 64
                && entry.token_sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            if !is_hash {
                let found = format!("[{name}] token_sha256 is no hash of a token");
                return Err((found, "It has 64 of 0-9 a-f; `mostik-service operators new-token` makes token and hash"));
            }
            if let Some((_, other)) = all.iter().find(|(hash, _)| *hash == entry.token_sha256) {
                let found = format!("[{name}] has the token of [{}]", other.name);
                return Err((found, "Give each operator a token of their own"));
            }
            let mut rights = Vec::new();
            for word in &entry.rights {
                let right = Right::of(word).ok_or_else(|| {
                    (
                        format!("[{name}] there is no right {word:?}"),
                        "Take them of look, disclose, act, delete, statistics",
                    )
                })?;
                if rights.contains(&right) {
                    return Err((format!("[{name}] names the right {word:?} twice"), "Name it once"));
                }
                rights.push(right);
            }
            if rights.is_empty() {
                return Err((format!("[{name}] has no rights"), "Give some, or take the table out"));
            }
            all.push((entry.token_sha256, Operator { name, rights }));
        }
        if all.is_empty() {
            return Err(("nobody is in it".into(), SHAPE));
        }
        Ok(Self(all))
    }

    /// Whose token it is; `None`: nobody's.
    #[must_use]
    pub fn known_by(&self, token: &Secret) -> Option<&Operator> {
        let hash = hash(token.expose());
        self.0.iter().find(|(known, _)| keys::same(known, &hash)).map(|(_, operator)| operator)
    }
}

/// Whether a name fits an operator: 2 to 32 of `a-z 0-9 . - _`, a letter first.
#[must_use]
pub fn is_name(name: &str) -> bool {
    (2..=32).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b))
}

/// Whether a text can be a token: what is shorter, people have thought up.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.len() == TOKEN && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// A new token, and its hash as the file has it.
#[must_use]
pub fn new_token(entropy: &dyn Entropy) -> (Secret, String) {
    let token = clock::token::<32>(entropy);
    let hash = hash(&token);
    (Secret::new(token), hash)
}

fn hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What others than a file's owner may do with it that they may not: its group may read it, and nobody else anything.
#[cfg(unix)]
#[must_use]
pub fn open_to(file: &Path) -> Option<&'static str> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    match mode {
        _ if mode & 0o022 != 0 => Some("written by others than its owner"),
        _ if mode & 0o004 != 0 => Some("read by everybody"),
        _ => None,
    }
}

/// Rights are not told by a mode here.
#[cfg(not(unix))]
#[must_use]
pub fn open_to(_file: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemEntropy;

    #[test]
    fn each_fault_is_named() {
        let hash = "0123456789abcdef".repeat(4);
        let anna = format!("[anna]\ntoken_sha256 = \"{hash}\"\nrights = [\"look\"]\n");
        for (text, found) in [
            (String::new(), "nobody is in it"),
            ("anna = 1".into(), "invalid type"),
            (format!("{anna}colour = \"red\""), "unknown field `colour`"),
            (format!("{anna}{anna}"), "duplicate key"),
            (anna.replace("[anna]", "[Anna]"), "[Anna] is no operator's name"),
            (anna.replace("[anna]", "[\"anna petrova\"]"), "[anna petrova] is no operator's name"),
            (anna.replace(&hash, "secret"), "[anna] token_sha256 is no hash of a token"),
            (anna.replace("look", "read"), "[anna] there is no right \"read\""),
            (anna.replace("\"look\"", "\"look\", \"look\""), "names the right \"look\" twice"),
            (anna.replace("\"look\"", ""), "[anna] has no rights"),
            (format!("{anna}{}", anna.replace("[anna]", "[boris]")), "[boris] has the token of [anna]"),
        ] {
            let (told, _) = Operators::parse(&text).err().unwrap_or_else(|| panic!("{text} was taken"));
            assert!(told.contains(found), "{text}: {told}");
        }
    }

    #[test]
    fn an_operator_is_known_by_the_token_alone() {
        let (token, hash) = new_token(&SystemEntropy);
        assert!(is_token(token.expose()) && !is_token("password") && !is_token(&hash));
        let text = format!("[anna]\ntoken_sha256 = \"{hash}\"\nrights = [\"look\", \"delete\"]\n");
        let all = Operators::parse(&text).ok().unwrap();
        let anna = all.known_by(&token).unwrap();
        assert!(anna.may(Right::Look) && anna.may(Right::Delete) && !anna.may(Right::Act));
        assert!(all.known_by(&Secret::new(hash)).is_none(), "the hash is no token");
    }
}
