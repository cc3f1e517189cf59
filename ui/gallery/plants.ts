// Whether the gallery can fail: what is planted must be found, and what nobody sees must not.
import type { House, Pane } from './browser';
import { kept, promised, title, type Cell } from './matrix';
import { decode, difference, reduced, type Picture } from './picture';
import { tabs } from './walks';

const scene = 'contact';

/** What the kept picture must tell. */
const seen = {
  'a hidden button': '.main { visibility: hidden !important }',
  'a hidden sign': '.quiet svg { visibility: hidden }',
  'a heading 8 points aside': 'h1 { transform: translateX(8px) }',
  'a button 8 points lower': '.main { transform: translateY(8px) }',
  'a main button of another colour': '.main { background: #2b6ca3 !important }',
};

/** What the checks must tell, and in which words. */
const told = {
  'too small for a thumb': '.main { min-height: 24px !important; padding-block: 0 !important }',
  'under ': 'form::after { content: ""; position: fixed; inset: 0; z-index: 99 }',
  'wider than its place': 'h1 { width: 90px; overflow: hidden; white-space: nowrap }',
  'higher than its place': 'h1 { height: 10px; overflow: hidden }',
  'the page is': 'h1 { width: 3000px }',
  'axe color-contrast': '.lead, .lead * { color: #888 !important; background: #777 !important }',
  'the focus is not seen': ':focus-visible { outline: none !important }',
};

/** Only where there are fingers, or keys. */
const byTouch = ['too small for a thumb', 'under '];
const byKeys = ['the focus is not seen'];

/** What has to be in sight before anybody scrolls, and is not. */
const unseen = {
  'button[submit-contact] «Продолжить»': '.bar { position: static !important; margin-top: 900px !important }',
  'covered by form': 'form::after { content: ""; position: fixed; inset: 0; z-index: 99 }',
  'label «Телефон или почта»': '.rest { padding-top: 700px }',
  'no main action': '.bar { display: none !important }',
};

export async function plantedFaults(house: House): Promise<string[]> {
  const wrong = [...kept.map((cell) => plantedIn(house, cell)), ...promised.map((cell) => hiddenIn(house, cell))];
  return (await Promise.all(wrong)).flat();
}

async function hiddenIn(house: House, cell: Cell): Promise<string[]> {
  const pane = await house.pane(cell.size);
  await pane.show(scene, cell);
  const wrong = (await pane.beforeScrolling()).map((one) => `${title(cell)}: without a fault, ${one}`);
  for (const [words, css] of Object.entries(unseen)) {
    const lines = await planted(pane, css, () => pane.beforeScrolling());
    if (!lines.some((line) => line.includes(words))) wrong.push(`${title(cell)}: nothing says «${words}»`);
  }
  await pane.close();
  return wrong;
}

async function plantedIn(house: House, cell: Cell): Promise<string[]> {
  const pane = await house.pane(cell.size);
  await pane.show(scene, cell);
  const whole = decode(await pane.picture());
  const healthy = reduced(whole);
  const wrong: string[] = [];
  for (const [what, css] of Object.entries(seen)) {
    const picture = await planted(pane, css, async () => reduced(decode(await pane.picture())));
    if (difference(healthy, picture).blocks.length === 0) wrong.push(`the picture does not tell ${what}`);
  }
  for (const [what, changed] of Object.entries({
    'another noise': noise(whole),
    'another smoothing': smoothed(whole),
  })) {
    const { blocks, worst } = difference(healthy, reduced(changed));
    if (blocks.length > 0) wrong.push(`${what} is taken for a change of ${worst} levels`);
  }
  for (const [words, css] of Object.entries(told)) {
    if ((cell.size.touch ? byKeys : byTouch).includes(words)) continue;
    const lines = await planted(pane, css, async () => [
      ...(await pane.findings(cell)),
      ...(cell.size.touch ? [] : await tabs(pane)),
    ]);
    if (!lines.some((line) => line.includes(words))) wrong.push(`no check says «${words}»`);
  }
  await pane.close();
  return wrong;
}

async function planted<T>({ page }: Pane, css: string, look: () => Promise<T>): Promise<T> {
  const style = await page.addStyleTag({ content: css });
  await page.evaluate(() => window.stage.quiet());
  const result = await look();
  await style.evaluate((element) => (element as Element).remove());
  return result;
}

/** Each point a level lighter or darker. */
const noise = (picture: Picture): Picture => ({
  ...picture,
  data: picture.data.map((level, at) => Math.min(255, Math.max(0, level + (((at * 7919) % 3) - 1)))),
});

/** Letters and edges an eighth of a point aside, as another version of the browser may draw them. */
const smoothed = (picture: Picture): Picture => ({
  ...picture,
  data: picture.data.map((level, at) => Math.round((level * 7 + (picture.data[at - 4] ?? level)) / 8)),
});
