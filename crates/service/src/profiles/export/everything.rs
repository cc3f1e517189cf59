//! Everything that is held about one profile. The names of the fields are the format of the export.

use mostik_store::{
    Conn,
    holdings::{self, AccountRow, LinkingRow, MessageRow, ProfileRow, PupilRow, SessionRow, UtcTime},
};
use mostik_wire::{FullName, Millis};
use serde::Serialize;

use crate::{language::Language, linkings::consent, profiles::held::LinkedProfile, refusal::Refusal};

/// Everything that bears on one profile. The names of the fields are the format, version 1; moments are UTC.
#[derive(Serialize)]
pub(super) struct ProfileExport {
    pub(super) format: &'static str,
    pub(super) made_at: UtcTime,
    pub(super) profile: ProfileRow,
    pub(super) diary: PupilRow,
    pub(super) link: Link,
    pub(super) linkings: Vec<LinkingRow>,
    pub(super) consents: Vec<Consent>,
    pub(super) seen_by: Vec<AccountRow>,
    pub(super) sessions: Vec<SessionRow>,
    pub(super) messages: Vec<MessageRow>,
}

#[derive(Serialize)]
pub(super) struct Link {
    pub(super) linked_at: UtcTime,
    pub(super) in_max: bool,
    pub(super) in_vk: bool,
}

/// What a legal representative agreed to.
#[derive(Serialize)]
pub(super) struct Consent {
    pub(super) given_at: UtcTime,
    pub(super) wording: String,
    /// `None`: of a wording that is no longer asked for.
    pub(super) text: Option<String>,
    pub(super) given_by: String,
}

impl ProfileExport {
    pub(super) async fn of(
        conn: &mut Conn,
        held: &LinkedProfile,
        language: Language,
        now: Millis,
    ) -> Result<Self, Refusal> {
        let (pupil, link) = (held.loaded.linking.pupil.0.as_str(), held.link()?);
        let consents = holdings::consents(conn, &link.profile).await?;
        let consents = consents.into_iter().map(|(given_at, wording, first, last)| Consent {
            text: (wording == consent::VERSION).then(|| consent::wording(language).text),
            given_at,
            wording,
            given_by: FullName::new(&first, &last).whole(),
        });
        Ok(Self {
            format: "mostik-export-1",
            made_at: UtcTime(now.0),
            profile: holdings::profile(conn, &link.profile).await?,
            diary: holdings::pupil(conn, pupil).await?,
            link: Link {
                linked_at: UtcTime(link.linked_at.0),
                in_max: held.kept.max_user.is_some(),
                in_vk: held.kept.vk_user.is_some(),
            },
            linkings: holdings::linkings(conn, pupil).await?,
            consents: consents.collect(),
            seen_by: holdings::seen_by(conn, pupil).await?,
            sessions: holdings::sessions(conn, pupil).await?,
            messages: holdings::messages(conn, pupil).await?,
        })
    }
}
