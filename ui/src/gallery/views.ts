import type {
  ProfilePreview,
  Cause,
  Day,
  DayRow,
  CauseKind,
  CompareRow,
  StepHead,
  LessonRow,
  ProfileCard,
  Screen,
  Strip,
  View,
  DiaryOwner,
} from '../generated/types';
import type { Of } from '../logic/view';

/** Every view in every state worth looking at; used by the gallery and by the tests. */

export const who: DiaryOwner = {
  firstName: 'Михаил',
  fullName: 'Михаил Орлов',
  initials: 'МО',
  className: '8 «Б»',
  school: 'Школа № 1520',
  parent: null,
};

/** A parent's child under fourteen. */
export const anna: DiaryOwner = {
  firstName: 'Анна',
  fullName: 'Анна Орлова',
  initials: 'АО',
  className: '4 «А»',
  school: 'Школа № 1520',
  parent: 'Ольга Орлова',
};

export const lev: DiaryOwner = { ...anna, firstName: 'Лев', fullName: 'Лев Орлов', initials: 'ЛО', className: '1 «В»' };

/** The same child when she signs in by herself. */
export const annaAlone: DiaryOwner = { ...anna, parent: null };

export const address = 'anna.orlova@example.ru';
export const addressMasked = 'a•••a@example.ru';
export const phone = '+7 900 000-12-42';
export const masked = '+7 900 •••-••-42';
export const found: ProfilePreview = { state: 'found', nameMasked: 'Михаил О.', role: 'pupil' };
export const url = 'https://max.ru/mostik_bot?start=lk_7Jq2mN0xTtW4bVhZpYcR5s';

export const head = (step: number, profile: ProfilePreview = { state: 'unknown' }): StepHead => ({
  who,
  profile,
  step,
  of: 4,
});

/** A step of the e-mail route, with a parent acting. */
export const mailHead = (step: number, profile: ProfilePreview = { state: 'unknown' }, of = 5): StepHead => ({
  who: anna,
  profile,
  step,
  of,
});

export const annaFound: ProfilePreview = { state: 'found', nameMasked: 'Анна О.', role: 'pupil' };

export const cause = (kind: CauseKind, more: Partial<Cause> = {}): Cause => ({
  kind,
  triesLeft: null,
  retryAt: null,
  field: null,
  movedBy: null,
  support: null,
  ...more,
});

export const minute = 60_000;

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
    id: begins,
    beginsAt: base + offset * minute,
    endsAt: base + (offset + 45) * minute,
    begins,
    ends,
    subject,
    room: null,
    homework: null,
    mark: null,
    change: null,
    remote: false,
    joins: false,
    ...more,
  });
  return [
    at(-250, '8:30', '9:15', 'Алгебра', { room: '312', homework: '№ 214–217 готово', mark: '5' }),
    at(-195, '9:25', '10:10', 'Русский язык', { room: '205', homework: 'упр. 148, правило' }),
    at(-130, '10:30', '11:15', 'Физика', { room: '118', homework: 'лабораторная работа 4', mark: '4' }),
    at(-65, '11:35', '12:20', 'История', { room: '301', homework: '§ 12, вопросы 1–3' }),
    at(0, '12:40', '13:25', 'Биология', { remote: true, joins: true }),
    at(60, '13:40', '14:25', 'Английский язык', { room: '220', homework: 'слова к юниту 3' }),
  ];
}

export const rows: CompareRow[] = [
  { field: 'name', diary: 'Михаил Орлов', profile: 'Михаил О.', same: true },
  { field: 'role', diary: 'pupil', profile: 'pupil', same: true },
  { field: 'class', diary: '8 «Б»', profile: '8 «Б»', same: true },
  { field: 'contact', diary: masked, profile: masked, same: true },
];

export const otherRows: CompareRow[] = [
  { field: 'name', diary: 'Михаил Орлов', profile: 'Ольга О.', same: false },
  { field: 'role', diary: 'pupil', profile: 'parent', same: false },
  { field: 'class', diary: '8 «Б»', profile: null, same: null },
  { field: 'contact', diary: null, profile: masked, same: null },
];

/** The week of the picture: its Tuesday is today, its Thursday has a lesson less and one of another teacher. */
export function weekOf(now: number): DayRow[] {
  const dates = ['23', '24', '25', '26', '27', '28', '29'].map((number) => `2026-11-${number}`);
  return dates.map((date, at) => {
    const days = at - 1;
    const moved = lessons(now + days * 1440 * minute).map((lesson) => ({
      ...lesson,
      id: `${date} ${lesson.id}`,
      mark: days < 0 || (days === 0 && lesson.endsAt < now) ? lesson.mark : null,
    }));
    if (at === 3) {
      return {
        date,
        lessons: moved.map((lesson, n) => ({
          ...lesson,
          change: n === 1 ? ('replaced' as const) : n === 5 ? ('cancelled' as const) : null,
        })),
      };
    }
    return { date, lessons: at === 6 ? [] : at === 5 ? moved.slice(0, 3) : moved };
  });
}

/** What a view has in the state that the gallery begins with: nothing has gone wrong, and a scene says what is otherwise. */
type Fields<V extends View['view']> = Omit<Of<V>, 'view' | 'cause'>;

/** Makes a view that no clock changes. */
const still =
  <V extends View['view']>(view: V, fields: NoInfer<Fields<V>>) =>
  (more: Partial<Of<V>> = {}): View =>
    ({ view, cause: null, ...fields, ...more }) as View;

/** Makes a view that tells of times, as it is at a moment. */
const timed =
  <V extends View['view']>(view: V, fields: NoInfer<(now: number) => Fields<V>>) =>
  (now: number, more: Partial<Of<V>> = {}): View =>
    still(view, fields(now))(more);

/** A code that was sent just now. */
const sent = (now: number) => ({
  resendAt: now + 42_000,
  triesLeft: 5,
  nth: 1,
  delivery: 'sent' as const,
  busy: 'no' as const,
});

/** A new password that nothing was typed of yet. */
const newPassword = { contactMasked: addressMasked, shortest: 10, strength: null, problem: null };

export function day(now: number, more: Partial<Day> = {}): Day {
  return { date: '2026-11-24', today: '2026-11-24', week: weekOf(now), readAt: now - 2 * minute, ...more };
}

/** A day whose lessons are not known. */
export const unknownDay = (date: string): Day => ({ date, today: '2026-11-24', week: null, readAt: null });

export const diary = timed('diary', (now) => ({
  who,
  button: 'not_linked',
  day: day(now),
  chats: [{ title: '8 «Б»', opens: true }],
  invited: true,
  dialog: false,
  busy: false,
  deletesAt: null,
}));

export const profileCard = (now: number, more: Partial<ProfileCard> = {}): ProfileCard => ({
  id: '4815162342',
  nameMasked: 'Анна О.',
  channel: 'mail',
  contactMasked: addressMasked,
  max: { nameMasked: 'Анна О.', since: now - 25 * 60 * minute },
  vk: null,
  linkedAt: now - 26 * 60 * minute,
  hasPassword: true,
  code: null,
  resendAt: null,
  deletesAt: null,
  ...more,
});

export const security = timed('security', (now) => ({
  who: anna,
  button: 'linked',
  profile: profileCard(now),
  linked: true,
  action: null,
  saved: null,
  events: [
    { kind: 'in_max', at: now - 25 * 60 * minute, device: null, by: null },
    { kind: 'linked', at: now - 26 * 60 * minute, device: 'Мостик, Windows', by: null },
    { kind: 'signed_in', at: now - 27 * 60 * minute, device: 'Мостик, Android', by: 'Сергей' },
    { kind: 'unlinked', at: now - 73 * 24 * 60 * minute, device: 'Мостик, Windows', by: null },
    { kind: 'password_changed', at: now - 74 * 24 * 60 * minute, device: 'Мостик, Windows', by: null },
  ],
  sessions: [
    { id: 's-1', device: 'Мостик, Windows', signedInAt: now - 27 * 60 * minute, seenAt: now, present: true },
    {
      id: 's-2',
      device: 'Мостик, Android',
      signedInAt: now - 90 * 60 * minute,
      seenAt: now - 15 * 60 * minute,
      present: false,
    },
  ],
  busy: 'no',
}));

export const contact = still('contact', {
  head: head(1),
  typed: '',
  understood: null,
  suggestion: null,
  sendable: true,
  former: null,
  canGoBackToCode: false,
  emailPossible: false,
  busy: false,
});

export const code = timed('code', (now) => ({
  head: head(2),
  channel: 'sms',
  contact: phone,
  expiresAt: now + 558_000,
  ...sent(now),
}));

export const profile = still('profile', {
  head: head(3, found),
  rows,
  channel: 'sms',
  isNew: false,
  otherName: false,
  busy: false,
});

export const max = timed('max', (now) => ({
  head: head(4, found),
  url,
  code: '482177350',
  proves: false,
  here: null,
  expiresAt: now + 108_000,
  phoneMasked: masked,
  skippable: false,
  opened: false,
  trouble: null,
  vk: null,
  live: true,
  busy: false,
}));

export const fromMax = timed('from_max', (now) => ({
  maxName: 'Михаил О.',
  phoneMasked: masked,
  children: [{ pupil: 'p-misha', who, button: 'not_linked' }],
  chosen: 'p-misha',
  expiresAt: now + 14 * minute,
  busy: false,
}));

export const linked = timed('linked', (now) => ({
  head: head(5, { state: 'linked', nameMasked: 'Михаил О.' }),
  channel: 'sms',
  contactMasked: masked,
  inMax: true,
  vk: null,
  linkedAt: now - 20_000,
  nextRemote: lessons(now - 3 * minute)[4] ?? null,
  busy: false,
}));

export const children = still('children', {
  accountName: 'Ольга Орлова',
  children: [
    { pupil: 'p-501', who: { ...who, parent: 'Ольга Орлова' }, button: 'linked' },
    { pupil: 'p-502', who: anna, button: 'not_linked' },
    { pupil: 'p-503', who: lev, button: 'continue' },
  ],
  busy: false,
});

export const password = still('password', {
  head: mailHead(3, { state: 'new' }),
  ...newPassword,
  busy: false,
});

export const details = still('details', {
  head: mailHead(4, { state: 'new' }),
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
});

export const exists = still('exists', {
  head: mailHead(3, annaFound),
  contactMasked: addressMasked,
  profileName: 'Анна О.',
  busy: false,
});

export const recovery = timed('recovery', (now) => ({
  head: mailHead(3),
  ...newPassword,
  expiresAt: now + 880_000,
  ...sent(now),
}));

/** The contact step with a text in its field that holds one number or address. */
export const understood = (text: string, contact: string, plain = false): Partial<Of<'contact'>> => ({
  typed: text,
  understood: { text, channel: contact.includes('@') ? 'mail' : 'sms', contact, plain },
});

/** The contact step where mail will do, with a parent acting. */
export const contactMail = (more: Partial<Of<'contact'>> = {}): View =>
  contact({ head: mailHead(1, { state: 'unknown' }, 4), emailPossible: true, ...more });

export const codeMail = (now: number, more: Partial<Of<'code'>> = {}): View =>
  code(now, { head: mailHead(2), channel: 'mail', contact: address, ...more });

export const maxMail = (now: number, more: Partial<Of<'max'>> = {}): View =>
  max(now, { head: mailHead(5, annaFound), phoneMasked: null, skippable: true, ...more });

export const linkedMail = (now: number, more: Partial<Of<'linked'>> = {}): View =>
  linked(now, {
    head: mailHead(6, { state: 'linked', nameMasked: 'Анна О.' }),
    channel: 'mail',
    contactMasked: addressMasked,
    ...more,
  });

export const screen = (view: View, ...strips: Strip[]): Screen => ({
  revision: 1,
  strips,
  messengers: { max: true, vk: false },
  report: null,
  sendsToPhone: 'head' in view || view.view === 'diary' || view.view === 'security',
  toPhone: null,
  about: null,
  ...view,
});
