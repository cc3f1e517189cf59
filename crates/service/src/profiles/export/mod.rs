//! All that the service holds about a profile, to be taken away.

mod everything;
mod page;

use everything::ProfileExport;
use mostik_store::Conn;
use mostik_wire::Export;

use super::held::LinkedProfile;
use crate::{app::App, dates, language::Language, refusal::Refusal};

/// Everything, for people and for programs.
pub(super) async fn export_of(
    app: &App,
    language: Language,
    conn: &mut Conn,
    held: &LinkedProfile,
) -> Result<Export, Refusal> {
    let everything = ProfileExport::of(conn, held, language, app.now()).await?;
    Ok(Export {
        name: format!("mostik-{}-{}", everything.profile.id, dates::today(app.now())),
        html: page::page(&everything, language),
        json: serde_json::to_string_pretty(&everything).map_err(|e| Refusal::internal(&e))?,
    })
}
