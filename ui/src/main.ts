import { mount } from 'svelte';
import App from './App.svelte';
import { tauri } from './bridge/tauri';
import './style/tokens.css';
import './style/base.css';
import { Ui } from './ui.svelte';

const target = document.getElementById('app');
if (target) {
  const ui = new Ui(tauri);
  void ui.recall().finally(() => {
    mount(App, { target, props: { ui } });
    // Letters are written in the language of the window; the one in use already changes nothing.
    void ui.send({ intent: 'set_language', language: ui.lang });
  });
}
