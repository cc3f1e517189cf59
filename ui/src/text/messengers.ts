import type { Messengers } from '../generated/types';

/**
 * The sentences are written for MAX alone. Where an operator offers something else, these take the place of those that would
 * not be true; they come when they are needed.
 */
const both: Record<string, string> = {
  'Ждём MAX': 'Ждём мессенджер',
  'Остался MAX': 'Остался мессенджер',
  'Подключите MAX': 'Подключите мессенджер',
  'Подключить MAX': 'Подключить мессенджер',
  'Откроется, когда подключите MAX': 'Откроется, когда подключите мессенджер',
  'Показать шаг с MAX': 'Показать этот шаг',
  'Откройте ссылку в MAX и подтвердите номер. Дальше всё произойдёт само.':
    'Подключите MAX или VK Мессенджер. Дальше всё произойдёт само.',
  'Профиль подключён к дневнику. Чаты и дистанционные уроки откроются, когда подключите MAX.':
    'Профиль подключён к дневнику. Чаты и дистанционные уроки откроются, когда подключите MAX или VK Мессенджер.',
  'Учебный профиль Сферум в MAX открывает чаты и дистанционные уроки. Подключить нужно один раз — это пара минут.':
    'Учебный профиль Сферум открывает чаты и дистанционные уроки. Подключить нужно один раз — это пара минут.',
  'Сферум в MAX': 'Учебный профиль',
  MAX: 'Мессенджер',
  'Профиль уже подключён к дневнику, MAX может подождать.':
    'Профиль уже подключён к дневнику, мессенджер может подождать.',
  'Подключить MAX позже': 'Подключить позже',
  'Остался MAX: в нём живут чаты класса и дистанционные уроки. Это пара минут, и начать можно в любой день.':
    'Остался мессенджер: в нём живут чаты класса и дистанционные уроки. Это пара минут, и начать можно в любой день.',
  'Сам профиль, чаты и сообщения в MAX': 'Сам профиль, чаты и сообщения в мессенджерах',
  'Ваш аккаунт и переписка в MAX': 'Ваши аккаунты и переписка в мессенджерах',
  'Waiting for MAX': 'Waiting for the messenger',
  'MAX is left': 'The messenger is left',
  'Only MAX is left': 'Only the messenger is left',
  'Connect MAX': 'Connect a messenger',
  'Opens once you connect MAX': 'Opens once you connect a messenger',
  'Show the MAX step': 'Show this step',
  'Open the link in MAX and confirm your number. The rest happens by itself.':
    'Connect MAX or VK Messenger. The rest happens by itself.',
  'The profile is connected to the diary. Chats and remote lessons open once you connect MAX.':
    'The profile is connected to the diary. Chats and remote lessons open once you connect MAX or VK Messenger.',
  'The Sferum learning profile in MAX opens chats and remote lessons. You connect once — it takes a couple of minutes.':
    'The Sferum learning profile opens chats and remote lessons. You connect once — it takes a couple of minutes.',
  'Sferum in MAX': 'Learning profile',
  'The profile itself, chats and messages in MAX': 'The profile itself, chats and messages in the messengers',
  'Your account and your messages in MAX': 'Your accounts and your messages in the messengers',
  'The profile is connected to the diary already, MAX may wait.':
    'The profile is connected to the diary already, the messenger may wait.',
  'Connect MAX later': 'Connect later',
  'MAX is left: class chats and remote lessons live in it. It takes a couple of minutes, and any day will do.':
    'The messenger is left: class chats and remote lessons live in it. It takes a couple of minutes, and any day will do.',
};

const vkAlone: Record<string, string> = {
  'Аккаунт ВКонтакте не нужен и сам не появится.':
    'Понадобится аккаунт VK: им подключается мессенджер. Сам он не появится.',
  'Подтвердите номер в MAX и возвращайтесь: дневник покажет «Подключён».':
    'Подключите VK Мессенджер и возвращайтесь: дневник покажет «Подключён».',
  'О каждой новой связи мы пишем на почту профиля или в MAX. Если это были не вы, действуйте сразу.':
    'О каждой новой связи мы пишем на почту профиля. Если это были не вы, действуйте сразу.',
  'No VK account is needed, and none will appear.':
    'A VK account is needed: it connects the messenger. None is made by itself.',
  'Confirm the number in MAX and come back: the diary says “Connected”.':
    'Connect VK Messenger and come back: the diary says “Connected”.',
  'We write about every new link to the profile’s address or in MAX. If it was not you, act at once.':
    'We write about every new link to the profile’s address. If it was not you, act at once.',
};

type Say = (sentence: string) => string;

/** The same texts with other sentences: every text, and what every function makes of its words. */
function retell<T>(texts: T, say: Say): T {
  const told = (value: unknown): unknown => {
    if (typeof value === 'string') return say(value);
    if (typeof value === 'function')
      return (...words: unknown[]) => told((value as (...words: unknown[]) => unknown)(...words));
    if (Array.isArray(value)) return value.map(told);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, told(one)]));
    return value;
  };
  return told(texts) as T;
}

/** What makes any of the window's texts name the messengers that are offered. */
export function teller(offered: Messengers): <T>(texts: T) => T {
  if (!offered.vk) return (texts) => texts;
  const say: Say = offered.max
    ? (sentence) => both[sentence] ?? sentence
    : (sentence) => vkAlone[sentence] ?? sentence.replaceAll(/MAX|МАХ/g, 'VK');
  return (texts) => retell(texts, say);
}

/** The sentences that are told otherwise, for a test that they are still said. */
export const retold = { both: Object.keys(both), vkAlone: Object.keys(vkAlone) };
