import type { KeyringProblem, LinkRefusal, Role, SferumButton } from '../generated/types';
import { byMail, causes, either, movedBy, type CauseText } from './ru.causes';
import { clock, count, dayTitle, form, masked, minutes, moment, weekday, weekTitle } from './words';

/** Who acts, and by what contact: most sentences of the steps hang on that. */
export interface Actor {
  /** A parent acts for the pupil. */
  parent: boolean;
  /** The contact is an e-mail address. */
  mail: boolean;
  /** The pupil's first name. */
  name: string;
}

const length = (ms: number) => {
  const size = Math.abs(ms);
  if (size >= 86_400_000) {
    return count('ru', Math.round(size / 86_400_000), { one: 'день', few: 'дня', many: 'дней' });
  }
  if (size >= 3_600_000) {
    return count('ru', Math.round(size / 3_600_000), { one: 'час', few: 'часа', many: 'часов' });
  }
  return minutes.ru(Math.max(1, Math.round(size / 60_000)));
};

const sferumState: Record<SferumButton, string> = {
  not_linked: 'Не подключён',
  continue: 'Продолжить',
  awaiting_max: 'Ждём MAX',
  linked: 'Подключён',
  linked_without_messenger: 'Подключите MAX',
  attention: 'Нужно внимание',
  offline: 'Нет сети',
};

const role: Record<Role, string> = { pupil: 'ученик', parent: 'родитель', other: 'сотрудник школы' };

/** A code of another device has its sentences in `handedOff.ts`. */
const refusal: Record<Exclude<LinkRefusal, `hand_off_${string}`>, string> = {
  malformed: 'Ссылка не открыта: Мостик таких не делает.',
  foreign: 'Ссылка не открыта: она от другого подключения. Продолжайте на этом экране.',
  repeated: 'По этой ссылке уже переходили. Второй раз она ничего не делает.',
  expired: 'Ссылка из MAX больше не действует: она живёт минуту. Нажмите в MAX «Открыть Мостик» ещё раз.',
  unchecked: 'Ссылку из MAX не удалось проверить: сервис не ответил. Нажмите в MAX «Открыть Мостик» ещё раз.',
};

/** Every sentence of the window in Russian; the other language must have the same shape. */
export const ru = {
  app: 'Мостик',
  dayTitle: (date: string) => dayTitle('ru', date),
  weekday: (date: string) => weekday('ru', date),
  clock: (ms: number) => clock('ru', ms),
  moment: (ms: number, now: number) => moment('ru', ms, now),
  title: {
    page: (what: string) => `${what} — Мостик`,
    amiss: (rest: string) => `Не получилось: ${rest}`,
    step: (n: number, of: number, name: string) =>
      `Шаг ${n} из ${of}: ${/^[A-Z]+$/.test(name) ? name : name.toLocaleLowerCase('ru')}`,
    taken: { sms: 'Этот номер подключён к другому дневнику', mail: 'Эта почта подключена к другому дневнику' },
    linked: 'Готово, мостик построен',
    half: 'Профиль подключён к дневнику',
    keyring: {
      absent: 'Негде хранить вход',
      locked: 'Хранилище паролей закрыто',
      dismissed: 'Хранилище паролей не открыли',
      broken: 'Хранилище паролей не работает',
    } satisfies Record<KeyringProblem, string>,
    noPupil: 'Здесь нет дневника ученика',
  },
  common: {
    slow: 'Ответа ещё нет — можно подождать.',
    stopWaiting: 'Не ждать',
    continue: 'Продолжить',
    retry: 'Повторить',
    cancel: 'Отмена',
    close: 'Закрыть',
    dismiss: 'Понятно',
    copy: 'Скопировать',
    copied: 'Скопировано',
    linkCopied: 'Ссылка скопирована',
    notCopied: 'Скопировать не получилось. Выделите текст и скопируйте сами.',
    support: 'Поддержка',
    supportAddress: 'prof.sferum.ru/support',
    supportAsk: 'Что-то непонятно? Поддержка:',
    refresh: 'Обновить',
    role,
  },
  settings: {
    language: 'Язык',
    theme: 'Тема',
    system: 'Как в системе',
    light: 'Светлая',
    dark: 'Тёмная',
    contrast: 'Контраст',
  },
  starting: { title: 'Открываем Мостик', wait: 'Читаем сохранённый вход…' },
  signIn: {
    title: 'Дневник и Сферум рядом',
    lead: 'Мостик соединяет дневник МЭШ с учебным профилем Сферум.',
    points: [
      'Чаты класса и дистанционные уроки открываются из дневника.',
      'Подключить нужно один раз, это пара минут.',
      'Откроется браузер. Пароль вы введёте на странице дневника, Мостик его не увидит.',
    ],
    button: 'Войти через дневник',
    fromMax: (name: string) => `${masked(name)}\u00a0— это вы в MAX. Войдите в дневник, и мы продолжим подключение.`,
  },
  signingIn: {
    title: 'Войдите в браузере',
    lead: 'Мы открыли страницу дневника. Войдите там и разрешите доступ, а мы продолжим сами.',
    wait: 'Ждём ответа из браузера',
    again: 'Открыть страницу ещё раз',
    cancel: 'Отменить вход',
    byHand: 'Браузер не открылся. Скопируйте адрес и откройте его сами:',
    copy: 'Скопировать адрес',
  },
  opening: {
    title: 'Открываем дневник',
    failed: 'Дневник пока не открылся',
    wait: 'Узнаём, чей это дневник…',
    signOut: 'Выйти',
  },
  nav: {
    label: 'Разделы',
    skip: 'К содержанию',
    diary: 'Дневник',
    library: 'Библиотека',
    portfolio: 'Портфолио учащегося',
    portfolioShort: 'Портфолио',
    help: 'Справка',
    account: 'Учётная запись:',
    signOut: 'Выйти',
    keeper: (name: string) => `${name}, родитель`,
    keeps: (name: string) => `Дневник ведёт ${name}, родитель`,
    otherChild: 'Другой ребёнок',
    passport: 'Мой паспорт',
    toPhone: 'Отправить на телефон',
    about: 'О программе',
  },
  sferum: { name: 'Сферум', profile: 'Профиль Сферум', state: sferumState },
  diary: {
    doomed: (when: string) => `Учебный профиль будет удалён ${when}.`,
    doomedMore: 'Оставить или проверить',
    lessons: (n: number, until: string) =>
      `${count('ru', n, { one: 'урок', few: 'урока', many: 'уроков' })}, последний до ${until}`,
    noLessons: 'Уроков нет',
    noLessonsMore: 'На этот день в расписании пусто.',
    reading: 'Читаем расписание…',
    unknown: 'Расписания на этот день пока нет',
    unknownMore: 'Его не удалось прочитать. Как только связь вернётся, оно появится.',
    today: 'сегодня',
    previous: 'Предыдущий день',
    next: 'Следующий день',
    week: 'Дни недели',
    room: (room: string) => `каб. ${room}`,
    mark: 'Оценка',
    remote: 'дистанционно',
    past: (n: number) =>
      `${form('ru', n, { one: 'Прошёл', many: 'Прошли' })} ${count('ru', n, { one: 'урок', few: 'урока', many: 'уроков' })}`,
    startsIn: (n: number) => `Начнётся через ${minutes.ru(n)}.`,
    goesOn: (until: string) => `Идёт до ${until}.`,
    opensWhenLinked: 'Откроется, когда подключите Сферум',
    opensWithMax: 'Откроется, когда подключите MAX',
    opensOffline: 'Откроется, когда вернётся связь',
    opensHere: 'Откроется в Сферуме',
    connect: 'Подключить',
    continue: 'Продолжить',
    now: 'идёт сейчас',
    upNext: 'следующий',
    cancelled: 'отменён',
    replaced: 'замена',
    mode: 'Что показать',
    modeDay: 'День',
    modeWeek: 'Неделя',
    weekOf: (date: string) => weekTitle('ru', date),
    wholeWeek: 'Все уроки недели',
    previousWeek: 'Предыдущая неделя',
    nextWeek: 'Следующая неделя',
    asOf: (when: string) => `Расписание прочитано: ${when}`,
    join: 'Подключиться',
    remoteOnDay: 'Дистанционно в этот день',
    remoteToday: 'Дистанционно сегодня',
  },
  invite: {
    title: 'Соедините дневник и чаты класса',
    text: 'Учебный профиль Сферум в MAX открывает чаты и дистанционные уроки. Подключить нужно один раз — это пара минут.',
    connect: 'Подключить Сферум',
    later: 'Не сейчас',
  },
  card: {
    continue: {
      title: 'Мостик построен наполовину',
      text: 'Подключение ждёт на том шаге, где вы остановились.',
      button: 'Продолжить подключение',
    },
    awaiting_max: {
      title: 'Остался MAX',
      text: 'Откройте ссылку в MAX и подтвердите номер. Дальше всё произойдёт само.',
      button: 'Показать шаг с MAX',
    },
    attention: {
      title: 'Подключение ждёт вас',
      text: 'С этим номером подключить не получилось. Скажем почему и что можно сделать.',
      button: 'Посмотреть',
    },
    linked_without_messenger: {
      title: 'Остался MAX',
      text: 'Профиль подключён к дневнику. Чаты и дистанционные уроки откроются, когда подключите MAX.',
      button: 'Подключить MAX',
    },
    linked: {
      title: 'Сферум подключён',
      text: 'Чаты класса и дистанционные уроки открываются отсюда.',
      button: 'Перейти в Сферум',
    },
  },
  dialog: {
    title: 'Учебный профиль Сферум не подключён',
    text: 'Свяжите его с дневником — и чаты класса и дистанционные уроки будут открываться прямо отсюда.',
    points: [
      'Спросим номер телефона и пришлём код. Ученику до 14 лет подойдёт электронная почта.',
      'Если учебного профиля ещё нет, создадим его при подключении.',
      'Аккаунт ВКонтакте не нужен и сам не появится.',
    ],
    begin: 'Перейти к подключению',
  },
  outside: {
    library: {
      title: 'Библиотека',
      text: 'Учебники и материалы МЭШ. Библиотека открывается в браузере, дневник останется здесь.',
      button: 'Открыть библиотеку',
    },
    portfolio: {
      title: 'Портфолио учащегося',
      text: 'Достижения, олимпиады и кружки. Портфолио открывается в браузере, дневник останется здесь.',
      button: 'Открыть портфолио',
    },
  },
  wizard: {
    title: 'Подклю\u00adчение Сферума',
    toDiary: 'В дневник',
    help: 'Помощь',
    step: (n: number, of: number) => `Шаг ${n} из ${of}`,
    steps: {
      contact: 'Номер',
      either: 'Номер или почта',
      mail: 'Почта',
      code: 'Код',
      taken: 'Профиль',
      password: 'Пароль',
      details: 'Данные',
      exists: 'Вход',
      recovery: 'Новый пароль',
      profile: 'Профиль',
      max: 'MAX',
      linked: 'MAX',
    },
    none: 'Мостик ещё не начат',
    done: 'Все шаги пройдены, мостик построен',
    left: 'Дневник МЭШ',
    right: 'Сферум в MAX',
    pupil: (className: string) => `ученик, ${className}`,
    unknown: 'Найдём или создадим',
    new: 'Новый профиль',
    leftOf: (className: string) => `Дневник, ${className}`,
    keeps: (name: string) => `ведёт ${name}`,
    newMore: (a: Actor): string => (a.parent ? 'создадим для ребёнка' : 'создадим для вас'),
    linked: 'подключён',
    ends: 'Что соединяем',
  },
  children: { title: 'Кому подключаем Сферум?' },
  fromMax: { title: 'Подключить этот MAX?' },
  strip: {
    offline: 'Нет связи.',
    offlineAsOf: (when: string) => `Показано на ${when}, новые действия подождут.`,
    offlineNever: 'Действия подождут, пока она не вернётся.',
    ahead: (ms: number) => `Часы на этом устройстве спешат на ${length(ms)}.`,
    behind: (ms: number) => `Часы на этом устройстве отстают на ${length(ms)}.`,
    clockMore: 'Сроки считаем по часам сервиса, но часы лучше поправить.',
    sessionOnly: 'Вход не сохраняется: после закрытия окна нужно будет войти заново.',
    storeReset: 'Сохранённое на устройстве не прочиталось. Отложили его в сторону и начали с чистого листа.',
    secondStart: 'Мостик уже открыт: вот его окно.',
    refusal,
    deaf: 'Окно не достучалось до приложения. Закройте Мостик и откройте снова.',
  },
  cause: {
    change: { sms: 'Изменить номер', mail: 'Изменить адрес' },
    todo: 'Что делать',
    more: 'Подробнее',
    name: 'Если не помогло, назовите поддержке код',
    at: (left: string) => `Можно повторить через ${left}`,
    now: 'Уже можно повторить',
    retry: 'Повторить',
    kinds: causes,
    mail: byMail,
    either,
    movedBy,
    recovery: { what: 'В коде восемь цифр.', next: 'Проверьте письмо и введите все восемь.' } as CauseText,
  },
};

export type { CauseText };
export type Texts = typeof ru;
