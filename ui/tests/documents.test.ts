// @vitest-environment node
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { causeKinds, refusals, type CauseKind } from '../src/generated/types';
import { told } from '../src/help/around';
import { causes, isPictured, pictures, type Mender } from '../src/help/topics';
import { fieldCauses, waysOn, type Action } from '../src/logic/causes';
import { en } from '../src/text/en';
import { help } from '../src/text/help';
import { ru, type CauseText } from '../src/text/ru';
import { security } from '../src/text/security';
import type { Lang } from '../src/text/words';

/** Compares a document with what lies in the repository, or writes it when told to. */
function keep(name: string, text: string): void {
  const file = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
  if (process.env.UPDATE_DOCS) writeFileSync(file, text);
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(
    kept === text,
    `docs/${name} is not what the texts say; run: cd ui && UPDATE_DOCS=1 npm run test -- documents`,
  ).toBe(true);
}

const plain = (text: string) => text.replaceAll('\u00a0', ' ').replaceAll('\u00ad', '').replaceAll('|', '\\|');
const said = ({ what, next }: CauseText) => `${plain(what)} *${plain(next)}*`;

const mender: Record<Mender, string> = {
  you: 'the person',
  parent: 'a parent',
  school: 'the school',
  service: 'whoever runs the service',
  time: 'time',
};

const way: Record<Action, string> = {
  retry: '«Повторить»',
  refresh: '«Обновить»',
  support: '«Поддержка», with the report',
  change_contact: '«Изменить номер» or «Изменить адрес»',
  back_to_diary: '«В дневник»',
  sign_out: '«Выйти»',
  dismiss: '«Понятно»',
};

/** Where the same cause is said otherwise. */
const variants: [string, (t: typeof ru, lang: Lang) => Partial<Record<CauseKind, CauseText>>][] = [
  ['where a code goes by mail', (t) => t.cause.mail],
  ['where the field takes a number or an address', (t) => t.cause.either],
  ['under «Безопасность»', (_, lang) => security[lang].causes],
  ['for a new password', (t) => ({ code_incomplete: t.cause.recovery })],
  ['where another account did it', (t) => ({ moved_on: t.cause.movedBy('Ольга') })],
];

test('docs/causes.md: each cause with its words, who can mend it, and the next step', () => {
  const rows = causeKinds.flatMap((kind) => {
    const { topic, mends } = causes[kind];
    const ways = fieldCauses.has(kind) ? ['in the field'] : waysOn(kind).map((one) => way[one]);
    const own = [
      `\`${kind}\``,
      said(ru.cause.kinds[kind]),
      said(en.cause.kinds[kind]),
      mender[mends],
      (ways.length > 0 ? ways : ['the screen’s main button']).join(', '),
      plain(help.ru.answers[topic].q),
      (refusals[kind] ?? []).map((code) => `\`${code}\``).join(', ') || '—',
    ];
    const others = variants.flatMap(([where, of]) => {
      const [russian, english] = [of(ru, 'ru')[kind], of(en as typeof ru, 'en')[kind]];
      return russian && english ? [['', `(${where}) ${said(russian)}`, said(english), '', '', '', '']] : [];
    });
    return [own, ...others];
  });
  keep(
    'causes.md',
    [
      '# What can go wrong, as people read it',
      '',
      '<!-- Written by ui/tests/documents.test.ts (UPDATE_DOCS=1); do not edit. -->',
      '',
      'Each cause that the window can name: what it says in both languages (what happened, *and what to do*), who can mend it,',
      'what is offered beside it, where «Справка» opens from it, and which [refusals of the service](errors.md) are said so. The',
      'code in the first column stands in the report for support.',
      '',
      '| cause | in Russian | in English | who can mend it | the next step | «Справка» | refusals |',
      '|---|---|---|---|---|---|---|',
      ...rows.map((row) => `| ${row.join(' | ')} |`),
      '',
    ].join('\n'),
  );
});

test('docs/guide.ru.md: «Справка» as a page, with its pictures', () => {
  const t = help.ru;
  const answer = (topic: ReturnType<typeof told>[number]['topics'][number]) => {
    const { q, a, steps = [] } = t.answers[topic];
    const picture = isPictured(topic)
      ? ['', `![${t.alts[topic]}](../ui/src/help/pictures/${pictures[topic]}.png)`]
      : [];
    return [
      '',
      `### ${q}`,
      '',
      a.join('\n\n'),
      ...(steps.length > 0 ? ['', ...steps.map((s, i) => `${i + 1}. ${s}`)] : []),
      ...picture,
    ];
  };
  const groups = told({ max: true, vk: true });
  keep(
    'guide.ru.md',
    [
      '# Мостик: справка',
      '',
      '<!-- Пишет ui/tests/documents.test.ts (UPDATE_DOCS=1) из тех же ответов, что в окне; картинки снимает `cargo xtask tour --help-pictures`. -->',
      '',
      'То же самое есть в самом окне: «Справка» вверху дневника и «Помощь» на каждом шаге.',
      ...groups.flatMap(({ group, topics }) => ['', `## ${t.group[group]}`, ...topics.flatMap(answer)]),
      '',
      `${t.support} prof.sferum.ru/support`,
      '',
    ].join('\n'),
  );
});

test('each sentence of support is offered where support can help', () => {
  for (const kind of causeKinds) {
    if (causes[kind].mends === 'service') expect(waysOn(kind), kind).toContain('support');
  }
});
