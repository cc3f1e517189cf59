//! A code that was typed, held against those that were sent.

use mostik_linking::{CodeCheck, Purpose};
use mostik_store::{Conn, codes, linkings::Loaded};
use mostik_wire::{Code, Secret};

use crate::{app::App, keys, refusal::Refusal};

/// Holds a code to its form.
///
/// # Errors
/// `malformed_request`.
pub fn well_formed(code: &Secret, purpose: Purpose) -> Result<(), Refusal> {
    let (length, detail) = match purpose {
        Purpose::Contact | Purpose::Owner => (6, "code: six digits are expected"),
        Purpose::Recovery => (8, "code: eight digits are expected"),
    };
    let code = code.expose();
    let digits = code.len() == length && code.bytes().all(|b| b.is_ascii_digit());
    if digits { Ok(()) } else { Err(Refusal::new(Code::MalformedRequest).detail(detail)) }
}

/// What a code is to the linking. Every code that was sent is compared, whichever it is, in constant time.
pub(crate) async fn entered(
    app: &App,
    conn: &mut Conn,
    loaded: &Loaded,
    purpose: Purpose,
    code: &Secret,
) -> Result<CodeCheck, Refusal> {
    let linking = &loaded.linking;
    let newest = linking.step.sent_code().map(|(_, sent)| sent.nth);
    let (mut found, live) = (CodeCheck::Neither, app.live());
    for kept in codes::of(conn, &linking.id.0, purpose).await? {
        // One that a dropped key has made is over: the key was dropped after it.
        let Some(key) = live.keys.of(&kept.hash) else { continue };
        let hash = key.code_hash(&linking.id, &mostik_store::contact::key(&kept.contact), code.expose());
        if keys::same(&kept.hash, &hash) && found != CodeCheck::Newest {
            found = if Some(kept.nth) == newest { CodeCheck::Newest } else { CodeCheck::Older };
        }
    }
    Ok(found)
}
