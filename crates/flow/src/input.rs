//! What comes into the machine. An [`Intent`] is what a person asks for, and all that the window can send; a [`Reply`] is the
//! outcome of an effect and a [`News`] is something that happened by itself: neither can be made from JSON.

use mostik_wire::{
    Gender, HandOff, HandOffOffer, HandOffStatus, HandedOff, Launch, LessonId, Linking, LinkingId, Me, Problem,
    Profile, PupilId, Release, Schedule, Secret, SecurityLog,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Attempt, Cause, Device, Installation, KeyringProblem, Language, ProtectedAction, ReleaseFault};

/// What a person asks for, in the window.
#[derive(Deserialize, TS)]
#[serde(tag = "intent", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[ts(tag = "intent")]
pub enum Intent {
    /// Sign in at the diary, in the browser.
    SignIn,
    /// Open the same sign-in in the browser once more.
    OpenBrowserAgain,
    /// Give the sign-in up.
    CancelSignIn,
    /// Sign out on this device.
    SignOut,
    /// Try the keyring once more.
    RetryKeyring,
    /// Go on with a session that ends with the window.
    ContinueWithoutKeyring,
    /// Ask the service for the present state.
    Refresh,
    /// Show another day of the diary, `YYYY-MM-DD`.
    ShowDay {
        /// The day.
        date: String,
    },
    /// Open the diary of one of the account's children.
    ChooseChild {
        /// The child.
        pupil: PupilId,
    },
    /// Back to the children; a wizard waits where it is.
    ChangeChild,
    /// «Не сейчас»: fold the invitation into the Sferum button.
    FoldInvitation,
    /// The Sferum button.
    PressSferum,
    /// «Подключиться» beside a remote lesson; without a link, into connecting.
    JoinLesson {
        /// The lesson.
        lesson: LessonId,
    },
    /// «Открыть чат»; without a link, into connecting.
    OpenChat {
        /// Which, by its name.
        title: String,
    },
    /// «Отмена» in the dialog.
    CloseDialog,
    /// «Перейти к подключению».
    Begin,
    /// What is typed or pasted into «Телефон или почта»: how it is understood is shown.
    ReadContact {
        /// As typed so far.
        text: String,
    },
    /// «Продолжить» under «Телефон или почта». A text with more than a number or an address in it is sent only once the
    /// person has seen how it was understood.
    SubmitContact {
        /// As typed.
        text: String,
    },
    /// «Подтвердить через MAX, без СМС».
    ProveByMax,
    /// «Подключить +7 900 •••-••-17»: the number of the MAX account, in place of the one that was expected, or where none was.
    TakeMaxNumber,
    /// «Войти в него»: the profile that the pupil was linked to before.
    SignInToFormer,
    /// «Да, подключить»: link this MAX account with this pupil's diary.
    AcceptLaunch {
        /// The pupil whose diary it is.
        pupil: PupilId,
    },
    /// «Не сейчас»: leave the launch.
    DeclineLaunch,
    /// «Отправить на телефон»; and a new code in that dialog.
    SendToPhone,
    /// The dialog is closed; the code stays good for its time.
    CloseSendToPhone,
    /// «Продолжить» under the code; spaces and dashes are fine.
    SubmitCode {
        /// As typed.
        #[ts(type = "string")]
        code: Secret,
    },
    /// «Прислать новый код».
    Resend,
    /// What is typed into a field for a new password: only its strength is kept.
    WeighPassword {
        /// As typed so far.
        #[ts(type = "string")]
        password: Secret,
    },
    /// «Продолжить» under «Придумайте пароль».
    SubmitPassword {
        /// As typed.
        #[ts(type = "string")]
        password: Secret,
    },
    /// «Продолжить» under «Данные ребёнка».
    SubmitDetails(Details),
    /// «Войти и подключить» under «Пароль от профиля».
    SignInToProfile {
        /// As typed.
        #[ts(type = "string")]
        password: Secret,
    },
    /// «Не помню пароль»; and a new code for it.
    RecoverPassword,
    /// The code of the letter with the new password.
    SubmitRecovery {
        /// As typed.
        #[ts(type = "string")]
        code: Secret,
        /// As typed.
        #[ts(type = "string")]
        password: Secret,
    },
    /// «Подключить MAX позже».
    SkipMax,
    /// The language of the window, and of letters and messages.
    SetLanguage {
        /// The language.
        language: Language,
    },
    /// «Изменить номер».
    ChangeContact,
    /// Back from «Изменить номер» to the code that is still awaited.
    BackToCode,
    /// «Да, это мой профиль».
    ConfirmProfile {
        /// The explicit tick beside another name.
        accept_other_name: bool,
    },
    /// «Нет, не мой»: another number.
    RejectProfile,
    /// «Перейти в МАХ».
    OpenMax,
    /// A new link after the old one ran out.
    RenewMaxLink,
    /// «Подключить VK Мессенджер»: VK ID opens in the browser; pressed again, a new one does.
    ConnectVk,
    /// «Перейти в VK Мессенджер».
    OpenVk,
    /// «Подключить ещё один» under «Безопасность»: the linking, with the messenger that it offers.
    AddMessenger,
    /// «В дневник» / «Вернуться в дневник»: the wizard waits where it is.
    BackToDiary,
    /// «Мой паспорт» → «Безопасность».
    OpenSecurity,
    /// The icon beside the id, «Сохранить себе», «Удалить профиль»: the dialog that asks for a proof.
    BeginProof {
        /// What is about to be done.
        action: ProtectedAction,
    },
    /// «Прислать код» in that dialog.
    SendOwnerCode,
    /// The profile's password in that dialog: then the deed is done.
    ProveByPassword {
        /// As typed.
        #[ts(type = "string")]
        password: Secret,
    },
    /// The code in that dialog: then the deed is done.
    ProveByCode {
        /// As typed.
        #[ts(type = "string")]
        code: Secret,
    },
    /// «Оставить профиль»: call the deletion off.
    KeepProfile,
    /// «Показать в папке»: where the saved files lie.
    ShowSaved,
    /// «Выйти» beside another device.
    EndSession {
        /// Which, as the screen names it.
        session: String,
    },
    /// «Выйти на всех устройствах».
    SignOutEverywhere,
    /// Give the linking up for good.
    CancelLinking,
    /// «Перейти в Сферум».
    OpenSferum,
    /// Open one of the pages that the service names.
    OpenPage {
        /// The page.
        page: Page,
    },
    /// «Не ждать»: what was asked for may still be done; what came of it is read.
    StopWaiting,
    /// Try again what failed.
    Retry,
    /// The person has read the cause or the strip.
    Dismiss,
    /// «Отчёт для поддержки»: how things stand now, to be read and copied.
    OpenReport,
    /// Close «Отчёт для поддержки».
    CloseReport,
    /// «О программе».
    OpenAbout,
    /// Close «О программе».
    CloseAbout,
    /// «Проверить ещё раз»: how the service does.
    CheckHealth,
    /// «Проверить обновления».
    CheckRelease,
    /// «Сообщать, когда дождались»: what the system tells while the window is not in front.
    SetNotices {
        /// Whether notices are wanted.
        on: bool,
    },
}

/// A child's details as typed; the service checks them against the diary.
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Details {
    /// «Фамилия»
    pub last_name: String,
    /// «Имя»
    pub first_name: String,
    /// «Отчество»; `None`: «нет отчества».
    pub middle_name: Option<String>,
    /// «Дата рождения», `YYYY-MM-DD`.
    pub birth_date: String,
    /// «Пол»
    pub gender: Gender,
    /// The wording that the parent agreed to; `None`: the tick is not set.
    pub consent: Option<String>,
}

/// A page that the app may open; its address comes from the service, never from the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// «Библиотека».
    Library,
    /// «Портфолио учащегося».
    Portfolio,
    /// prof.sferum.ru/support.
    Support,
    /// How to get MAX.
    GetMax,
}

/// The outcome of an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The keyring was read.
    KeyringRead {
        /// A session was in it.
        session: bool,
    },
    /// The keyring cannot be used.
    KeyringFailed(KeyringProblem),
    /// The browser was opened; if it was not, the address for the person to open.
    BrowserOpened {
        /// `Some`: it could not be opened.
        address: Option<String>,
    },
    /// The person signed in and the session is kept (in the keyring, or in memory alone).
    SignedIn {
        /// It could not be kept in the keyring for this reason.
        not_kept: Option<KeyringProblem>,
    },
    /// Who is signed in.
    Me(Me),
    /// The lessons of a day.
    Schedule(Schedule),
    /// The linking, after a POST or a GET.
    Linking(Box<Linking>),
    /// The linked profile, after a GET or a POST.
    Profile(Box<Profile>),
    /// The files with the person's data were written.
    Saved {
        /// The one for people, with its folder.
        file: String,
    },
    /// The profile was unlinked from the diary.
    Unlinked,
    /// What happened to the pupil's link, and where the account is signed in.
    SecurityLog(Box<SecurityLog>),
    /// Sessions were ended.
    SessionsEnded,
    /// The session was forgotten on this device and, if it could be reached, at the service.
    SignedOut,
    /// A page was opened.
    Opened,
    /// The service is ready.
    Healthy {
        /// How long it took to say so, in ms.
        took_ms: u64,
    },
    /// The release that the operator offers, by the operator's own signature.
    Release(Box<Release>),
    /// What is offered is not believed.
    ReleaseRefused(ReleaseFault),
    /// Who sends the link out of MAX.
    Launch(Box<Launch>),
    /// A code for another device.
    HandOff(Box<HandOff>),
    /// How far that code is.
    HandOffStatus(HandOffStatus),
    /// Whose diary a code of another device leads to.
    HandOffOffer(HandOffOffer),
    /// The diary to go on with, and the place in it.
    HandedOff(Box<HandedOff>),
    /// The service refused.
    Refused(Box<Problem>),
    /// It did not work for another reason.
    Failed(Cause),
}

/// Something that happened by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The watched linking changed.
    Linking(Box<Linking>),
    /// The stream of changes stands (`true`) or changes are polled (`false`).
    Live(bool),
    /// The service is in reach again, or no longer.
    Reach(bool),
    /// The service's clock minus the device's, in milliseconds.
    ClockOffset(i64),
    /// The watched linking is no longer there for this account.
    LinkingGone(LinkingId),
    /// The session was ended by the service, or its account is blocked: what a request was refused with.
    SessionEnded(Box<Problem>),
    /// A renewed session could not be kept in the keyring: it is in memory only.
    NotKept,
    /// The local database was put aside.
    StoreReset,
    /// A second instance was started.
    SecondStart,
    /// Whether something on this device opens links into MAX; `None`: the system does not say.
    MaxHere(Option<bool>),
    /// The versions of the app, the system and the web view on this device.
    Device(Device),
    /// The service has said its version.
    Service(String),
    /// This copy of the app.
    Installed(Installation),
    /// The window came in front (`true`) or is not there any more.
    InFront(bool),
    /// Whether the system lets this app tell things.
    MayNotify(bool),
    /// The person pressed what the system told last.
    NoticePressed,
    /// A `mostik://` link came in, whole and unread.
    Link(String),
}

/// One input with all it needs.
pub enum Input {
    /// From the window.
    Intent(Intent),
    /// From an effect, with the attempt it answers.
    Reply(Attempt, Reply),
    /// From the world.
    News(News),
}
