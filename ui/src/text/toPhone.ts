import type { HandOffPlace } from '../generated/types';
import { masked, type Lang } from './words';

/** The sentences of «Отправить на телефон»; they come with the dialog. */
const ru = {
  lead: {
    diary: 'На телефоне откроется этот же дневник.',
    linking: 'На телефоне подключение продолжится с этого же шага.',
    security: 'На телефоне откроется «Мой паспорт» этого же дневника.',
  } satisfies Record<HandOffPlace, string> as Record<HandOffPlace, string>,
  steps: [
    'Наведите на код камеру телефона и откройте ссылку.',
    'Нажмите «Открыть Мостик». Если приложения ещё нет, там же написано, где его взять.',
    'Войдите в дневник своим аккаунтом.',
  ],
  qr: 'QR-код: этот же дневник на телефоне',
  safe: (name: string) =>
    `Кто сфотографирует код, увидит только «${masked(name)}». Без вашего входа в дневник код ничего не откроет.`,
  lives: (left: string) => `Код действует ещё ${left}`,
  making: 'Готовим код',
  seen: 'Ссылку открыли. Осталось войти на телефоне в дневник.',
  over: 'Код больше не действует',
  overMore: 'Нажмите «Показать новый код».',
  renew: 'Показать новый код',
  again: 'Повторить',
  copy: 'Скопировать ссылку',
  taken: 'Открыто на телефоне',
  takenOn: (device: string) => `Устройство: ${device}`,
  takenMore: 'Код сработал и больше ничего не откроет. Здесь всё осталось как было.',
  stranger: 'Это были не вы? Откройте «Мой паспорт» и нажмите «Выйти» рядом с незнакомым устройством.',
};

type ToPhoneTexts = typeof ru;

const en: ToPhoneTexts = {
  lead: {
    diary: 'The same diary opens on the phone.',
    linking: 'Connecting goes on on the phone, from this very step.',
    security: '“My passport” of the same diary opens on the phone.',
  },
  steps: [
    'Point the phone’s camera at the code and open the link.',
    'Press “Open Mostik”. If there is no app yet, the page says where to get it.',
    'Sign in to the diary with your own account.',
  ],
  qr: 'QR code: the same diary on the phone',
  safe: (name) =>
    `Whoever photographs the code sees “${masked(name)}” and no more. Without your own sign-in to the diary it opens nothing.`,
  lives: (left) => `The code works for ${left}`,
  making: 'Making the code',
  seen: 'The link was opened. What is left is to sign in to the diary on the phone.',
  over: 'The code is over',
  overMore: 'Press “Show a new code”.',
  renew: 'Show a new code',
  again: 'Try again',
  copy: 'Copy the link',
  taken: 'Opened on the phone',
  takenOn: (device) => `Device: ${device}`,
  takenMore: 'The code has done its work and opens nothing more. Here all is as it was.',
  stranger: 'Was it not you? Open “My passport” and press “Sign out” beside the device that you do not know.',
};

export const toPhone: Record<Lang, ToPhoneTexts> = { ru, en };
