import type { ProfilePreview, Screen, DiaryOwner } from '../generated/types';
import {
  addressMasked,
  children,
  contact,
  details,
  diary,
  exists,
  fromMax,
  linkedMail,
  mailHead,
  maxMail,
  minute,
  profile,
  profileCard,
  screen,
  security,
} from './views';

/** Names as they are, on the screens where they stand. What is written from right to left comes isolated, as the machine sends it. */

const isolated = (name: string) => `\u2068${name}\u2069`;

/** A child with the name as the machine shows it, and as a profile bears it. */
interface Named {
  who: DiaryOwner;
  masked: string;
  last: string;
  first: string;
  middle: string | null;
}

const pupil = { className: '5 «А»', school: 'Школа № 1520' };

/** A first name of several words, no patronymic. */
const linh: Named = {
  who: {
    ...pupil,
    firstName: 'Кхань Линь',
    fullName: 'Кхань Линь Нгуен Тхи',
    initials: 'КН',
    parent: 'Хунг Нгуен Ван',
  },
  masked: 'Кхань Линь Н.',
  last: 'Нгуен Тхи',
  first: 'Кхань Линь',
  middle: null,
};

/** One name and no other, of the mother too. */
const putri: Named = {
  who: { ...pupil, firstName: 'Путри', fullName: 'Путри', initials: 'П', parent: 'Деви' },
  masked: 'Путри',
  last: '',
  first: 'Путри',
  middle: null,
};

const sixty = 'Константинопольская-Задунайская-Преображенская-Новосвятогорская';

/** A surname of sixty letters. */
const alexandrina: Named = {
  who: {
    ...pupil,
    firstName: 'Александрина-Виктория-Екатерина',
    fullName: `Александрина-Виктория-Екатерина ${sixty}`,
    initials: 'АК',
    parent: `Виктория ${sixty}`,
  },
  masked: 'Александрина-Виктория-Екатерина К.',
  last: sixty,
  first: 'Александрина-Виктория-Екатерина',
  middle: 'Константиновна',
};

const letters = 'Абвгдеёжзийклмнопрстуфхцчшщъыьэюя'.toLowerCase().repeat(2).slice(0, 59);

/** Sixty letters without a place to break at. */
const unbroken: Named = {
  who: { ...pupil, firstName: `Ы${letters}`, fullName: `Ы${letters}`, initials: 'Ы', parent: `Ы${letters}` },
  masked: `Ы${letters}`,
  last: '',
  first: `Ы${letters}`,
  middle: null,
};

/** Written from right to left. */
const omar: Named = {
  who: {
    ...pupil,
    firstName: isolated('عمر'),
    fullName: isolated('عمر الفارسي'),
    initials: 'ع\u200cا',
    parent: isolated('ليلى الفارسي'),
  },
  masked: isolated('عمر ا.'),
  last: 'الفارسي',
  first: 'عمر',
  middle: null,
};

const everyone = { words: linh, one: putri, sixty: alexandrina, unbroken, right: omar };

/** Where each is looked at: a name of sixty letters wherever one stands, the others where they are special. */
const places: Record<keyof typeof everyone, string[]> = {
  words: ['details'],
  one: ['diary', 'details'],
  sixty: ['diary', 'details', 'profile', 'max', 'linked', 'security'],
  unbroken: ['diary', 'contact', 'details', 'profile', 'exists'],
  right: ['diary', 'details', 'profile', 'linked', 'security'],
};

const row = (named: Named, button: 'not_linked' | 'linked' | 'continue' = 'not_linked') => ({
  pupil: `p-${named.first}`,
  who: named.who,
  button,
});

/** The same person on one screen after another. */
function screensOf({ who, masked, last, first, middle }: Named): Record<string, (now: number) => Screen> {
  const head = (step: number, profile: ProfilePreview = { state: 'found', nameMasked: masked, role: 'pupil' }) => ({
    ...mailHead(step, profile),
    who,
  });
  return {
    diary: (now) => screen(diary(now, { who, button: 'linked', invited: false })),
    contact: () =>
      screen(
        contact({
          head: head(1, { state: 'unknown' }),
          emailPossible: true,
          former: { name_masked: masked, channel: 'mail', contact_masked: addressMasked },
        }),
      ),
    details: () =>
      screen(details({ head: head(4, { state: 'new' }), lastName: last, firstName: first, middleName: middle })),
    exists: () => screen(exists({ head: head(3), profileName: masked })),
    profile: () =>
      screen(
        profile({
          head: head(4),
          channel: 'mail',
          otherName: true,
          rows: [
            { field: 'name', diary: who.fullName, profile: masked, same: false },
            { field: 'role', diary: 'pupil', profile: 'pupil', same: true },
            { field: 'class', diary: who.className, profile: who.className, same: true },
            { field: 'contact', diary: null, profile: addressMasked, same: null },
          ],
        }),
      ),
    max: (now) => screen(maxMail(now, { head: head(5) })),
    linked: (now) => screen(linkedMail(now, { head: head(6, { state: 'linked', nameMasked: masked }) })),
    security: (now) =>
      screen(
        security(now, {
          who,
          profile: profileCard(now, {
            nameMasked: masked,
            max: { nameMasked: masked, since: now - 25 * 60 * minute },
          }),
          events: [
            { kind: 'linked', at: now - 26 * 60 * minute, device: 'Мостик, Windows', by: who.firstName },
            { kind: 'signed_in', at: now - 27 * 60 * minute, device: null, by: who.firstName },
          ],
        }),
      ),
  };
}

export const namesScenes: Record<string, (now: number) => Screen> = {
  'names-children': () =>
    screen(
      children({ accountName: alexandrina.who.parent ?? '', children: Object.values(everyone).map((one) => row(one)) }),
    ),
  'names-children-right': () =>
    screen(children({ accountName: omar.who.parent ?? '', children: [row(omar), row(linh, 'continue')] })),
  'names-whose': (now) =>
    screen(
      fromMax(now, {
        maxName: omar.masked,
        phoneMasked: null,
        chosen: null,
        children: Object.values(everyone).map((one) => row(one)),
      }),
    ),
  'names-whose-one': (now) =>
    screen(fromMax(now, { maxName: unbroken.masked, children: [row(unbroken)], chosen: row(unbroken).pupil })),
  'names-sign-in': () => screen({ view: 'sign_in', cause: null, fromMax: unbroken.masked, handedOff: null }),
  'names-no-pupil': () => screen({ view: 'no_pupil', accountName: unbroken.who.fullName, role: 'parent' }),
  ...Object.fromEntries(
    Object.entries(everyone).flatMap(([of, named]) => {
      const screens = Object.entries(screensOf(named)).filter(([name]) =>
        places[of as keyof typeof places].includes(name),
      );
      return screens.map(([name, scene]) => [`names-${of}-${name}`, scene]);
    }),
  ),
};
