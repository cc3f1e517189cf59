import type { PasswordProblem, Strength } from '../generated/types';
import { count, masked, type Lang } from './words';

/** The sentences of the e-mail route alone; they come with its screens. */
const ru = {
  password: {
    title: 'Придумайте пароль',
    lead: (parent: boolean) =>
      `Он нужен для входа в учебный профиль${parent ? ' ребёнка' : ''}. Проще всего запомнить фразу из четырёх случайных слов.`,
    label: 'Пароль',
    newLabel: 'Новый пароль',
    show: 'Показать пароль',
    hide: 'Скрыть пароль',
    meter: 'Надёжность пароля',
    strength: { weak: 'Слабый', fair: 'Сойдёт', strong: 'Крепкий пароль' } satisfies Record<Strength, string>,
    problem: { short: 'Пока короткий', long: 'Слишком длинный', common: 'Слабый' } satisfies Record<
      PasswordProblem,
      string
    >,
    made: (words: number, signs: number) => {
      const n = count('ru', signs, { one: 'знак', few: 'знака', many: 'знаков' });
      return words > 1 ? `${count('ru', words, { one: 'слово', few: 'слова', many: 'слов' })}, ${n}` : n;
    },
    checks: {
      length: (n: number) => `Не короче ${n} знаков`,
      common: 'Не из тех, что подбирают первыми',
      own: 'Не имя и не дата рождения',
    },
    yes: 'выполнено',
    no: 'пока нет',
  },
  details: {
    title: 'Данные ребёнка',
    lead: 'Взяли из дневника. Проверьте и поправьте, если нужно.',
    leadOwn: 'Дневник дал не всё. Допишите и проверьте остальное.',
    last: 'Фамилия',
    first: 'Имя',
    middle: 'Отчество',
    noMiddle: 'Нет отчества',
    birth: 'Дата рождения',
    birthHint: 'Например, 14.03.2016',
    fromDiary: 'из дневника',
    gender: 'Пол',
    female: 'Девочка',
    male: 'Мальчик',
    empty: 'Поле пустое. Напишите, как в свидетельстве о рождении.',
    noFirst: 'В дневнике имени нет. Если его нет и в документах, оставьте поле пустым.',
    noLast: 'В дневнике фамилии нет. Если её нет и в документах, оставьте поле пустым.',
    emptyMiddle: 'Отчество не указано. Напишите его или отметьте «Нет отчества».',
    emptyDate: 'Дата рождения не указана. Напишите день, месяц и год.',
    genderMissing: 'Пол не выбран. Отметьте один из двух.',
    consent: (name: string) =>
      `Я родитель или законный представитель ребёнка (${name}) и даю согласие на создание профиля.`,
    agreement: 'Согласие',
    read: 'Текст согласия',
    version: (version: string) => `Редакция ${version}`,
    summary: (n: number) =>
      `Проверьте ${count('ru', n, { one: 'ответ', few: 'ответа', many: 'ответов' })}, и продолжим`,
    byPhone: 'Подключить по номеру телефона',
    parent: {
      title: 'Дальше нужен родитель',
      text: 'Профиль ученика до 14 лет создают с согласия родителя, и дать его может только он сам.',
      points: [
        'Выйдите и позовите родителя: пусть он войдёт в дневник под своим именем.',
        'Родитель увидит вас в списке детей и продолжит подключение.',
        'Если у вас есть свой номер в MAX, можно обойтись без этого: подключите по номеру.',
      ],
      out: 'Выйти, чтобы вошёл родитель',
    },
  },
  exists: {
    title: 'На эту почту уже есть профиль',
    lead: (contact: string, name: string) =>
      `Вы подтвердили ${contact}, поэтому можем об этом сказать. Это профиль «${masked(name)}». Введите его пароль\u00a0— подключим профиль к дневнику.`,
    label: 'Пароль от учебного профиля',
    empty: 'Пароль не указан. Введите его или восстановите по почте.',
    recover: 'Не помню пароль\u00a0— восстановить',
    recoverNow: 'Восстановить пароль',
    submit: 'Войти и подключить',
    other: 'Указать другую почту',
  },
  recovery: {
    title: 'Восстановите пароль',
    sentTo: 'Отправили письмо с кодом на',
    after: 'После смены пароля все прежние входы в профиль закончатся.',
    code: 'Код из письма',
    codeLabel: 'Код из письма, восемь цифр',
    submit: 'Сменить пароль и подключить',
  },
};

export type MailTexts = typeof ru;

const en: MailTexts = {
  password: {
    title: 'Make up a password',
    lead: (parent) =>
      `It opens the ${parent ? 'child’s ' : ''}learning profile. A phrase of four random words is the easiest to remember.`,
    label: 'Password',
    newLabel: 'New password',
    show: 'Show the password',
    hide: 'Hide the password',
    meter: 'Strength of the password',
    strength: { weak: 'Weak', fair: 'Fair', strong: 'Strong password' },
    problem: { short: 'Too short yet', long: 'Too long', common: 'Weak' },
    made: (words, signs) => {
      const n = count('en', signs, { one: 'character', many: 'characters' });
      return words > 1 ? `${count('en', words, { one: 'word', many: 'words' })}, ${n}` : n;
    },
    checks: {
      length: (n) => `At least ${n} characters`,
      common: 'Not one of those guessed first',
      own: 'Neither the name nor the birth date',
    },
    yes: 'met',
    no: 'not yet',
  },
  details: {
    title: 'The child’s details',
    lead: 'Taken from the diary. Check them and correct what is wrong.',
    leadOwn: 'The diary did not have everything. Add it and check the rest.',
    last: 'Surname',
    first: 'First name',
    middle: 'Patronymic',
    noMiddle: 'No patronymic',
    birth: 'Birth date',
    birthHint: 'For instance 14.03.2016',
    fromDiary: 'from the diary',
    gender: 'Gender',
    female: 'Girl',
    male: 'Boy',
    empty: 'The field is empty. Fill it in as in the birth certificate.',
    noFirst: 'The diary has no first name. If the documents have none either, leave the field empty.',
    noLast: 'The diary has no surname. If the documents have none either, leave the field empty.',
    emptyMiddle: 'No patronymic was given. Write it, or tick “No patronymic”.',
    emptyDate: 'No birth date was given. Write the day, the month and the year.',
    genderMissing: 'No gender was chosen. Mark one of the two.',
    consent: (name) =>
      `I am a parent or legal representative of the child (${name}) and agree to the profile being created.`,
    agreement: 'Consent',
    read: 'Text of the consent',
    version: (version) => `Wording ${version}`,
    summary: (n) => `Check ${count('en', n, { one: 'answer', many: 'answers' })}, and we go on`,
    byPhone: 'Connect by a phone number',
    parent: {
      title: 'Now a parent is needed',
      text: 'A profile of a pupil under 14 is created with a parent’s consent, and only a parent can give it.',
      points: [
        'Sign out and fetch a parent: let them sign in to the diary with their own account.',
        'The parent will see you among the children and go on with connecting.',
        'If you have your own number in MAX, you can do without: connect by the number.',
      ],
      out: 'Sign out for a parent to sign in',
    },
  },
  exists: {
    title: 'This address has a profile already',
    lead: (contact, name) =>
      `You have proven ${contact}, so we may tell you. It is the profile “${masked(name)}”. Enter its password, and we connect the profile to the diary.`,
    label: 'Password of the learning profile',
    empty: 'No password was given. Enter it, or recover it by e-mail.',
    recover: 'Forgot the password\u00a0— recover it',
    recoverNow: 'Recover the password',
    submit: 'Sign in and connect',
    other: 'Enter another address',
  },
  recovery: {
    title: 'Recover the password',
    sentTo: 'A letter with the code went to',
    after: 'Once the password is changed, all earlier sign-ins to the profile end.',
    code: 'Code from the letter',
    codeLabel: 'Code from the letter, eight digits',
    submit: 'Change the password and connect',
  },
};

export const mail: Record<Lang, MailTexts> = { ru, en };
