//! Three nodes of the service behind a balancer, which die one after another.

use anyhow::{Context, Result, bail};
use mostik_journeys::{App, Stand, person::MISHA};
use mostik_world::network::Node;

use crate::on_another_device;

const NODES: usize = 3;

/// Shows B1.
#[tokio::test(flavor = "multi_thread")]
async fn a_pupil_goes_all_the_way_while_node_after_node_is_killed() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    app.press("press-sferum").await?;
    app.press("begin").await?;
    leave_only(&mut stand, 0)?;
    goes_on_to(&app, "contact").await?;

    // The balancer has not noticed yet that the number is on its way to nodes that are gone.
    app.type_into("contact-input", MISHA.types).await?;
    leave_only(&mut stand, 1)?;
    app.press("submit-contact").await?;
    goes_on_to(&app, "code").await?;

    // Just submitted by the sixth digit, and two nodes end.
    let code = stand.phone.code(&MISHA, 1).await?;
    start_all(&mut stand)?;
    app.type_into("code-input", &code).await?;
    kill(&mut stand, 0)?;
    kill(&mut stand, 1)?;
    goes_on_to(&app, "profile").await?;

    start_all(&mut stand)?;
    app.press("confirm-profile").await?;
    kill(&mut stand, 2)?;
    goes_on_to(&app, "max").await?;

    // Whichever node followed for this window, and whichever asked MAX for news: each dies before the pupil is done there.
    app.press("open-max").await?;
    let link = stand.home.opened_page().await?;
    leave_only(&mut stand, 0)?;
    stand.phone.open_in_max(&MISHA, &link).await?;
    stand.phone.bot_answer(&MISHA, 0).await?;
    leave_only(&mut stand, 1)?;
    stand.phone.share_own_number(&MISHA).await?;
    goes_on_to(&app, "linked").await?;
    assert_eq!(stand.phone.codes(&MISHA).await?.len(), 1, "a code was sent twice");
    Ok(())
}

/// Shows B1, A2.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_device_does_is_told_by_another_node_once_the_one_that_was_followed_is_killed() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.to_profile(&app, &MISHA).await?;
    let (_home, other) = on_another_device(&mut stand, &MISHA).await?;
    other.shows("profile").await?;
    // Done at the very moment at which nobody tells this window anything.
    leave_only(&mut stand, 2)?;
    other.press("confirm-profile").await?;
    goes_on_to(&other, "max").await?;
    goes_on_to(&app, "max").await?;
    leave_only(&mut stand, 0)?;
    app.press("back-to-diary").await?;
    app.sferum_is("awaiting_max").await
}

async fn begun() -> Result<(Stand, App)> {
    mostik_world::end_all_on_interrupt().ok();
    let stand = Stand::behind_nodes(NODES).await?;
    let app = stand.app().await?;
    Ok((stand, app))
}

/// Waits for a step to be shown, and sees meanwhile that no error is.
async fn goes_on_to(app: &App, view: &str) -> Result<()> {
    let refused = async {
        loop {
            match app.has("[data-cause]").await {
                Ok(true) => bail!("on the way to «{view}» the window shows an error: {}", app.text().await?),
                // The page may be between two looks.
                Ok(false) | Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    tokio::select! {
        shown = app.shows(view) => shown,
        failed = refused => failed,
    }
}

fn nodes(stand: &mut Stand) -> Result<&mut Vec<Node>> {
    Ok(&mut stand.world.network.as_mut().context("there are no nodes")?.nodes)
}

fn kill(stand: &mut Stand, nth: usize) -> Result<()> {
    nodes(stand)?[nth].kill();
    Ok(())
}

/// Starts the nodes that were killed; comes back when they are ready.
fn start_all(stand: &mut Stand) -> Result<()> {
    for node in nodes(stand)?.iter_mut().filter_map(|node| node.program.ended().is_some().then_some(node)) {
        node.start_again()?;
    }
    Ok(())
}

/// Kills all nodes but this one, which was there before or is started first.
fn leave_only(stand: &mut Stand, nth: usize) -> Result<()> {
    start_all(stand)?;
    (0..NODES).filter(|other| *other != nth).try_for_each(|other| kill(stand, other))
}
