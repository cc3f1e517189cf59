//! `/me`: the bot itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::errors::Refused;
use crate::shared::Shared;

/// The most commands a bot may have.
const MOST_COMMANDS: usize = 32;

fn bot(shared: &Shared) -> Value {
    let bot = &shared.world.bot;
    json!({
        "user_id": bot.user_id,
        "first_name": bot.name,
        "username": bot.username,
        "is_bot": true,
        "last_activity_time": shared.clock.now(),
        "description": bot.description,
        "name": bot.name,
        "commands": shared.messenger().commands,
    })
}

/// `GET /me`.
pub(super) async fn read(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(bot(&shared))
}

/// `GET /me/commands`.
pub(super) async fn commands(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(json!({ "commands": shared.messenger().commands }))
}

/// `PATCH /me`: only the commands change; names belong to the world file.
pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    Json(patch): Json<Value>,
) -> Result<Json<Value>, Refused> {
    set_commands(&shared, &patch)?;
    Ok(Json(bot(&shared)))
}

/// `PATCH /me/commands`: answers with the commands alone.
pub(super) async fn change_commands(
    State(shared): State<Arc<Shared>>,
    Json(patch): Json<Value>,
) -> Result<Json<Value>, Refused> {
    set_commands(&shared, &patch)?;
    Ok(commands(State(shared)).await)
}

fn set_commands(shared: &Shared, patch: &Value) -> Result<(), Refused> {
    if let Some(commands) = patch.get("commands") {
        let list = commands.as_array().ok_or_else(|| Refused::bad("commands: must be an array"))?;
        if list.len() > MOST_COMMANDS {
            return Err(Refused::bad("commands: 32 at most"));
        }
        if list.iter().any(|command| command["name"].as_str().is_none_or(str::is_empty)) {
            return Err(Refused::bad("commands: each needs a name"));
        }
        shared.messenger().commands = commands.clone();
    }
    Ok(())
}
