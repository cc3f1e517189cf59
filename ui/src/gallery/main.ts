import { flushSync, mount, unmount } from 'svelte';
import App from '../App.svelte';
import { Scripted } from '../bridge/scripted';
import { loadGroup, groups } from '../lazy';
import '../style/tokens.css';
import '../style/base.css';
import { Ui } from '../ui.svelte';
import { findings } from './checks';
import { followFocus, missedByFocus } from './focus';
import { beforeScrolling } from './fold';
import { hands } from './hands';
import { scenes } from './scenes';
import type { Look, Stage } from './stage';
import './still.css';

// By hand: gallery.html?scene=code-wrong&theme=dark&lang=en&text=200. By `cargo xtask gallery`: window.stage. Never in the product.

const target = document.getElementById('app') as HTMLElement;
const names = [...Object.keys(scenes), ...Object.keys(hands)];
let shown: ReturnType<typeof mount> | undefined;
let bridge: Scripted;

const frame = () => new Promise((done) => requestAnimationFrame(done));

/** Until all pictures are there and two frames have passed in which nothing changed. */
async function quiet(): Promise<void> {
  for (const picture of document.images) picture.loading = 'eager';
  await Promise.all([...document.images].map((picture) => picture.decode().catch(() => undefined)));
  let still = 0;
  const watch = new MutationObserver(() => (still = -1));
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  for (let frames = 0; still < 2 && frames < 60; frames += 1) {
    await frame();
    still += 1;
  }
  watch.disconnect();
}

const ask = new URLSearchParams(location.search);

// A picture is of a scene's first second, however long it takes here: what comes within it is there, what comes later is not.
const setTimer = window.setTimeout;
if (ask.has('driven')) {
  const first = (run: TimerHandler, ms = 0, ...rest: unknown[]) => (ms < 1000 ? setTimer(run, 0, ...rest) : 0);
  window.setTimeout = first as typeof window.setTimeout;
}

// Whoever takes a picture of the whole page makes the window as high for a moment: what is shown must not hear of it.
if (ask.has('driven')) window.addEventListener('resize', (event) => event.stopImmediatePropagation(), true);

async function show({ scene: name, theme, lang, text }: Look, answers: Record<string, string> = {}): Promise<void> {
  const hand = hands[name];
  const scene = scenes[hand?.scene ?? name];
  if (!scene) throw new Error(`no scene ${name}`);
  if (shown) await unmount(shown);
  localStorage.clear();
  document.documentElement.style.fontSize = text === 100 ? '' : `${text}%`;
  bridge = new Scripted(scene(Date.now()));
  bridge.answer = ({ intent }) => scenes[answers[intent] ?? '']?.(Date.now()) ?? null;
  bridge.readClipboard = () => Promise.resolve(hand?.clipboard ?? '481902');
  const ui = new Ui(bridge);
  ui.setTheme(theme);
  await ui.setLang(lang);
  shown = mount(App, { target, props: { ui } });
  flushSync();
  await quiet();
  for (const press of hand?.press ?? []) {
    const id = press.replace('?', '');
    const found = [...document.querySelectorAll<HTMLElement>(`[data-testid="${id}"]`)].pop();
    if (!found && id !== press) continue;
    if (!found) throw new Error(`${name}: there is no ${id}`);
    found.focus();
    found.click();
    await quiet();
    if (document.activeElement === document.body) throw new Error(`${name}: after ${id} the focus is nowhere`);
  }
  await document.fonts.ready;
  window.scrollTo(0, 0);
  await quiet();
}

/** The land behind the cards, which axe takes for something before them, and the bars that lie over the page: it could not tell the contrast beneath. */
const flat = new CSSStyleSheet();
flat.replaceSync('.shores { visibility: hidden !important } nav.bottom, .pinned { position: static !important }');

async function axe(): Promise<string[]> {
  const { default: axe } = await import('axe-core');
  document.adoptedStyleSheets = [flat];
  const { violations } = await axe.run(document, { resultTypes: ['violations'] });
  document.adoptedStyleSheets = [];
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `axe ${id}: ${node.target.join(' ')} ${node.failureSummary?.replaceAll('\n', ' ') ?? ''}`),
  );
}

function list(): void {
  const list = document.createElement('ul');
  for (const name of names) {
    const link = document.createElement('a');
    link.href = `?scene=${name}`;
    link.textContent = name;
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  target.append(list);
}

const stage: Stage = {
  scenes: names,
  show,
  quiet,
  findings,
  beforeScrolling,
  followFocus,
  missedByFocus,
  sent: () => bridge.sent.splice(0).map(({ intent }) => intent),
  axe,
};

// Everything that comes late is here before the first scene: no scene waits for the disk.
void Promise.all([
  ...groups.map(loadGroup),
  import('axe-core'),
  import('../parts/HelpDialog.svelte'),
  import('../parts/HowToMax.svelte'),
  import('../parts/Licences.svelte'),
  import('../parts/QrCode.svelte'),
  import('../text/handedOff'),
  import('../text/messengers'),
  ...['400 16px', '640 28px'].flatMap((font) => [
    document.fonts.load(`${font} "Golos Text Variable"`, 'a'),
    document.fonts.load(`${font} "Golos Text Variable"`, 'я'),
  ]),
]).then(async () => {
  window.stage = stage;
  const scene = ask.get('scene');
  if (scene) {
    await show({
      scene,
      theme: (ask.get('theme') ?? 'system') as Look['theme'],
      lang: ask.get('lang') === 'en' ? 'en' : 'ru',
      text: Number(ask.get('text') ?? 100),
    });
  } else if (!ask.has('driven')) {
    list();
  }
  document.documentElement.dataset.ready = '';
});
