import type { SferumButton } from '../generated/types';
import { count, type Lang } from './words';

const many = ['один ребёнок', 'двое детей', 'трое детей', 'четверо детей', 'пятеро детей'];

/** The sentences of «Кому подключаем Сферум?»; they come with the screen. */
const ru = {
  lead: 'У каждого ребёнка свой учебный профиль и своя связь с дневником.',
  note: 'Номер и почта\u00a0— ребёнка, а не ваши. Иначе он окажется в чатах под вашим именем.',
  parent: (n: number) =>
    `родитель, ${many[n - 1] ?? count('ru', n, { one: 'ребёнок', few: 'ребёнка', many: 'детей' })}`,
  account: (name: string) => `Вы вошли как ${name}, родитель`,
  reading: 'Обновляем…',
  open: 'открыть дневник',
  state: {
    not_linked: 'Сферум не подключён',
    continue: 'Ждёт продолжения',
    awaiting_max: 'Ждём MAX',
    linked: 'Сферум подключён',
    linked_without_messenger: 'Остался MAX',
    attention: 'Нужно внимание',
    offline: 'Нет сети',
  } satisfies Record<SferumButton, string>,
  act: {
    not_linked: 'Подключить',
    continue: 'Продолжить',
    awaiting_max: 'Ждём MAX',
    linked: 'Перейти в Сферум',
    linked_without_messenger: 'Подключить MAX',
    attention: 'Посмотреть',
    offline: 'Открыть дневник',
  } satisfies Record<SferumButton, string>,
};

type ChildrenTexts = Omit<typeof ru, 'state' | 'act'> & Record<'state' | 'act', Record<SferumButton, string>>;

const en: ChildrenTexts = {
  lead: 'Each child has a learning profile and a connection to the diary of their own.',
  note: 'The number and the address must be the child’s, not yours. Otherwise the child will be in the chats under your name.',
  parent: (n) => `parent, ${count('en', n, { one: 'child', many: 'children' })}`,
  account: (name) => `You are signed in as ${name}, parent`,
  reading: 'Refreshing…',
  open: 'open the diary',
  state: {
    not_linked: 'Sferum is not connected',
    continue: 'Stopped halfway',
    awaiting_max: 'Waiting for MAX',
    linked: 'Sferum is connected',
    linked_without_messenger: 'MAX is left',
    attention: 'Needs attention',
    offline: 'No network',
  },
  act: {
    not_linked: 'Connect',
    continue: 'Continue',
    awaiting_max: 'Waiting for MAX',
    linked: 'Open Sferum',
    linked_without_messenger: 'Connect MAX',
    attention: 'Have a look',
    offline: 'Open the diary',
  },
};

export const children: Record<Lang, ChildrenTexts> = { ru, en };
