import type { AboutCard, Screen } from '../generated/types';
import { contact, diary, minute, screen } from './views';

/** «О программе» in every state worth looking at. */

export const about = (more: Partial<AboutCard> = {}): AboutCard => ({
  device: { app: '0.1.0', system: 'linux x86_64', webview: '2.50.4', drawnSafely: null, pageCrashes: 0 },
  installation: {
    commit: '4f2a9c1b7d3e',
    service: 'https://mostik.school.example/',
    data: '/home/misha/.local/share/app.mostik',
    settings: '/home/misha/.config/app.mostik',
    downloads: '/home/misha/Загрузки',
    log: '/home/misha/.local/share/app.mostik/logs',
    source: 'deb',
  },
  serviceVersion: '0.1.0',
  sessionOnly: false,
  health: 'well',
  update: { update: 'not_asked' },
  notices: true,
  noticesDenied: false,
  ...more,
});

const over =
  (more: Partial<AboutCard> = {}) =>
  (now: number): Screen => ({ ...screen(diary(now)), about: about(more) });

const newer: AboutCard['update'] = {
  update: 'newer',
  version: '0.2.0',
  released: '2026-12-01',
  notes: 'Уведомления, когда дождались. Телефон открывает тот же шаг. Исправлены имена с апострофом.',
};

export const aboutScenes: Record<string, (now: number) => Screen> = {
  about: over(),
  'about-asking': over({ health: 'asking', update: { update: 'asking' } }),
  'about-slow': over({ health: 'slow', update: { update: 'newest' } }),
  'about-down': over({ health: 'down', update: { update: 'down' } }),
  'about-offline': (now) => ({
    ...screen(contact(), { strip: 'offline', asOf: now - 9 * minute }),
    about: about({ health: 'offline', update: { update: 'offline' } }),
  }),
  'about-newer': over({ update: newer }),
  'about-newer-store': over({ update: newer, installation: { ...about().installation, source: 'store' } }),
  'about-older': over({ update: { update: 'older', version: '0.0.9' } }),
  'about-forged': over({ update: { update: 'forged' } }),
  'about-unreadable': over({ update: { update: 'unreadable' } }),
  'about-no-key': over({ update: { update: 'no_key' } }),
  'about-not-offered': over({ update: { update: 'not_offered' } }),
  'about-memory': over({ sessionOnly: true, noticesDenied: true }),
  'about-signed-out': () => ({
    ...screen({ view: 'sign_in', cause: null, fromMax: null, handedOff: null }),
    about: about({
      serviceVersion: null,
      notices: false,
      installation: { ...about().installation, commit: null, source: 'built' },
    }),
  }),
};
