import type { CauseKind } from '../generated/types';

/** What a cause offers to do, besides reading it. */
export type Action = 'retry' | 'refresh' | 'support' | 'change_contact' | 'back_to_diary' | 'sign_out' | 'dismiss';

const again: Action[] = ['retry', 'support'];

/** The ways on from each cause. None: the answer is given in the field, or by the screen's own main button. */
const actions: Partial<Record<CauseKind, Action[]>> = {
  contact_blocked: ['change_contact', 'support'],
  sends_used_up: ['change_contact', 'support'],
  contacts_used_up: ['change_contact', 'support'],
  network_contacts_used_up: again,
  codes_paused: again,
  password_blocked: ['support'],
  needs_parent: ['sign_out', 'support'],
  already_linked: ['back_to_diary'],
  profile_unlinked: ['dismiss'],
  deletion_pending: ['dismiss'],
  profile_blocked: ['support'],
  last_messenger: ['dismiss'],
  files_not_saved: ['support'],
  launch_unknown: ['dismiss'],
  launch_expired: ['dismiss'],
  launch_used: ['dismiss'],
  account_blocked: ['support'],
  offline: again,
  timeout: again,
  answer_unreadable: again,
  captive_portal: again,
  certificate_not_trusted: again,
  certificate_out_of_date: again,
  service_broken: again,
  service_busy: again,
  diary_unavailable: again,
  max_unavailable: again,
  moved_on: ['dismiss'],
  versions_differ: again,
  not_opened: ['dismiss'],
  not_stored: again,
  pupil_gone: ['sign_out', 'support'],
  linking_gone: ['back_to_diary'],
};

export const waysOn = (kind: CauseKind): Action[] => actions[kind] ?? [];

/** Causes that are said beside the field, in one breath. */
export const fieldCauses: ReadonlySet<CauseKind> = new Set<CauseKind>([
  'contact_empty',
  'phone_malformed',
  'phone_landline',
  'phone_foreign',
  'phone_extension',
  'phone_too_short',
  'phone_too_long',
  'email_malformed',
  'email_mixed_alphabets',
  'two_numbers',
  'two_addresses',
  'number_and_address',
  'email_not_here',
  'email_unknown',
  'code_incomplete',
  'code_wrong',
  'code_superseded',
  'code_expired',
  'code_tries_used_up',
  'password_too_short',
  'password_too_long',
  'password_too_common',
  'password_wrong',
  'name_malformed',
  'birth_date_wrong',
  'not_under14',
  'consent_missing',
  'other_name_not_accepted',
]);

/** Causes of the network, which a person may be able to mend. */
export const networkCauses: ReadonlySet<CauseKind> = new Set<CauseKind>([
  'offline',
  'timeout',
  'answer_unreadable',
  'captive_portal',
  'certificate_not_trusted',
  'certificate_out_of_date',
]);

/** Causes that are said beside a new password. */
export const aboutPassword: ReadonlySet<CauseKind> = new Set<CauseKind>([
  'password_too_short',
  'password_too_long',
  'password_too_common',
]);
