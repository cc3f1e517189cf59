import type { HelpTexts } from './help.ru';
import { count } from './words';

/** The sentences of «Справка» and of the report in English. */
export const en: HelpTexts = {
  dialog: 'Help',
  search: 'Search the help',
  hint: 'For instance “code” or “another number”',
  clear: 'Clear the search',
  found: (n) => `${count('en', n, { one: 'answer', many: 'answers' })} found`,
  nothing: 'There is no such answer here',
  nothingMore: 'Try another word, a shorter one. Or ask support: the report tells them which step you are at.',
  near: 'About this step',
  all: 'All of the help',
  support: 'Found no answer? Write to Sferum support.',
  open: 'Open the support page',
  stop: 'Stop connecting',
  stopAsk: 'Stop connecting? We forget the number or address; you can begin anew any day.',
  stopNo: 'Go on connecting',
  stopYes: 'Stop',
  answers: {
    why: {
      q: 'What is connecting good for?',
      also: 'why sferum chats lessons use need',
      a: ['Class chats and remote lessons open right from the diary. You connect once.'],
    },
    begin: {
      q: 'How do I connect Sferum?',
      also: 'begin start link create profile account vk',
      a: [
        'Press “Sferum” at the top of the diary and “Start connecting”. The window leads you on from there, it takes a couple of minutes.',
        'No VK account is needed, and none will appear.',
      ],
      steps: [
        'Give the number you use in MAX and type the code from the SMS.',
        'Check that the learning profile is yours. If there is none yet, we create it.',
        'Confirm the number in MAX and come back: the diary says “Connected”.',
      ],
    },
    number: {
      q: 'Which number should I give?',
      also: 'phone mobile landline foreign parent mother father',
      a: [
        'The pupil’s mobile number, the one used in MAX. Write it as you like: with +7, with 8, or from the nine.',
        'A parent’s number will not do: it leads to somebody else’s profile. Nor will a landline or a foreign number: the code comes by SMS to Russian mobiles.',
      ],
    },
    no_phone: {
      q: 'What if the child has no number of their own?',
      also: 'e-mail email address under 14 years parent consent without phone',
      a: [
        'Under 14 the child’s e-mail address will do. A parent creates the profile: they sign in to the diary under their own name and choose the child.',
        'From 14 on a mobile number is needed. The age comes from the diary, by the date in Moscow.',
      ],
      steps: [
        'The parent signs in to the diary and chooses the child.',
        'In “Phone or e-mail” they write the child’s address and type the code from the letter.',
        'They make up a password, check the child’s details and tick the consent.',
      ],
    },
    details: {
      q: 'Which details of the child are needed?',
      also: 'surname name patronymic birth date gender consent wrong date',
      a: [
        'Surname, first name, patronymic, birth date and gender. We take them from the diary, you only check them. Without a patronymic, tick “No patronymic”.',
        'The birth date must be the diary’s. If it is wrong there, the class teacher mends it.',
        'Without a parent’s consent no profile is created. The wording can be read at that step.',
      ],
    },
    password: {
      q: 'Which password will do, and what if it is forgotten?',
      also: 'forgot recover change weak short layout',
      a: [
        'Four random words in a row are the easiest to remember. A name, a birth date or “12345678” will not do: they are guessed first.',
        'If the password of the learning profile is forgotten, press “Forgot the password”: a code comes by e-mail, and you make up a new one. After many wrong passwords that is the only way until tomorrow.',
      ],
    },
    pause: {
      q: 'May I close the window in the middle?',
      also: 'interrupt continue later turn off kept step stop',
      a: [
        'Yes. Mostik brings you back to the same step, and nothing is sent twice. The “Sferum” button will say “Continue”.',
        'If you changed your mind for good, open “Help” and press “Stop connecting”.',
      ],
    },
    sms_lost: {
      q: 'The SMS does not come',
      also: 'code no message phone roaming change number',
      a: ['An SMS usually comes within a minute. If it does not, go through these.'],
      steps: [
        'Check the number: it stands above the field. If there is a slip in it, press “Change number”.',
        'Check that the phone has a signal, and look among the blocked messages.',
        'In roaming, wait for up to five minutes.',
        'Ask for a new code as soon as you may. Only the last one works.',
      ],
    },
    letter_lost: {
      q: 'The letter does not come',
      also: 'code mail box spam address email change address',
      a: ['The code stands right in the letter’s subject. If there is no letter, go through these.'],
      steps: [
        'Check the address letter by letter: it stands above the field. If there is a slip in it, press “Change address”.',
        'Look into “Spam” and into the tabs with newsletters.',
        'If the mailbox has several addresses, check the one given here. Make room if the mailbox is full.',
        'Mail sometimes holds the first letter of a new sender back for a quarter of an hour.',
        'Ask for a new code as soon as you may. Only the last one works.',
      ],
    },
    code_refused: {
      q: 'The code does not match',
      also: 'wrong old expired six digits eight',
      a: [
        'Only the last code works: after a new one the old opens nothing. A code lives ten minutes and has five tries.',
        'A usual code has six digits, the one for a new password has eight. You may paste it with the whole message.',
      ],
    },
    code_blocked: {
      q: 'No more codes are sent or taken',
      also: 'many tries blocked wait tomorrow limit used up',
      a: [
        'No tries left for one code: ask for a new one as soon as the window lets you.',
        'After too many codes or wrong tries in a day, that number or address rests until tomorrow. So nobody guesses the code in your place. You may give another number.',
        'A network or an account from which many numbers were given rests too. There is no need to wait where “Confirm through MAX, without an SMS” is under the field.',
      ],
    },
    max: {
      q: 'What is MAX and why is it here?',
      also: 'messenger chats',
      a: ['MAX is a messenger, and the Sferum learning profile lives in it. It confirms that the number is yours.'],
    },
    get_max: {
      q: 'How do I get MAX and sign in?',
      also: 'install download register account none',
      a: ['The step waits meanwhile, nothing is lost.'],
      steps: [
        'At the MAX step press “How to get it and sign in”, and get MAX for a phone or a computer from its page.',
        'Sign in with the number you confirmed here. If there is no account, MAX creates it: a code comes by SMS.',
        'Come back to Mostik and press “Open MAX”.',
      ],
    },
    other_phone: {
      q: 'MAX is on the phone, the diary on the computer',
      also: 'qr code camera another phone tablet nine digits bot',
      a: [
        'Point the phone’s usual camera at the QR code: the chat “Mostik” opens. Press “Start” and “Share the number” there, and this window goes on by itself.',
        'If the camera does not help, write the nine digits beside the code to the bot “Mostik”.',
      ],
    },
    max_number: {
      q: 'MAX has another number, or does not confirm it',
      also: 'differs foreign contact account taken',
      a: [
        'The number in MAX must be the one confirmed here. Sign in to MAX with it, or take the number of MAX: the window shows both and what can be done.',
        'Press “Share the number” in the chat yourself. A contact from the address book will not do: MAX does not vouch that it is yours.',
        'If this MAX is connected to another profile, sign in with your own account. If it surely is yours, write to support.',
      ],
    },
    max_later: {
      q: 'Can MAX be connected later?',
      also: 'postpone afterwards without',
      a: [
        'If the profile was created by e-mail, yes: it is connected to the diary already, and MAX can be added any day with the “Sferum” button. Until then chats and lessons do not open.',
        'If you connect by number, MAX is needed at once: it is what completes the connection.',
      ],
    },
    from_max: {
      q: '“Open Mostik” in MAX did not work',
      also: 'link bot expired minute foreign again connect this max',
      a: [
        'Such a link works once and for one minute. Go back to the chat with the bot and press “Open Mostik” again.',
        'Before anything is connected, the window asks whose MAX it is and with whose diary it goes. If the account is somebody else’s, press “Not now”: nothing changes.',
      ],
    },
    vk: {
      q: 'How do I connect VK Messenger?',
      also: 'vk account refused taken',
      a: [
        'Press “Connect VK Messenger”: the browser opens. Sign in to the pupil’s account there and answer whose it is. Without your yes nothing is connected.',
        'If somebody else’s account opened, sign out of it in the browser, sign in to the right one and begin again.',
      ],
    },
    taken: {
      q: 'The number or address is connected to another diary',
      also: 'taken brother sister somebody else in use',
      a: [
        'Each child has a profile of their own, so number and address must be their own too: one contact cannot be a brother’s and a sister’s.',
        'If the number surely is yours and nobody used it before, write to support or tell the class teacher. Whose profile it is we show to nobody.',
      ],
    },
    other_name: {
      q: 'The name in the profile is another one',
      also: 'wrong name differs adult parent surname changed',
      a: [
        'This number or address has a profile with another name. Mostly it is a parent’s number: then give the child’s.',
        'If all is right, for instance the surname has changed, tick the box and connect all the same. Remember: the chats show the name of the profile.',
      ],
    },
    children: {
      q: 'I have several children',
      also: 'parent choose another child brother sister list',
      a: [
        'Each child has a profile and a connection of their own. Choose a child in the list, connect, and come back to the list: “Another child”.',
        'Each connection waits at its own step and is in nobody’s way. A child may go on with it on a device of their own.',
      ],
    },
    no_diary: {
      q: 'The diary does not show the child',
      also: 'no pupil access class teacher empty',
      a: [
        'Mostik shows whom the diary itself shows. Check under whose name you signed in: “Sign out”, and sign in again.',
        'If that did not help, ask the class teacher whether you have access to the child’s diary.',
      ],
    },
    privacy: {
      q: 'What does Mostik know about me?',
      also: 'safe diary password data holds sees',
      a: [
        'You type the diary’s password on the diary’s own page, Mostik does not see it. It holds name, class, contact, consent and the history of links. All of it can be saved or erased: “My passport”.',
        'Tell codes and passwords to nobody, not even to somebody who says they are support. Real support needs the report alone, and nothing private is in it.',
      ],
    },
    sign_in: {
      q: 'I cannot sign in to the diary',
      also: 'sign-in login browser refused ended again allow',
      a: ['You sign in in the browser, on the diary’s own page.'],
      steps: [
        'Press “Sign in with the diary” and wait for the page in the browser.',
        'Sign in and press “Allow”. Come back here: the window goes on by itself.',
        'If the sign-in ended or was given up, just sign in again. Connecting waits at the same step.',
      ],
    },
    unlink: {
      q: 'How do I unlink Sferum or a messenger?',
      also: 'remove disconnect link security passport',
      a: [
        'The profile, the chats and the messages stay. Only the way to them from the diary closes, and you can connect again any day.',
      ],
      steps: [
        'Press your name at the top and choose “My passport”.',
        'Press the icon beside the id or beside the messenger.',
        'Confirm that the profile is yours, with the password or a code.',
      ],
    },
    stranger: {
      q: 'Somebody else connected the profile',
      also: 'hacked stranger without me letter not me stolen fraud blocked unblock',
      a: [
        'We write about every new link to the profile’s address or in MAX. If it was not you, act at once.',
        'If somebody has your diary sign-in itself, call the school network’s support. They block the account or the profile, and unblock it once all is clear.',
      ],
      steps: [
        'Open “My passport” and unlink the profile.',
        'Press “Sign out on all devices” there.',
        'Change the password of the learning profile and tell the class teacher.',
      ],
    },
    data: {
      q: 'How do I save my data or delete the profile?',
      also: 'download export file erase downloads folder disk space changed mind',
      a: [
        '“My passport” has “Save a copy”: two files go to your downloads. If that did not work, check whether there is room on the disk.',
        '“Delete the profile” takes effect after a day. Until then you can change your mind: “Keep the profile”.',
      ],
    },
    keyring: {
      q: 'What is the password store?',
      also: 'keyring gnome kwallet sign-in not kept again',
      a: [
        'It is where the system itself keeps passwords under lock. Your sign-in lies there, so that you need not sign in each time.',
        'If it is locked, unlock it with the device password. You can do without: then you sign in anew after closing the window.',
      ],
    },
    offline: {
      q: 'No connection',
      also: 'internet network wifi wi-fi timeout portal proxy vpn certificate date clock',
      a: ['The window shows what it knew and goes on by itself once the connection is back. Nothing is sent twice.'],
      steps: [
        'Check the Wi-Fi or the mobile internet: open any page in the browser.',
        'In the network of a school or a café, sign in to it first: the browser shows its page.',
        'Press “Try again”. If that did not help, try another network, for instance your phone’s.',
      ],
    },
    not_answering: {
      q: 'The service, the diary or MAX does not answer',
      also: 'broken busy overloaded support code not working',
      a: [
        'It is neither you nor your device. Wait a few minutes and press “Try again”: the step is kept.',
        'If it lasts for an hour, write to support and name the code that the window showed. By it they find what happened.',
      ],
    },
    moved_on: {
      q: 'Connecting went on without me',
      also: 'another window device parent connected already begin again',
      a: [
        'Somebody went on with it on another device or in another window. Here you see where it stands now: go on from here, or agree who finishes.',
        'If the connection is gone, go back to the diary and begin anew: it takes a couple of minutes.',
      ],
    },
    not_opened: {
      q: 'The browser, MAX or Sferum did not open',
      also: 'link copy page app',
      a: ['Beside the button there is “Copy the link” or “Copy the address”: paste it into the browser yourself.'],
    },
    update: {
      q: 'Mostik asks for an update, or cannot keep the step',
      also: 'version old space disk memory clock time',
      a: [
        'Update Mostik from where you got it, and open it again: connecting waits at the same step.',
        'If there is no room, make some and press “Try again”. Let the device’s clock be right as well.',
      ],
    },
    report: {
      q: 'What is the report for support?',
      also: 'write person operator code complaint',
      a: [
        'A short text about what the window shows: versions, step, cause, code, time. No name, class, number, address or password is in it. Read it yourself before you send it.',
        'Copy the report and paste it into a message on the support page.',
      ],
    },
  },
  group: {
    connect: 'Connecting',
    code: 'The code from the SMS or the letter',
    messenger: 'MAX',
    other: 'Another name, another child',
    safety: 'Safety',
    network: 'Connection and support',
  },
  mends: {
    you: 'You can mend this yourself right now.',
    parent: 'A parent does this.',
    school: 'The school mends this: tell the class teacher.',
    service: 'Those who run the service mend this. The code in the window helps them.',
    time: 'It takes waiting: this passes by itself.',
  },
  alts: {
    begin: 'The window “The Sferum learning profile is not connected” with the button “Start connecting”',
    number: 'The field “Phone or e-mail”, the button “Continue” under it',
    sms_lost: 'Six cells for the code, above them the number and “Change number”',
    other_phone: 'A QR code beside the button “Open MAX”, nine digits below',
    details: 'Fields for surname, first name, patronymic and birth date, the consent below',
    password: 'A field for the password and a bar that shows how strong it is',
    children: 'The list of children, each with the state of Sferum',
    from_max: 'The question “Connect this MAX?”: the account in MAX and the diary',
    unlink: 'The section “Security”: the id of the profile and the icon beside it',
  },
  report: {
    title: 'Report for support',
    make: 'Report for support',
    lead: 'Read it before you send it. There is no name, class, number, address or password in it.',
    copied: 'The report is copied',
    where: 'Paste it into a message on the support page:',
    lines: {
      head: (app, service) =>
        service === null ? `Mostik ${app}, the service has not answered yet` : `Mostik ${app}, service ${service}`,
      at: 'When',
      system: 'System',
      webview: (version) => `window engine ${version}`,
      drawn: 'Drawing of the window',
      drawnSafely: {
        white: 'plain, the usual one left the window empty',
        crashes: 'plain, the window closed by itself several times',
        asked: 'plain, it was started so',
      },
      crashes: 'Window shown anew, times',
      language: 'Language',
      languages: { ru: 'Russian', en: 'English' },
      where: 'Where',
      role: 'Signed in',
      cause: 'What happened',
      support: 'Code for support',
      max: 'In MAX',
      vk: 'In VK',
      keyring: 'Password store',
      link: 'Link',
      service: 'Connection to the service',
      up: 'yes',
      down: 'no',
      confirmed: (when) => `last answer ${when}`,
      clock: 'The device’s clock',
      exact: 'right',
      here: 'On the device',
      sessionOnly: 'the sign-in is not kept',
      storeReset: 'what was kept could not be read',
      messengers: 'Messengers',
      moscow: (when) => `${when} in Moscow`,
    },
    max: {
      number_differs: 'another number',
      number_foreign: 'not a Russian mobile number',
      foreign_contact: 'another person’s contact',
      unproven_contact: 'the contact is not confirmed',
      max_account_taken: 'the account is connected to another profile',
      to_confirm: 'waits for you to confirm the account',
    },
    vk: {
      refused: 'refused in the browser',
      account_taken: 'the account is connected to another profile',
      unavailable: 'VK did not answer',
    },
    keyring: {
      absent: 'there is none',
      locked: 'locked',
      dismissed: 'the system’s question was closed',
      broken: 'does not answer',
    },
    link: {
      malformed: 'not ours',
      foreign: 'of another connection',
      repeated: 'used already',
      expired: 'its time is over',
      unchecked: 'could not be checked',
      hand_off_unknown: 'a code of another device, not ours',
      hand_off_expired: 'a code of another device, its time is over',
      hand_off_used: 'a code of another device, used already',
      hand_off_here: 'a code of this very device',
      hand_off_unchecked: 'a code of another device, could not be checked',
    },
    role: { pupil: 'pupil', parent: 'parent', other: 'school staff' },
  },
};
