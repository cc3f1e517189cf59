//! All that the service holds about a profile, to be taken away.

mod page;

use mostik_wire::{Export, FullName, Millis};
use serde::Serialize;

use super::held::Held;
use crate::{
    app::App,
    dates,
    language::Language,
    linkings::consent,
    refusal::Refusal,
    session::Session,
    store::{
        Conn,
        holdings::{self, AccountRow, LinkingRow, MessageRow, Moment, ProfileRow, PupilRow, SessionRow},
    },
};

/// Everything, for people and for programs.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn export_of(app: &App, session: &Session, conn: &mut Conn, held: &Held) -> Result<Export, Refusal> {
    let holdings = Holdings::of(conn, held, session.language, app.now()).await?;
    Ok(Export {
        name: format!("mostik-{}-{}", holdings.profile.id, dates::today(app.now())),
        html: page::page(&holdings, session.language),
        json: serde_json::to_string_pretty(&holdings).map_err(|e| Refusal::internal(&e))?,
    })
}

/// Everything that bears on one profile. The names of the fields are the format, version 1; moments are UTC.
#[derive(Serialize)]
struct Holdings {
    format: &'static str,
    made_at: Moment,
    profile: ProfileRow,
    diary: PupilRow,
    link: Link,
    linkings: Vec<LinkingRow>,
    consents: Vec<Consent>,
    seen_by: Vec<AccountRow>,
    sessions: Vec<SessionRow>,
    messages: Vec<MessageRow>,
}

#[derive(Serialize)]
struct Link {
    linked_at: Moment,
    in_max: bool,
    in_vk: bool,
}

/// What a legal representative agreed to.
#[derive(Serialize)]
struct Consent {
    given_at: Moment,
    wording: String,
    /// `None`: of a wording that is no longer asked for.
    text: Option<String>,
    given_by: String,
}

impl Holdings {
    async fn of(conn: &mut Conn, held: &Held, language: Language, now: Millis) -> Result<Self, Refusal> {
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
            made_at: Moment(now.0),
            profile: holdings::profile(conn, &link.profile).await?,
            diary: holdings::pupil(conn, pupil).await?,
            link: Link {
                linked_at: Moment(link.linked_at.0),
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
