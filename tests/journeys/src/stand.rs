//! Everything of one journey together, and the ways that most journeys begin with.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result};
use mostik_world::{Settings, World, root};

use crate::{
    App, Keyring, Person, Proxy, app::Start, browser::Browser, certificates::Certificates, display::Display,
    driver::test_id, home::Home, phone::Phone,
};

/// A password that is taken: four words that have nothing to do with each other.
pub const PASSWORD: &str = "самовар клюква трамвай ёж";

/// The stand of one journey: a world, a home and a phone of its own. Everything ends when it is dropped.
pub struct Stand {
    browser: Option<Browser>,
    /// The pupil's device.
    pub home: Home,
    /// The bad network, passing everything on at first. The app knows no other way to the service.
    pub proxy: Proxy,
    /// The sandbox and the service.
    pub world: World,
    /// The pupil's phone.
    pub phone: Phone,
    folder: PathBuf,
    authorities: Option<PathBuf>,
}

impl Stand {
    /// A stand with an open keyring.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn new() -> Result<Self> {
        Self::with_keyring(Keyring::Open).await
    }

    /// A stand with this keyring.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn with_keyring(keyring: Keyring) -> Result<Self> {
        Self::with(keyring, Settings::default(), Display::shared).await
    }

    /// A stand on a display where nobody else's window comes to the front.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn by_itself() -> Result<Self> {
        Self::with(Keyring::Open, Settings::default(), Display::own).await
    }

    /// A stand whose operator has another SMS centre, at this address, before the sandbox's.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn behind_centre(smpp: String) -> Result<Self> {
        let settings = Settings { centres_before: vec![("first", smpp)], ..Settings::default() };
        Self::with(Keyring::Open, settings, Display::shared).await
    }

    /// A stand whose operator offers these messengers: `max`, `vk`, or `max vk`.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn offering(messengers: &str) -> Result<Self> {
        let service = vec![("messengers", messengers.to_owned())];
        Self::with(Keyring::Open, Settings { service, ..Settings::default() }, Display::shared).await
    }

    /// A stand whose operator has several nodes behind a balancer.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn behind_nodes(nodes: usize) -> Result<Self> {
        Self::with(Keyring::Open, Settings { nodes, ..Settings::default() }, Display::shared).await
    }

    /// A stand where the service is spoken to by TLS, and the device trusts its authority.
    ///
    /// # Errors
    /// When a part of it does not start.
    pub async fn with_tls() -> Result<Self> {
        let (folder, certificates) = (own_folder()?, Certificates::new()?);
        let authority = folder.join("authority.pem");
        fs::write(&authority, certificates.authority())?;
        let proxy = Proxy::with_tls(certificates).await?;
        let stand = Self::on(folder, proxy, Keyring::Open, Settings::default(), Display::shared)?;
        Ok(Self { authorities: Some(authority), ..stand })
    }

    async fn with(
        keyring: Keyring,
        settings: Settings,
        display: impl FnOnce(&Path) -> Result<Arc<Display>>,
    ) -> Result<Self> {
        Self::on(own_folder()?, Proxy::new().await?, keyring, settings, display)
    }

    fn on(
        folder: PathBuf,
        proxy: Proxy,
        keyring: Keyring,
        mut settings: Settings,
        display: impl FnOnce(&Path) -> Result<Arc<Display>>,
    ) -> Result<Self> {
        // For the browser and the app the bad network is where the service is.
        settings.service.push(("public_url", proxy.address()));
        let world = World::start(&folder.join("world"), &settings)?;
        proxy.lead_to(&world.listens)?;
        let home = Home::new(&folder.join("home"), display(&folder)?, keyring)?;
        let phone = Phone::at(&world.address("phone")?);
        Ok(Self { browser: None, home, proxy, world, phone, folder, authorities: None })
    }

    /// The app, as it starts for a pupil who clicks its icon.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn app(&self) -> Result<App> {
        self.app_with(Start { authorities: self.authorities.as_deref(), ..Start::default() }).await
    }

    /// The app, started in another way.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn app_with(&self, start: Start<'_>) -> Result<App> {
        App::start(&self.home, &self.proxy.address(), start).await
    }

    /// The app on another device of the same pupil.
    ///
    /// # Errors
    /// When the device or the app does not start.
    pub async fn another_device(&self) -> Result<(Home, App)> {
        let home = Home::new(&self.folder.join("another"), Display::shared(&self.folder)?, Keyring::Open)?;
        let app = App::start(&home, &self.proxy.address(), Start::default()).await?;
        Ok((home, app))
    }

    /// The pupil's browser.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn browser(&mut self) -> Result<&Browser> {
        if self.browser.is_none() {
            self.browser = Some(Browser::start(&self.home).await?);
        }
        self.browser.as_ref().context("the browser is gone")
    }

    /// Closes the browser, which takes much memory.
    pub fn close_browser(&mut self) {
        self.browser = None;
    }

    /// Signs in at the diary, in the browser that the app opens.
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn sign_in(&mut self, app: &App, person: &Person) -> Result<()> {
        self.sign_in_to(app, person, "diary").await
    }

    /// Signs in at the diary, and comes to this view: a parent comes to the children first.
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn sign_in_to(&mut self, app: &App, person: &Person, view: &str) -> Result<()> {
        app.shows("sign_in").await?;
        app.press("sign-in").await?;
        let page = self.home.opened_page().await?;
        self.choose_at_diary(&page, person).await?;
        app.shows(view).await
    }

    /// Chooses the account on the diary's page, in the browser.
    ///
    /// # Errors
    /// When the page is not what it should be.
    pub async fn choose_at_diary(&mut self, page: &str, person: &Person) -> Result<()> {
        let account = format!("account-{}", person.login);
        let browser = self.browser().await?;
        browser.visit(page, &test_id(&account)).await?;
        browser.answer_diary(&account).await?;
        self.close_browser();
        Ok(())
    }

    /// Presses «Подключить VK Мессенджер», and chooses this person at VK ID in the browser, or refuses there.
    ///
    /// # Errors
    /// When the page is not what it should be.
    pub async fn choose_at_vk(&mut self, app: &App, person: Option<&Person>) -> Result<()> {
        app.press("connect-vk").await?;
        let page = self.home.opened_page().await?;
        let id = person.map_or_else(|| "refuse".to_owned(), |person| format!("vk-{}", person.vk_user));
        let browser = self.browser().await?;
        browser.visit(&page, &test_id(&id)).await?;
        browser.press(&test_id(&id)).await
    }

    /// The same, and answers our own question whether that account is to be bound.
    ///
    /// # Errors
    /// When a page is not what it should be.
    pub async fn answer_about_vk(&mut self, app: &App, person: &Person, answer: &str) -> Result<()> {
        self.choose_at_vk(app, Some(person)).await?;
        let browser = self.browser().await?;
        browser.press(&format!("button[value='{answer}']")).await?;
        browser.reads("Вернуться в Мостик").await?;
        self.close_browser();
        Ok(())
    }

    /// From the diary to «Куда прислать код?».
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn begin(&self, app: &App) -> Result<()> {
        app.press("press-sferum").await?;
        app.press("begin").await?;
        app.shows("contact").await
    }

    /// From «Куда прислать код?» to «Введите код из СМС».
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn give_number(&self, app: &App, person: &Person) -> Result<()> {
        app.type_into("contact-input", person.types).await?;
        app.press("submit-contact").await?;
        app.shows("code").await
    }

    /// From «Введите код из СМС» to what follows it: the sixth digit submits.
    ///
    /// # Errors
    /// When the SMS does not come or the code cannot be typed.
    pub async fn give_code(&self, app: &App, person: &Person) -> Result<()> {
        let code = self.phone.code(person, 1).await?;
        app.type_into("code-input", &code).await
    }

    /// From the children to «Куда прислать код?» of one of them.
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn begin_for(&self, app: &App, child: &Person) -> Result<()> {
        app.act_for(child).await?;
        app.press("begin").await?;
        app.shows("contact").await
    }

    /// From «Куда прислать код?» to «Введите код из письма».
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn give_address(&self, app: &App, address: &str) -> Result<()> {
        app.type_into("contact-input", address).await?;
        app.press("submit-contact").await?;
        app.shows("code").await
    }

    /// From «Введите код из письма» to what follows it, with the `nth` code that came to this address.
    ///
    /// # Errors
    /// When the letter does not come or the code cannot be typed.
    pub async fn give_mailed_code(&self, app: &App, address: &str, nth: usize) -> Result<()> {
        let code = self.phone.mailed_code(address, nth).await?;
        app.type_into("code-input", &code).await
    }

    /// From «Придумайте пароль» to «Данные ребёнка».
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn give_password(&self, app: &App, password: &str) -> Result<()> {
        app.type_into("password-input", password).await?;
        app.press("submit-password").await?;
        app.shows("details").await
    }

    /// From «Данные ребёнка» to «Остался MAX»: what the diary says is right, and the parent agrees.
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn agree(&self, app: &App) -> Result<()> {
        app.press("consent").await?;
        app.press("submit-details").await?;
        app.shows("max").await
    }

    /// The whole e-mail route for a child, from the children to «Остался MAX».
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn to_max_by_mail(&self, app: &App, child: &Person) -> Result<()> {
        self.begin_for(app, child).await?;
        self.give_address(app, child.mail).await?;
        self.give_mailed_code(app, child.mail, 1).await?;
        app.shows("password").await?;
        self.give_password(app, PASSWORD).await?;
        self.agree(app).await
    }

    /// From nobody signed in to «Это ваш учебный профиль?».
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn to_profile(&mut self, app: &App, person: &Person) -> Result<()> {
        self.sign_in(app, person).await?;
        self.begin(app).await?;
        self.give_number(app, person).await?;
        self.give_code(app, person).await?;
        app.shows("profile").await
    }

    /// From «Это ваш учебный профиль?» to «Остался MAX», with the link into MAX.
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn to_max(&self, app: &App) -> Result<String> {
        app.press("confirm-profile").await?;
        app.shows("max").await?;
        app.press("open-max").await?;
        self.home.opened_page().await
    }

    /// What the pupil does in MAX, to «Готово».
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn finish_in_max(&self, app: &App, person: &Person, link: &str) -> Result<()> {
        self.share_number_in_max(person, link).await?;
        app.shows("linked").await
    }

    /// The same for a profile by mail: it has no number that MAX could be compared with, so the window asks whose MAX it is.
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn finish_in_max_by_mail(&self, app: &App, person: &Person, link: &str) -> Result<()> {
        self.share_number_in_max(person, link).await?;
        app.press("take-number").await?;
        app.shows("linked").await
    }

    /// The person opens the link in MAX and shares the number there.
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn share_number_in_max(&self, person: &Person, link: &str) -> Result<()> {
        self.phone.open_in_max(person, link).await?;
        self.phone.bot_answer(person, 0).await?;
        self.phone.share_own_number(person).await
    }

    /// The whole way, from nobody signed in to «Готово».
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn to_linked(&mut self, app: &App, person: &Person) -> Result<()> {
        self.to_profile(app, person).await?;
        let link = self.to_max(app).await?;
        self.finish_in_max(app, person, &link).await
    }

    /// Where everything of this journey lies, logs among it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// `target/journeys/<the test's name>`, empty.
fn own_folder() -> Result<PathBuf> {
    // The test program names its threads after the tests.
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("unnamed").replace("::", "-");
    let folder = root().join("target/journeys").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}
