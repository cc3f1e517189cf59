//! The guided tour: the main job of a pupil, start to finish, in the real window. It prints what is done and how long it
//! took, takes a picture of each step into `target/tour/`, and ends with 0 only if the pupil ended up linked.

use std::{
    fs,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use mostik_journeys::{
    App, Stand,
    app::{Look, Start},
    person::{MISHA, Person},
};
use mostik_world::root;

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = async {
        mostik_world::end_all_on_interrupt()?;
        tour(&MISHA).await
    };
    match outcome.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\n✗ the tour did not come to its end: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn tour(pupil: &Person) -> Result<()> {
    let mut album = Album::new()?;
    println!("The guided tour: {} links the diary to a learning profile in MAX.\n", pupil.login);
    let mut stand = Stand::new().await?;
    album.note("a display, a session with a keyring, the sandbox and the service are up");

    let app = stand.app().await?;
    app.shows("sign_in").await?;
    app.resize(1280, 800).await?;
    album.page(&app, "sign-in", "the window opens; nobody is signed in").await?;

    app.press("sign-in").await?;
    app.shows("signing_in").await?;
    let page = stand.home.opened_page().await?;
    album.page(&app, "waiting-for-the-diary", "«Войти через дневник»: the system's browser opens").await?;
    let browser = stand.browser().await?;
    browser.visit(&page, &format!("[data-testid=account-{}]", pupil.login)).await?;
    browser.picture(&album.next("the-diarys-own-page")).await?;
    album.done("the diary's own page in the browser");
    browser.answer_diary(&format!("account-{}", pupil.login)).await?;
    stand.close_browser();
    app.shows("diary").await?;
    app.sferum_is("not_linked").await?;
    app.press("day-previous").await?;
    show_lessons(&app).await?;
    album.page(&app, "diary", "signed in: the diary, and Sferum is not linked").await?;

    app.press("press-sferum").await?;
    app.sees("[data-testid=begin]").await?;
    album.page(&app, "not-linked-yet", "the Sferum button: what linking is and what it asks for").await?;

    app.press("begin").await?;
    app.shows("contact").await?;
    album.page(&app, "where-to-send-the-code", "«Перейти к подключению»").await?;
    album.looks(&app).await?;

    app.type_into("contact-input", pupil.types).await?;
    app.press("submit-contact").await?;
    app.shows("code").await?;
    album.page(&app, "code", &format!("the number, typed as «{}»", pupil.types)).await?;
    album.looks(&app).await?;

    let code = stand.phone.code(pupil, 1).await?;
    album.note(&format!("the SMS has come to {}", pupil.spoken));
    app.type_into("code-input", &code).await?;
    app.shows("profile").await?;
    album.page(&app, "whose-profile", "the code, typed; its sixth digit submits it").await?;

    app.press("confirm-profile").await?;
    app.shows("max").await?;
    album.page(&app, "max-is-left", "«Да, это мой профиль»").await?;
    album.looks(&app).await?;

    app.press("open-max").await?;
    let link = stand.home.opened_page().await?;
    ensure!(link.contains("start="), "this leads to no bot: {link}");
    album.note("«Перейти в МАХ»: MAX opens at the bot with a one-time ticket");
    stand.phone.open_in_max(pupil, &link).await?;
    stand.phone.bot_answer(pupil, 0).await?;
    album.page(&app, "max-has-opened", "the pupil presses «Начать» in MAX").await?;
    stand.phone.share_own_number(pupil).await?;
    app.shows("linked").await?;
    album.page(&app, "linked", "the pupil shares the number in MAX, and the window goes on by itself").await?;
    album.looks(&app).await?;

    app.press("open-sferum").await?;
    let sferum = stand.home.opened_page().await?;
    stand.browser().await?.visit(&sferum, "[data-testid=profile]").await?;
    stand.browser().await?.picture(&album.next("sferum")).await?;
    album.done("«Перейти в Сферум»: the learning profile's page opens");
    let phone = stand.phone.page_of(pupil);
    stand.browser().await?.visit(&phone, "html[data-ready=true] [data-testid=code]").await?;
    stand.browser().await?.picture(&album.next("the-pupils-phone")).await?;
    album.done("what the pupil's phone shows by now");
    stand.close_browser();

    app.press("back-to-diary").await?;
    app.shows("diary").await?;
    app.sferum_is("linked").await?;
    show_lessons(&app).await?;
    album.page(&app, "diary-linked", "back in the diary: the bar says that Sferum is linked").await?;
    app.close().await?;

    other_looks(&mut album, &stand).await?;
    album.close();
    Ok(())
}

/// What the same pupil sees in the dark, on a tablet and on a phone, after starting anew: still linked.
async fn other_looks(album: &mut Album, stand: &Stand) -> Result<()> {
    let app = stand.app_with(Start { look: Look::Dark, ..Start::default() }).await?;
    app.shows("diary").await?;
    app.sferum_is("linked").await?;
    show_lessons(&app).await?;
    for (name, width, height) in [("desktop", 1280, 800), ("tablet", 834, 1112), ("phone", 390, 844)] {
        app.resize(width, height).await?;
        let what = format!("started anew, still linked: dark, {name}");
        album.page(&app, &format!("diary-dark-{name}"), &what).await?;
    }
    app.close().await
}

/// Waits for the day's lessons; a free day leads to the next day of school.
async fn show_lessons(app: &App) -> Result<()> {
    app.sees("[data-testid=lessons], [data-testid=lessons-none]").await?;
    if app.has("[data-testid=lessons-none]").await? {
        app.press("next-school-day").await?;
    }
    app.sees("[data-testid=lesson]").await.map(|_| ())
}

/// The pictures, numbered, and what is printed beside them.
struct Album {
    folder: PathBuf,
    pages: usize,
    /// What the present page shows.
    name: String,
    pictures: usize,
    begun: Instant,
    turned: Instant,
}

impl Album {
    fn new() -> Result<Self> {
        let folder = root().join("target/tour");
        if folder.exists() {
            fs::remove_dir_all(&folder).context("cannot empty target/tour")?;
        }
        fs::create_dir_all(&folder)?;
        let now = Instant::now();
        Ok(Self { folder, pages: 0, name: String::new(), pictures: 0, begun: now, turned: now })
    }

    async fn page(&mut self, app: &App, name: &str, what: &str) -> Result<()> {
        let took = self.turned.elapsed();
        app.picture(&self.next(name)).await?;
        self.say(took, what);
        Ok(())
    }

    /// The present page once more: in the dark, on a phone and on a tablet.
    async fn looks(&mut self, app: &App) -> Result<()> {
        app.dress(Look::Dark).await?;
        app.picture(&self.once_more("dark")).await?;
        app.dress(Look::Light).await?;
        for (name, width, height) in [("phone", 390, 844), ("tablet", 834, 1112)] {
            app.resize(width, height).await?;
            app.picture(&self.once_more(name)).await?;
        }
        app.resize(1280, 800).await?;
        self.note("the same in the dark, on a phone, on a tablet");
        Ok(())
    }

    fn next(&mut self, name: &str) -> PathBuf {
        self.pages += 1;
        self.pictures += 1;
        self.name = format!("{:02}-{name}", self.pages);
        self.folder.join(format!("{}.png", self.name))
    }

    fn once_more(&mut self, look: &str) -> PathBuf {
        self.pictures += 1;
        self.folder.join(format!("{}-{look}.png", self.name))
    }

    fn note(&mut self, what: &str) {
        println!("    {:>6.2} s  {what}", self.turned.elapsed().as_secs_f32());
        self.turned = Instant::now();
    }

    fn done(&mut self, what: &str) {
        self.say(self.turned.elapsed(), what);
    }

    fn say(&mut self, took: Duration, what: &str) {
        println!("{:02}  {:>6.2} s  {what}", self.pages, took.as_secs_f32());
        self.turned = Instant::now();
    }

    fn close(&self) {
        let total = self.begun.elapsed().as_secs_f32();
        println!("\n✓ the pupil is linked. {} pictures in target/tour, {total:.1} s", self.pictures);
    }
}
