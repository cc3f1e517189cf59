//! Sign-ins in progress, and the codes and tokens that came of them.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::ambient::RandomSource;

/// How long the page waits for a person.
pub(super) const REQUEST_LIFE_MS: i64 = 10 * 60_000;
pub(crate) const CODE_LIFE_S: i64 = 60;
pub(crate) const ACCESS_LIFE_S: i64 = 3600;

/// One party's sign-ins and tokens.
#[derive(Default)]
pub(crate) struct Authorizations {
    requests: HashMap<String, AuthorizationRequest>,
    codes: HashMap<String, Code>,
    access: HashMap<String, Grant>,
    refresh: HashMap<String, Refresh>,
}

/// What an application asked for; the person has not answered yet.
#[derive(Clone)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: String,
    pub(crate) scope: String,
    pub(crate) nonce: Option<String>,
    pub(crate) challenge: String,
    pub(crate) expires_at: i64,
}

/// A code and what it stands for.
struct Code {
    who: String,
    device: Option<String>,
    request: AuthorizationRequest,
    expires_at: i64,
    /// Kept after use, so that a second use takes back what the first one gave (RFC 6749, 4.1.2).
    used_by: Option<String>,
}

/// Who a token speaks for.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) who: String,
    pub(crate) scope: String,
    /// What the sign-in is bound to besides the application, at a party that does so.
    pub(crate) device: Option<String>,
    /// Names the sign-in that it came of.
    pub(crate) family: String,
    pub(crate) expires_at: i64,
}

/// A refresh token; used ones are kept to notice a replay.
struct Refresh {
    grant: Grant,
    used: bool,
}

/// What shows that a code is in the right hands.
pub(crate) struct Proof<'a> {
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: &'a str,
    pub(crate) device: Option<&'a str>,
}

/// Why a code or a token gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Unknown,
    /// Used before: everything that came of it has been taken back.
    Replayed,
    Expired,
    OtherAddress,
    OtherDevice,
    OtherVerifier,
}

/// What a grant is handed out as.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Authorizations {
    /// Waits for the person; comes back with the name of the wait.
    pub(crate) fn wait(&mut self, random: &RandomSource, request: AuthorizationRequest, now: i64) -> String {
        self.sweep(now);
        let id = random.token();
        self.requests.insert(id.clone(), request);
        id
    }

    /// The person has answered: `who` they are, or `None` for no. A code in the first case; nothing at all when nobody
    /// asked, or too long ago.
    pub(crate) fn decide(
        &mut self,
        random: &RandomSource,
        id: &str,
        who: Option<String>,
        device: Option<String>,
        now: i64,
    ) -> Option<(AuthorizationRequest, Option<String>)> {
        self.sweep(now);
        let request = self.requests.remove(id)?;
        let code = who.map(|who| {
            let code = random.token();
            let expires_at = now + CODE_LIFE_S * 1000;
            self.codes.insert(code.clone(), Code { who, device, request: request.clone(), expires_at, used_by: None });
            code
        });
        Some((request, code))
    }

    /// Turns a code into a grant, once; `family` will name all that comes of it.
    pub(crate) fn redeem(
        &mut self,
        code: &str,
        proof: &Proof<'_>,
        family: String,
        now: i64,
    ) -> Result<(Grant, AuthorizationRequest), Refused> {
        self.sweep(now);
        let entry = self.codes.get_mut(code).ok_or(Refused::Unknown)?;
        if let Some(family) = entry.used_by.clone() {
            self.revoke(&family);
            return Err(Refused::Replayed);
        }
        // Spent by any attempt: a second guess at the verifier gets nothing.
        entry.used_by = Some(family.clone());
        if entry.expires_at <= now {
            return Err(Refused::Expired);
        }
        if entry.request.redirect_uri != proof.redirect_uri {
            return Err(Refused::OtherAddress);
        }
        if entry.device.as_deref() != proof.device {
            return Err(Refused::OtherDevice);
        }
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(proof.verifier));
        if !(43..=128).contains(&proof.verifier.len()) || challenge != entry.request.challenge {
            return Err(Refused::OtherVerifier);
        }
        let grant = Grant {
            who: entry.who.clone(),
            scope: entry.request.scope.clone(),
            device: entry.device.clone(),
            family,
            expires_at: 0,
        };
        Ok((grant, entry.request.clone()))
    }

    /// Uses a refresh token up.
    pub(crate) fn rotate(&mut self, token: &str, device: Option<&str>) -> Result<Grant, Refused> {
        let refresh = self.refresh.get_mut(token).ok_or(Refused::Unknown)?;
        if refresh.grant.device.as_deref() != device {
            return Err(Refused::OtherDevice);
        }
        if refresh.used {
            let family = refresh.grant.family.clone();
            self.revoke(&family);
            return Err(Refused::Replayed);
        }
        refresh.used = true;
        Ok(refresh.grant.clone())
    }

    /// Hands a grant out.
    pub(crate) fn issue(&mut self, random: &RandomSource, mut grant: Grant, now: i64) -> Tokens {
        grant.expires_at = now + ACCESS_LIFE_S * 1000;
        let tokens = Tokens { access: random.token(), refresh: random.token() };
        self.refresh.insert(tokens.refresh.clone(), Refresh { grant: grant.clone(), used: false });
        self.access.insert(tokens.access.clone(), grant);
        tokens
    }

    /// Who an access token speaks for.
    pub(crate) fn grant(&self, access: &str, now: i64) -> Result<Grant, Refused> {
        let grant = self.access.get(access).ok_or(Refused::Unknown)?;
        if grant.expires_at <= now { Err(Refused::Expired) } else { Ok(grant.clone()) }
    }

    /// Takes back every token that came of one sign-in.
    pub(crate) fn revoke(&mut self, family: &str) {
        self.access.retain(|_, grant| grant.family != family);
        self.refresh.retain(|_, refresh| refresh.grant.family != family);
    }

    /// Takes back every token that speaks for a person.
    pub(crate) fn revoke_all_of(&mut self, who: &str) {
        self.access.retain(|_, grant| grant.who != who);
        self.refresh.retain(|_, refresh| refresh.grant.who != who);
    }

    fn sweep(&mut self, now: i64) {
        self.requests.retain(|_, request| request.expires_at > now);
        // Used codes stay for a while, to recognise a replay.
        self.codes.retain(|_, code| code.expires_at + REQUEST_LIFE_MS > now);
        self.access.retain(|_, grant| grant.expires_at > now);
    }
}

impl Refused {
    /// In words, for `error_description`; `what` was shown.
    pub(crate) fn words(self, what: &str) -> String {
        match self {
            Self::Unknown => format!("no such {what}"),
            Self::Replayed => format!("the {what} was used before"),
            Self::Expired => format!("the {what} has expired"),
            Self::OtherAddress => "redirect_uri differs".into(),
            Self::OtherDevice => "device_id differs".into(),
            Self::OtherVerifier => "code_verifier does not match".into(),
        }
    }
}
