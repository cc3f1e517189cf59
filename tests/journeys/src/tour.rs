//! The guided tour: the main job of a pupil, then a parent's for a younger child, then a pupil who comes from MAX, start to finish,
//! in the real window. It prints what is done and how long it took, takes a picture of each step into `target/tour/`, and ends
//! with 0 only if all of them ended up linked. With `--help-pictures` it also takes those of «Справка» and of the guide anew.

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
    person::{ANYA, LIZA, MISHA, OLGA, Person},
    stand::PASSWORD,
};
use mostik_world::root;

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = async {
        mostik_world::end_all_on_interrupt()?;
        let mut album = TourPictures::new(std::env::args().any(|word| word == "--help-pictures"))?;
        let mut stand = Stand::new().await?;
        album.note("a display, a session with a keyring, the sandbox and the service are up");
        by_phone(&mut album, &mut stand, &MISHA).await?;
        other_looks(&mut album, &stand).await?;
        by_mail(&mut album, &mut stand, &OLGA, &ANYA).await?;
        from_max(&mut album, &mut stand, &LIZA).await?;
        album.close();
        anyhow::Ok(())
    };
    match outcome.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\n✗ the tour did not come to its end: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A pupil links his diary by phone and MAX.
async fn by_phone(album: &mut TourPictures, stand: &mut Stand, pupil: &Person) -> Result<()> {
    println!("\n{} links the diary to a learning profile in MAX.\n", pupil.first_name);
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
    show_lessons(&app).await?;
    album.page(&app, "diary", "signed in: the diary, and Sferum is not linked").await?;

    app.press("press-sferum").await?;
    app.sees("[data-testid=begin]").await?;
    album.page(&app, "not-linked-yet", "the Sferum button: what linking is and what it asks for").await?;
    album.for_help(&app, "begin", "[data-testid=not-linked] .sheet", 1280).await?;

    app.press("begin").await?;
    app.shows("contact").await?;
    album.page(&app, "where-to-send-the-code", "«Перейти к подключению»").await?;
    album.for_help(&app, "number", STEP, 1280).await?;
    album.looks(&app).await?;

    app.type_into("contact-input", pupil.types).await?;
    app.press("submit-contact").await?;
    app.shows("code").await?;
    album.page(&app, "code", &format!("the number, typed as «{}»", pupil.types)).await?;
    album.for_help(&app, "code", STEP, 1280).await?;
    album.looks(&app).await?;

    let code = stand.phone.code(pupil, 1).await?;
    album.note(&format!("the SMS has come to {}", pupil.spoken));
    app.type_into("code-input", &code).await?;
    app.shows("profile").await?;
    album.page(&app, "whose-profile", "the code, typed; its sixth digit submits it").await?;

    app.press("confirm-profile").await?;
    app.shows("max").await?;
    album.page(&app, "max-is-left", "«Да, это мой профиль»").await?;
    album.for_help(&app, "max", STEP, 1280).await?;
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
    app.close().await
}

/// On the same device a parent makes the profile of a younger child by e-mail, and takes it to MAX later.
async fn by_mail(album: &mut TourPictures, stand: &mut Stand, parent: &Person, child: &Person) -> Result<()> {
    println!("\n{} makes the profile of {} by e-mail.\n", parent.first_name, child.first_name);
    let app = stand.app().await?;
    app.resize(1280, 800).await?;
    app.press("account").await?;
    app.press("sign-out").await?;
    stand.sign_in_to(&app, parent, "children").await?;
    app.child_is(&MISHA, "linked").await?;
    album.page(&app, "children", "a parent signs in: each child has an own state").await?;
    album.for_help(&app, "children", "[data-view=children] .page .card", 1280).await?;
    album.looks(&app).await?;

    stand.begin_for(&app, child).await?;
    app.type_into("contact-input", &child.mail.replace("example.ru", "mali.ru")).await?;
    app.press("submit-contact").await?;
    app.sees("[data-testid=suggestion]").await?;
    album.page(&app, "address-with-a-slip", "an address with a slip of the hand: asked about once").await?;
    stand.give_address(&app, child.mail).await?;
    album.page(&app, "code-by-mail", &format!("the address, typed as «{}»", child.mail)).await?;

    let code = stand.phone.mailed_code(child.mail, 1).await?;
    let mailbox = stand.phone.mailbox_of(child);
    stand.browser().await?.visit(&mailbox, "html[data-ready=true] [data-testid=letter]").await?;
    stand.browser().await?.picture(&album.next("the-letter")).await?;
    album.done("the letter has come");
    stand.close_browser();
    app.type_into("code-input", &code).await?;
    app.shows("password").await?;
    app.type_into("password-input", PASSWORD).await?;
    app.sees("[data-strength=strong]").await?;
    album.page(&app, "password", "the code, typed; and a password of four words").await?;
    album.for_help(&app, "password", STEP, 1280).await?;
    album.looks(&app).await?;

    app.press("submit-password").await?;
    app.shows("details").await?;
    album.page(&app, "details", "«Продолжить»: the details are the diary's").await?;
    album.for_help(&app, "details", STEP, 1280).await?;
    album.looks(&app).await?;

    stand.agree(&app).await?;
    album.page(&app, "max-can-wait", "the parent agrees: the profile is made and linked; MAX can wait").await?;
    app.press("skip-max").await?;
    app.shows("linked").await?;
    album.page(&app, "linked-not-in-max", "MAX is left for later").await?;
    app.press("back-to-diary").await?;
    app.sferum_is("linked_without_messenger").await?;
    show_lessons(&app).await?;
    album.page(&app, "diary-offers-max", "the diary offers to connect MAX").await?;

    app.press("press-sferum").await?;
    app.press("renew-max-link").await?;
    app.shows("max").await?;
    app.press("open-max").await?;
    let link = stand.home.opened_page().await?;
    stand.share_number_in_max(child, &link).await?;
    app.sees("[data-testid='take-number']").await?;
    album.page(&app, "whose-max", "without a number to compare with, the window asks whose MAX it is").await?;
    app.press("take-number").await?;
    app.shows("linked").await?;
    album.page(&app, "linked-in-max", "the child's profile is in MAX too").await?;
    take_away(album, stand, &app, child).await?;
    app.back_to_children().await?;
    app.child_is(child, "linked").await?;
    album.page(&app, "both-linked", "two bridges stand").await?;
    app.close().await
}

/// On the same device another pupil comes from MAX: the bot knows the number, and the app asks whose diary it is.
async fn from_max(album: &mut TourPictures, stand: &mut Stand, pupil: &Person) -> Result<()> {
    println!("\n{} comes from MAX.\n", pupil.first_name);
    let app = stand.app().await?;
    app.resize(1280, 800).await?;
    app.press("sign-out").await?;
    stand.sign_in(&app, pupil).await?;
    stand.begin(&app).await?;
    app.press("prove-by-max").await?;
    app.shows("max").await?;
    album
        .page(&app, "max-in-place-of-the-sms", "«Подтвердить через MAX, без СМС»: QR code, link and nine digits")
        .await?;
    album.looks(&app).await?;
    app.press("how-max").await?;
    app.sees("[data-testid=how-max-dialog]").await?;
    album.page(&app, "how-to-get-max", "«Как скачать и войти»: the step waits meanwhile").await?;
    app.press("close").await?;
    app.press("back-to-diary").await?;

    let page = stand.page_from_max(pupil).await?;
    stand.browser().await?.visit(&page, "form button").await?;
    album.note("the bot asks for the number, and its button opens a page with «Открыть Мостик»");
    stand.close_browser();
    stand.open_by_the_desktop(&stand.link_of(&page).await?)?;
    app.shows("from_max").await?;
    album
        .page(&app, "whose-max-and-whose-diary", "the desktop hands the link over, and nothing is done before the yes")
        .await?;
    album.for_help(&app, "from-max", "[data-view=from_max] form.text-card", 1280).await?;
    album.looks(&app).await?;
    app.press("accept-launch").await?;
    app.shows("profile").await?;
    album.page(&app, "number-proven-by-max", "«Да, подключить»: the number is proven, no SMS was sent").await?;
    app.press("confirm-profile").await?;
    app.shows("linked").await?;
    album.page(&app, "linked-from-max", "the third bridge stands").await?;
    app.close().await
}

/// «Безопасность»: the link and its id, the data saved, a deletion asked for and called off.
async fn take_away(album: &mut TourPictures, stand: &Stand, app: &App, child: &Person) -> Result<()> {
    app.press("back-to-diary").await?;
    app.shows("diary").await?;
    app.press("account").await?;
    app.press("passport").await?;
    app.sees("[data-testid=profile-id]").await?;
    album.page(app, "security", "«Мой паспорт» → «Безопасность»: the link, its id, and what may be done").await?;
    album.for_help(app, "security", "[data-testid=link-state]", 760).await?;
    album.looks(app).await?;
    app.press("export").await?;
    app.type_into("owner-password", PASSWORD).await?;
    app.press("proof-do").await?;
    app.sees("[data-testid=saved]").await?;
    album.page(app, "data-saved", "«Сохранить себе»: two files with all that is held about the profile").await?;
    app.press("unlink").await?;
    app.sees("[data-testid=owner-password]").await?;
    album.page(app, "unlink", "the icon beside the id: what closes, what stays, and a proof").await?;
    album.looks(app).await?;
    app.press("proof-cancel").await?;
    app.press("delete").await?;
    app.type_into("owner-password", PASSWORD).await?;
    app.press("proof-do").await?;
    app.sees("[data-testid=doomed]").await?;
    stand.phone.letter(child.mail, "профиль будет удалён").await?;
    album.page(app, "about-to-be-deleted", "«Удалить профиль»: in a day, told by letter, and to be called off").await?;
    app.press("keep").await?;
    app.sees_no("[data-testid=doomed]").await?;
    album.note("«Оставить профиль»: nothing is lost");
    app.press("nav-diary").await?;
    app.shows("diary").await
}

/// What the same pupil sees in the dark, on a tablet and on a phone, after starting anew: still linked.
async fn other_looks(album: &mut TourPictures, stand: &Stand) -> Result<()> {
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

/// The card of a step.
const STEP: &str = "form.step .text-card";

/// The pictures of «Справка»: as wide as its dialog shows them.
const HELP_WIDTH: u32 = 560;

/// The pictures, numbered, and what is printed beside them.
struct TourPictures {
    folder: PathBuf,
    pages: usize,
    /// What the present page shows.
    name: String,
    pictures: usize,
    /// Where those of «Справка» go, when they are wanted.
    help: Option<PathBuf>,
    begun: Instant,
    turned: Instant,
}

impl TourPictures {
    fn new(help: bool) -> Result<Self> {
        let folder = root().join("target/tour");
        if folder.exists() {
            fs::remove_dir_all(&folder).context("cannot empty target/tour")?;
        }
        fs::create_dir_all(&folder)?;
        let now = Instant::now();
        let help = help.then(|| root().join("ui/src/help/pictures"));
        help.iter().try_for_each(fs::create_dir_all)?;
        Ok(Self { folder, pages: 0, name: String::new(), pictures: 0, help, begun: now, turned: now })
    }

    async fn page(&mut self, app: &App, name: &str, what: &str) -> Result<()> {
        let took = self.turned.elapsed();
        app.picture(&self.next(name)).await?;
        self.say(took, what);
        Ok(())
    }

    /// A part of the present page, for «Справка» and for docs/guide.ru.md: whole, in a window as wide as its words are read best.
    async fn for_help(&self, app: &App, name: &str, selector: &str, window: u32) -> Result<()> {
        let Some(folder) = &self.help else { return Ok(()) };
        app.resize(window, 1100).await?;
        app.picture_of(selector, HELP_WIDTH, &folder.join(format!("{name}.png"))).await?;
        app.resize(1280, 800).await
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
        println!("\n✓ all three are linked. {} pictures in target/tour, {total:.1} s", self.pictures);
    }
}
