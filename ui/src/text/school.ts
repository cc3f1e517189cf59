import type { Lang } from './words';

/** The week and the class chats: they come with what shows them. */
interface School {
  chats: {
    title: string;
    lead: string;
    open: string;
    connect: string;
    whenLinked: string;
    withMax: string;
    offline: string;
  };
  free: string;
}

const ru: School = {
  chats: {
    title: 'Чаты класса',
    lead: 'Откроются в Сферуме.',
    open: 'Открыть чат',
    connect: 'Подключить',
    whenLinked: 'Откроются, когда подключите Сферум.',
    withMax: 'Откроются, когда подключите MAX.',
    offline: 'Откроются, когда вернётся связь.',
  },
  free: 'Уроков нет',
};

const en: School = {
  chats: {
    title: 'Class chats',
    lead: 'They open in Sferum.',
    open: 'Open the chat',
    connect: 'Connect',
    whenLinked: 'They open once Sferum is connected.',
    withMax: 'They open once MAX is connected.',
    offline: 'They open when the connection is back.',
  },
  free: 'No lessons',
};

export const school: Record<Lang, School> = { ru, en };
