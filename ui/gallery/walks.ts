// The main job by fingers alone and by keys alone, in a real browser: what is pressed is found where it is drawn.
import type { House, Pane } from './browser';
import { laptop, type Size } from './matrix';

/** What is pressed or typed, what the window sends then, once or several times in a row, and the view that follows. */
interface Step {
  press: string;
  type?: string;
  sends: string[];
  view: string;
}

/** The scenes that the other side answers with. */
const answers = {
  press_sferum: 'diary-dialog',
  begin: 'contact',
  submit_contact: 'code',
  submit_code: 'profile',
  confirm_profile: 'max-here',
  open_max: 'linked',
  back_to_diary: 'diary-linked',
};

const job: Step[] = [
  { press: 'press-sferum', sends: ['press_sferum'], view: 'diary' },
  { press: 'begin', sends: ['begin'], view: 'contact' },
  { press: 'contact-input', type: '8 900 000-12-42', sends: ['read_contact'], view: 'contact' },
  { press: 'submit-contact', sends: ['submit_contact'], view: 'code' },
  { press: 'code-input', type: '481902', sends: ['submit_code'], view: 'profile' },
  { press: 'confirm-profile', sends: ['confirm_profile'], view: 'max' },
  { press: 'open-max', sends: ['open_max'], view: 'linked' },
  { press: 'open-sferum', sends: ['open_sferum'], view: 'linked' },
  { press: 'back-to-diary', sends: ['back_to_diary'], view: 'diary' },
];

const look = { theme: 'light', lang: 'ru', text: 100 } as const;

async function walk(pane: Pane, press: (testid: string) => Promise<string | null>): Promise<string[]> {
  const { page } = pane;
  await pane.show('diary', look, answers);
  for (const { press: testid, type, sends, view } of job) {
    const trouble = await press(testid);
    if (trouble) return [trouble];
    if (type) await page.keyboard.type(type);
    await page.evaluate(() => window.stage.quiet());
    const all = await page.evaluate(() => window.stage.sent());
    const sent = all.filter((intent, at) => intent !== all[at - 1]);
    if (sent.join() !== sends.join())
      return [`after ${testid} the window sent «${sent.join()}», not «${sends.join()}»`];
    const { shown, focus } = await page.evaluate(() => ({
      shown: document.querySelector<HTMLElement>('[data-view]')?.dataset.view,
      focus: document.activeElement?.matches('[data-focus], h1, h2, input, button') === true,
    }));
    if (shown !== view) return [`after ${testid} ${shown} is shown, not ${view}`];
    if (!focus) return [`after ${testid} the focus is nowhere`];
  }
  return [];
}

export async function walkByTaps(house: House, size: Size): Promise<string[]> {
  const pane = await house.pane(size);
  const found = await walk(pane, async (testid) => {
    await pane.page.locator(`[data-testid="${testid}"]:visible`).last().tap({ timeout: 3000 });
    return null;
  });
  await pane.close();
  return found;
}

export async function walkByKeys(house: House): Promise<string[]> {
  const pane = await house.pane(laptop);
  const { page } = pane;
  const focused = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.testid);
  const found = await walk(pane, async (testid) => {
    for (let tabs = 0; (await focused()) !== testid; tabs += 1) {
      if (tabs > 40) return `forty presses of Tab do not lead to ${testid}`;
      await page.keyboard.press('Tab');
    }
    if (!testid.endsWith('-input')) await page.keyboard.press('Enter');
    return null;
  });
  if (found.length === 0) found.push(...(await backByEscape(pane)));
  await pane.close();
  return found;
}

/** A dialog keeps the focus, Esc closes it, and the focus is back at what opened it. */
async function backByEscape(pane: Pane): Promise<string[]> {
  const { page } = pane;
  await pane.show('code', look);
  await page.locator('[data-testid="help"]').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  for (let tabs = 0; tabs < 12; tabs += 1) {
    await page.keyboard.press('Tab');
    const inside = await page.evaluate(
      () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
    );
    if (!inside) return ['Tab leads out of an open dialog'];
  }
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog[open]', { state: 'detached' });
  const back = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.testid);
  return back === 'help' ? [] : [`after Esc the focus is at ${back}, not at what opened the dialog`];
}

/** Tab visits every control of what is shown, and each shows that it has the focus. */
export async function tabs({ page }: Pane): Promise<string[]> {
  const stops = await page.evaluate(() => window.stage.followFocus());
  let missed: string[] = [];
  for (let presses = 1; presses <= stops + 2; presses += 1) {
    await page.keyboard.press('Tab');
    if (presses < stops) continue;
    missed = await page.evaluate(() => window.stage.missedByFocus());
    if (missed.length === 0) break;
  }
  return missed;
}
