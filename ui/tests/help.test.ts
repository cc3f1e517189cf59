import { describe, expect, test, vi } from 'vitest';
import type { CauseKind, Screen } from '../src/generated/types';
import { causeKinds } from '../src/generated/types';
import { report } from '../src/gallery/help';
import { cause, code, contact, diary, max, scenes, screen } from '../src/gallery/scenes';
import { both, vkAlone } from '../src/gallery/vk';
import { told } from '../src/help/around';
import { reportText } from '../src/help/report';
import { finder, otherLayout } from '../src/help/search';
import { causes, groups, isTold, pictures, type Topic } from '../src/help/topics';
import { fieldCauses } from '../src/logic/causes';
import { nameOf } from '../src/logic/title';
import { en } from '../src/text/en';
import { help } from '../src/text/help';
import { teller } from '../src/text/messengers';
import { ru } from '../src/text/ru';
import { open } from './world';

const topics = Object.values(groups).flat();
const search = (lang: 'ru' | 'en') => finder(topics.map((topic) => [topic, help[lang].answers[topic]] as const));

describe('the answers', () => {
  test('each question is asked once, and each answer says something in both languages', () => {
    expect(new Set(topics).size).toBe(topics.length);
    for (const { answers } of [help.ru, help.en]) {
      expect(Object.keys(answers).sort()).toEqual([...topics].sort());
      const questions = Object.values(answers).map(({ q }) => q);
      expect(new Set(questions).size).toBe(questions.length);
      for (const { a, steps = [] } of Object.values(answers)) {
        expect(a.length).toBeGreaterThan(0);
        for (const line of [...a, ...steps]) expect(line).toMatch(/[.?]$/);
      }
    }
    for (const topic of topics) {
      expect(help.ru.answers[topic].steps?.length, topic).toBe(help.en.answers[topic].steps?.length);
    }
  });

  test('each picture has been taken by the tour, and none lies there for nothing', () => {
    const files = Object.keys(import.meta.glob('../src/help/pictures/*.png')).map((path) => path.split('/').pop());
    expect(files.sort()).toEqual([...new Set(Object.values(pictures))].map((name) => `${name}.png`).sort());
  });

  test('where VK is offered alone, no answer speaks of MAX', () => {
    const t = teller(vkAlone)(help.ru);
    for (const { topics, group } of told(vkAlone)) {
      expect(t.group[group]).not.toMatch(/MAX|МАХ/);
      for (const topic of topics) expect(JSON.stringify(t.answers[topic]), topic).not.toMatch(/MAX|МАХ/);
    }
    expect(isTold('vk', vkAlone) && isTold('vk', both)).toBe(true);
    expect(isTold('vk', { max: true, vk: false })).toBe(false);
  });
});

describe('from what went wrong to its answer', () => {
  const open_ = async (kind: CauseKind, view = (c: CauseKind): Screen => screen(contact({ cause: cause(c) }))) =>
    open(view(kind));

  test('each cause opens its own answer above the step, and the step is there again afterwards', async () => {
    for (const kind of causeKinds) {
      const world = await open_(kind);
      const opener = world.all('cause-help').concat(world.all('field-help'));
      expect(opener, kind).toHaveLength(1);
      opener[0]?.focus();
      opener[0]?.click();
      await world.settle();
      const dialog = world.get('help-dialog');
      expect(dialog.querySelector('h2')?.textContent, kind).toBe(help.ru.answers[causes[kind].topic].q);
      expect(world.get('help-answer').dataset.topic).toBe(causes[kind].topic);
      expect(world.get('help-mends').textContent).toBe(help.ru.mends[causes[kind].mends]);
      await world.press('help-back');
      expect(world.all('help-dialog')).toHaveLength(0);
      expect(world.view()).toBe('contact');
      expect(document.activeElement).toBe(opener[0]);
      expect(world.sent).toEqual([]);
      world.close();
    }
  });

  test('a field keeps what was typed while its answer is read', async () => {
    expect(fieldCauses.has('phone_landline')).toBe(true);
    const world = await open(screen(contact()));
    await world.type('contact-input', '8 495 123-45-67');
    await world.show(screen(contact({ typed: '8 495 123-45-67', cause: cause('phone_landline') })));
    await world.press('field-help');
    expect(world.get('help-answer').dataset.topic).toBe('number');
    await world.press('help-back');
    expect(world.get<HTMLInputElement>('contact-input').value).toBe('8 495 123-45-67');
  });

  test('from one answer to all of them, with the search ready', async () => {
    const world = await open_('offline');
    await world.press('cause-help');
    await world.press('help-all');
    expect(document.activeElement).toBe(world.get('help-search'));
    expect(world.all('help-topic').length).toBeGreaterThan(20);
  });

  test('«Помощь» begins with what went wrong, then with what is asked at this step', async () => {
    const world = await open(
      screen(
        max(Date.now(), { trouble: { trouble: 'number_differs', phone_masked: '+7 900 •••-••-17', usable: true } }),
      ),
    );
    await world.press('help');
    const near = [...world.get('help-near').querySelectorAll<HTMLElement>('[data-topic]')];
    const seen = new Set(near.map((one) => one.dataset.topic));
    expect([...seen]).toEqual(['max_number', 'get_max', 'other_phone']);
  });

  test('where a letter was sent, «Помощь» speaks of letters', async () => {
    const world = await open(screen(code(Date.now())));
    await world.press('help');
    const near = () => world.get('help-near').textContent;
    expect(near()).toContain('СМС не приходит');
    expect(near()).not.toContain('Письмо не приходит');
  });
});

describe('the search', () => {
  test.each<['ru' | 'en', string, Topic]>([
    ['ru', 'смс не приходит', 'sms_lost'],
    ['ru', 'СМСка', 'sms_lost'],
    ['ru', 'письмами', 'letter_lost'],
    ['ru', 'отвязывать', 'unlink'],
    ['ru', 'паролем', 'password'],
    ['ru', 'чужое имя', 'other_name'],
    ['ru', 'нету телефона у ребенка', 'no_phone'],
    ['ru', 'ВАЙФАЙ', 'offline'],
    ['ru', 'несколько детей', 'children'],
    ['ru', 'удаление профиля', 'data'],
    ['ru', 'camera qr', 'other_phone'],
    ['ru', 'rjl yt gjl[jlbn', 'code_refused'],
    ['ru', 'gfhjkm', 'password'],
    ['en', 'forgotten password', 'password'],
    ['en', 'SMS', 'sms_lost'],
    ['en', 'unlinking', 'unlink'],
    ['en', 'кщфьштп ыьы', 'sms_lost'],
  ])('%s: «%s» leads to %s', (lang, typed, topic) => {
    expect(search(lang)(typed).slice(0, 3)).toContain(topic);
  });

  test('ё is е, and a word that is nowhere finds nothing', () => {
    expect(search('ru')('ребенок')).toEqual(search('ru')('ребёнок'));
    expect(search('ru')('крокодилопотам')).toEqual([]);
    expect(search('ru')('   ')).toEqual([]);
  });

  test('the keyboard’s other layout, both ways', () => {
    expect(otherLayout('gfhjkm')).toBe('пароль');
    expect(otherLayout('ьфч')).toBe('max');
  });

  test('filters while one types, says politely how many, and gives way at Escape', async () => {
    const world = await open(screen(diary(Date.now())));
    await world.press('nav-help');
    expect(world.get('help-found').getAttribute('role')).toBe('status');
    expect(world.get('help-found').textContent).toBe('');
    await world.type('help-search', 'qr');
    expect(world.all('help-topic').map((one) => one.dataset.topic)).toContain('other_phone');
    expect(world.get('help-found').textContent).toBe(help.ru.found(world.all('help-topic').length));
    await world.paste('help-search', 'крокодилопотам');
    expect(world.all('help-topic').length).toBe(0);
    expect(world.get('help-found').textContent).toBe('Такого ответа здесь нет.');
    expect(world.get('help-nothing').textContent).toContain('другое слово');
    world.get('help-search').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await world.settle();
    expect(world.get<HTMLInputElement>('help-search').value).toBe('');
    expect(world.all('help-topic')).toHaveLength(told({ max: true, vk: false }).flatMap(({ topics }) => topics).length);
  });
});

describe('the report for support', () => {
  test('says that the window is drawn safely, why, and how often it was begun anew', async () => {
    const world = await open(scenes['report-drawn-safely']?.(Date.now()) as Screen);
    const text = world.get('report-text').textContent;
    expect(text).toContain('Показ окна: простой, обычный оставил окно пустым');
    expect(text).toContain('Окно показано заново, раз: 2');
  });

  const now = Date.UTC(2026, 10, 24, 9, 31, 7);

  test('is read word for word as it is copied, and closed by the machine', async () => {
    const world = await open({ ...screen(code(now)), report: report(now) });
    const text = world.get('report-text').textContent;
    expect(text).toContain('Мостик 0.1.0, сервис 0.1.0');
    expect(text).toContain('Когда: 24 ноября 2026 г. в 12:31:07 по Москве');
    expect(text).toContain('Где: Шаг 2 из 4: код (Wizard(code))');
    expect(text).toContain('Что случилось: Сервис сейчас не работает. Дело не в вас. (service_broken)');
    expect(text).toContain('Код для поддержки: M-7F3K-21');
    await world.press('report-copy');
    expect(world.bridge.copied).toEqual([text]);
    await world.press('report-page');
    await world.press('report-x');
    expect(world.sent).toEqual([{ intent: 'open_page', page: 'support' }, { intent: 'close_report' }]);
  });

  test('where the page cannot be opened yet, its address stands there', async () => {
    const world = await open(scenes['report-signed-out']?.(now) as Screen);
    expect(world.all('report-page')).toHaveLength(0);
    expect(world.get('report-dialog').textContent).toContain('prof.sferum.ru/support');
    expect(world.get('report-text').textContent).not.toContain('null');
    expect(world.get('report-text').textContent).not.toContain('Показ окна');
  });

  test('names nobody, whatever is shown beneath', () => {
    const private_ = /Миш|Михаил|Анн|Ольг|Орлов|1520|900|example|max\.ru/;
    const shown = Object.values(scenes).map((scene) => scene(now));
    for (const lang of ['ru', 'en'] as const) {
      for (const scene of shown) {
        const where = nameOf({ ru, en }[lang], scene, 'diary');
        expect(reportText(report(now), where, lang, { ru, en }[lang], help[lang]), scene.view).not.toMatch(private_);
      }
    }
    // The eye that looks for it sees it.
    expect(shown.filter((scene) => private_.test(JSON.stringify(scene))).length).toBeGreaterThan(shown.length / 2);
  });

  test('is asked for by «Поддержка», which stands beside what support can help with', async () => {
    const world = await open(screen(contact({ cause: cause('service_broken', { support: 'M-7F3K-21' }) })));
    await world.press('support');
    expect(world.sent).toEqual([{ intent: 'open_report' }]);
    await world.ui.setLang('en');
    await world.show({ ...screen(contact()), report: report(now, { language: 'en' }) });
    await vi.waitFor(() => expect(world.get('report-text').textContent).toContain('What happened: The service'));
    expect(world.get('report-text').textContent).toContain('When: 24 November 2026 at 12:31:07 in Moscow');
  });
});
