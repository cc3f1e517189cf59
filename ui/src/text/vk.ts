import type { VkTrouble } from '../generated/types';
import type { CauseText } from './ru.causes';
import type { Actor, Lang } from '.';

/** The sentences about VK Messenger; they come with the steps and with «Безопасность». */
const ru = {
  title: 'VK Мессенджер',
  or: 'Вместо MAX подойдёт',
  below: 'VK Мессенджер',
  instead: 'Можно вместо MAX или вместе с ним.',
  beside: 'Можно подключить и его: чаты класса будут в обоих.',
  alone: 'В нём живут чаты класса и дистанционные уроки.',
  how: (a: Actor) =>
    `Откроется браузер: войдите в VK и подтвердите, чей это аккаунт. ${
      a.parent ? 'Нужен аккаунт ребёнка, а не ваш.' : 'Нужен ваш аккаунт, а не родителя.'
    }`,
  connect: 'Подключить VK Мессенджер',
  waiting: 'Ждём ответа из браузера и продолжим сами',
  browser: 'Страница VK открыта в браузере. Войдите там и подтвердите, чей это аккаунт.',
  asking: (a: Actor): string =>
    a.parent
      ? 'В браузере ждёт вопрос, ребёнка ли это аккаунт VK. Ответьте там.'
      : 'В браузере ждёт вопрос, ваш ли это аккаунт VK. Ответьте там.',
  again: 'Открыть VK ещё раз',
  copy: 'Скопировать ссылку',
  bound: (name: string) => `VK Мессенджер подключён: ${name}`,
  open: 'Перейти в VK Мессенджер',
  addMax: 'Подключить и MAX',
  max: 'Подключить MAX',
  trouble: {
    refused: {
      what: 'VK не подключён: в браузере вы отказались.',
      next: 'Если там открылся чужой аккаунт, выйдите из него, войдите в нужный и начните снова.',
    },
    account_taken: {
      what: 'Этот аккаунт VK уже подключён к другому учебному профилю.',
      next: 'Войдите в браузере в другой аккаунт VK. Если аккаунт тот самый, напишите в поддержку.',
    },
    unavailable: {
      what: 'VK не ответил, и аккаунт не подключён.',
      next: 'Попробуйте через несколько минут: шаг сохранён.',
    },
  } satisfies Record<VkTrouble, CauseText> as Record<VkTrouble, CauseText>,
};

type VkTexts = typeof ru;

const en: VkTexts = {
  title: 'VK Messenger',
  or: 'In place of MAX you may take',
  below: 'VK Messenger',
  instead: 'In place of MAX, or beside it.',
  beside: 'You can connect it too: the class chats will be in both.',
  alone: 'Class chats and remote lessons live in it.',
  how: (a) =>
    `The browser opens: sign in to VK and confirm whose account it is. ${
      a.parent ? 'The account must be the child’s, not yours.' : 'The account must be yours, not a parent’s.'
    }`,
  connect: 'Connect VK Messenger',
  waiting: 'Waiting for the browser, and going on by ourselves',
  browser: 'VK is open in the browser. Sign in there and confirm whose account it is.',
  asking: (a) =>
    a.parent
      ? 'The browser asks whether the VK account is the child’s. Answer there.'
      : 'The browser asks whether the VK account is yours. Answer there.',
  again: 'Open VK once more',
  copy: 'Copy the link',
  bound: (name) => `VK Messenger is connected: ${name}`,
  open: 'Open VK Messenger',
  addMax: 'Connect MAX too',
  max: 'Connect MAX',
  trouble: {
    refused: {
      what: 'VK is not connected: you said no in the browser.',
      next: 'If somebody else’s account opened there, sign out of it, sign in to the right one and begin again.',
    },
    account_taken: {
      what: 'This VK account is connected to another learning profile.',
      next: 'Sign in to another VK account in the browser. If it is the right one, write to support.',
    },
    unavailable: {
      what: 'VK did not answer, and the account is not connected.',
      next: 'Try again in a few minutes: the step is kept.',
    },
  },
};

export const vk: Record<Lang, VkTexts> = { ru, en };
