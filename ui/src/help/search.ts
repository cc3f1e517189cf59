import MiniSearch, { type SearchOptions } from 'minisearch';
import type { Answer } from '../text/help.ru';
import type { Topic } from './topics';

/** Words that stand in every question. */
const common = new Set([
  ...['как', 'что', 'чем', 'для', 'или', 'если', 'это', 'мне', 'меня', 'моя', 'мой', 'где', 'при', 'его'],
  ...['the', 'and', 'for', 'how', 'what', 'does', 'can', 'you', 'your', 'with', 'that', 'this'],
]);

const fold = (word: string): string | null => {
  const folded = word.toLocaleLowerCase('ru').replaceAll('ё', 'е');
  return folded.length < 2 || common.has(folded) ? null : folded;
};

/** As much of a word as its forms have in common: «удаление» and «удалить». */
const root = (word: string): string | null => {
  const folded = fold(word);
  return folded === null ? null : folded.slice(0, Math.max(3, Math.ceil(folded.length / 2)));
};

const latin = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`";
const cyrillic = 'йцукенгшщзхъфывапролджэячсмитьбюё';

/** What was meant where the keyboard stood in the other layout: «rjl» is «код», «ьфч» is «max». */
export function otherLayout(typed: string): string {
  const swapped = (letter: string) => {
    const [from, to] = latin.includes(letter) ? [latin, cyrillic] : [cyrillic, latin];
    return to[from.indexOf(letter)] ?? letter;
  };
  return [...typed.toLocaleLowerCase('ru')].map(swapped).join('');
}

/**
 * Finds answers by words in any form. MiniSearch, and not ours: beginnings of words and slips of a letter or two are what
 * endings of Russian words come to.
 */
export function finder(answers: (readonly [Topic, Answer])[]): (typed: string) => Topic[] {
  const index = new MiniSearch<{ id: Topic; q: string; also: string; a: string }>({
    fields: ['q', 'also', 'a'],
    processTerm: fold,
    searchOptions: {
      boost: { q: 4, also: 2 },
      prefix: true,
      fuzzy: (term) => (term.length > 3 ? 0.25 : false),
      maxFuzzy: 3,
    },
  });
  index.addAll(
    answers.map(([id, { q, also = '', a, steps = [] }]) => ({ id, q, also, a: [...a, ...steps].join(' ') })),
  );
  const search = (typed: string, options: SearchOptions) => {
    const found = index.search(typed, options);
    const best = found[0]?.score ?? 0;
    // What merely looks alike is far below what was meant.
    return found.filter(({ score }) => score > best / 12).map(({ id }) => id as Topic);
  };
  // All the words, then all of them by their roots, then any.
  const ways: SearchOptions[] = [
    { combineWith: 'AND' },
    { combineWith: 'AND', fuzzy: false, processTerm: root },
    { combineWith: 'OR' },
  ];
  return (typed) => {
    for (const words of [typed, otherLayout(typed)]) {
      for (const way of ways) {
        const found = search(words, way);
        if (found.length > 0) return found;
      }
    }
    return [];
  };
}
