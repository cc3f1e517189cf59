import { describe, expect, test } from 'vitest';
import { anna, contact, fromMax, head, lev, masked, max, minute, screen } from '../src/gallery/views';
import { whole } from '../src/text/words';
import { open } from './world';

const two = {
  children: [
    { pupil: 'p-anna', who: anna, button: 'not_linked' as const },
    { pupil: 'p-lev', who: lev, button: 'continue' as const },
  ],
  chosen: null,
};

describe('Somebody comes from MAX', () => {
  test('a parent has to say whose diary it is before anything is sent', async () => {
    const world = await open(screen(fromMax(Date.now(), two)));
    await world.press('accept-launch');
    expect(world.sent).toEqual([]);
    expect(document.querySelector('#whose-error')).not.toBeNull();
    await world.press('whose-p-lev');
    expect(document.querySelector('#whose-error')).toBeNull();
    await world.press('accept-launch');
    expect(world.sent).toEqual([{ intent: 'accept_launch', pupil: 'p-lev' }]);
  });

  test('both accounts are named, and «Не сейчас» is at hand', async () => {
    const world = await open(screen(fromMax(Date.now())));
    expect(world.get('max-account').textContent).toContain(whole(masked));
    expect(world.get('diary-account').textContent).toContain('Михаил Орлов');
    await world.press('decline-launch');
    expect(world.sent).toEqual([{ intent: 'decline_launch' }]);
  });

  test('a launch whose time is over cannot be accepted, and says what to do', async () => {
    const world = await open(screen(fromMax(Date.now(), { expiresAt: Date.now() - minute })));
    expect(document.querySelector('[data-testid="accept-launch"]')).toBeNull();
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('ещё раз');
    await world.press('close-launch');
    expect(world.sent).toEqual([{ intent: 'decline_launch' }]);
  });

  test('the sign-in says who waits for it', async () => {
    const world = await open(screen({ view: 'sign_in', cause: null, fromMax: 'Михаил О.', handedOff: null }));
    expect(world.get('from-max').textContent).toContain('это вы в MAX');
  });
});

describe('MAX proves the number', () => {
  test('from the field, and back to the SMS', async () => {
    const world = await open(screen(contact()));
    await world.press('prove-by-max');
    await world.show(screen(max(Date.now(), { proves: true, head: head(2), phoneMasked: null })));
    await world.press('by-sms');
    expect(world.sent).toEqual([{ intent: 'prove_by_max' }, { intent: 'change_contact' }]);
  });

  test('the other number can be taken only where MAX has proven it', async () => {
    const trouble = { trouble: 'number_differs' as const, phone_masked: '+7 900 •••-••-17', usable: true };
    const world = await open(screen(max(Date.now(), { opened: true, trouble })));
    await world.press('take-number');
    expect(world.sent).toEqual([{ intent: 'take_max_number' }]);
    await world.show(screen(max(Date.now(), { opened: true, trouble: { ...trouble, usable: false } })));
    expect(document.querySelector('[data-testid="take-number"]')).toBeNull();
  });

  test('the digits are shown in threes, and are gone with the link', async () => {
    const world = await open(screen(max(Date.now())));
    expect(world.get('max-digits').textContent).toBe('482 177 350');
    await world.show(screen(max(Date.now(), { expiresAt: Date.now() - 1000 })));
    expect(document.querySelector('[data-testid="max-digits"]')).toBeNull();
  });

  test('how to get MAX is one press away', async () => {
    const world = await open(screen(max(Date.now(), { here: false })));
    await world.press('how-max');
    await import('../src/parts/HowToMax.svelte');
    await world.settle();
    await world.press('get-max');
    expect(world.sent).toEqual([{ intent: 'open_page', page: 'get_max' }]);
  });
});

test('the profile of before is offered beside the field', async () => {
  const former = { name_masked: 'Михаил О.', channel: 'sms' as const, contact_masked: masked };
  const world = await open(screen(contact({ former })));
  await world.press('take-former');
  expect(world.sent).toEqual([{ intent: 'sign_in_to_former' }]);
});
