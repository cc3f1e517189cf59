import type { PhoneCode, Screen, SendToPhone } from '../generated/types';
import { anna, cause, diary, max, maxMail, minute, screen, security, who } from './views';

const code = (now: number, more: Partial<PhoneCode> = {}): PhoneCode => ({
  url: 'https://mostik.example/continue/7Jq2mN0xTtW4bVhZpYcR5s',
  nameMasked: 'Михаил О.',
  stage: 'waiting',
  expiresAt: now + 5 * minute - 1,
  device: null,
  ...more,
});

/** «Отправить на телефон», over a diary unless said otherwise. */
export const toPhone = (
  now: number,
  more: Partial<SendToPhone> = {},
  beneath: Screen = screen(diary(now)),
): Screen => ({
  ...beneath,
  toPhone: { who, place: 'diary', code: code(now), busy: false, cause: null, ...more },
});

export const toPhoneScenes: Record<string, (now: number) => Screen> = {
  'to-phone': (now) => toPhone(now),
  'to-phone-linking': (now) => toPhone(now, { place: 'linking' }, screen(max(now))),
  'to-phone-parent': (now) =>
    toPhone(now, { who: anna, place: 'linking', code: code(now, { nameMasked: 'Анна О.' }) }, screen(maxMail(now))),
  'to-phone-long-name': (now) =>
    toPhone(
      now,
      {
        who: {
          ...anna,
          firstName: 'Александра-Виктория',
          fullName: 'Александра-Виктория Константинопольская-Задунайская',
          initials: 'АК',
        },
        place: 'security',
        code: code(now, { nameMasked: 'Александра-Виктория К.' }),
      },
      screen(security(now)),
    ),
  'to-phone-making': (now) => toPhone(now, { code: null, busy: true }),
  'to-phone-seen': (now) => toPhone(now, { code: code(now, { stage: 'seen', expiresAt: now + 10 * minute - 1 }) }),
  'to-phone-over': (now) => toPhone(now, { code: code(now, { expiresAt: now - 1 }) }),
  'to-phone-taken': (now) => toPhone(now, { code: code(now, { stage: 'taken', device: 'Мостик, Android' }) }),
  'to-phone-offline': (now) =>
    toPhone(
      now,
      { code: null, cause: cause('offline') },
      screen(diary(now, { button: 'offline' }), {
        strip: 'offline',
        asOf: now - 2 * minute,
      }),
    ),
  'to-phone-too-many': (now) =>
    toPhone(now, { code: null, cause: cause('service_busy', { retryAt: now + 40 * minute }) }),
  'handed-off-sign-in': () => screen({ view: 'sign_in', cause: null, fromMax: null, handedOff: 'Анна О.' }),
  'handed-off-not-yours': (now) => screen(diary(now), { strip: 'hand_off_not_yours', pupilName: 'Анна О.' }),
  'handed-off-used': (now) => screen(diary(now), { strip: 'link_refused', reason: 'hand_off_used' }),
};
