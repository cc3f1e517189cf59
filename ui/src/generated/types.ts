// Written by a test of crates/flow from the Rust types; do not edit.

export type Millis = number;

export type Role = "pupil" | "parent" | "other";

export type Delivery = "queued" | "delayed" | "sent" | "delivered" | "failed";

export type MaxTrouble = { "trouble": "number_differs", 
/**
 * That number, masked.
 */
phone_masked: string, } | { "trouble": "foreign_contact" } | { "trouble": "unproven_contact" } | { "trouble": "max_account_taken" };

export type Screen = { 
/**
 * Grows with each screen; a window that reconnects asks for the newest one.
 */
revision: number, 
/**
 * Lasting conditions, above everything else, the most important first.
 */
strips: Array<Strip>, } & ({ "view": "starting" } | { "view": "keyring", 
/**
 * What is wrong with it.
 */
problem: KeyringProblem, 
/**
 * A retry is under way.
 */
busy: boolean, } | { "view": "sign_in", 
/**
 * Why the person is here, when it was not by their own wish.
 */
cause: Cause | null, } | { "view": "signing_in", 
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
cause: Cause | null, } | { "view": "diary", 
/**
 * Whose diary.
 */
who: Who, 
/**
 * The Sferum button.
 */
button: SferumButton, 
/**
 * The day that is shown.
 */
day: Day, 
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
 * What went wrong with the last wish.
 */
cause: Cause | null, } | { "view": "contact", 
/**
 * Whose account, and the bridge.
 */
head: Head, 
/**
 * What was typed before, to be mended rather than typed again.
 */
typed: string, 
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
 * What was wrong.
 */
cause: Cause | null, } | { "view": "code", 
/**
 * Whose account, and the bridge.
 */
head: Head, 
/**
 * Where the code went, as people write it: `+7 900 000-12-42`.
 */
phone: string, 
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
head: Head, 
/**
 * The number, masked.
 */
phoneMasked: string, } | { "view": "profile", 
/**
 * Whose account, and the bridge.
 */
head: Head, 
/**
 * The diary's side, row by row, against the profile's side.
 */
rows: Array<CompareRow>, 
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
 * What went wrong.
 */
cause: Cause | null, } | { "view": "max", 
/**
 * Whose account, and the bridge.
 */
head: Head, 
/**
 * The link, for the QR code and for copying.
 */
url: string, 
/**
 * When it stops working.
 */
expiresAt: Millis, 
/**
 * The number to be in MAX with, masked.
 */
phoneMasked: string, 
/**
 * MAX has opened the link; the person's number is awaited there.
 */
opened: boolean, 
/**
 * What went wrong in MAX.
 */
trouble: MaxTrouble | null, 
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
head: Head, 
/**
 * The number, masked.
 */
phoneMasked: string, 
/**
 * When it was linked.
 */
linkedAt: Millis, 
/**
 * The next remote lesson of today, if any.
 */
nextRemote: LessonRow | null, 
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
 * Why.
 */
reason: LinkRefusal, };

export type LinkRefusal = "malformed" | "foreign" | "repeated";

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
 * Why the person is here, when it was not by their own wish.
 */
cause: Cause | null, } | { "view": "signing_in", 
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
cause: Cause | null, } | { "view": "diary", 
/**
 * Whose diary.
 */
who: Who, 
/**
 * The Sferum button.
 */
button: SferumButton, 
/**
 * The day that is shown.
 */
day: Day, 
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
 * What went wrong with the last wish.
 */
cause: Cause | null, } | { "view": "contact", 
/**
 * Whose account, and the bridge.
 */
head: Head, 
/**
 * What was typed before, to be mended rather than typed again.
 */
typed: string, 
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
 * What was wrong.
 */
cause: Cause | null, } | { "view": "code", 
/**
 * Whose account, and the bridge.
 */
head: Head, 
/**
 * Where the code went, as people write it: `+7 900 000-12-42`.
 */
phone: string, 
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
head: Head, 
/**
 * The number, masked.
 */
phoneMasked: string, } | { "view": "profile", 
/**
 * Whose account, and the bridge.
 */
head: Head, 
/**
 * The diary's side, row by row, against the profile's side.
 */
rows: Array<CompareRow>, 
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
 * What went wrong.
 */
cause: Cause | null, } | { "view": "max", 
/**
 * Whose account, and the bridge.
 */
head: Head, 
/**
 * The link, for the QR code and for copying.
 */
url: string, 
/**
 * When it stops working.
 */
expiresAt: Millis, 
/**
 * The number to be in MAX with, masked.
 */
phoneMasked: string, 
/**
 * MAX has opened the link; the person's number is awaited there.
 */
opened: boolean, 
/**
 * What went wrong in MAX.
 */
trouble: MaxTrouble | null, 
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
head: Head, 
/**
 * The number, masked.
 */
phoneMasked: string, 
/**
 * When it was linked.
 */
linkedAt: Millis, 
/**
 * The next remote lesson of today, if any.
 */
nextRemote: LessonRow | null, 
/**
 * What went wrong with opening Sferum.
 */
cause: Cause | null, };

export type Who = { 
/**
 * First name.
 */
firstName: string, 
/**
 * First name and surname.
 */
fullName: string, 
/**
 * Two letters for the round mark.
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

export type Head = { 
/**
 * The left bank: whose diary.
 */
who: Who, 
/**
 * The right bank: what is known of the learning profile.
 */
bank: Bank, 
/**
 * The number of the present step, from 1. On «Готово» it is `of` + 1: all planks lie.
 */
step: number, 
/**
 * How many steps there are.
 */
of: number, };

export type Bank = { "bank": "unknown" } | { "bank": "new" } | { "bank": "found", 
/**
 * `Михаил О.`
 */
nameMasked: string, 
/**
 * Its role.
 */
role: Role, } | { "bank": "linked", 
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

export type CompareField = "name" | "role" | "class" | "phone";

export type CodeBusy = "no" | "checking" | "resending";

export type SferumButton = "not_linked" | "continue" | "awaiting_max" | "linked" | "attention" | "offline";

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
 * The lessons in order; `None` while they are being read or cannot be.
 */
lessons: Array<LessonRow> | null, };

export type LessonRow = { 
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
 * Held remotely.
 */
remote: boolean, };

export type KeyringProblem = "absent" | "locked" | "dismissed" | "broken";

export type Cause = { 
/**
 * Which one.
 */
kind: CauseKind, 
/**
 * Tries left, where that matters.
 */
triesLeft: number | null, 
/**
 * When the same wish can come true, on the device's clock.
 */
retryAt: Millis | null, 
/**
 * What to name to support: `M-7F3K-21` from the service, or the kind's own short name.
 */
support: string | null, };

export type CauseKind = "contact_empty" | "phone_malformed" | "phone_landline" | "phone_foreign" | "email_not_here" | "code_incomplete" | "code_wrong" | "code_superseded" | "code_expired" | "code_tries_used_up" | "contact_blocked" | "resend_too_early" | "sends_used_up" | "other_name_not_accepted" | "already_linked" | "sign_in_refused" | "sign_in_abandoned" | "sign_in_forged" | "browser_not_opened" | "session_ended" | "offline" | "timeout" | "answer_unreadable" | "captive_portal" | "service_broken" | "service_busy" | "diary_unavailable" | "max_unavailable" | "moved_on" | "versions_differ" | "not_opened" | "not_stored" | "pupil_gone" | "linking_gone";

export type Intent = { "intent": "sign_in" } | { "intent": "open_browser_again" } | { "intent": "cancel_sign_in" } | { "intent": "sign_out" } | { "intent": "retry_keyring" } | { "intent": "continue_without_keyring" } | { "intent": "refresh" } | { "intent": "show_day", 
/**
 * The day.
 */
date: string, } | { "intent": "choose_child", 
/**
 * Which.
 */
pupil: PupilId, } | { "intent": "change_child" } | { "intent": "fold_invitation" } | { "intent": "press_sferum" } | { "intent": "close_dialog" } | { "intent": "begin" } | { "intent": "submit_contact", 
/**
 * As typed.
 */
text: string, } | { "intent": "submit_code", 
/**
 * As typed.
 */
code: string, } | { "intent": "resend" } | { "intent": "change_contact" } | { "intent": "back_to_code" } | { "intent": "confirm_profile", 
/**
 * The explicit tick beside another name.
 */
acceptOtherName: boolean, } | { "intent": "reject_profile" } | { "intent": "open_max" } | { "intent": "renew_max_link" } | { "intent": "back_to_diary" } | { "intent": "cancel_linking" } | { "intent": "open_sferum" } | { "intent": "open_page", 
/**
 * Which.
 */
page: Page, } | { "intent": "retry" } | { "intent": "dismiss" };

export type Page = "library" | "portfolio" | "support" | "get_max";

export const causeKinds: readonly CauseKind[] = [
  "contact_empty",
  "phone_malformed",
  "phone_landline",
  "phone_foreign",
  "email_not_here",
  "code_incomplete",
  "code_wrong",
  "code_superseded",
  "code_expired",
  "code_tries_used_up",
  "contact_blocked",
  "resend_too_early",
  "sends_used_up",
  "other_name_not_accepted",
  "already_linked",
  "sign_in_refused",
  "sign_in_abandoned",
  "sign_in_forged",
  "browser_not_opened",
  "session_ended",
  "offline",
  "timeout",
  "answer_unreadable",
  "captive_portal",
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
