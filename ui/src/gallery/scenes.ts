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

/** A parent's child under fourteen. */
export const anna: Who = {
  firstName: 'Анна',
  fullName: 'Анна Орлова',
  initials: 'АО',
  className: '4 «А»',
  school: 'Школа № 1520',
  parent: 'Ольга Орлова',
};

const lev: Who = { ...anna, firstName: 'Лев', fullName: 'Лев Орлов', initials: 'ЛО', className: '1 «В»' };

/** The same child when she signs in by herself. */
const annaAlone: Who = { ...anna, parent: null };

const address = 'anna.orlova@example.ru';
const addressMasked = 'a•••a@example.ru';
const phone = '+7 900 000-12-42';
const masked = '+7 900 •••-••-42';
const found: Bank = { bank: 'found', nameMasked: 'Михаил О.', role: 'pupil' };
const url = 'https://max.ru/mostik_bot?start=lk_7Jq2mN0xTtW4bVhZpYcR5s';

export const head = (step: number, bank: Bank = { bank: 'unknown' }): Head => ({ who, bank, step, of: 4 });

/** A step of the e-mail route, with a parent acting. */
export const mailHead = (step: number, bank: Bank = { bank: 'unknown' }, of = 5): Head => ({
  who: anna,
  bank,
  step,
  of,
});

const annaFound: Bank = { bank: 'found', nameMasked: 'Анна О.', role: 'pupil' };

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

export function children(more: Partial<Of<'children'>> = {}): View {
  return {
    view: 'children',
    accountName: 'Ольга Орлова',
    children: [
      { pupil: 'p-501', who: { ...who, parent: 'Ольга Орлова' }, button: 'linked' },
      { pupil: 'p-502', who: anna, button: 'not_linked' },
      { pupil: 'p-503', who: lev, button: 'continue' },
    ],
    busy: false,
    cause: null,
    ...more,
  };
}

export function password(more: Partial<Of<'password'>> = {}): View {
  return {
    view: 'password',
    head: mailHead(3, { bank: 'new' }),
    contactMasked: addressMasked,
    shortest: 10,
    strength: null,
    problem: null,
    busy: false,
    cause: null,
    ...more,
  };
}

export function details(more: Partial<Of<'details'>> = {}): View {
  return {
    view: 'details',
    head: mailHead(4, { bank: 'new' }),
    lastName: 'Орлова',
    firstName: 'Анна',
    middleName: 'Дмитриевна',
    birthDate: '2016-03-14',
    gender: 'female',
    consent: {
      version: '2026-09-01',
      text: 'Я, законный представитель несовершеннолетнего, даю согласие на создание учебного профиля Сферум и на обработку его данных: фамилии, имени, отчества, даты рождения, пола, школы и класса.\n\nСогласие действует, пока профиль существует. Отозвать его можно в разделе «Безопасность»: профиль и данные будут удалены.',
    },
    canAgree: true,
    busy: false,
    cause: null,
    ...more,
  };
}

export function exists(more: Partial<Of<'exists'>> = {}): View {
  return {
    view: 'exists',
    head: mailHead(3, annaFound),
    contactMasked: addressMasked,
    profileName: 'Анна О.',
    busy: false,
    cause: null,
    ...more,
  };
}

export function recovery(now: number, more: Partial<Of<'recovery'>> = {}): View {
  return {
    view: 'recovery',
    head: mailHead(3),
    contactMasked: addressMasked,
    shortest: 10,
    strength: null,
    problem: null,
    expiresAt: now + 880_000,
    resendAt: now + 42_000,
    triesLeft: 5,
    nth: 1,
    delivery: 'sent',
    busy: 'no',
    cause: null,
    ...more,
  };
}

/** The contact step where mail will do, with a parent acting. */
export const contactMail = (more: Partial<Of<'contact'>> = {}): View =>
  contact({ head: mailHead(1, { bank: 'unknown' }, 4), emailPossible: true, ...more });

export const codeMail = (now: number, more: Partial<Of<'code'>> = {}): View =>
  code(now, { head: mailHead(2), channel: 'mail', contact: address, ...more });

export const maxMail = (now: number, more: Partial<Of<'max'>> = {}): View =>
  max(now, { head: mailHead(5, annaFound), phoneMasked: null, skippable: true, ...more });

export const linkedMail = (now: number, more: Partial<Of<'linked'>> = {}): View =>
  linked(now, {
    head: mailHead(6, { bank: 'linked', nameMasked: 'Анна О.' }),
    channel: 'mail',
    contactMasked: addressMasked,
    ...more,
  });

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
  'diary-not-in-max': (now) => screen(diary(now, { who: anna, button: 'linked_not_in_max', invited: false })),
  'diary-parent': (now) => screen(diary(now, { who: anna })),
  children: () => screen(children()),
  'children-two': () =>
    screen(
      children({
        children: [
          { pupil: 'p-502', who: anna, button: 'not_linked' },
          { pupil: 'p-503', who: lev, button: 'not_linked' },
        ],
      }),
    ),
  'children-states': () =>
    screen(
      children({
        children: [
          { pupil: 'p-1', who: anna, button: 'awaiting_max' },
          { pupil: 'p-2', who: lev, button: 'linked_not_in_max' },
          {
            pupil: 'p-3',
            who: {
              ...anna,
              firstName: 'Александра-Виктория',
              fullName: 'Александра-Виктория Константинопольская-Задунайская',
              initials: 'АК',
              school: 'Школа имени академика Сергея Павловича Королёва № 1998',
            },
            button: 'attention',
          },
        ],
      }),
    ),
  'children-busy': () => screen(children({ busy: true })),
  'children-offline': (now) =>
    screen(
      children({
        children: [{ pupil: 'p-502', who: anna, button: 'offline' }],
        cause: cause('offline', support),
      }),
      { strip: 'offline', asOf: now - 7 * minute },
    ),
  contact: () => screen(contact()),
  'contact-parent': () => screen(contact({ head: mailHead(1, { bank: 'unknown' }, 4) })),
  'contact-mail': () => screen(contactMail({ typed: address })),
  'contact-pupil-mail': () => screen(contactMail({ head: { ...head(1), who: annaAlone } })),
  'contact-suggestion': () =>
    screen(contactMail({ typed: 'anna.orlova@gmial.com', suggestion: 'anna.orlova@gmail.com' })),
  'contact-mail-wrong': () => screen(contactMail({ typed: 'anna@почта', cause: cause('email_malformed') })),
  'contact-mail-unknown': () => screen(contactMail({ typed: address, cause: cause('email_unknown') })),
  'contact-mail-empty': () => screen(contactMail({ cause: cause('contact_empty') })),
  'contact-mail-older': () => screen(contact({ typed: address, cause: cause('email_not_here') })),
  'code-mail': (now) => screen(codeMail(now)),
  'code-mail-idn': (now) =>
    screen(codeMail(now, { contact: 'анна.орлова+дневник@очень-длинный-почтовый-домен.рф', delivery: 'delivered' })),
  'code-mail-wrong': (now) =>
    screen(codeMail(now, { triesLeft: 4, resendAt: now - 1, cause: cause('code_wrong', { triesLeft: 4 }) })),
  'code-mail-delayed': (now) => screen(codeMail(now, { delivery: 'delayed', nth: 2 })),
  'code-mail-unknown': (now) => screen(codeMail(now, { delivery: 'no_such_mailbox', resendAt: now - 1 })),
  'code-mail-full': (now) => screen(codeMail(now, { delivery: 'mailbox_full', resendAt: now - 1 })),
  password: () => screen(password()),
  'password-short': () => screen(password({ problem: 'short', cause: cause('password_too_short') })),
  'password-common': () => screen(password({ problem: 'common', cause: cause('password_too_common') })),
  'password-fair': () => screen(password({ strength: 'fair' })),
  'password-strong': () => screen(password({ strength: 'strong' })),
  'password-busy': () => screen(password({ strength: 'strong', busy: true })),
  'password-offline': () => screen(password({ cause: cause('offline', support) })),
  details: () => screen(details()),
  'details-bare': () => screen(details({ middleName: null, birthDate: null, gender: null })),
  'details-name': () => screen(details({ cause: cause('name_malformed', { field: 'first_name' }) })),
  'details-date': () => screen(details({ cause: cause('birth_date_wrong', { field: 'birth_date' }) })),
  'details-older': () => screen(details({ birthDate: '2011-03-14', cause: cause('not_under14') })),
  'details-consent': () => screen(details({ cause: cause('consent_missing') })),
  'details-busy': () => screen(details({ busy: true })),
  'details-pupil': () =>
    screen(details({ head: { ...mailHead(4, { bank: 'new' }), who: annaAlone }, canAgree: false })),
  exists: () => screen(exists()),
  'exists-wrong': () => screen(exists({ cause: cause('password_wrong', { triesLeft: 4 }) })),
  'exists-blocked': () => screen(exists({ cause: cause('password_blocked', support) })),
  'exists-busy': () => screen(exists({ busy: true })),
  recovery: (now) => screen(recovery(now)),
  'recovery-wrong': (now) => screen(recovery(now, { triesLeft: 4, cause: cause('code_wrong', { triesLeft: 4 }) })),
  'recovery-incomplete': (now) => screen(recovery(now, { cause: cause('code_incomplete') })),
  'recovery-common': (now) => screen(recovery(now, { problem: 'common', cause: cause('password_too_common') })),
  'recovery-expired': (now) =>
    screen(recovery(now, { expiresAt: now - 1, resendAt: now - 1, cause: cause('code_expired') })),
  'recovery-checking': (now) => screen(recovery(now, { busy: 'checking' })),
  'taken-mail': () => screen({ view: 'taken', head: mailHead(3), channel: 'mail', contactMasked: addressMasked }),
  'profile-mail': () =>
    screen(
      profile({
        head: mailHead(4, annaFound),
        channel: 'mail',
        rows: [
          { field: 'name', diary: 'Анна Орлова', profile: 'Анна О.', same: true },
          { field: 'role', diary: 'pupil', profile: 'pupil', same: true },
          { field: 'class', diary: '4 «А»', profile: '4 «А»', same: true },
          { field: 'contact', diary: null, profile: addressMasked, same: null },
        ],
      }),
    ),
  'profile-mail-other': () =>
    screen(
      profile({
        head: mailHead(4, { bank: 'found', nameMasked: 'Лев О.', role: 'pupil' }),
        channel: 'mail',
        otherName: true,
        rows: [
          { field: 'name', diary: 'Анна Орлова', profile: 'Лев О.', same: false },
          { field: 'role', diary: 'pupil', profile: 'pupil', same: true },
          { field: 'class', diary: '4 «А»', profile: '1 «В»', same: false },
          { field: 'contact', diary: null, profile: addressMasked, same: null },
        ],
      }),
    ),
  'max-mail': (now) => screen(maxMail(now)),
  'max-mail-expired': (now) => screen(maxMail(now, { expiresAt: now - 1 })),
  'max-mail-taken': (now) => screen(maxMail(now, { trouble: { trouble: 'max_account_taken' } })),
  'linked-mail': (now) => screen(linkedMail(now)),
  'linked-not-in-max': (now) => screen(linkedMail(now, { inMax: false, nextRemote: null })),
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
