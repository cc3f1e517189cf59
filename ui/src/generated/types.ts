// Written by a test of crates/flow from the Rust types; do not edit.

export type Millis = number;

export type PupilId = string;

export type LessonId = string;

export type LessonChange = "cancelled" | "replaced";

export type Role = "pupil" | "parent" | "other";

export type Channel = "sms" | "mail";

export type Gender = "female" | "male";

export type ConsentText = { 
/**
 * Names the wording; sent back with the consent and recorded.
 */
version: string, 
/**
 * The wording, paragraphs apart by a blank line.
 */
text: string, };

export type FormerProfile = { 
/**
 * Whose it is, masked: `Михаил О.`
 */
name_masked: string, 
/**
 * Where a code would go.
 */
channel: Channel, 
/**
 * Its number or address, masked.
 */
contact_masked: string, };

export type Strength = "weak" | "fair" | "strong";

export type PasswordProblem = "short" | "long" | "common";

export type Delivery = "queued" | "delayed" | "sent" | "delivered" | "failed" | "no_such_mailbox" | "mailbox_full";

export type MaxTrouble = { "trouble": "number_differs", 
/**
 * That number, masked.
 */
phone_masked: string, 
/**
 * It may be taken in place of the other one: `POST …/max-number`.
 */
usable: boolean, } | { "trouble": "number_foreign", 
/**
 * That number, masked.
 */
phone_masked: string, } | { "trouble": "foreign_contact" } | { "trouble": "unproven_contact" } | { "trouble": "max_account_taken" } | { "trouble": "to_confirm", 
/**
 * That number, masked.
 */
phone_masked: string, 
/**
 * The name in MAX, masked; may be empty.
 */
name_masked: string, };

export type Messengers = { 
/**
 * MAX.
 */
max: boolean, 
/**
 * VK Messenger.
 */
vk: boolean, };

export type VkTrouble = "refused" | "account_taken" | "unavailable";

export type SafeReason = "white" | "crashes" | "asked";

export type Device = { 
/**
 * The app's version.
 */
app: string, 
/**
 * The system's family and the processor's.
 */
system: string, 
/**
 * The version of what draws the window.
 */
webview: string, 
/**
 * The window is drawn by the safe renderer, for this reason.
 */
drawnSafely: SafeReason | null, 
/**
 * How often the process of the page has ended by itself in this run.
 */
pageCrashes: number, };

export type Installation = { 
/**
 * The commit that it was built from, if whoever built it said so.
 */
commit: string | null, 
/**
 * The service's address.
 */
service: string, 
/**
 * The folder with the app's own data.
 */
data: string, 
/**
 * The folder with what can be set, and the window's size.
 */
settings: string, 
/**
 * Where exported files go.
 */
downloads: string, 
/**
 * The folder with the log; `None`: it goes to the program's error stream alone.
 */
log: string | null, 
/**
 * How it came here, and so how it is brought up to date.
 */
source: Source, };

export type Source = "deb" | "rpm" | "app_image" | "installer" | "disk_image" | "store" | "built";

export type Health = "asking" | "well" | "slow" | "down" | "offline";

export type Update = { "update": "not_asked" } | { "update": "asking" } | { "update": "newest" } | { "update": "newer", 
/**
 * Its version.
 */
version: string, 
/**
 * When it came out, `YYYY-MM-DD`.
 */
released: string, 
/**
 * What is new, in the operator's words.
 */
notes: string, } | { "update": "older", 
/**
 * Its version.
 */
version: string, } | { "update": "not_offered" } | { "update": "no_key" } | { "update": "forged" } | { "update": "unreadable" } | { "update": "down" } | { "update": "offline" };

export type AboutCard = { 
/**
 * The versions of the app, the system and the web view on this device.
 */
device: Device, 
/**
 * This copy of it.
 */
installation: Installation, 
/**
 * The service's version, once it has answered.
 */
serviceVersion: string | null, 
/**
 * The session is in memory only, not in the keyring.
 */
sessionOnly: boolean, 
/**
 * How the service does. [`crate::Intent::CheckHealth`].
 */
health: Health, 
/**
 * Whether there is a newer release. [`crate::Intent::CheckRelease`].
 */
update: Update, 
/**
 * The system tells what the person waited for. [`crate::Intent::SetNotices`].
 */
notices: boolean, 
/**
 * The system does not let it.
 */
noticesDenied: boolean, };

export type MaxTroubleKind = "number_differs" | "number_foreign" | "foreign_contact" | "unproven_contact" | "max_account_taken" | "to_confirm";

export type Report = { 
/**
 * When it was asked for.
 */
at: Millis, 
/**
 * The versions of the app, the system and the web view on this device.
 */
device: Device, 
/**
 * The service's version, once it has answered.
 */
service: string | null, 
/**
 * The language of the window.
 */
language: Language, 
/**
 * Where the person is: [`crate::State::name`].
 */
route: string, 
/**
 * Who is signed in.
 */
role: Role | null, 
/**
 * What went wrong.
 */
cause: CauseKind | null, 
/**
 * What the service called it in its log: `M-7F3K-21`, or the request `7F3K-9QWX-2TBM`.
 */
support: string | null, 
/**
 * What went wrong in MAX.
 */
max: MaxTroubleKind | null, 
/**
 * What went wrong at VK.
 */
vk: VkTrouble | null, 
/**
 * What is wrong with the keyring.
 */
keyring: KeyringProblem | null, 
/**
 * What became of a link that came in.
 */
link: LinkRefusal | null, 
/**
 * The service is out of reach.
 */
offline: boolean, 
/**
 * When the service last confirmed what is shown.
 */
confirmedAt: Millis | null, 
/**
 * The device's clock minus the service's.
 */
clockOffMs: number, 
/**
 * The session is in memory only.
 */
sessionOnly: boolean, 
/**
 * What was kept on this device could not be read, and was put aside.
 */
storeReset: boolean, 
/**
 * The messengers that the operator offers, once that is known.
 */
messengers: Messengers | null, 
/**
 * The page of support can be opened from here.
 */
page: boolean, };

export type HandOffPlace = "diary" | "linking" | "security";

export type HandOffStage = "waiting" | "seen" | "taken" | "over";

export type PhoneCode = { 
/**
 * The link, for the QR code and for copying.
 */
url: string, 
/**
 * What whoever reads the code gets to see: the name, masked.
 */
nameMasked: string, 
/**
 * How far it is.
 */
stage: HandOffStage, 
/**
 * Until when it can be opened, or, once seen, taken.
 */
expiresAt: Millis, 
/**
 * The device that went on, where that is known.
 */
device: string | null, };

export type SendToPhone = { 
/**
 * Whose diary.
 */
who: DiaryOwner, 
/**
 * The part of the diary that is shown.
 */
place: HandOffPlace, 
/**
 * The newest code; `None` while the first is being made, and where none could be.
 */
code: PhoneCode | null, 
/**
 * A code is being made.
 */
busy: boolean, 
/**
 * Why there is none.
 */
cause: Cause | null, };

export type Screen = { 
/**
 * Grows with each screen; a window that reconnects asks for the newest one.
 */
revision: number, 
/**
 * Lasting conditions, shown across the top, the most important first.
 */
strips: Array<Strip>, 
/**
 * The messengers that the operator offers: which of them the texts name.
 */
messengers: Messengers, 
/**
 * «Отчёт для поддержки», open above everything else. [`crate::Intent::CloseReport`].
 */
report: Report | null, 
/**
 * «Отправить на телефон» can be asked for. [`crate::Intent::SendToPhone`].
 */
sendsToPhone: boolean, 
/**
 * «Отправить на телефон», open above everything else.
 */
toPhone: SendToPhone | null, 
/**
 * «О программе», open above everything else. [`crate::Intent::CloseAbout`].
 */
about: AboutCard | null, } & ({ "view": "starting" } | { "view": "keyring", 
/**
 * What is wrong with it.
 */
problem: KeyringProblem, 
/**
 * A retry is under way.
 */
busy: boolean, } | { "view": "sign_in", 
/**
 * Why the person is here, when they have not signed out themselves.
 */
cause: Cause | null, 
/**
 * Who came from MAX and is asked about after the sign-in, masked.
 */
fromMax: string | null, 
/**
 * Whose diary is gone on with after the sign-in, because another device has shown a code: the name, masked.
 */
handedOff: string | null, } | { "view": "signing_in", 
/**
 * The browser could not be opened by itself; the address may be copied.
 */
address: string | null, } | { "view": "opening", 
/**
 * Why it does not get on; `None` while it does. [`crate::Intent::Retry`], [`crate::Intent::SignOut`].
 */
cause: Cause | null, } | { "view": "no_pupil", 
/**
 * Whose account it is.
 */
accountName: string, 
/**
 * Its role.
 */
role: Role, } | { "view": "children", 
/**
 * The parent's name.
 */
accountName: string, 
/**
 * The children, in the diary's order.
 */
children: Array<ChildRow>, 
/**
 * They are being read anew.
 */
busy: boolean, 
/**
 * What went wrong with reading them.
 */
cause: Cause | null, } | { "view": "from_max", 
/**
 * The name in MAX, masked.
 */
maxName: string, 
/**
 * The number that MAX has proven, masked.
 */
phoneMasked: string | null, 
/**
 * Whose diaries it may go with.
 */
children: Array<ChildRow>, 
/**
 * The likeliest of them.
 */
chosen: PupilId | null, 
/**
 * Until when it can be answered.
 */
expiresAt: Millis, 
/**
 * The yes is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "diary", 
/**
 * Whose diary.
 */
who: DiaryOwner, 
/**
 * The Sferum button.
 */
button: SferumButton, 
/**
 * The day that is shown.
 */
day: Day, 
/**
 * The chats of the class. [`crate::Intent::OpenChat`].
 */
chats: Array<ChatRow>, 
/**
 * When the linked profile will be deleted, if that was asked for. [`crate::Intent::OpenSecurity`].
 */
deletesAt: Millis | null, 
/**
 * The invitation card is open (it folds into the Sferum button).
 */
invited: boolean, 
/**
 * «Учебный профиль Сферум не подключён» is open above the diary.
 */
dialog: boolean, 
/**
 * Beginning or refreshing is under way.
 */
busy: boolean, 
/**
 * What went wrong with the last request.
 */
cause: Cause | null, } | { "view": "security", 
/**
 * Whose diary.
 */
who: DiaryOwner, 
/**
 * The Sferum button.
 */
button: SferumButton, 
/**
 * The linked profile; `None` while it is being read, and where there is none.
 */
profile: ProfileCard | null, 
/**
 * The diary is linked to a profile.
 */
linked: boolean, 
/**
 * The dialog that asks for a proof is open.
 */
action: ProtectedAction | null, 
/**
 * Where the files with the person's data lie. [`crate::Intent::ShowSaved`].
 */
saved: string | null, 
/**
 * What happened, the newest first; `None` while it is being read or cannot be.
 */
events: Array<LogRow> | null, 
/**
 * Where the person is signed in, this device first. [`crate::Intent::EndSession`].
 */
sessions: Array<SessionRow>, 
/**
 * What is under way.
 */
busy: SecurityBusy, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "contact", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * What was typed before, to be mended rather than typed again.
 */
typed: string, 
/**
 * How a text was understood. [`crate::Intent::ReadContact`].
 */
understood: UnderstoodContact | null, 
/**
 * «Возможно, вы имели в виду…»: a number or an address a slip away.
 */
suggestion: string | null, 
/**
 * Sending the same text again sends it as typed; else it is none, and only the suggestion can be sent.
 */
sendable: boolean, 
/**
 * The profile that the pupil was linked to before. [`crate::Intent::SignInToFormer`].
 */
former: FormerProfile | null, 
/**
 * The previous code is still awaited: the way back to it. [`crate::Intent::BackToCode`].
 */
canGoBackToCode: boolean, 
/**
 * An e-mail address would do too (under 14).
 */
emailPossible: boolean, 
/**
 * The number is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "code", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * What kind of contact it is.
 */
channel: Channel, 
/**
 * Where the code went, as people write it: `+7 900 000-12-42`, `аня@почта.рф`.
 */
contact: string, 
/**
 * When the code stops working.
 */
expiresAt: Millis, 
/**
 * When a new one can be asked for.
 */
resendAt: Millis, 
/**
 * Tries left.
 */
triesLeft: number, 
/**
 * Which code is the newest, from 1.
 */
nth: number, 
/**
 * The message's way.
 */
delivery: Delivery, 
/**
 * What is under way.
 */
busy: CodeBusy, 
/**
 * What was wrong with the last try or resend.
 */
cause: Cause | null, } | { "view": "taken", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * What kind of contact it is.
 */
channel: Channel, 
/**
 * The contact, masked.
 */
contactMasked: string, } | { "view": "password", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The address, masked.
 */
contactMasked: string, 
/**
 * The fewest characters.
 */
shortest: number, 
/**
 * How strong what is typed is; `None`: nothing is typed, or it is not taken for `problem`.
 */
strength: Strength | null, 
/**
 * Why what is typed would not be taken, while it is typed.
 */
problem: PasswordProblem | null, 
/**
 * It is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "details", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * «Фамилия», from the diary.
 */
lastName: string, 
/**
 * «Имя», from the diary.
 */
firstName: string, 
/**
 * «Отчество», from the diary.
 */
middleName: string | null, 
/**
 * «Дата рождения», `YYYY-MM-DD`, from the diary.
 */
birthDate: string | null, 
/**
 * «Пол», from the diary.
 */
gender: Gender | null, 
/**
 * The wording of the consent.
 */
consent: ConsentText, 
/**
 * A parent acts, who may agree; else the window says that a parent is needed.
 */
canAgree: boolean, 
/**
 * It is being sent.
 */
busy: boolean, 
/**
 * What was wrong; `field` says where.
 */
cause: Cause | null, } | { "view": "exists", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The address, masked.
 */
contactMasked: string, 
/**
 * Whose profile it is, masked.
 */
profileName: string, 
/**
 * It is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "recovery", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The address, masked.
 */
contactMasked: string, 
/**
 * The fewest characters of the password.
 */
shortest: number, 
/**
 * As in `Password`.
 */
strength: Strength | null, 
/**
 * As in `Password`.
 */
problem: PasswordProblem | null, 
/**
 * When the code stops working.
 */
expiresAt: Millis, 
/**
 * When a new one can be asked for.
 */
resendAt: Millis, 
/**
 * Tries left.
 */
triesLeft: number, 
/**
 * Which code is the newest, from 1.
 */
nth: number, 
/**
 * The letter's way.
 */
delivery: Delivery, 
/**
 * What is under way.
 */
busy: CodeBusy, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "profile", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The diary's side, row by row, against the profile's side.
 */
rows: Array<CompareRow>, 
/**
 * What kind of contact was proven.
 */
channel: Channel, 
/**
 * No profile was found: a new one will be made.
 */
isNew: boolean, 
/**
 * The profile bears another name: an explicit yes is needed.
 */
otherName: boolean, 
/**
 * The answer is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "max", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The link, for the QR code and for copying.
 */
url: string, 
/**
 * Nine digits that do the same when they are written to the bot.
 */
code: string, 
/**
 * MAX proves the number in place of an SMS; the profile comes after.
 */
proves: boolean, 
/**
 * Whether MAX is on this device; `None`: the system does not say.
 */
here: boolean | null, 
/**
 * When link and digits stop working.
 */
expiresAt: Millis, 
/**
 * The number to be in MAX with, masked; `None`: any number of the person's own.
 */
phoneMasked: string | null, 
/**
 * The link to the diary stands; MAX may be left for later. [`crate::Intent::SkipMax`].
 */
skippable: boolean, 
/**
 * MAX has opened the link; the person's number is awaited there.
 */
opened: boolean, 
/**
 * What went wrong in MAX.
 */
trouble: MaxTrouble | null, 
/**
 * VK Messenger, where it is offered or connected.
 */
vk: VkCard | null, 
/**
 * Changes arrive by themselves; `false`: they are asked for now and then.
 */
live: boolean, 
/**
 * A new link is being made.
 */
busy: boolean, 
/**
 * What went wrong here.
 */
cause: Cause | null, } | { "view": "linked", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * What kind of contact the profile has.
 */
channel: Channel, 
/**
 * The contact, masked.
 */
contactMasked: string, 
/**
 * Linked in MAX too; `false`: [`crate::Intent::RenewMaxLink`] goes on with that.
 */
inMax: boolean, 
/**
 * VK Messenger, where it is offered or connected.
 */
vk: VkCard | null, 
/**
 * When it was linked.
 */
linkedAt: Millis, 
/**
 * The next remote lesson of today, if any.
 */
nextRemote: LessonRow | null, 
/**
 * The step into MAX is being made.
 */
busy: boolean, 
/**
 * What went wrong with opening Sferum.
 */
cause: Cause | null, });

export type Strip = { "strip": "offline", 
/**
 * When the shown state was last confirmed, if ever.
 */
asOf: Millis | null, } | { "strip": "clock_off", 
/**
 * Device minus service in milliseconds: positive when the device is ahead.
 */
byMs: number, } | { "strip": "session_only" } | { "strip": "store_reset" } | { "strip": "second_start" } | { "strip": "link_refused", 
/**
 * Why the link does nothing.
 */
reason: LinkRefusal, } | { "strip": "hand_off_not_yours", 
/**
 * Whose diary, masked.
 */
pupilName: string, };

export type LinkRefusal = "malformed" | "foreign" | "repeated" | "expired" | "unchecked" | "hand_off_unknown" | "hand_off_expired" | "hand_off_used" | "hand_off_here" | "hand_off_unchecked";

export type View = { "view": "starting" } | { "view": "keyring", 
/**
 * What is wrong with it.
 */
problem: KeyringProblem, 
/**
 * A retry is under way.
 */
busy: boolean, } | { "view": "sign_in", 
/**
 * Why the person is here, when they have not signed out themselves.
 */
cause: Cause | null, 
/**
 * Who came from MAX and is asked about after the sign-in, masked.
 */
fromMax: string | null, 
/**
 * Whose diary is gone on with after the sign-in, because another device has shown a code: the name, masked.
 */
handedOff: string | null, } | { "view": "signing_in", 
/**
 * The browser could not be opened by itself; the address may be copied.
 */
address: string | null, } | { "view": "opening", 
/**
 * Why it does not get on; `None` while it does. [`crate::Intent::Retry`], [`crate::Intent::SignOut`].
 */
cause: Cause | null, } | { "view": "no_pupil", 
/**
 * Whose account it is.
 */
accountName: string, 
/**
 * Its role.
 */
role: Role, } | { "view": "children", 
/**
 * The parent's name.
 */
accountName: string, 
/**
 * The children, in the diary's order.
 */
children: Array<ChildRow>, 
/**
 * They are being read anew.
 */
busy: boolean, 
/**
 * What went wrong with reading them.
 */
cause: Cause | null, } | { "view": "from_max", 
/**
 * The name in MAX, masked.
 */
maxName: string, 
/**
 * The number that MAX has proven, masked.
 */
phoneMasked: string | null, 
/**
 * Whose diaries it may go with.
 */
children: Array<ChildRow>, 
/**
 * The likeliest of them.
 */
chosen: PupilId | null, 
/**
 * Until when it can be answered.
 */
expiresAt: Millis, 
/**
 * The yes is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "diary", 
/**
 * Whose diary.
 */
who: DiaryOwner, 
/**
 * The Sferum button.
 */
button: SferumButton, 
/**
 * The day that is shown.
 */
day: Day, 
/**
 * The chats of the class. [`crate::Intent::OpenChat`].
 */
chats: Array<ChatRow>, 
/**
 * When the linked profile will be deleted, if that was asked for. [`crate::Intent::OpenSecurity`].
 */
deletesAt: Millis | null, 
/**
 * The invitation card is open (it folds into the Sferum button).
 */
invited: boolean, 
/**
 * «Учебный профиль Сферум не подключён» is open above the diary.
 */
dialog: boolean, 
/**
 * Beginning or refreshing is under way.
 */
busy: boolean, 
/**
 * What went wrong with the last request.
 */
cause: Cause | null, } | { "view": "security", 
/**
 * Whose diary.
 */
who: DiaryOwner, 
/**
 * The Sferum button.
 */
button: SferumButton, 
/**
 * The linked profile; `None` while it is being read, and where there is none.
 */
profile: ProfileCard | null, 
/**
 * The diary is linked to a profile.
 */
linked: boolean, 
/**
 * The dialog that asks for a proof is open.
 */
action: ProtectedAction | null, 
/**
 * Where the files with the person's data lie. [`crate::Intent::ShowSaved`].
 */
saved: string | null, 
/**
 * What happened, the newest first; `None` while it is being read or cannot be.
 */
events: Array<LogRow> | null, 
/**
 * Where the person is signed in, this device first. [`crate::Intent::EndSession`].
 */
sessions: Array<SessionRow>, 
/**
 * What is under way.
 */
busy: SecurityBusy, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "contact", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * What was typed before, to be mended rather than typed again.
 */
typed: string, 
/**
 * How a text was understood. [`crate::Intent::ReadContact`].
 */
understood: UnderstoodContact | null, 
/**
 * «Возможно, вы имели в виду…»: a number or an address a slip away.
 */
suggestion: string | null, 
/**
 * Sending the same text again sends it as typed; else it is none, and only the suggestion can be sent.
 */
sendable: boolean, 
/**
 * The profile that the pupil was linked to before. [`crate::Intent::SignInToFormer`].
 */
former: FormerProfile | null, 
/**
 * The previous code is still awaited: the way back to it. [`crate::Intent::BackToCode`].
 */
canGoBackToCode: boolean, 
/**
 * An e-mail address would do too (under 14).
 */
emailPossible: boolean, 
/**
 * The number is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "code", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * What kind of contact it is.
 */
channel: Channel, 
/**
 * Where the code went, as people write it: `+7 900 000-12-42`, `аня@почта.рф`.
 */
contact: string, 
/**
 * When the code stops working.
 */
expiresAt: Millis, 
/**
 * When a new one can be asked for.
 */
resendAt: Millis, 
/**
 * Tries left.
 */
triesLeft: number, 
/**
 * Which code is the newest, from 1.
 */
nth: number, 
/**
 * The message's way.
 */
delivery: Delivery, 
/**
 * What is under way.
 */
busy: CodeBusy, 
/**
 * What was wrong with the last try or resend.
 */
cause: Cause | null, } | { "view": "taken", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * What kind of contact it is.
 */
channel: Channel, 
/**
 * The contact, masked.
 */
contactMasked: string, } | { "view": "password", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The address, masked.
 */
contactMasked: string, 
/**
 * The fewest characters.
 */
shortest: number, 
/**
 * How strong what is typed is; `None`: nothing is typed, or it is not taken for `problem`.
 */
strength: Strength | null, 
/**
 * Why what is typed would not be taken, while it is typed.
 */
problem: PasswordProblem | null, 
/**
 * It is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "details", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * «Фамилия», from the diary.
 */
lastName: string, 
/**
 * «Имя», from the diary.
 */
firstName: string, 
/**
 * «Отчество», from the diary.
 */
middleName: string | null, 
/**
 * «Дата рождения», `YYYY-MM-DD`, from the diary.
 */
birthDate: string | null, 
/**
 * «Пол», from the diary.
 */
gender: Gender | null, 
/**
 * The wording of the consent.
 */
consent: ConsentText, 
/**
 * A parent acts, who may agree; else the window says that a parent is needed.
 */
canAgree: boolean, 
/**
 * It is being sent.
 */
busy: boolean, 
/**
 * What was wrong; `field` says where.
 */
cause: Cause | null, } | { "view": "exists", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The address, masked.
 */
contactMasked: string, 
/**
 * Whose profile it is, masked.
 */
profileName: string, 
/**
 * It is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "recovery", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The address, masked.
 */
contactMasked: string, 
/**
 * The fewest characters of the password.
 */
shortest: number, 
/**
 * As in `Password`.
 */
strength: Strength | null, 
/**
 * As in `Password`.
 */
problem: PasswordProblem | null, 
/**
 * When the code stops working.
 */
expiresAt: Millis, 
/**
 * When a new one can be asked for.
 */
resendAt: Millis, 
/**
 * Tries left.
 */
triesLeft: number, 
/**
 * Which code is the newest, from 1.
 */
nth: number, 
/**
 * The letter's way.
 */
delivery: Delivery, 
/**
 * What is under way.
 */
busy: CodeBusy, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "profile", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The diary's side, row by row, against the profile's side.
 */
rows: Array<CompareRow>, 
/**
 * What kind of contact was proven.
 */
channel: Channel, 
/**
 * No profile was found: a new one will be made.
 */
isNew: boolean, 
/**
 * The profile bears another name: an explicit yes is needed.
 */
otherName: boolean, 
/**
 * The answer is being sent.
 */
busy: boolean, 
/**
 * What went wrong last, if anything did.
 */
cause: Cause | null, } | { "view": "max", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * The link, for the QR code and for copying.
 */
url: string, 
/**
 * Nine digits that do the same when they are written to the bot.
 */
code: string, 
/**
 * MAX proves the number in place of an SMS; the profile comes after.
 */
proves: boolean, 
/**
 * Whether MAX is on this device; `None`: the system does not say.
 */
here: boolean | null, 
/**
 * When link and digits stop working.
 */
expiresAt: Millis, 
/**
 * The number to be in MAX with, masked; `None`: any number of the person's own.
 */
phoneMasked: string | null, 
/**
 * The link to the diary stands; MAX may be left for later. [`crate::Intent::SkipMax`].
 */
skippable: boolean, 
/**
 * MAX has opened the link; the person's number is awaited there.
 */
opened: boolean, 
/**
 * What went wrong in MAX.
 */
trouble: MaxTrouble | null, 
/**
 * VK Messenger, where it is offered or connected.
 */
vk: VkCard | null, 
/**
 * Changes arrive by themselves; `false`: they are asked for now and then.
 */
live: boolean, 
/**
 * A new link is being made.
 */
busy: boolean, 
/**
 * What went wrong here.
 */
cause: Cause | null, } | { "view": "linked", 
/**
 * Whose account, and the bridge.
 */
head: StepHead, 
/**
 * What kind of contact the profile has.
 */
channel: Channel, 
/**
 * The contact, masked.
 */
contactMasked: string, 
/**
 * Linked in MAX too; `false`: [`crate::Intent::RenewMaxLink`] goes on with that.
 */
inMax: boolean, 
/**
 * VK Messenger, where it is offered or connected.
 */
vk: VkCard | null, 
/**
 * When it was linked.
 */
linkedAt: Millis, 
/**
 * The next remote lesson of today, if any.
 */
nextRemote: LessonRow | null, 
/**
 * The step into MAX is being made.
 */
busy: boolean, 
/**
 * What went wrong with opening Sferum.
 */
cause: Cause | null, };

export type UnderstoodContact = { 
/**
 * The text that it was found in. Who has typed on since sees nothing of it.
 */
text: string, 
/**
 * What kind of contact it is.
 */
channel: Channel, 
/**
 * The contact as people write it: `+7 900 000-12-42`, `аня@почта.рф`.
 */
contact: string, 
/**
 * Nothing else stands in the text: what was typed shows it already.
 */
plain: boolean, };

export type ChildRow = { 
/**
 * What [`crate::Intent::ChooseChild`] names.
 */
pupil: PupilId, 
/**
 * The child.
 */
who: DiaryOwner, 
/**
 * The state of the child's own link.
 */
button: SferumButton, };

export type DiaryOwner = { 
/**
 * What they are called: the first name, or the surname of who has no other.
 */
firstName: string, 
/**
 * First name and surname, as far as there are both.
 */
fullName: string, 
/**
 * One or two letters for the round mark; none where the name has no letters.
 */
initials: string, 
/**
 * The class: `8 «Б»`.
 */
className: string, 
/**
 * The school's short name.
 */
school: string | null, 
/**
 * The parent who acts for the pupil, first name and surname; `None`: the pupil acts.
 */
parent: string | null, };

export type StepHead = { 
/**
 * The left end of the bridge: whose diary.
 */
who: DiaryOwner, 
/**
 * The right end of the bridge: what is known of the learning profile.
 */
profile: ProfilePreview, 
/**
 * The number of the present step, from 1. On «Готово» it is `of` + 1: all planks lie.
 */
step: number, 
/**
 * How many steps there are.
 */
of: number, };

export type ProfilePreview = { "state": "unknown" } | { "state": "new" } | { "state": "found", 
/**
 * `Михаил О.`
 */
nameMasked: string, 
/**
 * Its role.
 */
role: Role, } | { "state": "linked", 
/**
 * `Михаил О.`
 */
nameMasked: string, };

export type CompareRow = { 
/**
 * What is compared.
 */
field: CompareField, 
/**
 * In the diary; `None`: the diary does not say.
 */
diary: string | null, 
/**
 * In the profile; `None`: the profile does not say, or there is none yet.
 */
profile: string | null, 
/**
 * Both say the same; `None` where there is nothing to compare.
 */
same: boolean | null, };

export type CompareField = "name" | "role" | "class" | "contact";

export type CodeBusy = "no" | "checking" | "resending";

export type SferumButton = "not_linked" | "continue" | "awaiting_max" | "linked" | "linked_without_messenger" | "attention" | "offline";

export type ProtectedAction = "export" | "unlink" | "unlink_max" | "unlink_vk" | "delete";

export type AccountRow = { 
/**
 * Whose account it is, masked; `None`: the messenger did not say.
 */
nameMasked: string | null, 
/**
 * Since when it is bound.
 */
since: Millis, };

export type VkCard = { "state": "offered", 
/**
 * What went wrong the last time.
 */
trouble: VkTrouble | null, } | { "state": "signing_in", 
/**
 * VK ID's page, to be copied when the browser does not open.
 */
url: string, 
/**
 * When it stops working.
 */
expiresAt: Millis, } | { "state": "asking", 
/**
 * When that stops working.
 */
expiresAt: Millis, } | { "state": "bound", 
/**
 * Whose account it is, masked.
 */
nameMasked: string, };

export type ProfileCard = { 
/**
 * Its id, ten digits.
 */
id: string, 
/**
 * Whose it is, masked: `Анна О.`
 */
nameMasked: string, 
/**
 * What kind of contact it was linked by.
 */
channel: Channel, 
/**
 * The contact, masked; codes go there.
 */
contactMasked: string, 
/**
 * The MAX account that it is bound to.
 */
max: AccountRow | null, 
/**
 * The VK account that it is bound to.
 */
vk: AccountRow | null, 
/**
 * When it was linked to the diary.
 */
linkedAt: Millis, 
/**
 * Its password proves the person too.
 */
hasPassword: boolean, 
/**
 * The code that was sent to prove the person, while it works.
 */
code: SentProofCode | null, 
/**
 * When another code may be sent.
 */
resendAt: Millis | null, 
/**
 * When it will be deleted, if that was asked for.
 */
deletesAt: Millis | null, };

export type SentProofCode = { 
/**
 * When it stops working.
 */
expiresAt: Millis, 
/**
 * Tries left.
 */
triesLeft: number, 
/**
 * The message's way.
 */
delivery: Delivery, };

export type SecurityBusy = "no" | "reading" | "sending_code" | "doing" | "keeping" | "signing_out";

export type LogKind = "signed_in" | "linked" | "in_max" | "in_vk" | "left_max" | "left_vk" | "unlinked" | "password_changed" | "exported" | "deletion_asked" | "deletion_called_off";

export type LogRow = { 
/**
 * What happened.
 */
kind: LogKind, 
/**
 * When it happened.
 */
at: Millis, 
/**
 * From what family of device.
 */
device: string | null, 
/**
 * Who, where it was not the person who looks.
 */
by: string | null, };

export type SessionRow = { 
/**
 * What [`crate::Intent::EndSession`] names.
 */
id: string, 
/**
 * The family of the device, where that is known.
 */
device: string | null, 
/**
 * When the person signed in.
 */
signedInAt: Millis, 
/**
 * When it was used last.
 */
seenAt: Millis, 
/**
 * This very device.
 */
present: boolean, };

export type Day = { 
/**
 * `YYYY-MM-DD` in Europe/Moscow: the day that is shown.
 */
date: string, 
/**
 * `YYYY-MM-DD` in Europe/Moscow: today.
 */
today: string, 
/**
 * The week that it lies in, Monday first; `None` while it is being read or cannot be.
 */
week: Array<DayRow> | null, 
/**
 * When the week was read, device's clock; `None` without one.
 */
readAt: Millis | null, };

export type LessonRow = { 
/**
 * Its id, for [`crate::Intent::JoinLesson`].
 */
id: LessonId, 
/**
 * Start, device's clock.
 */
beginsAt: Millis, 
/**
 * End, device's clock.
 */
endsAt: Millis, 
/**
 * Start as the diary's clock shows it in Moscow: `12:40`.
 */
begins: string, 
/**
 * End as the diary's clock shows it in Moscow: `13:25`.
 */
ends: string, 
/**
 * The subject.
 */
subject: string, 
/**
 * The room.
 */
room: string | null, 
/**
 * What was set for it.
 */
homework: string | null, 
/**
 * The mark.
 */
mark: string | null, 
/**
 * It does not take place as planned.
 */
change: LessonChange | null, 
/**
 * Held remotely.
 */
remote: boolean, 
/**
 * The diary knows the address of the remote lesson.
 */
joins: boolean, };

export type DayRow = { 
/**
 * `YYYY-MM-DD` in Europe/Moscow.
 */
date: string, 
/**
 * The lessons in order.
 */
lessons: Array<LessonRow>, };

export type ChatRow = { 
/**
 * Its name.
 */
title: string, 
/**
 * It has an address to open.
 */
opens: boolean, };

export type KeyringProblem = "absent" | "locked" | "dismissed" | "broken";

export type Cause = { 
/**
 * The kind of the cause.
 */
kind: CauseKind, 
/**
 * Tries left, where that matters.
 */
triesLeft: number | null, 
/**
 * When the same request can succeed, on the device's clock.
 */
retryAt: Millis | null, 
/**
 * Which field it is about, where a screen has several: `last_name`, `first_name`, `middle_name`, `birth_date`.
 */
field: string | null, 
/**
 * Who moved the linking meanwhile, where it was another account: the first name.
 */
movedBy: string | null, 
/**
 * What to name to support: `M-7F3K-21` or the request's `7F3K-9QWX-2TBM` from the service, or the kind's own short name.
 */
support: string | null, };

export type CauseKind = "contact_empty" | "phone_malformed" | "phone_landline" | "phone_foreign" | "phone_extension" | "phone_too_short" | "phone_too_long" | "email_malformed" | "email_mixed_alphabets" | "two_numbers" | "two_addresses" | "number_and_address" | "email_not_here" | "email_unknown" | "code_incomplete" | "code_wrong" | "code_superseded" | "code_expired" | "code_tries_used_up" | "contact_blocked" | "resend_too_early" | "sends_used_up" | "contacts_used_up" | "network_contacts_used_up" | "codes_paused" | "password_too_short" | "password_too_long" | "password_too_common" | "password_wrong" | "password_blocked" | "name_malformed" | "birth_date_wrong" | "not_under14" | "consent_missing" | "needs_parent" | "other_name_not_accepted" | "already_linked" | "profile_unlinked" | "deletion_pending" | "profile_blocked" | "last_messenger" | "files_not_saved" | "launch_unknown" | "launch_expired" | "launch_used" | "sign_in_refused" | "sign_in_abandoned" | "sign_in_forged" | "browser_not_opened" | "session_ended" | "account_blocked" | "offline" | "timeout" | "answer_unreadable" | "captive_portal" | "certificate_not_trusted" | "certificate_out_of_date" | "service_broken" | "service_busy" | "diary_unavailable" | "max_unavailable" | "moved_on" | "versions_differ" | "not_opened" | "not_stored" | "pupil_gone" | "linking_gone";

export type Details = { 
/**
 * «Фамилия»
 */
lastName: string, 
/**
 * «Имя»
 */
firstName: string, 
/**
 * «Отчество»; `None`: «нет отчества».
 */
middleName: string | null, 
/**
 * «Дата рождения», `YYYY-MM-DD`.
 */
birthDate: string, 
/**
 * «Пол»
 */
gender: Gender, 
/**
 * The wording that the parent agreed to; `None`: the tick is not set.
 */
consent: string | null, };

export type Language = "ru" | "en";

export type Intent = { "intent": "sign_in" } | { "intent": "open_browser_again" } | { "intent": "cancel_sign_in" } | { "intent": "sign_out" } | { "intent": "retry_keyring" } | { "intent": "continue_without_keyring" } | { "intent": "refresh" } | { "intent": "show_day", 
/**
 * The day.
 */
date: string, } | { "intent": "choose_child", 
/**
 * The child.
 */
pupil: PupilId, } | { "intent": "change_child" } | { "intent": "fold_invitation" } | { "intent": "press_sferum" } | { "intent": "join_lesson", 
/**
 * The lesson.
 */
lesson: LessonId, } | { "intent": "open_chat", 
/**
 * Which, by its name.
 */
title: string, } | { "intent": "close_dialog" } | { "intent": "begin" } | { "intent": "read_contact", 
/**
 * As typed so far.
 */
text: string, } | { "intent": "submit_contact", 
/**
 * As typed.
 */
text: string, } | { "intent": "prove_by_max" } | { "intent": "take_max_number" } | { "intent": "sign_in_to_former" } | { "intent": "accept_launch", 
/**
 * The pupil whose diary it is.
 */
pupil: PupilId, } | { "intent": "decline_launch" } | { "intent": "send_to_phone" } | { "intent": "close_send_to_phone" } | { "intent": "submit_code", 
/**
 * As typed.
 */
code: string, } | { "intent": "resend" } | { "intent": "weigh_password", 
/**
 * As typed so far.
 */
password: string, } | { "intent": "submit_password", 
/**
 * As typed.
 */
password: string, } | { "intent": "submit_details" } & Details | { "intent": "sign_in_to_profile", 
/**
 * As typed.
 */
password: string, } | { "intent": "recover_password" } | { "intent": "submit_recovery", 
/**
 * As typed.
 */
code: string, 
/**
 * As typed.
 */
password: string, } | { "intent": "skip_max" } | { "intent": "set_language", 
/**
 * The language.
 */
language: Language, } | { "intent": "change_contact" } | { "intent": "back_to_code" } | { "intent": "confirm_profile", 
/**
 * The explicit tick beside another name.
 */
acceptOtherName: boolean, } | { "intent": "reject_profile" } | { "intent": "open_max" } | { "intent": "renew_max_link" } | { "intent": "connect_vk" } | { "intent": "open_vk" } | { "intent": "add_messenger" } | { "intent": "back_to_diary" } | { "intent": "open_security" } | { "intent": "begin_proof", 
/**
 * What is about to be done.
 */
action: ProtectedAction, } | { "intent": "send_owner_code" } | { "intent": "prove_by_password", 
/**
 * As typed.
 */
password: string, } | { "intent": "prove_by_code", 
/**
 * As typed.
 */
code: string, } | { "intent": "keep_profile" } | { "intent": "show_saved" } | { "intent": "end_session", 
/**
 * Which, as the screen names it.
 */
session: string, } | { "intent": "sign_out_everywhere" } | { "intent": "cancel_linking" } | { "intent": "open_sferum" } | { "intent": "open_page", 
/**
 * The page.
 */
page: Page, } | { "intent": "stop_waiting" } | { "intent": "retry" } | { "intent": "dismiss" } | { "intent": "open_report" } | { "intent": "close_report" } | { "intent": "open_about" } | { "intent": "close_about" } | { "intent": "check_health" } | { "intent": "check_release" } | { "intent": "set_notices", 
/**
 * Whether notices are wanted.
 */
on: boolean, };

export type Page = "library" | "portfolio" | "support" | "get_max";

export const causeKinds: readonly CauseKind[] = [
  "contact_empty",
  "phone_malformed",
  "phone_landline",
  "phone_foreign",
  "phone_extension",
  "phone_too_short",
  "phone_too_long",
  "email_malformed",
  "email_mixed_alphabets",
  "two_numbers",
  "two_addresses",
  "number_and_address",
  "email_not_here",
  "email_unknown",
  "code_incomplete",
  "code_wrong",
  "code_superseded",
  "code_expired",
  "code_tries_used_up",
  "contact_blocked",
  "resend_too_early",
  "sends_used_up",
  "contacts_used_up",
  "network_contacts_used_up",
  "codes_paused",
  "password_too_short",
  "password_too_long",
  "password_too_common",
  "password_wrong",
  "password_blocked",
  "name_malformed",
  "birth_date_wrong",
  "not_under14",
  "consent_missing",
  "needs_parent",
  "other_name_not_accepted",
  "already_linked",
  "profile_unlinked",
  "deletion_pending",
  "profile_blocked",
  "last_messenger",
  "files_not_saved",
  "launch_unknown",
  "launch_expired",
  "launch_used",
  "sign_in_refused",
  "sign_in_abandoned",
  "sign_in_forged",
  "browser_not_opened",
  "session_ended",
  "account_blocked",
  "offline",
  "timeout",
  "answer_unreadable",
  "captive_portal",
  "certificate_not_trusted",
  "certificate_out_of_date",
  "service_broken",
  "service_busy",
  "diary_unavailable",
  "max_unavailable",
  "moved_on",
  "versions_differ",
  "not_opened",
  "not_stored",
  "pupil_gone",
  "linking_gone",
];

/** The service's refusals that are said as this cause. */
export const refusals: Partial<Record<CauseKind, readonly string[]>> = {
  phone_malformed: ["phone_malformed"],
  phone_landline: ["phone_landline"],
  phone_foreign: ["phone_foreign"],
  phone_extension: ["phone_extension"],
  phone_too_short: ["phone_too_short"],
  phone_too_long: ["phone_too_long"],
  email_malformed: ["email_malformed"],
  email_mixed_alphabets: ["email_mixed_alphabets"],
  two_numbers: ["two_numbers"],
  two_addresses: ["two_addresses"],
  number_and_address: ["number_and_address"],
  email_not_here: ["email_needs_under14"],
  email_unknown: ["email_unknown"],
  code_wrong: ["code_wrong"],
  code_superseded: ["code_superseded"],
  code_expired: ["code_expired"],
  code_tries_used_up: ["code_tries_used_up"],
  contact_blocked: ["contact_blocked"],
  resend_too_early: ["resend_too_early"],
  sends_used_up: ["sends_used_up"],
  contacts_used_up: ["contacts_used_up"],
  network_contacts_used_up: ["network_contacts_used_up"],
  codes_paused: ["codes_paused"],
  password_too_short: ["password_too_short"],
  password_too_long: ["password_too_long"],
  password_too_common: ["password_too_common"],
  password_wrong: ["password_wrong"],
  password_blocked: ["password_blocked"],
  name_malformed: ["name_malformed"],
  birth_date_wrong: ["birth_date_wrong"],
  not_under14: ["not_under14"],
  consent_missing: ["consent_missing"],
  needs_parent: ["needs_parent"],
  other_name_not_accepted: ["other_name_not_accepted"],
  already_linked: ["already_linked"],
  profile_unlinked: ["not_linked"],
  deletion_pending: ["deletion_pending"],
  profile_blocked: ["profile_blocked"],
  last_messenger: ["last_messenger"],
  launch_unknown: ["launch_unknown"],
  launch_expired: ["launch_expired"],
  launch_used: ["launch_used"],
  session_ended: ["unauthorized", "session_ended", "diary_sign_in_ended"],
  account_blocked: ["account_blocked"],
  service_broken: ["internal"],
  service_busy: ["request_in_flight", "too_many_requests", "overloaded"],
  diary_unavailable: ["diary_unavailable"],
  max_unavailable: ["max_unavailable"],
  moved_on: ["stale_version", "wrong_step"],
  versions_differ: ["malformed_request", "idempotency_key_missing", "idempotency_key_reused", "not_found", "hand_off_unknown", "hand_off_expired", "hand_off_used", "hand_off_here"],
  pupil_gone: ["pupil_not_yours"],
  linking_gone: ["linking_not_found"],
};
