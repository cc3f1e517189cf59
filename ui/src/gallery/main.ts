import { mount } from 'svelte';
import App from '../App.svelte';
import { Scripted } from '../bridge/scripted';
import '../style/tokens.css';
import '../style/base.css';
import { Ui } from '../ui.svelte';
import { scenes } from './scenes';

// gallery.html?scene=code-wrong&theme=dark&lang=en, &type=password-input:text and &press=consent for a person's hands, and &axe=1 to write axe's findings into #axe. Never in the product.
const ask = new URLSearchParams(location.search);
const target = document.getElementById('app');
const scene = scenes[ask.get('scene') ?? ''];

function show(ui: Ui, target: HTMLElement): void {
  if (ask.get('text')) document.documentElement.style.fontSize = `${ask.get('text')}%`;
  mount(App, { target, props: { ui } });
  document.fonts.ready.then(async () => {
    await new Promise((done) => setTimeout(done, 60));
    for (const line of ask.getAll('type')) {
      const [id = '', text = ''] = line.split(':');
      const field = document.querySelector<HTMLInputElement>(`[data-testid="${id}"]`);
      if (field) field.value = text;
      field?.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    for (const id of ask.getAll('press')) document.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.click();
    if (ask.has('axe')) {
      const { default: axe } = await import('axe-core');
      await new Promise((done) => setTimeout(done, 120));
      const found = await axe.run(document, { resultTypes: ['violations'] });
      const out = document.createElement('script');
      out.type = 'application/json';
      out.id = 'axe';
      out.textContent = JSON.stringify(
        found.violations.map((v) => ({
          id: v.id,
          help: v.help,
          nodes: v.nodes.map((n) => `${n.target.join(' ')} ${n.failureSummary ?? ''}`),
        })),
      );
      document.body.append(out);
    }
    document.documentElement.dataset.ready = '';
  }, undefined);
}

if (target && scene) {
  const bridge = new Scripted(scene(Date.now()));
  bridge.readClipboard = () => Promise.resolve('481902');
  const ui = new Ui(bridge);
  const theme = ask.get('theme');
  const lang = ask.get('lang');
  if (theme === 'dark' || theme === 'light' || theme === 'system') ui.setTheme(theme);
  void ui.setLang(lang === 'en' ? 'en' : 'ru').then(() => show(ui, target));
} else if (target) {
  const list = document.createElement('ul');
  for (const name of Object.keys(scenes)) {
    const link = document.createElement('a');
    link.href = `?scene=${name}`;
    link.textContent = name;
    const item = document.createElement('li');
    item.append(link);
    list.append(item);
  }
  target.append(list);
}
