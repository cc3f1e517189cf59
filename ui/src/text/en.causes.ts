import type { CauseKind } from '../generated/types';
import type { CauseText } from './ru.causes';

/** What can go wrong, in English: what happened, and the next step. */
export const causes: Record<CauseKind, CauseText> = {
  contact_empty: { what: 'No number was given.', next: 'Enter the mobile number you use in MAX.' },
  phone_malformed: {
    what: 'This does not look like a phone number.',
    next: 'A mobile number has 10 digits after +7 or 8, for instance 900 000-12-42.',
  },
  phone_landline: {
    what: 'This is a landline, an SMS does not reach it.',
    next: 'Enter a mobile number: it starts with a nine.',
  },
  phone_foreign: {
    what: 'This is a number of another country, and the code goes to Russian numbers only.',
    next: 'Enter a Russian mobile number.',
  },
  phone_extension: {
    what: 'This number has an extension, an SMS does not reach it.',
    next: 'Enter a mobile number without an extension.',
  },
  phone_too_short: {
    what: 'Digits are missing in the number.',
    next: 'There are ten of them after +7 or 8, for instance 900 000-12-42.',
  },
  phone_too_long: {
    what: 'There are more digits here than a phone number has.',
    next: 'Leave ten digits after +7 or 8 and delete the others.',
  },
  email_malformed: {
    what: 'This does not look like an e-mail address.',
    next: 'An address has a name, the @ sign and a domain, for instance anna@example.ru or аня@почта.рф.',
  },
  email_mixed_alphabets: {
    what: 'Russian and English letters are mixed up in the address.',
    next: 'Check the layout of the keyboard and type the address anew.',
  },
  two_numbers: {
    what: 'There are two different numbers here.',
    next: 'Leave one: the one that the code should go to.',
  },
  two_addresses: {
    what: 'There are two different addresses here.',
    next: 'Leave one: the one that the code should go to.',
  },
  number_and_address: {
    what: 'There are a number and an e-mail address here.',
    next: 'Leave one of them: where the code should go.',
  },
  email_not_here: {
    what: 'This is an e-mail address, and it serves only until the age of 14.',
    next: 'From 14 on a mobile number is needed: enter the one used in MAX.',
  },
  email_unknown: {
    what: 'The mail server says there is no such mailbox.',
    next: 'Check the address letter by letter, or enter another one.',
  },
  code_incomplete: { what: 'The code has six digits.', next: 'Look at the SMS and enter all six.' },
  code_wrong: { what: 'The code does not match.', next: 'If several SMS came, only the last code works.' },
  code_superseded: {
    what: 'This code is from an earlier SMS and no longer works.',
    next: 'Enter the code from the last message.',
  },
  code_expired: { what: 'The code no longer works.', next: 'Ask for a new one: it goes to the same number.' },
  code_tries_used_up: {
    what: 'No tries are left for this code.',
    next: 'Ask for a new code.',
  },
  contact_blocked: {
    what: 'Too many wrong codes were entered for this number today.',
    next: 'Try tomorrow, or enter another number.',
  },
  resend_too_early: {
    what: 'A new code cannot be asked for yet.',
    next: 'Wait a little: the last SMS may still come.',
  },
  sends_used_up: {
    what: 'No more codes can be sent to this number today.',
    next: 'Enter the last code that came, try tomorrow, or enter another number.',
  },
  contacts_used_up: {
    what: 'Too many numbers and addresses were given today.',
    next: 'Go back to one of them, or try tomorrow.',
  },
  network_contacts_used_up: {
    what: 'Too many numbers and addresses were given from this network.',
    next: 'Wait, or go online through another network.',
  },
  codes_paused: {
    what: 'Codes to new numbers and addresses are not sent now.',
    next: 'Wait a little: nothing is lost.',
  },
  password_too_short: {
    what: 'The password is too short.',
    next: 'Add another word: a long phrase is easier and safer.',
  },
  password_too_long: {
    what: 'The password is longer than 128 characters.',
    next: 'Make it shorter: four words are enough.',
  },
  password_too_common: {
    what: 'A password like this is guessed among the first.',
    next: 'Take a few random words, without the name or the birth date.',
  },
  password_wrong: {
    what: 'The password does not match.',
    next: 'Check the keyboard layout and capital letters, or recover it by e-mail.',
  },
  password_blocked: {
    what: 'Too many wrong passwords were entered for this profile today.',
    next: 'Recover the password by e-mail, or try tomorrow.',
  },
  name_malformed: {
    what: 'Letters are needed here, as in the birth certificate.',
    next: 'Besides letters, blanks, hyphens, apostrophes and full stops will do, up to 60 letters. If it looks right, clear the field and type it anew.',
  },
  birth_date_wrong: {
    what: 'There is no such date, or the diary has another one.',
    next: 'Check the day, the month and the year. If the diary is wrong, the class teacher can mend it.',
  },
  not_under14: {
    what: 'By this date the child is 14 already, and e-mail serves only until 14.',
    next: 'Check the date. If it is right, connect by a phone number.',
  },
  consent_missing: {
    what: 'Without a parent’s consent the profile cannot be created.',
    next: 'Read the text of the consent and set the tick.',
  },
  needs_parent: {
    what: 'Only a parent creates a profile by e-mail.',
    next: 'Let a parent sign in to the diary with their own account.',
  },
  other_name_not_accepted: {
    what: 'The profile has another name, so your tick is needed.',
    next: 'Tick that it is right, or enter another number.',
  },
  already_linked: {
    what: 'This diary already has a learning profile connected.',
    next: 'Go back to the diary: Sferum opens from there.',
  },
  sign_in_refused: {
    what: 'Access was not allowed at the diary.',
    next: 'Sign in again and press “Разрешить” on the diary’s page.',
  },
  sign_in_abandoned: {
    what: 'The sign-in was not finished in the browser.',
    next: 'Begin again: the diary will open in the browser.',
  },
  sign_in_forged: {
    what: 'The browser brought another answer than the one we waited for.',
    next: 'Sign in again with this button, not by a link from a letter or a chat.',
  },
  browser_not_opened: {
    what: 'The browser did not open.',
    next: 'Try again, or open the address in a browser yourself.',
  },
  session_ended: { what: 'The sign-in is over.', next: 'Sign in again: connecting waits at the same step.' },
  account_blocked: {
    what: 'This diary account is blocked.',
    next: 'Call the school network’s support and name the code.',
  },
  offline: { what: 'The service is out of reach.', next: 'Check Wi-Fi or mobile data and try again.' },
  timeout: { what: 'The service did not answer in time.', next: 'Try again: nothing is sent twice.' },
  answer_unreadable: {
    what: 'The service’s answer broke off.',
    next: 'Try again. If it repeats, try another network.',
  },
  captive_portal: {
    what: 'A page of this network answered in the service’s place.',
    next: 'Open a browser, sign in to the Wi-Fi and try again.',
  },
  certificate_not_trusted: {
    what: 'We could not make sure that it is our service that answers, and sent nothing.',
    next: 'Sign in to the Wi-Fi in a browser, or try another network. At school show this to whoever looks after the computers.',
  },
  certificate_out_of_date: {
    what: 'By this device’s clock the service’s protection is not valid now, and we sent nothing.',
    next: 'Check the date and time of the device and try again. If they are right, call support.',
  },
  service_broken: {
    what: 'The service does not work at the moment. It is not your fault.',
    next: 'Try again in a few minutes: your step is kept.',
  },
  service_busy: { what: 'The service is busy.', next: 'Wait a little and try again.' },
  diary_unavailable: {
    what: 'The MESH diary does not answer.',
    next: 'Try again later: connecting waits at the same step.',
  },
  max_unavailable: {
    what: 'MAX does not answer.',
    next: 'Try again later: you need not enter the number again.',
  },
  profile_unlinked: {
    what: 'This profile is not linked to the diary any more.',
    next: 'What is shown is how things stand now.',
  },
  deletion_pending: {
    what: 'The profile will soon be deleted, so this cannot be done with it now.',
    next: 'Keep the profile if you changed your mind, and try again.',
  },
  profile_blocked: {
    what: 'This learning profile is blocked.',
    next: 'Call the school network’s support and name the code.',
  },
  launch_unknown: {
    what: 'This link from MAX is unknown.',
    next: 'Open Mostik from the bot’s chat in MAX once more.',
  },
  launch_expired: {
    what: 'Too much time has passed since MAX.',
    next: 'Press “Открыть Мостик” in the bot’s chat once more.',
  },
  launch_used: {
    what: 'This link from MAX was answered already.',
    next: 'Look into the diary: what was connected is shown there.',
  },
  last_messenger: {
    what: 'The other messenger was unlinked meanwhile, and this one is the last.',
    next: 'Without it there is no link to the diary. If that is what you want, unlink the whole profile.',
  },
  files_not_saved: {
    what: 'The files were not saved: the downloads folder did not take them.',
    next: 'Check whether there is room on the disk, and try again.',
  },
  moved_on: {
    what: 'Connecting went on in another window.',
    next: 'This is the step where it is now. Go on from here.',
  },
  versions_differ: {
    what: 'The app and the service did not understand each other.',
    next: 'Update Mostik and try again.',
  },
  not_opened: { what: 'It could not be opened.', next: 'Copy the link and open it yourself.' },
  not_stored: {
    what: 'The step could not be kept on this device: the disk is full or read-only.',
    next: 'Free some space and try again.',
  },
  pupil_gone: {
    what: 'The diary no longer shows this pupil.',
    next: 'Sign out and sign in again. If that does not help, ask the class teacher.',
  },
  linking_gone: {
    what: 'This connection is no longer there.',
    next: 'Go back to the diary and begin anew.',
  },
};

/** The same causes where a code goes by mail. */
export const byMail: Partial<Record<CauseKind, CauseText>> = {
  code_incomplete: { what: 'The code has six digits.', next: 'Look at the letter and enter all six.' },
  code_wrong: { what: 'The code does not match.', next: 'If several letters came, only the last code works.' },
  code_superseded: {
    what: 'This code is from an earlier letter and no longer works.',
    next: 'Enter the code from the last one.',
  },
  code_expired: { what: 'The code no longer works.', next: 'Ask for a new one: it goes to the same address.' },
  contact_blocked: {
    what: 'Too many wrong codes were entered for this address today.',
    next: 'Try tomorrow, or enter another address.',
  },
  resend_too_early: {
    what: 'A new code cannot be asked for yet.',
    next: 'Wait a little: the last letter may still come.',
  },
  sends_used_up: {
    what: 'No more codes can be sent to this address today.',
    next: 'Enter the last code that came, try tomorrow, or enter another address.',
  },
  other_name_not_accepted: {
    what: 'The profile has another name, so your tick is needed.',
    next: 'Tick that it is right, or enter another e-mail address.',
  },
  max_unavailable: { what: 'MAX does not answer.', next: 'Try again later: the diary has the profile already.' },
};

/** And where the field takes either. */
export const either: Partial<Record<CauseKind, CauseText>> = {
  contact_empty: {
    what: 'Neither a number nor an e-mail address was given.',
    next: 'Enter the mobile number for MAX or an e-mail address.',
  },
  phone_malformed: {
    what: 'This looks neither like a number nor like an e-mail address.',
    next: 'A mobile number has 10 digits after +7 or 8, and an address has the @ sign.',
  },
};

/** Somebody else went on with the linking. */
export const movedBy = (name: string): CauseText => ({
  what: `${name}: connecting went on from this account meanwhile.`,
  next: 'This is the step where it is now. Agree on who finishes it, and go on from here.',
});
