//! Reading what other parties answer, of whom nothing is taken for granted.

use reqwest::Response;
use serde::de::DeserializeOwned;

use crate::app::App;

/// What an answer may weigh; more is not read.
const LARGEST_ANSWER: usize = 2 * 1024 * 1024;

/// The JSON of an answer.
///
/// # Errors
/// What is wrong with it, for the log; without anything of a person's.
pub async fn json<T: DeserializeOwned>(app: &App, mut response: Response) -> Result<T, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| e.without_url().to_string())? {
        body.extend_from_slice(&chunk);
        if body.len() > LARGEST_ANSWER {
            return Err("an answer without end".into());
        }
    }
    serde_json::from_slice(&body)
        .map_err(|e| format!("not its JSON ({:?}, {} bytes, at {})", e.classify(), body.len(), app.now().0))
}
