import type { LinkRefusal } from '../generated/types';
import { masked, type Lang } from './words';

export type HandOffRefusal = Extract<LinkRefusal, `hand_off_${string}`>;

/** What is said on the device that has read a code of «Отправить на телефон»; it comes with the code. */
const ru = {
  refusal: {
    hand_off_unknown: 'Код не от вашего Мостика или прочитан не целиком. Наведите на него камеру ещё раз.',
    hand_off_expired: 'Код больше не действует. Нажмите на компьютере «Отправить на телефон»: там появится новый.',
    hand_off_used: 'По этому коду уже открывали. Нажмите на компьютере «Отправить на телефон»: там появится новый.',
    hand_off_here: 'Это код для другого устройства: на этом дневник уже открыт. Наведите на код камеру телефона.',
    hand_off_unchecked: 'Код не удалось проверить: сервис не ответил. Наведите на него камеру ещё раз.',
  } satisfies Record<HandOffRefusal, string> as Record<HandOffRefusal, string>,
  notYours: (name: string) =>
    `Код ведёт в дневник «${masked(name)}», а ваш аккаунт его не открывает. Выйдите и войдите аккаунтом этого ученика или его родителя.`,
  signIn: (name: string) => `Войдите своим аккаунтом, и здесь откроется тот же дневник: ${masked(name)}`,
};

type HandedOffTexts = typeof ru;

const en: HandedOffTexts = {
  refusal: {
    hand_off_unknown: 'The code is not of your Mostik, or was not read whole. Point the camera at it once more.',
    hand_off_expired: 'The code is over. Press “Send to phone” on the computer: a new one appears there.',
    hand_off_used: 'This code was used already. Press “Send to phone” on the computer: a new one appears there.',
    hand_off_here: 'The code is for another device: here the diary is open already. Point the phone’s camera at it.',
    hand_off_unchecked: 'The code could not be checked: the service did not answer. Point the camera at it once more.',
  },
  notYours: (name) =>
    `The code leads to the diary of “${masked(name)}”, which your account does not open. Sign out, and sign in with the account of that pupil or a parent.`,
  signIn: (name) => `Sign in with your own account, and the same diary opens here: ${masked(name)}`,
};

export const handedOff: Record<Lang, HandedOffTexts> = { ru, en };
