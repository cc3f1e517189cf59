import type { Deed } from '../generated/types';
import type { Lang } from './words';

/** What a dialog says before something is done that needs a proof. */
interface DeedText {
  title: string;
  text: string;
  goes: string[];
  stays: string[];
  note: string;
  button: string;
}

/** The sentences of «Безопасность»; they come with the screen. */
const ru = {
  passport: 'Мой паспорт',
  title: 'Безопасность',
  label: 'Связь дневника и Сферума',
  whole: 'Мостик построен: дневник и Сферум связаны',
  gap: 'Моста нет: дневник и Сферум не связаны',
  reading: 'Узнаём, как обстоят дела…',
  linked: 'Подключено',
  half: 'Подключено к дневнику',
  since: (when: string) => `с ${when}`,
  through: { sms: 'по номеру', mail: 'по почте' },
  id: 'Id',
  copyId: 'Скопировать id',
  copied: 'Id скопирован',
  unlink: 'Отвязать аккаунт',
  open: 'Перейти в Сферум',
  none: {
    badge: 'Не подключено',
    title: 'Учебный профиль не подключён',
    text: 'Здесь появятся id профиля и то, что с ним можно сделать.',
    place: 'Пока пусто',
    connect: 'Подключить Сферум',
  },
  data: {
    title: 'Мои данные',
    text: 'Всё, что Мостик хранит о профиле: контакт, согласие, история связей.',
    save: 'Сохранить себе',
    remove: 'Удалить профиль',
    saved: 'Сохранили два файла: страницу, чтобы читать, и данные для программ.',
    show: 'Показать в папке',
  },
  doomed: {
    title: (when: string) => `Профиль будет удалён ${when}`,
    text: 'До этого часа всё остаётся как есть. Передумали — оставьте профиль, ничего не пропадёт.',
    keep: 'Оставить профиль',
  },
  deed: {
    unlink: {
      title: 'Отвязать аккаунт Сферум?',
      text: 'Учебный профиль больше не будет связан с дневником.',
      goes: ['Переход в чаты класса из дневника', 'Вход в дистанционные уроки из расписания'],
      stays: ['Сам профиль, чаты и сообщения в MAX', 'Оценки и задания в дневнике'],
      note: 'Связать снова можно в любой день. О том, что связь снята, сразу напишем.',
      button: 'Отвязать',
    },
    delete: {
      title: 'Удалить учебный профиль?',
      text: 'Удалим через сутки. До этого можно передумать здесь же.',
      goes: ['Профиль и вход в него', 'Имя, контакт и согласие: сотрём всё'],
      stays: ['Дневник, оценки и задания', 'Ваш аккаунт и переписка в MAX'],
      note: 'Напишем сразу и ещё раз, когда удалим. Потом вернуть профиль будет нельзя.',
      button: 'Удалить через сутки',
    },
    export: {
      title: 'Сохранить данные себе?',
      text: 'Положим в папку загрузок два файла: страницу, чтобы читать, и данные для программ. В них всё, что Мостик хранит о профиле.',
      goes: [],
      stays: [],
      note: 'Файлы личные: телефон или почта в них записаны целиком.',
      button: 'Сохранить',
    },
  } satisfies Record<Deed, DeedText> as Record<Deed, DeedText>,
  goes: { unlink: 'Закроется', delete: 'Исчезнет', export: '' } satisfies Record<Deed, string>,
  stays: 'Останется',
  cancel: 'Отменить',
  proof: {
    title: 'Подтвердите, что профиль ваш',
    password: 'Пароль от учебного профиля',
    empty: 'Пароль не указан. Введите его или попросите код.',
    byCode: (contact: string) => `Не помню пароль — прислать код на ${contact}`,
    byPassword: 'Ввести пароль',
    ask: (contact: string) => `Пришлём код на ${contact}. Он действует 10 минут.`,
    send: 'Прислать код',
    again: 'Прислать новый код',
    againIn: (left: string) => `Новый код можно запросить через ${left}`,
    label: 'Код, шесть цифр',
    sent: (contact: string) => `Код отправлен на ${contact}.`,
    tries: (n: number) => `Осталось попыток: ${n}.`,
    noCode: 'Сначала попросите код, потом введите его сюда.',
    doing: 'Проверяем…',
  },
};

export type SecurityTexts = typeof ru;

const en: SecurityTexts = {
  passport: 'My passport',
  title: 'Security',
  label: 'The link between the diary and Sferum',
  whole: 'The bridge stands: the diary and Sferum are linked',
  gap: 'There is no bridge: the diary and Sferum are not linked',
  reading: 'Finding out how things stand…',
  linked: 'Connected',
  half: 'Connected to the diary',
  since: (when) => `since ${when}`,
  through: { sms: 'by the number', mail: 'by the address' },
  id: 'Id',
  copyId: 'Copy the id',
  copied: 'The id is copied',
  unlink: 'Unlink the account',
  open: 'Open Sferum',
  none: {
    badge: 'Not connected',
    title: 'No learning profile is connected',
    text: 'The id of the profile will stand here, and what can be done with it.',
    place: 'Empty so far',
    connect: 'Connect Sferum',
  },
  data: {
    title: 'My data',
    text: 'All that Mostik holds about the profile: contact, consent, the history of links.',
    save: 'Save a copy',
    remove: 'Delete the profile',
    saved: 'Two files are saved: a page to read and the data for programs.',
    show: 'Show in the folder',
  },
  doomed: {
    title: (when) => `The profile will be deleted on ${when}`,
    text: 'Until then everything stays as it is. If you changed your mind, keep the profile: nothing will be lost.',
    keep: 'Keep the profile',
  },
  deed: {
    unlink: {
      title: 'Unlink the Sferum account?',
      text: 'The learning profile will no longer be linked to the diary.',
      goes: ['The way to class chats from the diary', 'Joining remote lessons from the timetable'],
      stays: ['The profile itself, chats and messages in MAX', 'Marks and homework in the diary'],
      note: 'You can link again any day. We will write to you at once that the link was removed.',
      button: 'Unlink',
    },
    delete: {
      title: 'Delete the learning profile?',
      text: 'We delete it in a day. Until then you can change your mind here.',
      goes: ['The profile and the sign-in to it', 'Name, contact and consent: all is erased'],
      stays: ['The diary, marks and homework', 'Your account and your messages in MAX'],
      note: 'We write at once, and again when it is deleted. After that the profile cannot be brought back.',
      button: 'Delete in a day',
    },
    export: {
      title: 'Save a copy of the data?',
      text: 'We put two files into your downloads: a page to read and the data for programs. They hold all that Mostik knows about the profile.',
      goes: [],
      stays: [],
      note: 'The files are private: the phone number or the address stands in them in full.',
      button: 'Save',
    },
  },
  goes: { unlink: 'Will close', delete: 'Will go', export: '' },
  stays: 'Will stay',
  cancel: 'Cancel',
  proof: {
    title: 'Confirm that the profile is yours',
    password: 'Password of the learning profile',
    empty: 'No password was given. Enter it, or ask for a code.',
    byCode: (contact) => `I forgot the password — send a code to ${contact}`,
    byPassword: 'Enter the password',
    ask: (contact) => `We send a code to ${contact}. It works for 10 minutes.`,
    send: 'Send a code',
    again: 'Send a new code',
    againIn: (left) => `A new code can be asked for in ${left}`,
    label: 'Code, six digits',
    sent: (contact) => `The code went to ${contact}.`,
    tries: (n) => `Tries left: ${n}.`,
    noCode: 'Ask for a code first, then enter it here.',
    doing: 'Checking…',
  },
};

export const security: Record<Lang, SecurityTexts> = { ru, en };
