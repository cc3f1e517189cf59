import { whole, type Lang } from './words';

/** The sentences of «Подключить этот MAX?»; they come with the screen. */
const ru = {
  lead: 'Вы пришли из MAX. Проверьте, чей это аккаунт и с чьим дневником его связать.',
  account: 'Аккаунт в MAX',
  proven: (phone: string) => `${whole(phone)}, номер подтверждён`,
  unproven: 'Номер подтвердите в MAX на следующем шаге',
  diary: 'Дневник',
  whose: 'Чей дневник?',
  choose: 'Выберите, с чьим дневником связать этот MAX.',
  note: 'Аккаунт чужой или вы сюда не собирались? Нажмите «Не сейчас»: ничего не изменится.',
  lives: (left: string) => `Ответить можно ещё ${left}`,
  over: 'Время на ответ вышло',
  yes: 'Да, подключить',
  no: 'Не сейчас',
};

type FromMaxTexts = typeof ru;

const en: FromMaxTexts = {
  lead: 'You come from MAX. Check whose account it is and whose diary to connect it with.',
  account: 'MAX account',
  proven: (phone) => `${whole(phone)}, the number is confirmed`,
  unproven: 'The number is confirmed in MAX at the next step',
  diary: 'Diary',
  whose: 'Whose diary?',
  choose: 'Choose whose diary to connect this MAX with.',
  note: 'Is it somebody else’s account, or did you not mean to come here? Press “Not now”: nothing changes.',
  lives: (left) => `You can answer for ${left}`,
  over: 'The time to answer is over',
  yes: 'Yes, connect',
  no: 'Not now',
};

export const fromMax: Record<Lang, FromMaxTexts> = { ru, en };
