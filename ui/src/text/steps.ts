import type { Channel, Delivery } from '../generated/types';
import { isLong } from '../logic/names';
import type { Actor } from './ru';
import { count, form, masked, minutes, whole, type Lang } from './words';

const tries = (n: number) =>
  n === 0
    ? 'Попыток больше нет.'
    : `${form('ru', n, { one: 'Осталась', many: 'Осталось' })} ${count('ru', n, { one: 'попытка', few: 'попытки', many: 'попыток' })}.`;

const delivery: Record<Channel, Record<Delivery, string>> = {
  sms: {
    queued: 'СМС готовится к отправке.',
    delayed: 'Оператор СМС пока не отвечает. Отправим сами, как только ответит.',
    sent: 'СМС отправлено. Обычно приходит за минуту.',
    delivered: 'СМС доставлено на телефон.',
    failed: 'Оператор не смог доставить СМС. Проверьте номер или запросите новый код.',
    no_such_mailbox: 'Такого номера нет. Проверьте его или укажите другой.',
    mailbox_full: 'На телефоне нет места для СМС. Освободите его и запросите новый код.',
  },
  mail: {
    queued: 'Письмо готовится к отправке.',
    delayed: 'Почтовый сервер просит подождать. Отправим сами, как только примет.',
    sent: 'Письмо отправлено. Обычно приходит за минуту.',
    delivered: 'Письмо принято почтовым сервером.',
    failed: 'Почтовый сервер не принял письмо. Проверьте адрес или запросите новый код.',
    no_such_mailbox: 'Почтовый сервер ответил, что такого ящика нет. Проверьте адрес по буквам.',
    mailbox_full: 'Ящик переполнен, письмо не принято. Освободите место и запросите новый код.',
  },
};

/** The child by name, unless the name would take more of the sentence than the rest of it. */
const childRu = (a: Actor) => (isLong(a.name) ? 'ребёнок' : a.name);
const childEn = (a: Actor) => (isLong(a.name) ? 'the child' : a.name);

/** The sentences of the steps alone; they come with them. */
const ru = {
  contact: {
    title: 'Куда прислать код?',
    lead: (a: Actor) => `Укажите номер, с которым ${a.parent ? `${childRu(a)} входит` : 'вы входите'} в MAX.`,
    leadEmail: 'Ученику до 14 лет подойдёт электронная почта.',
    label: 'Телефон или почта',
    hint: 'Пишите как удобно: с +7, с 8 или просто с девятки.',
    mobile: 'мобильный',
    email: 'почта',
    note: (a: Actor) =>
      a.parent
        ? `Номер\u00a0— ребёнка, а не ваш. Иначе ${childRu(a)} окажется в чатах под вашим именем.`
        : 'Номер должен быть ваш, а не родителя: по нему мы узнаём, чей это профиль.',
    noteEmail: (a: Actor) =>
      a.parent
        ? `Номер или почта\u00a0— ребёнка, а не ваши. Иначе ${childRu(a)} окажется в чатах под вашим именем.`
        : 'Номер или почта должны быть ваши, а не родителя: по ним мы узнаём, чей это профиль.',
    maybe: 'Возможно, вы имели в виду',
    seen: { sms: 'Нашли номер', mail: 'Нашли адрес' },
    seenNext: 'Код придёт на него.',
    take: 'Исправить',
    asTyped: 'Отправить как есть',
    backToCode: 'Вернуться к коду',
    byMax: 'Подтвердить через MAX, без СМС',
    former: (name: string, contact: string) => `Раньше был подключён профиль: ${masked(name)}, ${whole(contact)}.`,
    formerMore: { sms: 'Пришлём код на этот номер, и всё.', mail: 'Пришлём код на эту почту, и всё.' },
    formerTake: 'Войти в этот профиль',
    formerOr: 'Или укажите другой:',
  },
  code: {
    title: { sms: 'Введите код из СМС', mail: 'Введите код из письма' },
    sentTo: 'Отправили на',
    label: { sms: 'Код из СМС, шесть цифр', mail: 'Код из письма, шесть цифр' },
    onlyLast: 'Работает только последний код.',
    lives: (left: string) => `Код действует ещё ${left}`,
    livesStart: (n: number) => `Код действует ещё ${minutes.ru(n)}.`,
    dead: 'Код больше не действует',
    paste: 'Вставить код',
    pasteRefused: 'Система не дала прочитать буфер. Вставьте код клавишами Ctrl+V.',
    pasteNothing: (n: number) => `В скопированном тексте нет кода из ${n === 8 ? 'восьми' : 'шести'} цифр.`,
    pasteTwo: 'В скопированном тексте два разных кода. Введите тот, что пришёл последним.',
    resendIn: (left: string) => `Новый код можно запросить через ${left}`,
    resendNow: 'Новый код уже можно запросить',
    resend: 'Прислать новый код',
    notComing: { sms: 'СМС не приходит', mail: 'Письмо не приходит' },
    checking: 'Проверяем код…',
    resending: 'Просим новый код…',
    tries,
    delivery,
  },
  taken: {
    text: (a: Actor, contact: string) =>
      `Учебный профиль ${a.mail ? 'с адресом' : 'с номером'} ${whole(contact)} связан с другим учеником. Чей он, мы не показываем.`,
    todo: 'Что делать',
    points: (a: Actor) =>
      a.mail
        ? [
            'У каждого ребёнка свой профиль, поэтому и адрес нужен свой. Укажите другую почту.',
            `Если это адрес ${a.parent ? 'ребёнка' : 'ваш'} и раньше им никто не пользовался, напишите в поддержку или скажите классному руководителю.`,
          ]
        : [
            a.parent
              ? 'У каждого ребёнка свой профиль, поэтому и номер нужен свой. Укажите другой.'
              : 'Если в MAX у вас другой номер, укажите его.',
            `Если это номер ${a.parent ? 'ребёнка' : 'ваш'} и раньше им никто не пользовался, напишите в поддержку или скажите классному руководителю.`,
          ],
    change: { sms: 'Указать другой номер', mail: 'Указать другую почту' },
    support: 'Написать в поддержку',
  },
  profile: {
    title: (a: Actor): string => (a.parent ? 'Это учебный профиль ребёнка?' : 'Это ваш учебный профиль?'),
    lead: (a: Actor) =>
      `По ${a.mail ? 'этой почте' : 'этому номеру'} нашёлся профиль. Сверьте данные: после подключения чаты будут открываться в нём.`,
    titleOther: 'Имя в профиле другое',
    leadOther: (a: Actor, adult: boolean) =>
      `На ${a.mail ? 'этой почте' : 'этом номере'} ${adult ? 'профиль взрослого' : 'чужой профиль'}. Если подключить его, ${
        a.parent ? `${childRu(a)} будет` : 'вы будете'
      } писать в чаты от чужого имени.`,
    titleNew: 'Создадим учебный профиль',
    leadNew: (a: Actor) =>
      `Профиля с ${a.mail ? 'этой почтой' : 'этим номером'} ещё нет. Создадим его по данным дневника, аккаунт ВКонтакте не появится.`,
    table: 'Сравнение дневника и профиля',
    diary: 'В дневнике',
    sferum: 'В Сферуме',
    sferumNew: 'Будет в Сферуме',
    field: { name: 'Имя', role: 'Роль', class: 'Класс', contact: 'Телефон' },
    mail: 'Почта',
    same: 'совпадает',
    differs: 'отличается',
    unknown: 'не указано',
    what: 'Что сравниваем',
    sign: 'Итог',
    yes: (a: Actor): string => (a.parent ? 'Да, это профиль ребёнка' : 'Да, это мой профиль'),
    no: (a: Actor): string => (a.parent ? 'Нет, чужой' : 'Нет, не мой'),
    create: 'Создать и продолжить',
    anyway: 'Подключить всё равно',
    tick: (a: Actor, name: string | null) =>
      `Всё верно, подключить ${name === null ? 'этот профиль' : `профиль «${name}»`} к ${a.parent ? 'дневнику ребёнка' : 'моему дневнику'}`,
  },
  max: {
    title: 'Остался MAX',
    proofTitle: 'Подтвердите номер в MAX',
    proofLead: 'СМС не понадобится: номер подтвердит сам MAX.',
    bySms: 'Лучше получить СМС',
    lead: 'Откройте MAX здесь или на телефоне.',
    leadHere: 'MAX есть на этом устройстве: нажмите «Перейти в МАХ». Можно и на телефоне.',
    leadAway: 'Здесь MAX не найден. Откройте его на телефоне: наведите камеру на код.',
    digits: 'Ссылка не открывается? Напишите боту «Мостик» цифры',
    digitsCopied: 'Цифры скопированы',
    copyDigits: 'Скопировать цифры',
    take: (theirs: string) => `Подключить ${theirs}`,
    how: {
      title: 'Как установить MAX и войти',
      steps: (phone: string | null) => [
        'Скачайте MAX на телефон или компьютер с его страницы.',
        phone === null
          ? 'Войдите со своим номером. Нет аккаунта — MAX создаст его: код придёт по СМС.'
          : `Войдите с номером ${whole(phone)}. Нет аккаунта — MAX создаст его: код придёт по СМС.`,
        'Вернитесь сюда: этот шаг подождёт, ничего не потеряется.',
      ],
      open: 'Открыть страницу MAX',
    },
    leadPhone: 'Нажмите кнопку: MAX откроется на шаге подключения.',
    number: (phone: string) => `Войдите в него с номером ${whole(phone)}.`,
    own: (a: Actor): string =>
      a.parent ? 'Лучше на телефоне ребёнка: чаты класса появятся там.' : 'Войдите в него со своим номером.',
    stands: 'Профиль уже подключён к дневнику, MAX может подождать.',
    skip: 'Подключить MAX позже',
    camera: 'Наведите на код обычную камеру телефона.',
    start: 'В MAX откроется чат «Мостик». Нажмите «Начать».',
    share: (a: Actor): string => `Подтвердите${a.parent ? ' в чате номер' : ', что номер ваш,'} и возвращайтесь сюда.`,
    wait: 'Ждём MAX и продолжим сами',
    opened: 'MAX открыт. Подтвердите там номер, и мы продолжим',
    poll: 'Время от времени спрашиваем MAX и продолжим сами',
    qr: 'QR-код со ссылкой в MAX',
    lives: (left: string) => `Ссылка действует ещё ${left}`,
    dead: 'Срок ссылки вышел',
    deadMore: 'Покажем новую, шаг останется тем же.',
    deadStatus: 'Срок ссылки вышел. Покажите новый код.',
    renew: 'Показать новый код',
    renewLink: 'Обновить ссылку',
    open: 'Перейти в МАХ',
    copy: 'Скопировать ссылку',
    notInstalled: 'MAX ещё не установлен?',
    get: 'Как скачать и войти',
    otherPhone: 'MAX на другом телефоне?',
    showQr: 'Показать QR-код',
    hideQr: 'Скрыть QR-код',
    change: 'Изменить номер',
    notMine: 'Это не мой MAX',
    trouble: {
      number_differs: (theirs: string, ours: string | null, usable: boolean) => ({
        what: `В MAX вы вошли с другим номером: ${whole(theirs)}.`,
        next:
          ours === null
            ? 'Выйдите в MAX и войдите с тем номером, который будет у ученика.'
            : usable
              ? `Подтверждён ${whole(ours)}. Войдите в MAX с ним или подключите ${whole(theirs)}: MAX уже подтвердил, что он ваш.`
              : `Подтверждён ${whole(ours)}. Выйдите в MAX и войдите с ним или укажите другой номер.`,
      }),
      number_foreign: (theirs: string) => ({
        what: `В MAX номер ${whole(theirs)}, а нужен российский мобильный.`,
        next: 'Войдите в MAX с российским номером или получите код по СМС.',
      }),
      foreign_contact: {
        what: 'В MAX пришёл контакт другого человека.',
        next: 'Нажмите в чате «Поделиться номером» сами: нужен ваш контакт.',
      },
      unproven_contact: {
        what: 'MAX не подтвердил этот контакт.',
        next: 'Не пересылайте контакт из записной книжки: нажмите в чате «Поделиться номером».',
      },
      max_account_taken: {
        what: 'Этот аккаунт MAX уже связан с другим учебным профилем.',
        next: 'Войдите в MAX с другим номером. Если аккаунт тот самый, напишите в поддержку.',
      },
      to_confirm: (name: string, phone: string) => ({
        what: `В MAX подтвердили номер ${whole(phone)}${name ? `, это ${whole(name)}` : ''}${name.endsWith('.') ? '' : '.'} Это ваш MAX?`,
        next: 'Если да, подключите его. Если нет, кто-то открыл вашу ссылку раньше вас: получите новую.',
      }),
    },
  },
  linked: {
    badge: 'Подключено',
    text: (className: string) => `Чат ${className} и дистанционные уроки теперь открываются из дневника.`,
    half: {
      badge: 'Подключено к дневнику',
      text: 'Остался MAX: в нём живут чаты класса и дистанционные уроки. Это пара минут, и начать можно в любой день.',
      open: 'Подключить MAX',
    },
    open: 'Перейти в Сферум',
    back: 'Вернуться в дневник',
    lesson: (subject: string) => `${subject}, дистанционно`,
    lessonIn: (n: number, at: string) => `Через ${minutes.ru(n)}, в ${at}`,
    lessonNow: (until: string) => `Идёт до ${until}`,
    lessonAt: (at: string) => `Сегодня в ${at}`,
    since: (a: Actor, when: string, contact: string) =>
      `Подключили ${when.includes(',') ? when : `в ${when}`}, ${a.mail ? 'почта' : 'номер'} ${whole(contact)}.`,
  },
};

type StepTexts = typeof ru;

const en: StepTexts = {
  contact: {
    title: 'Where to send the code?',
    lead: (a) => `Enter the number ${a.parent ? `${childEn(a)} uses` : 'you use'} in MAX.`,
    leadEmail: 'For a pupil under 14 an e-mail address will do.',
    label: 'Phone or e-mail',
    hint: 'Type it as you like: with +7, with 8, or from the nine.',
    mobile: 'mobile',
    email: 'e-mail',
    note: (a) =>
      a.parent
        ? `The number must be the child’s, not yours. Otherwise ${childEn(a)} will be in the chats under your name.`
        : 'The number must be yours, not a parent’s: it tells us whose profile this is.',
    noteEmail: (a) =>
      a.parent
        ? `The number or address must be the child’s, not yours. Otherwise ${childEn(a)} will be in the chats under your name.`
        : 'The number or address must be yours, not a parent’s: it tells us whose profile this is.',
    maybe: 'Maybe you meant',
    seen: { sms: 'Found the number', mail: 'Found the address' },
    seenNext: 'The code goes there.',
    take: 'Correct it',
    asTyped: 'Send as it is',
    backToCode: 'Back to the code',
    byMax: 'Confirm through MAX, without an SMS',
    former: (name, contact) => `A profile was connected before: ${masked(name)}, ${whole(contact)}.`,
    formerMore: {
      sms: 'We send a code to this number, and that is all.',
      mail: 'We send a code to this address, and that is all.',
    },
    formerTake: 'Sign in to this profile',
    formerOr: 'Or enter another one:',
  },
  code: {
    title: { sms: 'Enter the code from the SMS', mail: 'Enter the code from the letter' },
    sentTo: 'Sent to',
    label: { sms: 'Code from the SMS, six digits', mail: 'Code from the letter, six digits' },
    onlyLast: 'Only the last code works.',
    lives: (left) => `The code works for ${left}`,
    livesStart: (n) => `The code works for ${minutes.en(n)}.`,
    dead: 'The code no longer works',
    paste: 'Paste the code',
    pasteRefused: 'The system did not let us read the clipboard. Paste with Ctrl+V.',
    pasteNothing: (n) => `There is no ${n === 8 ? 'eight' : 'six'}-digit code in what was copied.`,
    pasteTwo: 'There are two different codes in what was copied. Enter the one that came last.',
    resendIn: (left) => `You can ask for a new code in ${left}`,
    resendNow: 'You can ask for a new code now',
    resend: 'Send a new code',
    notComing: { sms: 'The SMS does not come', mail: 'The letter does not come' },
    checking: 'Checking the code…',
    resending: 'Asking for a new code…',
    tries: (n) => (n === 0 ? 'No tries left.' : `${count('en', n, { one: 'try', many: 'tries' })} left.`),
    delivery: {
      sms: {
        queued: 'The SMS is about to be sent.',
        delayed: 'The SMS provider does not answer yet. We will send it as soon as it does.',
        sent: 'The SMS is sent. It usually takes less than a minute.',
        delivered: 'The SMS has reached the phone.',
        failed: 'The provider could not deliver the SMS. Check the number or ask for a new code.',
        no_such_mailbox: 'There is no such number. Check it or enter another one.',
        mailbox_full: 'The phone has no room for an SMS. Make some and ask for a new code.',
      },
      mail: {
        queued: 'The letter is about to be sent.',
        delayed: 'The mail server asks us to wait. We will send it as soon as it takes it.',
        sent: 'The letter is sent. It usually takes less than a minute.',
        delivered: 'The mail server has taken the letter.',
        failed: 'The mail server did not take the letter. Check the address or ask for a new code.',
        no_such_mailbox: 'The mail server says there is no such mailbox. Check the address letter by letter.',
        mailbox_full: 'The mailbox is full, the letter was not taken. Make room and ask for a new code.',
      },
    },
  },
  taken: {
    text: (a, contact) =>
      `The learning profile with the ${a.mail ? 'address' : 'number'} ${whole(contact)} belongs to another pupil. We do not show whose it is.`,
    todo: 'What to do',
    points: (a) =>
      a.mail
        ? [
            'Each child has a profile of their own, and so an address of their own. Enter another one.',
            `If the address is ${a.parent ? 'the child’s' : 'yours'} and nobody used it before, write to support or tell the class teacher.`,
          ]
        : [
            a.parent
              ? 'Each child has a profile of their own, and so a number of their own. Enter another one.'
              : 'If you have another number in MAX, enter that one.',
            `If the number is ${a.parent ? 'the child’s' : 'yours'} and nobody used it before, write to support or tell the class teacher.`,
          ],
    change: { sms: 'Enter another number', mail: 'Enter another address' },
    support: 'Write to support',
  },
  profile: {
    title: (a) => (a.parent ? 'Is this the child’s learning profile?' : 'Is this your learning profile?'),
    lead: (a) =>
      `We found a profile by this ${a.mail ? 'address' : 'number'}. Compare the data: once connected, chats will open in it.`,
    titleOther: 'The profile has another name',
    leadOther: (a, adult) =>
      `This ${a.mail ? 'address' : 'number'} has ${adult ? 'a grown-up’s' : 'somebody else’s'} profile. If you connect it, ${
        a.parent ? childEn(a) : 'you'
      } will write in chats under their name.`,
    titleNew: 'We will create a learning profile',
    leadNew: (a) =>
      `There is no profile with this ${a.mail ? 'address' : 'number'} yet. We create one from the diary’s data, without a VK account.`,
    table: 'Diary and profile compared',
    diary: 'In the diary',
    sferum: 'In Sferum',
    sferumNew: 'Will be in Sferum',
    field: { name: 'Name', role: 'Role', class: 'Class', contact: 'Phone' },
    mail: 'E-mail',
    same: 'the same',
    differs: 'differs',
    unknown: 'not given',
    what: 'What is compared',
    sign: 'Result',
    yes: (a) => (a.parent ? 'Yes, it is the child’s' : 'Yes, this is my profile'),
    no: (a) => (a.parent ? 'No, it is not' : 'No, not mine'),
    create: 'Create and continue',
    anyway: 'Connect anyway',
    tick: (a, name) =>
      `It is right, connect ${name === null ? 'this profile' : `the profile “${name}”`} to ${a.parent ? 'the child’s' : 'my'} diary`,
  },
  max: {
    title: 'Only MAX is left',
    proofTitle: 'Confirm the number in MAX',
    proofLead: 'No SMS is needed: MAX itself confirms the number.',
    bySms: 'Get an SMS instead',
    lead: 'Open MAX here or on the phone.',
    leadHere: 'MAX is on this device: press “Перейти в МАХ”. The phone will do as well.',
    leadAway: 'MAX was not found here. Open it on the phone: point the camera at the code.',
    digits: 'The link does not open? Write these digits to the bot “Мостик”:',
    digitsCopied: 'The digits are copied',
    copyDigits: 'Copy the digits',
    take: (theirs) => `Connect ${theirs}`,
    how: {
      title: 'How to install MAX and sign in',
      steps: (phone) => [
        'Get MAX for the phone or the computer from its page.',
        phone === null
          ? 'Sign in with your own number. Without an account MAX makes one: the code comes by SMS.'
          : `Sign in with ${whole(phone)}. Without an account MAX makes one: the code comes by SMS.`,
        'Come back here: this step waits, nothing is lost.',
      ],
      open: 'Open the page of MAX',
    },
    leadPhone: 'Press the button: MAX opens at this step.',
    number: (phone) => `Be signed in there with ${whole(phone)}.`,
    own: (a) =>
      a.parent
        ? 'Best on the child’s own phone: class chats will be there.'
        : 'Be signed in there with your own number.',
    stands: 'The profile is connected to the diary already, MAX may wait.',
    skip: 'Connect MAX later',
    camera: 'Point the phone’s ordinary camera at the code.',
    start: 'MAX opens the chat “Мостик”. Press “Начать”.',
    share: (a) => `Confirm ${a.parent ? 'the number in the chat' : 'that the number is yours'} and come back here.`,
    wait: 'Waiting for MAX, we will go on by ourselves',
    opened: 'MAX is open. Confirm your number there, and we go on',
    poll: 'We ask MAX now and then and will go on by ourselves',
    qr: 'QR code with the link to MAX',
    lives: (left) => `The link works for ${left}`,
    dead: 'The link has run out',
    deadMore: 'We will show a new one, the step stays the same.',
    deadStatus: 'The link has run out. Show a new code.',
    renew: 'Show a new code',
    renewLink: 'Renew the link',
    open: 'Open MAX',
    copy: 'Copy the link',
    notInstalled: 'No MAX yet?',
    get: 'How to get it and sign in',
    otherPhone: 'MAX is on another phone?',
    showQr: 'Show the QR code',
    hideQr: 'Hide the QR code',
    change: 'Change number',
    notMine: 'This is not my MAX',
    trouble: {
      number_differs: (theirs, ours, usable) => ({
        what: `MAX is signed in with another number: ${whole(theirs)}.`,
        next:
          ours === null
            ? 'Sign out in MAX and sign in with the number that the pupil will have.'
            : usable
              ? `${whole(ours)} was confirmed. Sign in to MAX with it, or connect ${whole(theirs)}: MAX has shown that it is yours.`
              : `${whole(ours)} was confirmed. Sign out in MAX and sign in with it, or enter another number.`,
      }),
      number_foreign: (theirs) => ({
        what: `The number in MAX is ${whole(theirs)}, and a Russian mobile one is needed.`,
        next: 'Sign in to MAX with a Russian number, or get a code by SMS.',
      }),
      foreign_contact: {
        what: 'MAX received somebody else’s contact.',
        next: 'Press “Поделиться номером” in the chat yourself: your own contact is needed.',
      },
      unproven_contact: {
        what: 'MAX did not confirm this contact.',
        next: 'Do not forward a contact from the address book: press “Поделиться номером” in the chat.',
      },
      max_account_taken: {
        what: 'This MAX account is already joined with another learning profile.',
        next: 'Sign in to MAX with another number. If it is the right account, write to support.',
      },
      to_confirm: (name, phone) => ({
        what: `The number ${whole(phone)} was confirmed in MAX${name ? ` by ${whole(name)}` : ''}${name.endsWith('.') ? '' : '.'} Is this your MAX?`,
        next: 'If it is, connect it. If not, somebody opened your link before you: get a new one.',
      }),
    },
  },
  linked: {
    badge: 'Connected',
    text: (className) => `The chat of ${className} and remote lessons now open from the diary.`,
    half: {
      badge: 'Connected to the diary',
      text: 'MAX is left: class chats and remote lessons live in it. It takes a couple of minutes, and any day will do.',
      open: 'Connect MAX',
    },
    open: 'Open Sferum',
    back: 'Back to the diary',
    lesson: (subject) => `${subject}, remote`,
    lessonIn: (n, at) => `In ${minutes.en(n)}, at ${at}`,
    lessonNow: (until) => `On until ${until}`,
    lessonAt: (at) => `Today at ${at}`,
    since: (a, when, contact) =>
      `Connected ${when.includes(',') ? 'on' : 'at'} ${when}, ${a.mail ? 'address' : 'number'} ${whole(contact)}.`,
  },
};

export const steps: Record<Lang, StepTexts> = { ru, en };
