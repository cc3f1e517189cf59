//! What the window shows: one [`Screen`] at a time, with every decision already made.
//!
//! Times on a screen are moments of the *device's* clock, so that a countdown is a subtraction and stays true after sleep.

use mostik_wire::{
    Channel, ConsentText, Delivery, FormerProfile, Gender, MaxTrouble, Messengers, Millis, PasswordProblem, PupilId,
    Role, Strength,
};
use serde::Serialize;
use ts_rs::TS;

use crate::{Cause, KeyringProblem, LinkRefusal, ProtectedAction, Report, UnderstoodContact};

mod about;
mod diary;
mod head;
mod messenger;
mod security;
mod to_phone;

pub use about::AboutCard;
pub use diary::{ChatRow, Day, DayRow, LessonRow, SferumButton};
pub use head::{DiaryOwner, ProfilePreview, StepHead};
pub use messenger::{AccountRow, VkCard};
pub use security::{LogRow, ProfileCard, SecurityBusy, SentProofCode, SessionRow};
pub use to_phone::{PhoneCode, SendToPhone};

/// Everything the window needs to draw itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Screen {
    /// Grows with each screen; a window that reconnects asks for the newest one.
    #[ts(type = "number")]
    pub revision: u64,
    /// Lasting conditions, shown across the top, the most important first.
    pub strips: Vec<Strip>,
    /// The messengers that the operator offers: which of them the texts name.
    pub messengers: Messengers,
    /// «Отчёт для поддержки», open above everything else. [`crate::Intent::CloseReport`].
    pub report: Option<Box<Report>>,
    /// «Отправить на телефон» can be asked for. [`crate::Intent::SendToPhone`].
    pub sends_to_phone: bool,
    /// «Отправить на телефон», open above everything else.
    pub to_phone: Option<Box<SendToPhone>>,
    /// «О программе», open above everything else. [`crate::Intent::CloseAbout`].
    pub about: Option<Box<AboutCard>>,
    /// What is asked or shown.
    #[serde(flatten)]
    #[ts(flatten)]
    pub view: View,
}

/// A lasting condition, shown across the top for as long as it lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "strip", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Strip {
    /// The service is out of reach; what is shown was true at `as_of`.
    Offline {
        /// When the shown state was last confirmed, if ever.
        as_of: Option<Millis>,
    },
    /// The device's clock is off; the app counts by the service's clock.
    ClockOff {
        /// Device minus service in milliseconds: positive when the device is ahead.
        #[ts(type = "number")]
        by_ms: i64,
    },
    /// Nothing can be kept in the keyring: after closing the app the person signs in anew.
    SessionOnly,
    /// The local database could not be read; it was put aside and a fresh one was begun.
    StoreReset,
    /// The app was started a second time; this window came forward instead.
    SecondStart,
    /// A `mostik://` link came that this app does not act on.
    LinkRefused {
        /// Why the link does nothing.
        reason: LinkRefusal,
    },
    /// A code of another device leads to a diary that this account does not show; another account may.
    HandOffNotYours {
        /// Whose diary, masked.
        pupil_name: String,
    },
}

/// One view of the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "view", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum View {
    /// The first moment: the keyring is being read. Nothing to press.
    Starting,
    /// The keyring cannot be used. Ways on: [`crate::Intent::RetryKeyring`], [`crate::Intent::ContinueWithoutKeyring`].
    Keyring {
        /// What is wrong with it.
        problem: KeyringProblem,
        /// A retry is under way.
        busy: bool,
    },
    /// Nobody is signed in. [`crate::Intent::SignIn`].
    SignIn {
        /// Why the person is here, when they have not signed out themselves.
        cause: Option<Cause>,
        /// Who came from MAX and is asked about after the sign-in, masked.
        from_max: Option<String>,
        /// Whose diary is gone on with after the sign-in, because another device has shown a code: the name, masked.
        handed_off: Option<String>,
    },
    /// The diary's sign-in is open in the browser. [`crate::Intent::OpenBrowserAgain`], [`crate::Intent::CancelSignIn`].
    SigningIn {
        /// The browser could not be opened by itself; the address may be copied.
        address: Option<String>,
    },
    /// Signed in, but who it is has not been read yet.
    Opening {
        /// Why it does not get on; `None` while it does. [`crate::Intent::Retry`], [`crate::Intent::SignOut`].
        cause: Option<Cause>,
    },
    /// The account opens no diary of a pupil. [`crate::Intent::SignOut`].
    NoPupil {
        /// Whose account it is.
        account_name: String,
        /// Its role.
        role: Role,
    },
    /// «Кому подключаем Сферум?» [`crate::Intent::ChooseChild`], and then [`crate::Intent::PressSferum`].
    Children {
        /// The parent's name.
        account_name: String,
        /// The children, in the diary's order.
        children: Vec<ChildRow>,
        /// They are being read anew.
        busy: bool,
        /// What went wrong with reading them.
        cause: Option<Cause>,
    },
    /// «Подключить этот MAX?» [`crate::Intent::AcceptLaunch`], [`crate::Intent::DeclineLaunch`].
    FromMax {
        /// The name in MAX, masked.
        max_name: String,
        /// The number that MAX has proven, masked.
        phone_masked: Option<String>,
        /// Whose diaries it may go with.
        children: Vec<ChildRow>,
        /// The likeliest of them.
        chosen: Option<PupilId>,
        /// Until when it can be answered.
        expires_at: Millis,
        /// The yes is being sent.
        busy: bool,
        /// What went wrong last, if anything did.
        cause: Option<Cause>,
    },
    /// The diary.
    Diary {
        /// Whose diary.
        who: DiaryOwner,
        /// The Sferum button.
        button: SferumButton,
        /// The day that is shown.
        day: Day,
        /// The chats of the class. [`crate::Intent::OpenChat`].
        chats: Vec<ChatRow>,
        /// When the linked profile will be deleted, if that was asked for. [`crate::Intent::OpenSecurity`].
        deletes_at: Option<Millis>,
        /// The invitation card is open (it folds into the Sferum button).
        invited: bool,
        /// «Учебный профиль Сферум не подключён» is open above the diary.
        dialog: bool,
        /// Beginning or refreshing is under way.
        busy: bool,
        /// What went wrong with the last request.
        cause: Option<Cause>,
    },
    /// «Безопасность» of «Мой паспорт». [`crate::Intent::BeginProof`], [`crate::Intent::KeepProfile`],
    /// [`crate::Intent::BackToDiary`].
    Security {
        /// Whose diary.
        who: DiaryOwner,
        /// The Sferum button.
        button: SferumButton,
        /// The linked profile; `None` while it is being read, and where there is none.
        profile: Option<ProfileCard>,
        /// The diary is linked to a profile.
        linked: bool,
        /// The dialog that asks for a proof is open.
        action: Option<ProtectedAction>,
        /// Where the files with the person's data lie. [`crate::Intent::ShowSaved`].
        saved: Option<String>,
        /// What happened, the newest first; `None` while it is being read or cannot be.
        events: Option<Vec<LogRow>>,
        /// Where the person is signed in, this device first. [`crate::Intent::EndSession`].
        sessions: Vec<SessionRow>,
        /// What is under way.
        busy: SecurityBusy,
        /// What went wrong last, if anything did.
        cause: Option<Cause>,
    },
    /// «Куда прислать код?»
    Contact {
        /// Whose account, and the bridge.
        head: StepHead,
        /// What was typed before, to be mended rather than typed again.
        typed: String,
        /// How a text was understood. [`crate::Intent::ReadContact`].
        understood: Option<UnderstoodContact>,
        /// «Возможно, вы имели в виду…»: a number or an address a slip away.
        suggestion: Option<String>,
        /// Sending the same text again sends it as typed; else it is none, and only the suggestion can be sent.
        sendable: bool,
        /// The profile that the pupil was linked to before. [`crate::Intent::SignInToFormer`].
        former: Option<FormerProfile>,
        /// The previous code is still awaited: the way back to it. [`crate::Intent::BackToCode`].
        can_go_back_to_code: bool,
        /// An e-mail address would do too (under 14).
        email_possible: bool,
        /// The number is being sent.
        busy: bool,
        /// What went wrong last, if anything did.
        cause: Option<Cause>,
    },
    /// «Введите код из СМС».
    Code {
        /// Whose account, and the bridge.
        head: StepHead,
        /// What kind of contact it is.
        channel: Channel,
        /// Where the code went, as people write it: `+7 900 000-12-42`, `аня@почта.рф`.
        contact: String,
        /// When the code stops working.
        expires_at: Millis,
        /// When a new one can be asked for.
        resend_at: Millis,
        /// Tries left.
        tries_left: u32,
        /// Which code is the newest, from 1.
        nth: u32,
        /// The message's way.
        delivery: Delivery,
        /// What is under way.
        busy: CodeBusy,
        /// What was wrong with the last try or resend.
        cause: Option<Cause>,
    },
    /// The contact's profile is linked to another pupil. [`crate::Intent::ChangeContact`].
    Taken {
        /// Whose account, and the bridge.
        head: StepHead,
        /// What kind of contact it is.
        channel: Channel,
        /// The contact, masked.
        contact_masked: String,
    },
    /// «Придумайте пароль».
    Password {
        /// Whose account, and the bridge.
        head: StepHead,
        /// The address, masked.
        contact_masked: String,
        /// The fewest characters.
        shortest: u32,
        /// How strong what is typed is; `None`: nothing is typed, or it is not taken for `problem`.
        strength: Option<Strength>,
        /// Why what is typed would not be taken, while it is typed.
        problem: Option<PasswordProblem>,
        /// It is being sent.
        busy: bool,
        /// What went wrong last, if anything did.
        cause: Option<Cause>,
    },
    /// «Данные ребёнка».
    Details {
        /// Whose account, and the bridge.
        head: StepHead,
        /// «Фамилия», from the diary.
        last_name: String,
        /// «Имя», from the diary.
        first_name: String,
        /// «Отчество», from the diary.
        middle_name: Option<String>,
        /// «Дата рождения», `YYYY-MM-DD`, from the diary.
        birth_date: Option<String>,
        /// «Пол», from the diary.
        gender: Option<Gender>,
        /// The wording of the consent.
        consent: ConsentText,
        /// A parent acts, who may agree; else the window says that a parent is needed.
        can_agree: bool,
        /// It is being sent.
        busy: bool,
        /// What was wrong; `field` says where.
        cause: Option<Cause>,
    },
    /// «На эту почту уже есть профиль».
    Exists {
        /// Whose account, and the bridge.
        head: StepHead,
        /// The address, masked.
        contact_masked: String,
        /// Whose profile it is, masked.
        profile_name: String,
        /// It is being sent.
        busy: bool,
        /// What went wrong last, if anything did.
        cause: Option<Cause>,
    },
    /// A new password with the code of a letter.
    Recovery {
        /// Whose account, and the bridge.
        head: StepHead,
        /// The address, masked.
        contact_masked: String,
        /// The fewest characters of the password.
        shortest: u32,
        /// As in `Password`.
        strength: Option<Strength>,
        /// As in `Password`.
        problem: Option<PasswordProblem>,
        /// When the code stops working.
        expires_at: Millis,
        /// When a new one can be asked for.
        resend_at: Millis,
        /// Tries left.
        tries_left: u32,
        /// Which code is the newest, from 1.
        nth: u32,
        /// The letter's way.
        delivery: Delivery,
        /// What is under way.
        busy: CodeBusy,
        /// What went wrong last, if anything did.
        cause: Option<Cause>,
    },
    /// «Это ваш учебный профиль?»
    Profile {
        /// Whose account, and the bridge.
        head: StepHead,
        /// The diary's side, row by row, against the profile's side.
        rows: Vec<CompareRow>,
        /// What kind of contact was proven.
        channel: Channel,
        /// No profile was found: a new one will be made.
        is_new: bool,
        /// The profile bears another name: an explicit yes is needed.
        other_name: bool,
        /// The answer is being sent.
        busy: bool,
        /// What went wrong last, if anything did.
        cause: Option<Cause>,
    },
    /// «Остался MAX».
    Max {
        /// Whose account, and the bridge.
        head: StepHead,
        /// The link, for the QR code and for copying.
        url: String,
        /// Nine digits that do the same when they are written to the bot.
        code: String,
        /// MAX proves the number in place of an SMS; the profile comes after.
        proves: bool,
        /// Whether MAX is on this device; `None`: the system does not say.
        here: Option<bool>,
        /// When link and digits stop working.
        expires_at: Millis,
        /// The number to be in MAX with, masked; `None`: any number of the person's own.
        phone_masked: Option<String>,
        /// The link to the diary stands; MAX may be left for later. [`crate::Intent::SkipMax`].
        skippable: bool,
        /// MAX has opened the link; the person's number is awaited there.
        opened: bool,
        /// What went wrong in MAX.
        trouble: Option<MaxTrouble>,
        /// VK Messenger, where it is offered or connected.
        vk: Option<VkCard>,
        /// Changes arrive by themselves; `false`: they are asked for now and then.
        live: bool,
        /// A new link is being made.
        busy: bool,
        /// What went wrong here.
        cause: Option<Cause>,
    },
    /// «Готово, мостик построен».
    Linked {
        /// Whose account, and the bridge.
        head: StepHead,
        /// What kind of contact the profile has.
        channel: Channel,
        /// The contact, masked.
        contact_masked: String,
        /// Linked in MAX too; `false`: [`crate::Intent::RenewMaxLink`] goes on with that.
        in_max: bool,
        /// VK Messenger, where it is offered or connected.
        vk: Option<VkCard>,
        /// When it was linked.
        linked_at: Millis,
        /// The next remote lesson of today, if any.
        next_remote: Option<LessonRow>,
        /// The step into MAX is being made.
        busy: bool,
        /// What went wrong with opening Sferum.
        cause: Option<Cause>,
    },
}

/// One child of the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChildRow {
    /// What [`crate::Intent::ChooseChild`] names.
    pub pupil: PupilId,
    /// The child.
    pub who: DiaryOwner,
    /// The state of the child's own link.
    pub button: SferumButton,
}

/// One row of «Это ваш учебный профиль?».
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompareRow {
    /// What is compared.
    pub field: CompareField,
    /// In the diary; `None`: the diary does not say.
    pub diary: Option<String>,
    /// In the profile; `None`: the profile does not say, or there is none yet.
    pub profile: Option<String>,
    /// Both say the same; `None` where there is nothing to compare.
    pub same: Option<bool>,
}

/// What a row compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CompareField {
    /// The name.
    Name,
    /// Pupil or grown-up: the texts are role names (`pupil`, `parent`, `other`).
    Role,
    /// The class.
    Class,
    /// The phone number or the address, masked.
    Contact,
}

/// What the code screen is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeBusy {
    /// Nothing is under way.
    No,
    /// The code is being checked.
    Checking,
    /// A new code is being asked for.
    Resending,
}
