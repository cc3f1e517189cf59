// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { help } from '../src/text/help';
import { ru } from '../src/text/ru';
import { steps } from '../src/text/steps';
import { en } from '../src/text/en';

const root = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(ts|svelte)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name));
const isText = (file: string) => file.includes('/text/') && !/words\.ts$|index\.ts$/.test(file);
const source = (file: string) => readFileSync(file, 'utf8');
const parse = (file: string, text = source(file)) => ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

/** Every sentence, those that functions put together included. */
function sentences(file: string): string[] {
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      found.push(node.text);
    }
    ts.forEachChild(node, look);
  };
  look(parse(file));
  return found;
}

const written = files.filter(isText).flatMap((file) => sentences(file).map((text) => ({ file, text })));

describe('one voice', () => {
  test('nothing shouts, blames, or speaks of errors', () => {
    expect(written.length).toBeGreaterThan(1500);
    for (const { file, text } of written) {
      expect(text, file).not.toMatch(/ошибк|упс|внимание!|некорректн|недопустим|введите валидн/i);
      expect(text, file).not.toMatch(/\berrors?\b|\boops\b|\binvalid\b|\billegal\b|\bfailed to\b/i);
      expect(text, file).not.toMatch(/!(\s|$)/);
      // Three dots are one sign, and a dash has blanks around it.
      expect(text, file).not.toMatch(/\.\.\.|\s-\s/);
    }
  });

  test('whoever is spoken to is «вы», with a small letter', () => {
    for (const { file, text } of written) {
      expect(text, file).not.toMatch(/(?:^|[^а-яё])(?:ты|тебе|тебя|твой|твоя|твои)(?![а-яё])/i);
      expect(text, file).not.toMatch(/[а-яё,] (?:Вы|Вас|Вам|Ваш)(?![а-яё])/);
    }
  });
});

test('the pictures of «Справка» weigh little', () => {
  const folder = join(root, 'help/pictures');
  const sizes = readdirSync(folder).map((name) => readFileSync(join(folder, name)).length);
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(300 * 1024);
});

/** What others have written on their buttons and pages. */
const others = {
  ru: [
    'Разрешить',
    'Начать',
    'Поделиться номером',
    'Открыть Мостик',
    'Спам',
    'Мостик',
    'да',
    '12345678',
    'Моём паспорте',
  ],
  en: ['Allow', 'Start', 'Share the number', 'Open Mostik', 'Spam', 'Mostik', '12345678'],
};

test.each(['ru', 'en'] as const)('what «Справка» calls a button is what stands on it (%s)', (lang) => {
  const isOf = ({ file }: { file: string }) => !/help\.\w+\.ts$/.test(file);
  const labels = new Set(
    written.filter(isOf).map(({ text }) => text.replaceAll('\u00ad', '').split('\u00a0')[0] ?? ''),
  );
  const t = help[lang];
  const said = [...Object.values(t.answers).flatMap(({ a, steps = [] }) => [...a, ...steps]), ...Object.values(t.alts)];
  const named = said.flatMap((line) => [...line.matchAll(/[«“]([^»”]+)[»”]/g)].map((found) => found[1] ?? ''));
  expect(named.length).toBeGreaterThan(30);
  for (const name of named) {
    expect(labels.has(name) || name === t.stop || others[lang].includes(name), name).toBe(true);
  }
});

type Name = [above: string, parent: string, key: string];

/** The names of all texts, each with what it stands under: `ru.code.change.sms` as `[code, change, sms]`. */
function keys(file: string, text?: string): Name[] {
  const found: Name[] = [];
  const look = (above: string, parent: string, node: ts.Expression): void => {
    const bare = ts.isSatisfiesExpression(node) || ts.isAsExpression(node) ? node.expression : node;
    if (bare !== node) return look(above, parent, bare);
    if (!ts.isObjectLiteralExpression(node)) return;
    for (const property of node.properties) {
      if (!property.name || !ts.isIdentifier(property.name)) continue;
      found.push([above, parent, property.name.text]);
      if (ts.isPropertyAssignment(property)) look(parent, property.name.text, property.initializer);
    }
  };
  const each = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name) && node.name.text === 'ru') {
      look('', 't', node.initializer);
    }
    ts.forEachChild(node, each);
  };
  each(parse(file, text));
  return found;
}

const users = files.filter((file) => !isText(file) && !/\/(generated|gallery)\//.test(file)).map(source);

/** Whether a text is read somewhere: by its name under its parent, or by a name that is only known when it is read. */
function isRead([above, parent, key]: Name, sources: string[]): boolean {
  const direct = new RegExp(`\\b${parent}\\??\\.${key}\\b|\\b${parent}\\??\\.?\\[`);
  if (sources.some((text) => direct.test(text))) return true;
  // Its parent is taken whole, or by a name that is only known then, and the name stands somewhere.
  const whole = new RegExp(
    `\\.${parent}\\b(?!\\??[.[(])|[{,]\\s*${parent}\\s*[,}]${above && `|\\b${above}\\??\\.?\\[`}`,
  );
  const name = new RegExp(`(?:\\.|[{,]\\s*)${key}\\b`);
  return sources.some((text) => whole.test(text)) && sources.some((text) => name.test(text));
}

test('no text is left that nobody reads, and one that is would be found', () => {
  const all = files.filter(isText).flatMap((file) => keys(file));
  expect(all.length).toBeGreaterThan(500);
  const planted = keys('x.ts', 'const ru = { code: { planted: "x", title: { sms: "y" } } };');
  expect(planted.filter((one) => !isRead(one, users))).toEqual([['t', 'code', 'planted']]);
  expect(all.filter((one) => !isRead(one, users)).map((one) => one.join('.'))).toEqual([]);
});

test('both languages have the same shape, lists of the same length included', () => {
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shape);
    if (typeof value === 'object' && value !== null) {
      // Words to be found by are each language's own.
      const own = Object.entries(value).filter(([name]) => name !== 'also');
      return Object.fromEntries(own.map(([name, one]) => [name, shape(one)]));
    }
    return typeof value;
  };
  expect(shape(en)).toEqual(shape(ru));
});

describe('numbers and their words', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');

  test.each([
    [1, 'Нашёлся 1 ответ', '1 answer found'],
    [2, 'Нашлось 2 ответа', '2 answers found'],
    [5, 'Нашлось 5 ответов', '5 answers found'],
    [11, 'Нашлось 11 ответов', '11 answers found'],
    [21, 'Нашёлся 21 ответ', '21 answers found'],
    [1.5, 'Нашлось 1,5 ответа', '1.5 answers found'],
  ])('%s', (n, russian, english) => {
    expect(plain(help.ru.found(n))).toBe(russian);
    expect(plain(help.en.found(n))).toBe(english);
  });

  test.each([
    [1, 'Осталась 1 попытка.', '1 урок, последний до 9:10', 'Прошёл 1 урок'],
    [2, 'Осталось 2 попытки.', '2 урока, последний до 9:10', 'Прошли 2 урока'],
    [5, 'Осталось 5 попыток.', '5 уроков, последний до 9:10', 'Прошли 5 уроков'],
    [11, 'Осталось 11 попыток.', '11 уроков, последний до 9:10', 'Прошли 11 уроков'],
    [21, 'Осталась 21 попытка.', '21 урок, последний до 9:10', 'Прошёл 21 урок'],
  ])('%s in the window', (n, tries, lessons, past) => {
    expect([steps.ru.code.tries(n), ru.diary.lessons(n, '9:10'), ru.diary.past(n)].map(plain)).toEqual([
      tries,
      lessons,
      past,
    ]);
  });
});
