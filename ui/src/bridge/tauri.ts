import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Screen } from '../generated/types';
import type { Bridge } from '.';
import { clipboardReader, copyText } from './clipboard';

/** The bridge to the shell; no other file knows it. */
export const tauri: Bridge = {
  send: (intent) => invoke('send', { intent }),
  snapshot: () => invoke<Screen>('snapshot'),
  onScreen: (show) => listen<Screen>('screen', (event) => show(event.payload)),
  painted: () => invoke('painted'),
  keep: (memory) => invoke('keep', { memory }),
  kept: () => invoke<string | null>('kept'),
  copy: copyText,
  readClipboard: clipboardReader(),
};
