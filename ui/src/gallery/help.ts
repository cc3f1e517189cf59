import type { Report, Screen } from '../generated/types';
import { cause, code, diary, max, minute, screen } from './views';

/** «Справка» and the report for support. «Справка» itself is opened by a press: `&press=help`, `&press=cause-help`. */

export const report = (now: number, more: Partial<Report> = {}): Report => ({
  at: now,
  device: { app: '0.1.0', system: 'linux x86_64', webview: '2.50.4', drawnSafely: null, pageCrashes: 0 },
  service: '0.1.0',
  language: 'ru',
  route: 'Wizard(code)',
  role: 'pupil',
  cause: 'service_broken',
  support: 'M-7F3K-21',
  max: null,
  vk: null,
  keyring: null,
  link: null,
  offline: false,
  confirmedAt: now - 2 * minute,
  clockOffMs: 0,
  sessionOnly: false,
  storeReset: false,
  messengers: { max: true, vk: true },
  page: true,
  ...more,
});

const broken = cause('service_broken', { support: 'M-7F3K-21' });

export const helpScenes: Record<string, (now: number) => Screen> = {
  'help-cause': (now) => screen(code(now, { cause: broken })),
  'help-diary': (now) => screen(diary(now, { cause: broken })),
  report: (now) => ({ ...screen(code(now, { cause: broken })), report: report(now) }),
  'report-everything': (now) => ({
    ...screen(max(now), { strip: 'offline', asOf: now - 9 * minute }),
    report: report(now, {
      route: 'Wizard(max)',
      cause: 'offline',
      support: null,
      max: 'number_differs',
      vk: 'unavailable',
      link: 'expired',
      offline: true,
      clockOffMs: 3 * 86_400_000,
      sessionOnly: true,
      storeReset: true,
    }),
  }),
  'report-drawn-safely': (now) => ({
    ...screen(code(now, { cause: broken })),
    report: report(now, {
      device: {
        app: '0.1.0',
        system: 'linux x86_64',
        webview: '2.50.4',
        drawnSafely: 'white',
        pageCrashes: 2,
      },
    }),
  }),
  'report-signed-out': (now) => ({
    ...screen({ view: 'sign_in', cause: cause('offline'), fromMax: null, handedOff: null }),
    report: report(now, {
      route: 'SignedOut',
      service: null,
      role: null,
      cause: 'offline',
      support: null,
      offline: true,
      confirmedAt: null,
      messengers: null,
      page: false,
    }),
  }),
};
