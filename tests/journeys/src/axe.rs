//! axe-core, run inside the real window.

use std::fs;

use anyhow::{Context, Result, bail};
use mostik_world::root;
use serde_json::Value;

use crate::App;

const RUN: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
        (found) => done(found.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html + ' ' + n.failureSummary).join(' | '))),
        (error) => done(['axe itself: ' + error]));";

/// Finds nothing wrong in the present view.
///
/// # Errors
/// With everything that axe has found.
pub async fn finds_nothing(app: &App, place: &str) -> Result<()> {
    app.is_still().await?;
    let there = app.execute("return typeof axe", Vec::new()).await?;
    if there.json().as_str() != Some("object") {
        let file = root().join("ui/node_modules/axe-core/axe.min.js");
        let source = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        app.execute(&source, Vec::new()).await?;
    }
    let found = app.execute_async(RUN, Vec::new()).await?;
    let violations: Vec<&str> = found.json().as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !violations.is_empty() {
        bail!("axe in {place}:\n{}", violations.join("\n"));
    }
    Ok(())
}
