import '@fontsource-variable/golos-text/wght.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { tauri } from './bridge/tauri';
import './style/tokens.css';
import './style/base.css';
import { Ui } from './ui.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target, props: { ui: new Ui(tauri) } });
