import type { Screen } from '../generated/types';
import {
  anna,
  lev,
  annaAlone,
  address,
  addressMasked,
  phone,
  masked,
  head,
  mailHead,
  annaFound,
  cause,
  minute,
  rows,
  otherRows,
  day,
  diary,
  fromMax,
  contact,
  code,
  profile,
  max,
  linked,
  children,
  password,
  details,
  exists,
  recovery,
  contactMail,
  understood,
  codeMail,
  maxMail,
  linkedMail,
  profileCard,
  security,
  who,
  screen,
  unknownDay,
} from './views';
import { aboutScenes } from './about';
import { helpScenes } from './help';
import { toPhoneScenes } from './toPhone';
import { namesScenes } from './names';
import { vkScenes } from './vk';

export * from './views';

const support = { support: 'M-7F3K-21' };
const request = { support: '7F3K-9QWX-2TBM' };

/** Each scene by its name; `now` is the device's clock. */
export const scenes: Record<string, (now: number) => Screen> = {
  ...vkScenes,
  ...helpScenes,
  ...toPhoneScenes,
  ...namesScenes,
  ...aboutScenes,
  starting: () => screen({ view: 'starting' }),
  'keyring-absent': () => screen({ view: 'keyring', problem: 'absent', busy: false }),
  'keyring-locked': () => screen({ view: 'keyring', problem: 'locked', busy: false }),
  'keyring-dismissed': () => screen({ view: 'keyring', problem: 'dismissed', busy: false }),
  'keyring-broken': () => screen({ view: 'keyring', problem: 'broken', busy: true }),
  'sign-in': () => screen({ view: 'sign_in', cause: null, fromMax: null, handedOff: null }),
  'sign-in-refused': () => screen({ view: 'sign_in', cause: cause('sign_in_refused'), fromMax: null, handedOff: null }),
  'sign-in-ended': () =>
    screen(
      { view: 'sign_in', cause: cause('session_ended'), fromMax: null, handedOff: null },
      { strip: 'session_only' },
    ),
  'sign-in-blocked': () =>
    screen({ view: 'sign_in', cause: cause('account_blocked', request), fromMax: null, handedOff: null }),
  'signing-in': () => screen({ view: 'signing_in', address: null }),
  'signing-in-address': () =>
    screen({ view: 'signing_in', address: 'https://school.mos.ru/v3/auth/authorize?client_id=mostik&state=a81bc81b' }),
  opening: () => screen({ view: 'opening', cause: null }),
  'opening-date': () => screen({ view: 'opening', cause: cause('certificate_out_of_date', support) }),
  'opening-failed': () => screen({ view: 'opening', cause: cause('service_broken', support) }),
  'no-pupil': () => screen({ view: 'no_pupil', accountName: 'Ольга Орлова', role: 'parent' }),
  'no-pupil-other': () => screen({ view: 'no_pupil', accountName: 'Анна Петрова', role: 'other' }),
  diary: (now) => screen(diary(now)),
  'diary-doomed': (now) => screen(diary(now, { button: 'linked', deletesAt: now + 23 * 60 * minute })),
  security: (now) => screen(security(now)),
  'security-pupil': (now) =>
    screen(
      security(now, {
        who,
        profile: profileCard(now, {
          nameMasked: 'Михаил О.',
          channel: 'sms',
          contactMasked: masked,
          hasPassword: false,
          max: null,
        }),
      }),
    ),
  'security-reading': (now) => screen(security(now, { profile: null, events: null, sessions: [], busy: 'reading' })),
  'security-none': (now) => screen(security(now, { profile: null, events: [], linked: false, button: 'not_linked' })),
  'security-doomed': (now) =>
    screen(security(now, { profile: profileCard(now, { deletesAt: now + 23 * 60 * minute }) })),
  'security-saved': (now) => screen(security(now, { saved: '/home/olga/Downloads/mostik-4815162342-2026-11-24.html' })),
  'security-offline': (now) =>
    screen(security(now, { profile: null, events: null, sessions: [], button: 'offline' }), {
      strip: 'offline',
      asOf: now - 11 * minute,
    }),
  'security-blocked': (now) => screen(security(now, { cause: cause('profile_blocked', request) })),
  'security-cause': (now) => screen(security(now, { cause: cause('service_broken', support) })),
  'proof-unlink': (now) => screen(security(now, { action: 'unlink' })),
  'proof-unlink-wrong': (now) =>
    screen(security(now, { action: 'unlink', cause: cause('password_wrong', { triesLeft: 9 }) })),
  'proof-unlink-doing': (now) => screen(security(now, { action: 'unlink', busy: 'doing' })),
  'proof-delete': (now) => screen(security(now, { action: 'delete' })),
  'proof-delete-code': (now) =>
    screen(
      security(now, {
        action: 'delete',
        profile: profileCard(now, {
          code: { expiresAt: now + 9 * minute, triesLeft: 5, delivery: 'sent' },
          resendAt: now + minute,
        }),
      }),
    ),
  'proof-delete-code-wrong': (now) =>
    screen(
      security(now, {
        action: 'delete',
        cause: cause('code_wrong', { triesLeft: 4 }),
        profile: profileCard(now, {
          code: { expiresAt: now + 9 * minute, triesLeft: 4, delivery: 'sent' },
          resendAt: now - minute,
        }),
      }),
    ),
  'proof-export': (now) => screen(security(now, { action: 'export' })),
  'proof-export-phone': (now) =>
    screen(
      security(now, {
        who,
        action: 'export',
        profile: profileCard(now, { channel: 'sms', contactMasked: masked, hasPassword: false }),
      }),
    ),
  'diary-folded': (now) => screen(diary(now, { invited: false })),
  'diary-dialog': (now) => screen(diary(now, { dialog: true })),
  'diary-dialog-busy': (now) => screen(diary(now, { dialog: true, busy: true })),
  'diary-dialog-cause': (now) =>
    screen(diary(now, { dialog: true, cause: cause('service_busy', { retryAt: now + 20_000 }) })),
  'diary-continue': (now) => screen(diary(now, { button: 'continue', invited: false })),
  'diary-awaiting': (now) => screen(diary(now, { button: 'awaiting_max', invited: false })),
  'diary-attention': (now) => screen(diary(now, { button: 'attention', invited: false })),
  'diary-changes': (now) => screen(diary(now, { day: day(now, { date: '2026-11-26' }), invited: false })),
  'diary-linked': (now) => screen(diary(now, { button: 'linked', invited: false })),
  'diary-busy': (now) => screen(diary(now, { busy: true })),
  'diary-cause': (now) => screen(diary(now, { cause: cause('diary_unavailable', support) })),
  'diary-reading': (now) => screen(diary(now, { day: unknownDay('2026-11-25') })),
  'diary-none': (now) => screen(diary(now, { day: day(now, { date: '2026-11-29' }), invited: false })),
  'diary-offline': (now) =>
    screen(
      diary(now, {
        button: 'offline',
        invited: false,
        day: unknownDay('2026-11-25'),
      }),
      { strip: 'offline', asOf: now - 7 * minute },
    ),
  'diary-offline-known': (now) =>
    screen(diary(now, { button: 'offline', invited: false }), { strip: 'offline', asOf: now - 7 * minute }),
  'diary-strips': (now) =>
    screen(
      diary(now),
      { strip: 'clock_off', byMs: 3 * 86_400_000 },
      { strip: 'store_reset' },
      { strip: 'second_start' },
      { strip: 'link_refused', reason: 'foreign' },
    ),
  'diary-not-in-max': (now) => screen(diary(now, { who: anna, button: 'linked_without_messenger', invited: false })),
  'diary-parent': (now) => screen(diary(now, { who: anna })),
  children: () => screen(children()),
  'children-two': () =>
    screen(
      children({
        children: [
          { pupil: 'p-502', who: anna, button: 'not_linked' },
          { pupil: 'p-503', who: lev, button: 'not_linked' },
        ],
      }),
    ),
  'children-states': () =>
    screen(
      children({
        children: [
          { pupil: 'p-1', who: anna, button: 'awaiting_max' },
          { pupil: 'p-2', who: lev, button: 'linked_without_messenger' },
          {
            pupil: 'p-3',
            who: {
              ...anna,
              firstName: 'Александра-Виктория',
              fullName: 'Александра-Виктория Константинопольская-Задунайская',
              initials: 'АК',
              school: 'Школа имени академика Сергея Павловича Королёва № 1998',
            },
            button: 'attention',
          },
        ],
      }),
    ),
  'children-busy': () => screen(children({ busy: true })),
  'children-offline': (now) =>
    screen(
      children({
        children: [{ pupil: 'p-502', who: anna, button: 'offline' }],
        cause: cause('offline', support),
      }),
      { strip: 'offline', asOf: now - 7 * minute },
    ),
  contact: () => screen(contact()),
  'contact-parent': () => screen(contact({ head: mailHead(1, { state: 'unknown' }, 4) })),
  'contact-mail': () => screen(contactMail(understood(address, address, true))),
  'contact-pupil-mail': () => screen(contactMail({ head: { ...head(1), who: annaAlone } })),
  'contact-suggestion': () =>
    screen(contactMail({ typed: 'anna.orlova@gmial.com', suggestion: 'anna.orlova@gmail.com' })),
  'contact-mail-wrong': () => screen(contactMail({ typed: 'anna@почта', cause: cause('email_malformed') })),
  'contact-mail-unknown': () => screen(contactMail({ typed: address, cause: cause('email_unknown') })),
  'contact-mail-empty': () => screen(contactMail({ cause: cause('contact_empty') })),
  'contact-mail-older': () => screen(contact({ typed: address, cause: cause('email_not_here') })),
  'code-mail': (now) => screen(codeMail(now)),
  'code-mail-idn': (now) =>
    screen(codeMail(now, { contact: 'анна.орлова+дневник@очень-длинный-почтовый-домен.рф', delivery: 'delivered' })),
  'code-mail-wrong': (now) =>
    screen(codeMail(now, { triesLeft: 4, resendAt: now - 1, cause: cause('code_wrong', { triesLeft: 4 }) })),
  'code-mail-delayed': (now) => screen(codeMail(now, { delivery: 'delayed', nth: 2 })),
  'code-mail-unknown': (now) => screen(codeMail(now, { delivery: 'no_such_mailbox', resendAt: now - 1 })),
  'code-mail-full': (now) => screen(codeMail(now, { delivery: 'mailbox_full', resendAt: now - 1 })),
  password: () => screen(password()),
  'password-short': () => screen(password({ problem: 'short', cause: cause('password_too_short') })),
  'password-common': () => screen(password({ problem: 'common', cause: cause('password_too_common') })),
  'password-fair': () => screen(password({ strength: 'fair' })),
  'password-strong': () => screen(password({ strength: 'strong' })),
  'password-busy': () => screen(password({ strength: 'strong', busy: true })),
  'password-offline': () => screen(password({ cause: cause('offline', support) })),
  details: () => screen(details()),
  'details-bare': () => screen(details({ middleName: null, birthDate: null, gender: null })),
  'details-name': () => screen(details({ cause: cause('name_malformed', { field: 'first_name' }) })),
  'details-date': () => screen(details({ cause: cause('birth_date_wrong', { field: 'birth_date' }) })),
  'details-older': () => screen(details({ birthDate: '2011-03-14', cause: cause('not_under14') })),
  'details-consent': () => screen(details({ cause: cause('consent_missing') })),
  'details-busy': () => screen(details({ busy: true })),
  'details-pupil': () =>
    screen(details({ head: { ...mailHead(4, { state: 'new' }), who: annaAlone }, canAgree: false })),
  exists: () => screen(exists()),
  'exists-wrong': () => screen(exists({ cause: cause('password_wrong', { triesLeft: 4 }) })),
  'exists-blocked': () => screen(exists({ cause: cause('password_blocked', support) })),
  'exists-busy': () => screen(exists({ busy: true })),
  recovery: (now) => screen(recovery(now)),
  'recovery-wrong': (now) => screen(recovery(now, { triesLeft: 4, cause: cause('code_wrong', { triesLeft: 4 }) })),
  'recovery-incomplete': (now) => screen(recovery(now, { cause: cause('code_incomplete') })),
  'recovery-common': (now) => screen(recovery(now, { problem: 'common', cause: cause('password_too_common') })),
  'recovery-expired': (now) =>
    screen(recovery(now, { expiresAt: now - 1, resendAt: now - 1, cause: cause('code_expired') })),
  'recovery-checking': (now) => screen(recovery(now, { busy: 'checking' })),
  'taken-mail': () => screen({ view: 'taken', head: mailHead(3), channel: 'mail', contactMasked: addressMasked }),
  'profile-mail': () =>
    screen(
      profile({
        head: mailHead(4, annaFound),
        channel: 'mail',
        rows: [
          { field: 'name', diary: 'Анна Орлова', profile: 'Анна О.', same: true },
          { field: 'role', diary: 'pupil', profile: 'pupil', same: true },
          { field: 'class', diary: '4 «А»', profile: '4 «А»', same: true },
          { field: 'contact', diary: null, profile: addressMasked, same: null },
        ],
      }),
    ),
  'profile-mail-other': () =>
    screen(
      profile({
        head: mailHead(4, { state: 'found', nameMasked: 'Лев О.', role: 'pupil' }),
        channel: 'mail',
        otherName: true,
        rows: [
          { field: 'name', diary: 'Анна Орлова', profile: 'Лев О.', same: false },
          { field: 'role', diary: 'pupil', profile: 'pupil', same: true },
          { field: 'class', diary: '4 «А»', profile: '1 «В»', same: false },
          { field: 'contact', diary: null, profile: addressMasked, same: null },
        ],
      }),
    ),
  'max-mail': (now) => screen(maxMail(now)),
  'max-mail-expired': (now) => screen(maxMail(now, { expiresAt: now - 1 })),
  'max-mail-taken': (now) => screen(maxMail(now, { trouble: { trouble: 'max_account_taken' } })),
  'linked-mail': (now) => screen(linkedMail(now)),
  'linked-not-in-max': (now) => screen(linkedMail(now, { inMax: false, nextRemote: null })),
  'contact-typed': () =>
    screen(contact({ ...understood(phone, phone, true), canGoBackToCode: true, emailPossible: true })),
  'contact-wrong': () => screen(contact({ typed: '8 495 123-45-67', cause: cause('phone_landline') })),
  'contact-empty': () => screen(contact({ cause: cause('contact_empty') })),
  'contact-busy': () => screen(contact({ ...understood('8 (900) 000 12 42', phone, true), busy: true })),
  'contact-found': () => screen(contact(understood('моб.: 8 900 000-12-42 (Миша)', phone))),
  'contact-found-card': () =>
    screen(
      contactMail(
        understood('BEGIN:VCARD\nVERSION:3.0\nN:Орлова;Анна\nTEL;TYPE=CELL:+7 900 000-12-42\nEND:VCARD', phone),
      ),
    ),
  'contact-found-mail': () => screen(contactMail(understood(`Анна Орлова <${address}>`, address))),
  'contact-letters': () => screen(contact({ typed: '8 9ОО ООО-12-42', suggestion: phone, sendable: false })),
  'contact-comma': () =>
    screen(contactMail({ typed: 'anna.orlova@mail,ru', suggestion: 'anna.orlova@mail.ru', sendable: false })),
  // So short that they fit a phone: how far a field is scrolled when the focus comes is up to the browser.
  'contact-two': () => screen(contact({ typed: '89000001242, 89000001217', cause: cause('two_numbers') })),
  'contact-both': () => screen(contactMail({ typed: '89000001242, anya@ya.ru', cause: cause('number_and_address') })),
  'contact-two-mail': () => screen(contactMail({ typed: 'anya@ya.ru, olga@ya.ru', cause: cause('two_addresses') })),
  'contact-extension': () => screen(contact({ typed: `${phone} доб. 12`, cause: cause('phone_extension') })),
  'contact-long': () => screen(contact({ typed: '4276 3800 1234 5678', cause: cause('phone_too_long') })),
  'contact-short': () => screen(contact({ typed: '+7 900 000-12-4', cause: cause('phone_too_short') })),
  'contact-mixed': () => screen(contactMail({ typed: 'anyaя@mail.ru', cause: cause('email_mixed_alphabets') })),
  'contact-offline': (now) =>
    screen(contact({ typed: phone, cause: cause('offline', support) }), { strip: 'offline', asOf: now - 2 * minute }),
  'contact-not-trusted': () => screen(contact({ typed: phone, cause: cause('certificate_not_trusted', support) })),
  'contact-blocked': () => screen(contact({ typed: phone, cause: cause('contact_blocked', support) })),
  'contact-used-up': (now) =>
    screen(contact({ typed: phone, cause: cause('contacts_used_up', { retryAt: now + 600 * minute }) })),
  'contact-network-used-up': (now) =>
    screen(contact({ typed: phone, cause: cause('network_contacts_used_up', { retryAt: now + 40 * minute }) })),
  'contact-codes-paused': (now) =>
    screen(contact({ typed: phone, cause: cause('codes_paused', { retryAt: now + 9 * minute }) })),
  code: (now) => screen(code(now)),
  'code-checking': (now) => screen(code(now, { busy: 'checking' })),
  'code-wrong': (now) =>
    screen(code(now, { triesLeft: 4, resendAt: now - 1, cause: cause('code_wrong', { triesLeft: 4 }) })),
  'code-profile-blocked': (now) => screen(code(now, { cause: cause('profile_blocked', request) })),
  'code-superseded': (now) => screen(code(now, { nth: 2, cause: cause('code_superseded', { triesLeft: 5 }) })),
  'code-expired': (now) =>
    screen(code(now, { expiresAt: now - 1000, resendAt: now - 1000, cause: cause('code_expired') })),
  'code-used-up': (now) => screen(code(now, { triesLeft: 0, cause: cause('code_tries_used_up', { triesLeft: 0 }) })),
  'code-second': (now) => screen(code(now, { nth: 2, delivery: 'delayed' })),
  'code-failed': (now) => screen(code(now, { delivery: 'failed', resendAt: now - 1 })),
  'code-resending': (now) => screen(code(now, { resendAt: now - 1, busy: 'resending' })),
  'code-offline': (now) =>
    screen(code(now, { cause: cause('offline', support) }), { strip: 'offline', asOf: now - 2 * minute }),
  taken: () => screen({ view: 'taken', head: head(3), channel: 'sms', contactMasked: masked }),
  profile: () => screen(profile()),
  'profile-new': () =>
    screen(
      profile({
        head: head(3, { state: 'new' }),
        isNew: true,
        rows: rows.map((row) => ({ ...row, profile: null, same: null })),
      }),
    ),
  'profile-other': () =>
    screen(
      profile({
        head: head(3, { state: 'found', nameMasked: 'Ольга О.', role: 'parent' }),
        rows: otherRows,
        otherName: true,
      }),
    ),
  'profile-unticked': () =>
    screen(
      profile({
        head: head(3, { state: 'found', nameMasked: 'Ольга О.', role: 'parent' }),
        rows: otherRows,
        otherName: true,
        cause: cause('other_name_not_accepted'),
      }),
    ),
  'profile-busy': () => screen(profile({ busy: true })),
  max: (now) => screen(max(now)),
  'max-opened': (now) => screen(max(now, { opened: true })),
  'max-polling': (now) => screen(max(now, { live: false })),
  'max-expired': (now) => screen(max(now, { expiresAt: now - 1000 })),
  'max-differs': (now) =>
    screen(
      max(now, {
        opened: true,
        trouble: { trouble: 'number_differs', phone_masked: '+7 900 •••-••-17', usable: true },
      }),
    ),
  'max-to-confirm': (now) =>
    screen(
      max(now, {
        phoneMasked: null,
        skippable: true,
        opened: true,
        trouble: { trouble: 'to_confirm', phone_masked: '+7 900 •••-••-17', name_masked: 'Зоя О.' },
      }),
    ),
  'max-here': (now) => screen(max(now, { here: true })),
  'max-away': (now) => screen(max(now, { here: false })),
  'max-proof': (now) => screen(max(now, { proves: true, head: head(2), phoneMasked: null, here: false })),
  'max-proof-foreign': (now) =>
    screen(
      max(now, {
        proves: true,
        head: head(2),
        phoneMasked: null,
        opened: true,
        trouble: { trouble: 'number_foreign', phone_masked: '+37•••67' },
      }),
    ),
  'from-max': (now) => screen(fromMax(now)),
  'from-max-parent': (now) =>
    screen(
      fromMax(now, {
        maxName: 'Ольга О.',
        phoneMasked: null,
        chosen: null,
        children: [
          { pupil: 'p-anna', who: anna, button: 'not_linked' },
          { pupil: 'p-lev', who: lev, button: 'continue' },
        ],
      }),
    ),
  'from-max-over': (now) => screen(fromMax(now, { cause: cause('launch_expired') })),
  'from-max-busy': (now) => screen(fromMax(now, { busy: true })),
  'sign-in-from-max': () => screen({ view: 'sign_in', cause: null, fromMax: 'Михаил О.', handedOff: null }),
  'contact-former': () =>
    screen(contact({ former: { name_masked: 'Михаил О.', channel: 'sms', contact_masked: masked } })),
  'max-foreign': (now) => screen(max(now, { trouble: { trouble: 'foreign_contact' } })),
  'max-unproven': (now) => screen(max(now, { trouble: { trouble: 'unproven_contact' } })),
  'max-taken': (now) => screen(max(now, { trouble: { trouble: 'max_account_taken' } })),
  'max-not-opened': (now) => screen(max(now, { cause: cause('not_opened') })),
  linked: (now) => screen(linked(now)),
  'linked-plain': (now) => screen(linked(now, { nextRemote: null })),
};
