import { count, noon, type Lang } from './words';

type Source = 'deb' | 'rpm' | 'app_image' | 'installer' | 'disk_image' | 'store' | 'built';
type Said = 'asking' | 'newest' | 'not_offered' | 'no_key' | 'forged' | 'unreadable' | 'down' | 'offline';
type Health = 'asking' | 'well' | 'slow' | 'down' | 'offline';

const day = (locale: string) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Europe/Moscow' });
const days: Record<Lang, Intl.DateTimeFormat> = { ru: day('ru-RU'), en: day('en-GB') };
const date = (lang: Lang, on: string) => days[lang].format(noon(on));

/** «О программе»: it comes with what shows it. */
interface About {
  title: string;
  version: string;
  commit: (commit: string) => string;
  check: string;
  update: Record<Said, string>;
  newer: (version: string, released: string) => string;
  older: (version: string) => string;
  how: Record<Source, string>;
  service: string;
  serviceVersion: (version: string) => string;
  again: string;
  health: Record<Health, string>;
  notices: { title: string; on: string; hint: string; denied: string };
  kept: {
    title: string;
    session: string;
    keyring: string;
    memory: string;
    state: string;
    look: string;
    files: string;
    log: string;
    stream: string;
    nothing: string;
  };
  licences: { title: string; own: string; show: string; hide: string; parts: (n: number) => string; text: string };
}

const ru: About = {
  title: 'О программе',
  version: 'Версия',
  commit: (commit) => `сборка ${commit}`,
  check: 'Проверить обновления',
  update: {
    asking: 'Спрашиваем у сервиса…',
    newest: 'У вас самая новая версия.',
    not_offered: 'Сервис не рассказывает о новых версиях. Обновления приходят так же, как пришёл Мостик.',
    no_key:
      'Эта копия не знает ключа оператора и не отличит настоящее обновление от чужого. Спросите о новой версии в школе.',
    forged: 'Весть о новой версии подписал не оператор. Ничего не устанавливайте и сообщите в поддержку.',
    unreadable: 'Весть о новой версии не читается. Попробуйте позже.',
    down: 'Сервис не ответил как нужно. Попробуйте позже.',
    offline: 'До сервиса не дозвониться. Проверьте интернет и попробуйте ещё раз.',
  },
  newer: (version, released) => `Есть версия ${version} от ${date('ru', released)}`,
  older: (version) => `Оператор предлагает версию ${version}, она старше вашей. Устанавливать её не нужно.`,
  how: {
    deb: 'Она придёт вместе с обновлениями системы, через apt или центр приложений.',
    rpm: 'Она придёт вместе с обновлениями системы, через dnf, zypper или центр приложений.',
    app_image: 'Скачайте новый файл там же, где взяли этот, и замените им старый.',
    installer: 'Скачайте новый установщик там же, где взяли этот: он заменит старую версию.',
    disk_image: 'Скачайте новый образ там же, где взяли этот: он заменит старую версию.',
    store: 'Обновите Мостик в магазине приложений.',
    built: 'Эту копию собрали из исходного кода. Соберите новую так же.',
  },
  service: 'Сервис',
  serviceVersion: (version) => `версия ${version}`,
  again: 'Проверить ещё раз',
  health: {
    asking: 'Проверяем…',
    well: 'Работает',
    slow: 'Работает, но отвечает медленно',
    down: 'Сейчас не работает. Попробуйте позже',
    offline: 'Нет связи. Проверьте интернет',
  },
  notices: {
    title: 'Уведомления',
    on: 'Сообщать, когда дождались',
    hint: 'Если окно не перед вами: профиль подключён, отвязан на другом устройстве или его завтра удалят. Имён в уведомлениях нет.',
    denied: 'Система не показывает уведомления Мостика. Разрешите их в её настройках.',
  },
  kept: {
    title: 'Что где хранится',
    session: 'Ваш вход',
    keyring: 'в хранилище паролей системы',
    memory: 'только в памяти, пока окно открыто',
    state: 'Шаг, на котором вы остановились, последние недели дневника, язык и тема',
    look: 'Размер окна и файл mostik.toml, если он есть',
    files: 'Сведения, которые вы сохранили',
    log: 'Журнал работы, без имён и номеров',
    stream: 'на диск не пишется',
    nothing: 'Больше нигде и ничего. Пароли и коды не хранятся.',
  },
  licences: {
    title: 'Лицензии',
    own: 'Мостиком можно пользоваться по лицензии Apache-2.0 или MIT, на ваш выбор.',
    show: 'Показать чужие части',
    hide: 'Скрыть чужие части',
    parts: (n) => count('ru', n, { one: 'часть', few: 'части', many: 'частей' }),
    text: 'Текст лицензии',
  },
};

const en: About = {
  title: 'About',
  version: 'Version',
  commit: (commit) => `build ${commit}`,
  check: 'Check for updates',
  update: {
    asking: 'Asking the service…',
    newest: 'You have the newest version.',
    not_offered: 'The service does not tell of new versions. Updates come the way Mostik came.',
    no_key:
      'This copy knows no key of the operator’s and could not tell a true update from a stranger’s. Ask your school.',
    forged: 'The news of a new version was not signed by the operator. Install nothing, and tell support.',
    unreadable: 'The news of a new version cannot be read. Try again later.',
    down: 'The service did not answer as it should. Try again later.',
    offline: 'The service cannot be reached. Check the internet and try again.',
  },
  newer: (version, released) => `There is version ${version} of ${date('en', released)}`,
  older: (version) =>
    `The operator offers version ${version}, which is older than yours. There is no need to install it.`,
  how: {
    deb: 'It comes with the system’s updates, by apt or the software centre.',
    rpm: 'It comes with the system’s updates, by dnf, zypper or the software centre.',
    app_image: 'Download the new file where you got this one, and put it in the old one’s place.',
    installer: 'Download the new installer where you got this one: it replaces the old version.',
    disk_image: 'Download the new image where you got this one: it replaces the old version.',
    store: 'Update Mostik in the app store.',
    built: 'This copy was built from the source. Build the new one the same way.',
  },
  service: 'Service',
  serviceVersion: (version) => `version ${version}`,
  again: 'Check again',
  health: {
    asking: 'Checking…',
    well: 'Works',
    slow: 'Works, but answers slowly',
    down: 'Does not work right now. Try again later',
    offline: 'No connection. Check the internet',
  },
  notices: {
    title: 'Notifications',
    on: 'Tell me when the wait is over',
    hint: 'When the window is not before you: the profile is linked, unlinked on another device, or deleted tomorrow. There are no names in them.',
    denied: 'The system does not show Mostik’s notifications. Allow them in its settings.',
  },
  kept: {
    title: 'What is kept where',
    session: 'Your sign-in',
    keyring: 'in the system’s password store',
    memory: 'in memory alone, while the window is open',
    state: 'The step where you stopped, the last weeks of the diary, language and theme',
    look: 'The window’s size, and the file mostik.toml if there is one',
    files: 'The data that you saved',
    log: 'The log, without names and numbers',
    stream: 'not written to the disk',
    nothing: 'Nothing else, nowhere else. Passwords and codes are not kept.',
  },
  licences: {
    title: 'Licences',
    own: 'Mostik may be used under Apache-2.0 or MIT, at your choice.',
    show: 'Show parts by others',
    hide: 'Hide parts by others',
    parts: (n) => count('en', n, { one: 'part', many: 'parts' }),
    text: 'Text of the licence',
  },
};

export const about: Record<Lang, About> = { ru, en };
