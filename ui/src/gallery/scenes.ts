import type { Bank, Cause, CauseKind, CompareRow, Head, LessonRow, Screen, Strip, View, Who } from '../generated/types';

/** Every view in every state worth looking at; used by the gallery and by the tests. */

export const who: Who = {
  firstName: 'Михаил',
  fullName: 'Михаил Орлов',
  initials: 'МО',
  className: '8 «Б»',
  school: 'Школа № 1520',
  parent: null,
};

const phone = '+7 900 000-12-42';
const masked = '+7 900 •••-••-42';
const found: Bank = { bank: 'found', nameMasked: 'Михаил О.', role: 'pupil' };
const url = 'https://max.ru/mostik_bot?start=lk_7Jq2mN0xTtW4bVhZpYcR5s';

export const head = (step: number, bank: Bank = { bank: 'unknown' }): Head => ({ who, bank, step, of: 4 });

export const cause = (kind: CauseKind, more: Partial<Cause> = {}): Cause => ({
  kind,
  triesLeft: null,
  retryAt: null,
  field: null,
  support: null,
  ...more,
});

const minute = 60_000;

/** The lessons of the picture, with the remote one nine minutes ahead of `now`. */
export function lessons(now: number): LessonRow[] {
  const base = now + 9 * minute;
  const at = (
    offset: number,
    begins: string,
    ends: string,
    subject: string,
    more: Partial<LessonRow> = {},
  ): LessonRow => ({
    beginsAt: base + offset * minute,
    endsAt: base + (offset + 45) * minute,
    begins,
    ends,
    subject,
    room: null,
    homework: null,
    mark: null,
    remote: false,
    ...more,
  });
  return [
    at(-250, '8:30', '9:15', 'Алгебра', { room: '312', homework: '№ 214–217 готово', mark: '5' }),
    at(-195, '9:25', '10:10', 'Русский язык', { room: '205', homework: 'упр. 148, правило' }),
    at(-130, '10:30', '11:15', 'Физика', { room: '118', homework: 'лабораторная работа 4', mark: '4' }),
    at(-65, '11:35', '12:20', 'История', { room: '301', homework: '§ 12, вопросы 1–3' }),
    at(0, '12:40', '13:25', 'Биология', { remote: true }),
    at(60, '13:40', '14:25', 'Английский язык', { room: '220', homework: 'слова к юниту 3' }),
  ];
}

const rows: CompareRow[] = [
  { field: 'name', diary: 'Михаил Орлов', profile: 'Михаил О.', same: true },
  { field: 'role', diary: 'pupil', profile: 'pupil', same: true },
  { field: 'class', diary: '8 «Б»', profile: '8 «Б»', same: true },
  { field: 'contact', diary: masked, profile: masked, same: true },
];

const otherRows: CompareRow[] = [
  { field: 'name', diary: 'Михаил Орлов', profile: 'Ольга О.', same: false },
  { field: 'role', diary: 'pupil', profile: 'parent', same: false },
  { field: 'class', diary: '8 «Б»', profile: null, same: null },
  { field: 'contact', diary: null, profile: masked, same: null },
];

type Of<V extends View['view']> = Extract<View, { view: V }>;

export function diary(now: number, more: Partial<Of<'diary'>> = {}): View {
  return {
    view: 'diary',
    who,
    button: 'not_linked',
    day: { date: '2026-11-24', today: '2026-11-24', lessons: lessons(now) },
    invited: true,
    dialog: false,
    busy: false,
    cause: null,
    ...more,
  };
}

export function contact(more: Partial<Of<'contact'>> = {}): View {
  return {
    view: 'contact',
    head: head(1),
    typed: '',
    suggestion: null,
    canGoBackToCode: false,
    emailPossible: false,
    busy: false,
    cause: null,
    ...more,
  };
}

export function code(now: number, more: Partial<Of<'code'>> = {}): View {
  return {
    view: 'code',
    head: head(2),
    channel: 'sms',
    contact: phone,
    expiresAt: now + 558_000,
    resendAt: now + 42_000,
    triesLeft: 5,
    nth: 1,
    delivery: 'sent',
    busy: 'no',
    cause: null,
    ...more,
  };
}

export function profile(more: Partial<Of<'profile'>> = {}): View {
  return {
    view: 'profile',
    head: head(3, found),
    rows,
    channel: 'sms',
    isNew: false,
    otherName: false,
    busy: false,
    cause: null,
    ...more,
  };
}

export function max(now: number, more: Partial<Of<'max'>> = {}): View {
  return {
    view: 'max',
    head: head(4, found),
    url,
    expiresAt: now + 108_000,
    phoneMasked: masked,
    skippable: false,
    opened: false,
    trouble: null,
    live: true,
    busy: false,
    cause: null,
    ...more,
  };
}

export function linked(now: number, more: Partial<Of<'linked'>> = {}): View {
  return {
    view: 'linked',
    head: head(5, { bank: 'linked', nameMasked: 'Михаил О.' }),
    channel: 'sms',
    contactMasked: masked,
    inMax: true,
    linkedAt: now - 20_000,
    nextRemote: lessons(now - 3 * minute)[4] ?? null,
    busy: false,
    cause: null,
    ...more,
  };
}

export const screen = (view: View, ...strips: Strip[]): Screen => ({ revision: 1, strips, ...view });

const support = { support: 'M-7F3K-21' };

/** Each scene by its name; `now` is the device's clock. */
export const scenes: Record<string, (now: number) => Screen> = {
  starting: () => screen({ view: 'starting' }),
  'keyring-absent': () => screen({ view: 'keyring', problem: 'absent', busy: false }),
  'keyring-locked': () => screen({ view: 'keyring', problem: 'locked', busy: false }),
  'keyring-dismissed': () => screen({ view: 'keyring', problem: 'dismissed', busy: false }),
  'keyring-broken': () => screen({ view: 'keyring', problem: 'broken', busy: true }),
  'sign-in': () => screen({ view: 'sign_in', cause: null }),
  'sign-in-refused': () => screen({ view: 'sign_in', cause: cause('sign_in_refused') }),
  'sign-in-ended': () => screen({ view: 'sign_in', cause: cause('session_ended') }, { strip: 'session_only' }),
  'signing-in': () => screen({ view: 'signing_in', address: null }),
  'signing-in-address': () =>
    screen({ view: 'signing_in', address: 'https://school.mos.ru/v3/auth/authorize?client_id=mostik&state=a81bc81b' }),
  opening: () => screen({ view: 'opening', cause: null }),
  'opening-failed': () => screen({ view: 'opening', cause: cause('service_broken', support) }),
  'no-pupil': () => screen({ view: 'no_pupil', accountName: 'Ольга Орлова', role: 'parent' }),
  'no-pupil-other': () => screen({ view: 'no_pupil', accountName: 'Анна Петрова', role: 'other' }),
  diary: (now) => screen(diary(now)),
  'diary-folded': (now) => screen(diary(now, { invited: false })),
  'diary-dialog': (now) => screen(diary(now, { dialog: true })),
  'diary-dialog-busy': (now) => screen(diary(now, { dialog: true, busy: true })),
  'diary-dialog-cause': (now) =>
    screen(diary(now, { dialog: true, cause: cause('service_busy', { retryAt: now + 20_000 }) })),
  'diary-continue': (now) => screen(diary(now, { button: 'continue', invited: false })),
  'diary-awaiting': (now) => screen(diary(now, { button: 'awaiting_max', invited: false })),
  'diary-attention': (now) => screen(diary(now, { button: 'attention', invited: false })),
  'diary-linked': (now) => screen(diary(now, { button: 'linked', invited: false })),
  'diary-busy': (now) => screen(diary(now, { busy: true })),
  'diary-cause': (now) => screen(diary(now, { cause: cause('diary_unavailable', support) })),
  'diary-reading': (now) => screen(diary(now, { day: { date: '2026-11-25', today: '2026-11-24', lessons: null } })),
  'diary-none': (now) =>
    screen(diary(now, { day: { date: '2026-11-29', today: '2026-11-24', lessons: [] }, invited: false })),
  'diary-offline': (now) =>
    screen(
      diary(now, {
        button: 'offline',
        invited: false,
        day: { date: '2026-11-25', today: '2026-11-24', lessons: null },
      }),
      { strip: 'offline', asOf: now - 7 * minute },
    ),
  'diary-offline-known': (now) =>
    screen(diary(now, { button: 'offline', invited: false }), { strip: 'offline', asOf: now - 7 * minute }),
  'diary-strips': (now) =>
    screen(
      diary(now),
      { strip: 'clock_off', byMs: 3 * 86_400_000 },
      { strip: 'store_reset' },
      { strip: 'second_start' },
      { strip: 'link_refused', reason: 'foreign' },
    ),
  contact: () => screen(contact()),
  'contact-typed': () => screen(contact({ typed: phone, canGoBackToCode: true, emailPossible: true })),
  'contact-wrong': () => screen(contact({ typed: '8 495 123-45-67', cause: cause('phone_landline') })),
  'contact-empty': () => screen(contact({ cause: cause('contact_empty') })),
  'contact-busy': () => screen(contact({ typed: '8 (900) 000 12 42', busy: true })),
  'contact-offline': (now) =>
    screen(contact({ typed: phone, cause: cause('offline', support) }), { strip: 'offline', asOf: now - 2 * minute }),
  'contact-blocked': () => screen(contact({ typed: phone, cause: cause('contact_blocked', support) })),
  code: (now) => screen(code(now)),
  'code-checking': (now) => screen(code(now, { busy: 'checking' })),
  'code-wrong': (now) =>
    screen(code(now, { triesLeft: 4, resendAt: now - 1, cause: cause('code_wrong', { triesLeft: 4 }) })),
  'code-superseded': (now) => screen(code(now, { nth: 2, cause: cause('code_superseded', { triesLeft: 5 }) })),
  'code-expired': (now) =>
    screen(code(now, { expiresAt: now - 1000, resendAt: now - 1000, cause: cause('code_expired') })),
  'code-used-up': (now) => screen(code(now, { triesLeft: 0, cause: cause('code_tries_used_up', { triesLeft: 0 }) })),
  'code-second': (now) => screen(code(now, { nth: 2, delivery: 'delayed' })),
  'code-failed': (now) => screen(code(now, { delivery: 'failed', resendAt: now - 1 })),
  'code-resending': (now) => screen(code(now, { resendAt: now - 1, busy: 'resending' })),
  'code-offline': (now) =>
    screen(code(now, { cause: cause('offline', support) }), { strip: 'offline', asOf: now - 2 * minute }),
  taken: () => screen({ view: 'taken', head: head(3), channel: 'sms', contactMasked: masked }),
  profile: () => screen(profile()),
  'profile-new': () =>
    screen(
      profile({
        head: head(3, { bank: 'new' }),
        isNew: true,
        rows: rows.map((row) => ({ ...row, profile: null, same: null })),
      }),
    ),
  'profile-other': () =>
    screen(
      profile({
        head: head(3, { bank: 'found', nameMasked: 'Ольга О.', role: 'parent' }),
        rows: otherRows,
        otherName: true,
      }),
    ),
  'profile-unticked': () =>
    screen(
      profile({
        head: head(3, { bank: 'found', nameMasked: 'Ольга О.', role: 'parent' }),
        rows: otherRows,
        otherName: true,
        cause: cause('other_name_not_accepted'),
      }),
    ),
  'profile-busy': () => screen(profile({ busy: true })),
  max: (now) => screen(max(now)),
  'max-opened': (now) => screen(max(now, { opened: true })),
  'max-polling': (now) => screen(max(now, { live: false })),
  'max-expired': (now) => screen(max(now, { expiresAt: now - 1000 })),
  'max-differs': (now) =>
    screen(max(now, { opened: true, trouble: { trouble: 'number_differs', phone_masked: '+7 900 •••-••-17' } })),
  'max-foreign': (now) => screen(max(now, { trouble: { trouble: 'foreign_contact' } })),
  'max-unproven': (now) => screen(max(now, { trouble: { trouble: 'unproven_contact' } })),
  'max-taken': (now) => screen(max(now, { trouble: { trouble: 'max_account_taken' } })),
  'max-not-opened': (now) => screen(max(now, { cause: cause('not_opened') })),
  linked: (now) => screen(linked(now)),
  'linked-plain': (now) => screen(linked(now, { nextRemote: null })),
};
