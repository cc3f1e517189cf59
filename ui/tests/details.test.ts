import { describe, expect, test } from 'vitest';
import { anna, cause, details, mailHead, screen } from '../src/gallery/scenes';
import { readDate, writeDate } from '../src/logic/birth';
import { open } from './world';

describe('what came from the diary', () => {
  test('is said once where all of it did', async () => {
    const world = await open(screen(details()));
    expect(document.querySelector('.lead')?.textContent).toContain('Взяли из дневника');
    for (const field of ['last-name', 'first-name', 'middle-name', 'birth-date', 'gender']) {
      expect(world.all(`${field}-from-diary`), field).toHaveLength(0);
    }
  });

  test('is marked at each answer where some are to be added, until it is changed', async () => {
    const world = await open(screen(details({ birthDate: null })));
    const marked = () => document.querySelectorAll('[data-testid$="-from-diary"]').length;
    expect(document.querySelector('.lead')?.textContent).toContain('Допишите');
    expect(marked()).toBe(4);
    await world.type('last-name', '-Смирнова');
    expect(world.all('last-name-from-diary')).toHaveLength(0);
    await world.paste('birth-date', '14.03.2016');
    await world.press('gender-male');
    expect(marked()).toBe(2);
  });
});

describe('a child with one name', () => {
  test('may leave empty what the diary does not have, and nothing else', async () => {
    const world = await open(screen(details({ lastName: '', firstName: 'Путри', middleName: null })));
    const field = world.get<HTMLInputElement>('last-name');
    expect(document.getElementById(field.getAttribute('aria-describedby') ?? '')?.textContent).toContain('фамилии нет');
    await world.press('no-middle-name');
    await world.press('consent');
    await world.press('submit-details');
    expect(world.sent).toMatchObject([
      { intent: 'submit_details', lastName: '', firstName: 'Путри', middleName: null },
    ]);
  });

  test('has that one', async () => {
    const world = await open(screen(details({ lastName: ' ', firstName: '' })));
    await world.press('submit-details');
    expect(world.sent).toEqual([]);
    const fields = world.all('cause').map((error) => error.dataset.field);
    expect(fields).toEqual(['last_name', 'first_name', 'consent']);
  });

  test('goes to the machine with what the diary tells untouched', async () => {
    const told = { lastName: ' Ким-2 (Алиева)\u00a0', firstName: 'Со\u0301ня', middleName: '-' };
    const world = await open(screen(details(told)));
    await world.press('consent');
    await world.press('submit-details');
    expect(world.sent).toMatchObject([{ intent: 'submit_details', ...told }]);
  });
});

describe('details that will not do', () => {
  test.each([
    ['name_malformed', 'last_name', 'last-name'],
    ['name_malformed', 'first_name', 'first-name'],
    ['name_malformed', 'middle_name', 'middle-name'],
    ['birth_date_wrong', 'birth_date', 'birth-date'],
    ['not_under14', null, 'birth-date'],
    ['consent_missing', null, 'consent'],
  ] as const)('%s (%s) is said beside its field', async (kind, field, testid) => {
    const world = await open(screen(details()));
    await world.show(screen(details({ cause: cause(kind, { field }) })));
    const input = world.get(testid);
    const error = world.get('cause');
    expect(error.dataset.cause).toBe(kind);
    expect(input.getAttribute('aria-describedby')).toContain(error.id);
    expect(document.activeElement).toBe(input);
    expect(world.all('error-summary')).toHaveLength(0);
  });

  test('several at once are listed above, each leading to its field, and nothing is sent', async () => {
    const world = await open(screen(details({ middleName: null, birthDate: null, gender: null })));
    await world.press('submit-details');
    expect(world.sent).toEqual([]);
    expect(world.all('cause').map((error) => error.dataset.field)).toEqual([
      'middle_name',
      'birth_date',
      'gender',
      'consent',
    ]);
    expect(world.all('cause')[0]?.textContent).toContain('Нет отчества');
    expect(document.activeElement).toBe(world.get('error-summary'));
    expect(document.title).toMatch(/^Не получилось: /);
    world.get('error-summary').querySelectorAll('button')[1]?.click();
    expect(document.activeElement).toBe(world.get('birth-date'));
    await world.press('no-middle-name');
    await world.press('gender-female');
    await world.press('consent');
    await world.paste('birth-date', '14 марта 2016');
    expect(world.all('cause')).toHaveLength(0);
    expect(document.title).not.toMatch(/Ошибка/);
  });

  test('the tick of consent is never set beforehand, and its absence goes to the machine as it is', async () => {
    const world = await open(screen(details()));
    expect(world.get<HTMLInputElement>('consent').checked).toBe(false);
    await world.press('submit-details');
    expect(world.sent).toEqual([
      {
        intent: 'submit_details',
        lastName: 'Орлова',
        firstName: 'Анна',
        middleName: 'Дмитриевна',
        birthDate: '2016-03-14',
        gender: 'female',
        consent: null,
      },
    ]);
  });

  test('a pupil alone is told that a parent is needed, and gets no form', async () => {
    const world = await open(
      screen(details({ head: { ...mailHead(4, { state: 'new' }), who: { ...anna, parent: null } }, canAgree: false })),
    );
    expect(world.all('submit-details')).toHaveLength(0);
    expect(world.get('needs-parent').textContent).toContain('родител');
    expect(world.get('sign-out').className).toContain('main');
    await world.press('sign-out');
    await world.press('change-contact');
    expect(world.sent).toEqual([{ intent: 'sign_out' }, { intent: 'change_contact' }]);
  });
});

test.each([
  ['14.03.2016', '2016-03-14'],
  ['14.3.16', '2016-03-14'],
  ['14/03/2016', '2016-03-14'],
  ['14 03 2016 г.', '2016-03-14'],
  ['14032016', '2016-03-14'],
  ['2016-03-14', '2016-03-14'],
  ['14 марта 2016 г.', '2016-03-14'],
  ['9 мая 2015', '2015-05-09'],
  ['14 March 2016', '2016-03-14'],
  ['29.02.2016', '2016-02-29'],
  ['29.02.2015', null],
  ['31.04.2016', null],
  ['14.13.2016', null],
  ['вчера', null],
  ['', null],
])('«%s» is read as %s', (text, date) => {
  expect(readDate(text)).toBe(date);
  if (date) expect(readDate(writeDate(date))).toBe(date);
});
