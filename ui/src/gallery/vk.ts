import type { Messengers, Screen, VkCard, View } from '../generated/types';
import {
  anna,
  cause,
  contact,
  diary,
  linked,
  linkedMail,
  mailHead,
  max,
  maxMail,
  minute,
  profileCard,
  screen,
  security,
} from './views';

/** VK Messenger in every state worth looking at. */

export const both: Messengers = { max: true, vk: true };
export const vkAlone: Messengers = { max: false, vk: true };
export const offered: VkCard = { state: 'offered', trouble: null };
export const bound: VkCard = { state: 'bound', nameMasked: 'Михаил О.' };
export const signingIn = (now: number): VkCard => ({
  state: 'signing_in',
  url: 'https://id.vk.com/authorize?response_type=code&client_id=51001242',
  expiresAt: now + 9 * minute,
});

/** A screen of an operator who offers these messengers. */
export const offering = (messengers: Messengers, view: View): Screen => ({ ...screen(view), messengers });

const inVk = (now: number) => ({ nameMasked: 'Михаил О.', since: now - 3 * minute });

export const vkScenes: Record<string, (now: number) => Screen> = {
  'vk-offered': (now) => offering(both, max(now, { vk: offered })),
  'vk-signing-in': (now) => offering(both, max(now, { vk: signingIn(now) })),
  'vk-asking': (now) => offering(both, maxMail(now, { vk: { state: 'asking', expiresAt: now + 9 * minute } })),
  'vk-refused': (now) => offering(both, maxMail(now, { vk: { state: 'offered', trouble: 'refused' } })),
  'vk-taken': (now) => offering(both, max(now, { vk: { state: 'offered', trouble: 'account_taken' } })),
  'vk-unavailable': (now) => offering(both, max(now, { vk: { state: 'offered', trouble: 'unavailable' } })),
  'vk-not-opened': (now) => offering(both, max(now, { vk: signingIn(now), cause: cause('not_opened') })),
  'vk-bound-max-left': (now) => offering(both, maxMail(now, { vk: { state: 'bound', nameMasked: 'Анна О.' } })),
  'vk-alone': (now) => offering(vkAlone, max(now, { vk: offered })),
  'vk-alone-mail': (now) =>
    offering(vkAlone, maxMail(now, { head: mailHead(5), vk: { state: 'offered', trouble: 'unavailable' } })),
  'vk-alone-contact': () => offering(vkAlone, contact({ emailPossible: true })),
  'vk-alone-diary': (now) => offering(vkAlone, diary(now, { button: 'awaiting_max', invited: false })),
  'vk-alone-dialog': (now) => offering(vkAlone, diary(now, { dialog: true })),
  'vk-linked': (now) => offering(both, linked(now, { inMax: false, vk: bound })),
  'vk-linked-both': (now) => offering(both, linked(now, { vk: bound })),
  'vk-linked-max': (now) => offering(both, linked(now, { vk: offered })),
  'vk-linked-none': (now) => offering(both, linkedMail(now, { inMax: false, vk: offered, nextRemote: null })),
  'vk-alone-linked-none': (now) => offering(vkAlone, linkedMail(now, { inMax: false, vk: offered, nextRemote: null })),
  'vk-diary-left': (now) =>
    offering(both, diary(now, { who: anna, button: 'linked_without_messenger', invited: false })),
  'vk-security': (now) => offering(both, security(now, { profile: profileCard(now, { vk: inVk(now) }) })),
  'vk-security-max': (now) => offering(both, security(now)),
  'vk-security-none': (now) => offering(both, security(now, { profile: profileCard(now, { max: null }) })),
  'vk-security-alone': (now) =>
    offering(vkAlone, security(now, { profile: profileCard(now, { max: null, vk: inVk(now), channel: 'sms' }) })),
  'vk-unlink': (now) =>
    offering(both, security(now, { action: 'unlink_vk', profile: profileCard(now, { vk: inVk(now) }) })),
};
