//! Deleting a profile for good, with everything that names its person.
//!
//! What the diary has told about the pupil goes too, and with it the sessions of the accounts that see the pupil: who signs in
//! again brings it anew from the diary. What stays are counts and keyed hashes that name nobody.

use mostik_wire::Millis;

use super::news::People;
use crate::{app::App, db::Tx, language::Language, mail::News, refusal::Refusal};

/// Deletes the profiles that are due, each in a transaction of its own.
///
/// # Errors
/// When the database does not answer; what was not deleted is due again the next time.
pub async fn erase_due(app: &App) -> Result<(), Refusal> {
    let due: Vec<String> = sqlx::query_scalar("SELECT id FROM profiles WHERE deletes_at <= $1")
        .bind(app.now().0)
        .fetch_all(app.db.read())
        .await?;
    for profile in due {
        let mut tx = app.db.write().await?;
        let moved = erase(app, &mut tx, &profile).await?;
        tx.commit().await?;
        for linking in moved {
            app.announce(&linking);
        }
        tracing::info!("a profile was deleted");
    }
    Ok(())
}

// Answers with the linkings that changed or went.
async fn erase(app: &App, tx: &mut Tx, profile: &str) -> Result<Vec<String>, Refusal> {
    // It may have been called off, or deleted by another node, since it was listed.
    type Row = (Option<String>, Option<String>, Option<String>, i64);
    let found: Option<Row> = sqlx::query_as(
        "SELECT deletion_language, email, phone, deletes_at FROM profiles WHERE id = $1 AND deletes_at <= $2",
    )
    .bind(profile)
    .bind(app.now().0)
    .fetch_optional(&mut **tx)
    .await?;
    let Some((language, email, phone, due)) = found else { return Ok(Vec::new()) };
    let language = Language::from_tag(&language.unwrap_or_default());
    let news = |name| News::Deleted { name, due: Millis(due) };
    People::of(tx, profile).await?.tell(app, tx, language, news).await?;

    let pupil: Option<String> = sqlx::query_scalar("SELECT pupil_id FROM links WHERE profile_id = $1")
        .bind(profile)
        .fetch_optional(&mut **tx)
        .await?;
    let mut moved = begin_anew(app, tx, profile, &[email, phone], pupil.as_deref()).await?;
    let about = [
        "DELETE FROM consents WHERE profile_id = $1",
        "DELETE FROM links WHERE profile_id = $1",
        "DELETE FROM vk_sign_ins WHERE profile_id = $1",
    ];
    run(tx, &about, profile).await?;
    if let Some(pupil) = &pupil {
        moved.extend(forget_pupil(tx, pupil).await?);
    }
    let last = [
        "UPDATE pupils SET former_profile = NULL WHERE former_profile = $1",
        "DELETE FROM launches WHERE max_user IN (SELECT COALESCE(max_user, former_max_user) FROM profiles WHERE id = $1)",
        "DELETE FROM profiles WHERE id = $1",
    ];
    run(tx, &last, profile).await?;
    Ok(moved)
}

// Linkings of other pupils that had come upon the profile or its contacts ask for a contact again.
async fn begin_anew(
    app: &App,
    tx: &mut Tx,
    profile: &str,
    contacts: &[Option<String>; 2],
    pupil: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    let moved: Vec<String> = sqlx::query_scalar(
        "UPDATE linkings SET step = CASE WHEN step = 'closed' THEN step ELSE 'contact' END, channel = NULL, contact = NULL,
             profile_id = NULL, password_hash = NULL, ticket_hash = NULL, sealed_ticket = NULL,
             sealed_return_handle = NULL, max_user = NULL, opened_at = NULL, trouble = NULL, trouble_phone = NULL,
             vk_trouble = NULL, version = version + 1, moved_at_version = version + 1, updated_at = $5
         WHERE (profile_id = $1 OR contact = $2 OR contact = $3) AND pupil_id <> $4 AND step <> 'linked'
         RETURNING id",
    )
    .bind(profile)
    .bind(&contacts[0])
    .bind(&contacts[1])
    .bind(pupil.unwrap_or_default())
    .bind(app.now().0)
    .fetch_all(&mut **tx)
    .await?;
    for linking in &moved {
        run(tx, CODES_AND_MESSAGES, linking).await?;
    }
    Ok(moved)
}

const CODES_AND_MESSAGES: &[&str] = &[
    "DELETE FROM codes WHERE linking_id = $1",
    "DELETE FROM outbox WHERE linking_id = $1",
    "DELETE FROM vk_sign_ins WHERE linking_id = $1",
];

// A pupil whom no account sees and no linking is about.
const FORGOTTEN: &str = "DELETE FROM pupils WHERE id = $1
    AND NOT EXISTS (SELECT 1 FROM account_pupils a WHERE a.pupil_id = pupils.id)
    AND NOT EXISTS (SELECT 1 FROM linkings l WHERE l.pupil_id = pupils.id)";

const FORGOTTEN_HISTORY: &str = "DELETE FROM history WHERE pupil_id = $1
    AND NOT EXISTS (SELECT 1 FROM account_pupils a WHERE a.pupil_id = history.pupil_id)
    AND NOT EXISTS (SELECT 1 FROM linkings l WHERE l.pupil_id = history.pupil_id)";

// What the diary told of the pupil, the pupil's linkings, and the sessions that show them.
async fn forget_pupil(tx: &mut Tx, pupil: &str) -> Result<Vec<String>, Refusal> {
    let accounts: Vec<String> = sqlx::query_scalar("SELECT account_id FROM account_pupils WHERE pupil_id = $1")
        .bind(pupil)
        .fetch_all(&mut **tx)
        .await?;
    let linkings: Vec<String> =
        sqlx::query_scalar("SELECT id FROM linkings WHERE pupil_id = $1").bind(pupil).fetch_all(&mut **tx).await?;
    for linking in &linkings {
        run(tx, CODES_AND_MESSAGES, linking).await?;
    }
    // An earlier profile of the same child, unlinked since, keeps its consent and the linking that the consent is about.
    let gone = [
        "DELETE FROM linkings WHERE pupil_id = $1 AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.linking_id = linkings.id)",
        "DELETE FROM account_pupils WHERE pupil_id = $1",
        "DELETE FROM history WHERE pupil_id = $1",
        FORGOTTEN,
    ];
    run(tx, &gone, pupil).await?;
    for account in &accounts {
        forget_account(tx, account).await?;
    }
    Ok(linkings)
}

// Ends the account's sessions; the account itself goes where it holds nothing else.
async fn forget_account(tx: &mut Tx, account: &str) -> Result<(), Refusal> {
    let of_session =
        |table| format!("DELETE FROM {table} WHERE session_id IN (SELECT id FROM sessions WHERE account_id = $1)");
    for table in ["auth_codes", "access_tokens", "refresh_tokens", "vk_sign_ins"] {
        sqlx::query(sqlx::AssertSqlSafe(of_session(table))).bind(account).execute(&mut **tx).await?;
    }
    run(tx, &["DELETE FROM sessions WHERE account_id = $1", "DELETE FROM idempotency WHERE account_id = $1"], account)
        .await?;
    let holds: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM accounts a WHERE a.id = $1 AND (
             EXISTS (SELECT 1 FROM consents c WHERE c.account_id = a.id)
             OR EXISTS (SELECT 1 FROM account_pupils p JOIN linkings l ON l.pupil_id = p.pupil_id
                        WHERE p.account_id = a.id AND l.step <> 'closed'))",
    )
    .bind(account)
    .fetch_optional(&mut **tx)
    .await?;
    if holds.is_some() {
        return Ok(());
    }
    let siblings: Vec<String> = sqlx::query_scalar("SELECT pupil_id FROM account_pupils WHERE account_id = $1")
        .bind(account)
        .fetch_all(&mut **tx)
        .await?;
    let own = [
        "DELETE FROM account_pupils WHERE account_id = $1",
        "UPDATE linkings SET moved_by = NULL WHERE moved_by = $1",
        "UPDATE history SET account_id = NULL WHERE account_id = $1",
    ];
    run(tx, &own, account).await?;
    run(tx, &["DELETE FROM accounts WHERE id = $1"], account).await?;
    for pupil in siblings {
        run(tx, &[FORGOTTEN_HISTORY, FORGOTTEN], &pupil).await?;
    }
    Ok(())
}

async fn run(tx: &mut Tx, statements: &[&'static str], id: &str) -> Result<(), Refusal> {
    for sql in statements {
        sqlx::query(*sql).bind(id).execute(&mut **tx).await?;
    }
    Ok(())
}
