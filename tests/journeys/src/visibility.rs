//! What a person sees of the window before scrolling.

use anyhow::Result;
use serde_json::json;

use crate::{App, driver::test_id, until};

/// What is left of the screens that most pupils have: laptops whole and less the 78 points of a title bar and the system's panel,
/// a tablet both ways, a phone.
pub const SIZES: [(u32, u32); 6] = [(1366, 768), (1366, 690), (1280, 720), (1024, 768), (768, 1024), (390, 844)];

/// Whether all of it lies within the window, with nothing over its middle or its edges, and the page stands at its beginning.
const SEEN: &str = "const element = document.querySelector(arguments[0]);
    if (!element || window.scrollY > 0) return false;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    if (left < 0 || top < 0 || right > window.innerWidth || bottom > window.innerHeight) return false;
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return [[x, y], [x, top + 3], [x, bottom - 3], [left + 3, y], [right - 3, y]]
        .every(([x, y]) => element.contains(document.elementFromPoint(x, y)));";

/// At every one of these sizes, all of what bears these test ids is in sight before anybody scrolls.
///
/// # Errors
/// When some of it is not, saying what and where.
pub async fn is_in_sight(app: &App, sizes: &[(u32, u32)], ids: &[&str]) -> Result<()> {
    for &(width, height) in sizes {
        app.resize(width, height).await?;
        for id in ids {
            let seen = until(id, || async {
                let answer = app.execute(SEEN, vec![json!(test_id(id))]).await.ok()?;
                answer.json().as_bool().filter(|seen| *seen)
            });
            if seen.await.is_err() {
                anyhow::bail!("{id} is not in sight in «{}» at {width}×{height}", app.view().await?);
            }
        }
    }
    Ok(())
}
