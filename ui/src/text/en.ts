import { byMail, causes, either, movedBy, underSecurity } from './en.causes';
import type { Texts } from './ru';
import { clock, count, dayTitle, moment, weekday, whole } from './words';

const minutes = (n: number) => count('en', n, { one: 'minute', many: 'minutes' });

const length = (ms: number) => {
  const size = Math.abs(ms);
  if (size >= 86_400_000) return count('en', Math.round(size / 86_400_000), { one: 'day', many: 'days' });
  if (size >= 3_600_000) return count('en', Math.round(size / 3_600_000), { one: 'hour', many: 'hours' });
  return minutes(Math.max(1, Math.round(size / 60_000)));
};

/** Every sentence of the window in English. */
export const en: Texts = {
  app: 'Mostik',
  dayTitle: (date) => dayTitle('en', date),
  weekday: (date) => weekday('en', date),
  clock: (ms) => clock('en', ms),
  moment: (ms, now) => moment('en', ms, now),
  title: {
    page: (what) => `${what} — Mostik`,
    error: (rest) => `Error: ${rest}`,
    step: (n, of, name) => `Step ${n} of ${of}: ${/^[A-Z]+$/.test(name) ? name : name.toLowerCase()}`,
  },
  common: {
    continue: 'Continue',
    retry: 'Try again',
    cancel: 'Cancel',
    close: 'Close',
    dismiss: 'Got it',
    copy: 'Copy',
    copied: 'Copied',
    linkCopied: 'Link copied',
    notCopied: 'Copying did not work. Select the text and copy it yourself.',
    support: 'Support',
    supportAddress: 'prof.sferum.ru/support',
    supportAsk: 'Something unclear? Support:',
    refresh: 'Refresh',
    role: { pupil: 'pupil', parent: 'parent', other: 'school staff' },
  },
  settings: {
    language: 'Language',
    theme: 'Theme',
    system: 'As in the system',
    light: 'Light',
    dark: 'Dark',
    contrast: 'Contrast',
  },
  starting: { title: 'Opening Mostik', wait: 'Reading the saved sign-in…' },
  keyring: {
    todo: 'What to do',
    retry: 'Try again',
    without: 'Continue without saving',
    or: 'Or go on like this: after closing the window you will sign in anew.',
    problem: {
      absent: {
        title: 'Nowhere to keep the sign-in',
        what: 'This device has no password store. Mostik would keep your sign-in there.',
        next: 'Install a keyring (GNOME Keyring or KWallet, for instance) and try again.',
      },
      locked: {
        title: 'The password store is locked',
        what: 'The system did not open the keyring, so the saved sign-in could not be read.',
        next: 'Unlock it with the device password and try again.',
      },
      dismissed: {
        title: 'The password store was not opened',
        what: 'The system asked for the keyring password, and that question was closed.',
        next: 'Press “Try again” and enter the device password.',
      },
      broken: {
        title: 'The password store does not work',
        what: 'The keyring answered with an error. The saved sign-in is still in it.',
        next: 'Restart the device and try again.',
      },
    },
  },
  signIn: {
    title: 'Diary and Sferum, side by side',
    lead: 'Mostik joins the MESH diary with the Sferum learning profile in MAX.',
    points: [
      'Class chats and remote lessons open from the diary.',
      'You connect once, it takes a couple of minutes.',
      'The browser will open. You enter the password on the diary’s page, Mostik never sees it.',
    ],
    button: 'Sign in with the diary',
    fromMax: (name) => `${whole(name)} is you in MAX. Sign in to the diary, and we go on connecting.`,
  },
  signingIn: {
    title: 'Sign in in the browser',
    lead: 'We opened the diary’s page. Sign in there and allow access, and we will go on by ourselves.',
    wait: 'Waiting for the browser',
    again: 'Open the page again',
    cancel: 'Cancel the sign-in',
    byHand: 'The browser did not open. Copy the address and open it yourself:',
    copy: 'Copy the address',
  },
  opening: {
    title: 'Opening the diary',
    failed: 'The diary did not open yet',
    wait: 'Finding out whose diary this is…',
    signOut: 'Sign out',
  },
  noPupil: {
    title: 'No pupil’s diary here',
    who: (name, as) => `You are signed in as ${name}, ${as}.`,
    parent: 'The diary shows you no child. Ask the class teacher whether you have access.',
    pupil: 'This account has no open diary. Ask the class teacher whether you have access.',
    other: 'Sferum is connected to a pupil’s diary. Sign in as the pupil.',
    signOut: 'Sign out and use another account',
  },
  nav: {
    label: 'Sections',
    skip: 'Skip to the content',
    diary: 'Diary',
    library: 'Library',
    portfolio: 'Pupil portfolio',
    portfolioShort: 'Portfolio',
    help: 'Help',
    account: 'Account:',
    signOut: 'Sign out',
    keeper: (name) => `${name}, parent`,
    keeps: (name) => `The diary is kept by ${name}, parent`,
    otherChild: 'Another child',
    passport: 'My passport',
  },
  sferum: {
    name: 'Sferum',
    profile: 'Sferum profile',
    state: {
      not_linked: 'Not connected',
      continue: 'Continue',
      awaiting_max: 'Waiting for MAX',
      linked: 'Connected',
      linked_without_messenger: 'Connect MAX',
      attention: 'Needs attention',
      offline: 'No network',
    },
  },
  diary: {
    doomed: (when) => `The learning profile will be deleted on ${when}.`,
    doomedMore: 'Keep it or have a look',
    lessons: (n, until) => `${count('en', n, { one: 'lesson', many: 'lessons' })}, the last until ${until}`,
    noLessons: 'No lessons',
    noLessonsMore: 'The timetable is empty on this day.',
    reading: 'Reading the timetable…',
    unknown: 'No timetable for this day yet',
    unknownMore: 'It could not be read. It will appear as soon as the connection is back.',
    today: 'today',
    previous: 'Previous day',
    next: 'Next day',
    week: 'Days of the week',
    room: (room) => `room ${room}`,
    mark: 'Mark',
    remote: 'remote',
    past: (n) => `${count('en', n, { one: 'lesson', many: 'lessons' })} over`,
    startsIn: (n) => `Starts in ${minutes(n)}.`,
    goesOn: (until) => `On until ${until}.`,
    opensWhenLinked: 'Opens once you connect Sferum',
    opensWithMax: 'Opens once you connect MAX',
    opensOffline: 'Opens once the connection is back',
    opensHere: 'Opens in Sferum',
    connect: 'Connect',
    continue: 'Continue',
    enter: 'Join the lesson',
    remoteOnDay: 'Remote on this day',
    remoteToday: 'Remote today',
  },
  invite: {
    title: 'Join the diary with the class chats',
    text: 'The Sferum learning profile in MAX opens chats and remote lessons. You connect once — it takes a couple of minutes.',
    connect: 'Connect Sferum',
    later: 'Not now',
  },
  card: {
    continue: {
      title: 'The bridge is half built',
      text: 'Connecting waits at the step where you stopped.',
      button: 'Continue connecting',
    },
    awaiting_max: {
      title: 'Only MAX is left',
      text: 'Open the link in MAX and confirm your number. The rest happens by itself.',
      button: 'Show the MAX step',
    },
    attention: {
      title: 'Connecting waits for you',
      text: 'This number could not be connected. We will say why and what can be done.',
      button: 'Have a look',
    },
    linked_without_messenger: {
      title: 'Only MAX is left',
      text: 'The profile is connected to the diary. Chats and remote lessons open once you connect MAX.',
      button: 'Connect MAX',
    },
    linked: {
      title: 'Sferum is connected',
      text: 'Class chats and remote lessons open from here.',
      button: 'Open Sferum',
    },
  },
  dialog: {
    title: 'The Sferum learning profile is not connected',
    text: 'Join it with the diary, and class chats and remote lessons will open right from here.',
    points: [
      'We ask for a phone number and send a code. For a pupil under 14 an e-mail address will do.',
      'If there is no learning profile yet, we create one while connecting.',
      'No VK account is needed, and none will appear.',
    ],
    begin: 'Start connecting',
  },
  outside: {
    library: {
      title: 'Library',
      text: 'Textbooks and materials of MESH. The library opens in the browser, the diary stays here.',
      button: 'Open the library',
    },
    portfolio: {
      title: 'Pupil portfolio',
      text: 'Achievements, contests and clubs. The portfolio opens in the browser, the diary stays here.',
      button: 'Open the portfolio',
    },
  },
  help: {
    title: 'Help',
    lead: 'Connecting Sferum, in short.',
    items: [
      {
        q: 'What does connecting give?',
        a: 'Class chats and remote lessons open right from the diary. You connect once.',
      },
      {
        q: 'Which number do I enter?',
        a: 'The pupil’s mobile number, the one used in MAX. A parent’s number will not do: it leads to somebody else’s profile.',
      },
      {
        q: 'What if the child has no number?',
        a: 'Until 14 the child’s e-mail address will do. A parent signs in with their own account, chooses the child and gives consent.',
      },
      {
        q: 'What if the SMS does not come?',
        a: 'Check the number, the signal and the spam folder. After a minute you can ask for a new code. Only the last one works.',
      },
      {
        q: 'What is MAX and why is it here?',
        a: 'MAX is a messenger, and the Sferum learning profile lives in it. It confirms that the number is yours.',
      },
      { q: 'Do I need a VK account?', a: 'No. It is not needed, and none will appear.' },
      {
        q: 'May I close the window halfway?',
        a: 'Yes. Mostik brings you back to the same step and sends nothing twice.',
      },
    ],
    support: 'No answer here? Write to Sferum support.',
    open: 'Open the support page',
    dialog: 'Help',
    lost: {
      sms: {
        title: 'The SMS does not come',
        points: [
          'Check the number above the field. If it is wrong, press “Change number”.',
          'Check that the phone has a signal, and look into the spam messages.',
          'While roaming an SMS may take up to five minutes.',
          'Ask for a new code when the time comes. Only the last one works.',
        ],
      },
      mail: {
        title: 'The letter does not come',
        points: [
          'Check the address letter by letter above the field. If it is wrong, press “Change address”.',
          'Look into the spam folder and the tabs for newsletters. The code stands right in the subject.',
          'If the mailbox has several addresses, check the one you entered here.',
          'Mail sometimes holds the first letter of a new sender back for a quarter of an hour.',
          'Ask for a new code when the time comes. Only the last one works.',
        ],
      },
    },
    stop: 'Stop connecting',
    stopAsk: 'Stop connecting? We forget the number or the address, and you can begin anew any day.',
    stopNo: 'Keep going',
    stopYes: 'Stop',
  },
  wizard: {
    title: 'Connecting Sferum',
    toDiary: 'To the diary',
    help: 'Help',
    step: (n, of) => `Step ${n} of ${of}`,
    steps: {
      contact: 'Number',
      either: 'Number or e-mail',
      mail: 'E-mail',
      code: 'Code',
      taken: 'Profile',
      password: 'Password',
      details: 'Details',
      exists: 'Sign-in',
      recovery: 'New password',
      profile: 'Profile',
      max: 'MAX',
      linked: 'MAX',
    },
    none: 'The bridge is not begun yet',
    done: 'All steps are done, the bridge is built',
    left: 'MESH diary',
    right: 'Sferum in MAX',
    pupil: (className) => `pupil, ${className}`,
    unknown: 'We will find or create it',
    new: 'New profile',
    leftOf: (className) => `Diary, ${className}`,
    keeps: (name) => `kept by ${name}`,
    newMore: (a) => (a.parent ? 'created for the child' : 'created for you'),
    linked: 'connected',
    banks: 'What is being joined',
  },
  contact: {
    title: 'Where to send the code?',
    lead: (a) => `Enter the number ${a.parent ? `${a.name} uses` : 'you use'} in MAX.`,
    leadEmail: 'For a pupil under 14 an e-mail address will do.',
    label: 'Phone or e-mail',
    hint: 'Type it as you like: with +7, with 8, or from the nine.',
    mobile: 'mobile',
    email: 'e-mail',
    note: (a) =>
      a.parent
        ? `The number must be the child’s, not yours. Otherwise ${a.name} will be in the chats under your name.`
        : 'The number must be yours, not a parent’s: it tells us whose profile this is.',
    noteEmail: (a) =>
      a.parent
        ? `The number or address must be the child’s, not yours. Otherwise ${a.name} will be in the chats under your name.`
        : 'The number or address must be yours, not a parent’s: it tells us whose profile this is.',
    maybe: 'Maybe you meant',
    take: 'Correct it',
    asTyped: 'Send as it is',
    backToCode: 'Back to the code',
    byMax: 'Confirm through MAX, without an SMS',
    former: (name, contact) => `A profile was connected before: ${whole(name)}, ${whole(contact)}.`,
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
    change: { sms: 'Change number', mail: 'Change address' },
    label: { sms: 'Code from the SMS, six digits', mail: 'Code from the letter, six digits' },
    onlyLast: 'Only the last code works.',
    lives: (left) => `The code works for ${left}`,
    livesStart: (n) => `The code works for ${minutes(n)}.`,
    dead: 'The code no longer works',
    paste: 'Paste the code',
    pasteRefused: 'The system did not let us read the clipboard. Paste with Ctrl+V.',
    pasteNothing: 'There is no six-digit code in the clipboard.',
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
    title: {
      sms: 'This number is connected to another diary',
      mail: 'This e-mail address is connected to another diary',
    },
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
        a.parent ? a.name : 'you'
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
    },
  },
  linked: {
    badge: 'Connected',
    title: 'Done, the bridge is built',
    text: (className) => `The chat of ${className} and remote lessons now open from the diary.`,
    half: {
      badge: 'Connected to the diary',
      title: 'The profile is connected to the diary',
      text: 'MAX is left: class chats and remote lessons live in it. It takes a couple of minutes, and any day will do.',
      open: 'Connect MAX',
    },
    open: 'Open Sferum',
    back: 'Back to the diary',
    lesson: (subject) => `${subject}, remote`,
    lessonIn: (n, at) => `In ${minutes(n)}, at ${at}`,
    lessonNow: (until) => `On until ${until}`,
    lessonAt: (at) => `Today at ${at}`,
    since: (a, when, contact) =>
      `Connected ${when.includes(',') ? 'on' : 'at'} ${when}, ${a.mail ? 'address' : 'number'} ${whole(contact)}.`,
  },
  children: { title: 'Who gets Sferum connected?' },
  fromMax: { title: 'Connect this MAX?' },
  strip: {
    offline: 'No connection.',
    offlineAsOf: (when) => `Shown as of ${when}, new actions will wait.`,
    offlineNever: 'Actions wait until it is back.',
    ahead: (ms) => `The clock of this device is ${length(ms)} ahead.`,
    behind: (ms) => `The clock of this device is ${length(ms)} behind.`,
    clockMore: 'We count by the service’s clock, but better set yours right.',
    sessionOnly: 'The sign-in is not kept: after closing the window you will sign in anew.',
    storeReset: 'What was kept on this device could not be read. It was put aside, and we began afresh.',
    secondStart: 'Mostik was already open: here is its window.',
    refusal: {
      malformed: 'The link was not opened: Mostik does not make such links.',
      foreign: 'The link was not opened: it belongs to another connection. Go on with this screen.',
      repeated: 'This link was used already. It does nothing a second time.',
      expired: 'The link from MAX is over: it lives for a minute. Press “Открыть Мостик” in MAX once more.',
      unchecked:
        'The link from MAX could not be checked: the service did not answer. Press “Открыть Мостик” once more.',
    },
    deaf: 'The window could not reach the app. Close Mostik and open it again.',
  },
  cause: {
    todo: 'What to do',
    name: 'If that did not help, tell support the code',
    at: (left) => `You can try again in ${left}`,
    now: 'You can try again now',
    retry: 'Try again',
    kinds: causes,
    mail: byMail,
    either,
    movedBy,
    security: underSecurity,
    recovery: { what: 'The code has eight digits.', next: 'Look at the letter and enter all eight.' },
  },
};
