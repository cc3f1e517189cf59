//! The profile that a pupil's diary is linked to, for an account that opens that diary.

use mostik_linking::{Link, Purpose};
use mostik_store::{
    Conn, accounts,
    linkings::Loaded,
    profiles::{self, StoredProfile},
};
use mostik_wire::{Code, FullName, MessengerAccount, Millis, OwnerCode, Profile};

use crate::{app::App, linkings, refusal::Refusal, session::Session};

/// A linked profile, with the linking that made the link.
pub struct LinkedProfile {
    /// The linking; its contact is where codes go.
    pub(super) loaded: Loaded,
    /// What is kept of the profile beside it.
    pub(super) kept: StoredProfile,
}

impl LinkedProfile {
    /// The profile of a pupil.
    ///
    /// # Errors
    /// `pupil_not_yours`; `not_linked`.
    pub(super) async fn of(session: &Session, conn: &mut Conn, pupil: &str) -> Result<Self, Refusal> {
        if !accounts::sees(conn, &session.account, pupil).await? {
            return Err(Refusal::new(Code::PupilNotYours));
        }
        let id = profiles::linking_of(conn, pupil).await?.ok_or_else(|| Refusal::new(Code::NotLinked))?;
        let loaded = linkings::by_id(conn, &id).await?;
        Self::by_linking(conn, loaded).await
    }

    /// The profile that a linking has linked.
    ///
    /// # Errors
    /// `not_linked`.
    pub(super) async fn by_linking(conn: &mut Conn, loaded: Loaded) -> Result<Self, Refusal> {
        let link = loaded.linking.step.link().ok_or_else(|| Refusal::new(Code::NotLinked))?;
        let kept = profiles::kept(conn, &link.profile).await?;
        Ok(Self { loaded, kept })
    }

    /// As [`LinkedProfile::of`], if it is still the profile that the request means.
    ///
    /// # Errors
    /// `pupil_not_yours`; `not_linked`, also for another profile.
    pub(super) async fn meant(session: &Session, conn: &mut Conn, pupil: &str, profile: &str) -> Result<Self, Refusal> {
        let held = Self::of(session, conn, pupil).await?;
        if held.link()?.profile == profile { Ok(held) } else { Err(Refusal::new(Code::NotLinked)) }
    }

    /// The link.
    ///
    /// # Errors
    /// `not_linked`.
    pub(super) fn link(&self) -> Result<&Link, Refusal> {
        self.loaded.linking.step.link().ok_or_else(|| Refusal::new(Code::NotLinked))
    }

    /// As it goes over the wire.
    ///
    /// # Errors
    /// `not_linked`.
    pub(super) fn profile(&self, app: &App) -> Result<Profile, Refusal> {
        let (link, kept, now) = (self.link()?, &self.kept, app.now());
        let code = self.loaded.linking.step.sent_code().filter(|(purpose, _)| *purpose == Purpose::Owner);
        let code = code.map(|(_, code)| code).filter(|code| now < code.expires_at);
        let account = |name: &Option<String>, since| MessengerAccount { name_masked: name.clone(), since };
        Ok(Profile {
            id: link.profile.clone(),
            name_masked: FullName::new(&kept.first_name, &kept.last_name).masked(),
            channel: link.contact.channel(),
            contact_masked: link.contact.masked(),
            max: kept.max_user.map(|_| account(&kept.max_name, kept.max_at.map_or(link.linked_at, Millis))),
            vk: kept.vk_user.map(|_| account(&kept.vk_name, kept.vk_at.map_or(link.linked_at, Millis))),
            linked_at: link.linked_at,
            has_password: kept.has_password,
            resend_at: code.map(|code| code.resend_at),
            code: code.map(|code| OwnerCode {
                expires_at: code.expires_at,
                tries_left: code.tries_left(),
                delivery: code.delivery,
            }),
            deletes_at: kept.deletes_at.map(Millis),
            server_time: now,
        })
    }
}
