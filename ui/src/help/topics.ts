import type { CauseKind, Messengers, View } from '../generated/types';

/** The answers of «Справка», in the order in which they are read, group by group. */
export const groups = {
  connect: ['why', 'begin', 'number', 'no_phone', 'details', 'password', 'pause'],
  code: ['sms_lost', 'letter_lost', 'code_refused', 'code_blocked'],
  messenger: ['max', 'get_max', 'other_phone', 'max_number', 'max_later', 'from_max', 'vk'],
  other: ['taken', 'other_name', 'children', 'no_diary'],
  safety: ['privacy', 'sign_in', 'unlink', 'stranger', 'data', 'keyring'],
  network: ['offline', 'not_answering', 'moved_on', 'not_opened', 'update', 'report'],
} as const;

export type Group = keyof typeof groups;
export type Topic = (typeof groups)[Group][number];

/** Pictures that the guided tour takes: `cargo xtask tour --help-pictures`. */
export const pictures = {
  begin: 'begin',
  number: 'number',
  sms_lost: 'code',
  other_phone: 'max',
  details: 'details',
  password: 'password',
  children: 'children',
  from_max: 'from-max',
  unlink: 'security',
} as const satisfies Partial<Record<Topic, string>>;

export type Pictured = keyof typeof pictures;
export const isPictured = (topic: Topic): topic is Pictured => topic in pictures;

/** Which answers are true only where a messenger is offered. */
const only: Partial<Record<Topic, keyof Messengers>> = {
  max: 'max',
  get_max: 'max',
  other_phone: 'max',
  max_number: 'max',
  max_later: 'max',
  from_max: 'max',
  vk: 'vk',
};

export function isTold(topic: Topic, offered: Messengers): boolean {
  const messenger = only[topic];
  return messenger === undefined || offered[messenger];
}

/** Who can mend it: the person, a parent, the school, whoever runs the service, or time alone. */
export type Mender = 'you' | 'parent' | 'school' | 'service' | 'time';

/** Where «Справка» opens from each cause, and who can mend it. */
export const causes: Record<CauseKind, { topic: Topic; mends: Mender }> = {
  contact_empty: { topic: 'number', mends: 'you' },
  phone_malformed: { topic: 'number', mends: 'you' },
  phone_landline: { topic: 'number', mends: 'you' },
  phone_foreign: { topic: 'number', mends: 'you' },
  phone_extension: { topic: 'number', mends: 'you' },
  phone_too_short: { topic: 'number', mends: 'you' },
  phone_too_long: { topic: 'number', mends: 'you' },
  email_malformed: { topic: 'no_phone', mends: 'you' },
  email_mixed_alphabets: { topic: 'no_phone', mends: 'you' },
  two_numbers: { topic: 'number', mends: 'you' },
  two_addresses: { topic: 'no_phone', mends: 'you' },
  number_and_address: { topic: 'number', mends: 'you' },
  email_not_here: { topic: 'no_phone', mends: 'you' },
  email_unknown: { topic: 'letter_lost', mends: 'you' },
  code_incomplete: { topic: 'code_refused', mends: 'you' },
  code_wrong: { topic: 'code_refused', mends: 'you' },
  code_superseded: { topic: 'code_refused', mends: 'you' },
  code_expired: { topic: 'code_refused', mends: 'you' },
  code_tries_used_up: { topic: 'code_blocked', mends: 'you' },
  contact_blocked: { topic: 'code_blocked', mends: 'time' },
  resend_too_early: { topic: 'code_blocked', mends: 'time' },
  sends_used_up: { topic: 'code_blocked', mends: 'time' },
  contacts_used_up: { topic: 'code_blocked', mends: 'time' },
  network_contacts_used_up: { topic: 'code_blocked', mends: 'time' },
  codes_paused: { topic: 'code_blocked', mends: 'time' },
  password_too_short: { topic: 'password', mends: 'you' },
  password_too_long: { topic: 'password', mends: 'you' },
  password_too_common: { topic: 'password', mends: 'you' },
  password_wrong: { topic: 'password', mends: 'you' },
  password_blocked: { topic: 'password', mends: 'time' },
  name_malformed: { topic: 'details', mends: 'you' },
  birth_date_wrong: { topic: 'details', mends: 'school' },
  not_under14: { topic: 'no_phone', mends: 'you' },
  consent_missing: { topic: 'details', mends: 'you' },
  needs_parent: { topic: 'no_phone', mends: 'parent' },
  other_name_not_accepted: { topic: 'other_name', mends: 'you' },
  already_linked: { topic: 'moved_on', mends: 'you' },
  profile_unlinked: { topic: 'unlink', mends: 'you' },
  deletion_pending: { topic: 'data', mends: 'you' },
  profile_blocked: { topic: 'stranger', mends: 'service' },
  last_messenger: { topic: 'unlink', mends: 'you' },
  files_not_saved: { topic: 'data', mends: 'you' },
  launch_unknown: { topic: 'from_max', mends: 'you' },
  launch_expired: { topic: 'from_max', mends: 'you' },
  launch_used: { topic: 'from_max', mends: 'you' },
  sign_in_refused: { topic: 'sign_in', mends: 'you' },
  sign_in_abandoned: { topic: 'sign_in', mends: 'you' },
  sign_in_forged: { topic: 'sign_in', mends: 'you' },
  browser_not_opened: { topic: 'not_opened', mends: 'you' },
  session_ended: { topic: 'sign_in', mends: 'you' },
  account_blocked: { topic: 'stranger', mends: 'service' },
  offline: { topic: 'offline', mends: 'you' },
  timeout: { topic: 'offline', mends: 'time' },
  answer_unreadable: { topic: 'offline', mends: 'you' },
  captive_portal: { topic: 'offline', mends: 'you' },
  certificate_not_trusted: { topic: 'offline', mends: 'you' },
  certificate_out_of_date: { topic: 'offline', mends: 'you' },
  service_broken: { topic: 'not_answering', mends: 'service' },
  service_busy: { topic: 'not_answering', mends: 'time' },
  diary_unavailable: { topic: 'not_answering', mends: 'time' },
  max_unavailable: { topic: 'not_answering', mends: 'time' },
  moved_on: { topic: 'moved_on', mends: 'you' },
  versions_differ: { topic: 'update', mends: 'you' },
  not_opened: { topic: 'not_opened', mends: 'you' },
  not_stored: { topic: 'update', mends: 'you' },
  pupil_gone: { topic: 'no_diary', mends: 'school' },
  linking_gone: { topic: 'moved_on', mends: 'you' },
};

/** What is asked most at each view; the first of «Справка» where the person stands there. */
export const near: Record<View['view'], readonly Topic[]> = {
  starting: [],
  keyring: ['keyring'],
  sign_in: ['sign_in', 'privacy'],
  signing_in: ['sign_in', 'privacy'],
  opening: ['not_answering', 'offline'],
  no_pupil: ['no_diary'],
  children: ['children', 'no_diary'],
  from_max: ['from_max', 'stranger'],
  diary: [],
  security: ['unlink', 'stranger', 'data'],
  contact: ['number', 'no_phone', 'pause'],
  code: ['sms_lost', 'letter_lost', 'code_refused'],
  taken: ['taken', 'number'],
  password: ['password', 'no_phone'],
  details: ['details', 'no_phone'],
  exists: ['password', 'taken'],
  recovery: ['letter_lost', 'password'],
  profile: ['other_name', 'number'],
  max: ['get_max', 'other_phone', 'max_number', 'vk'],
  linked: ['why', 'max_later'],
};
