// What MAX refuses, as the official client meets it.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { LIZA, MISHA, refusal } from './stand.js';

export async function wrong_token(stand) {
  assert.equal(await refusal(stand.bot('wrong').api.getMyInfo()), '401 verify.token');
  assert.equal(await refusal(stand.bot('wrong').start()), '401 verify.token');
}

export async function nobody_started(stand) {
  const { api } = stand.bot();
  assert.equal(await refusal(api.sendMessageToUser(MISHA, 'Здравствуйте')), '403 chat.denied');
  assert.equal(await refusal(api.sendMessageToUser(404, 'Здравствуйте')), '403 chat.denied');
  assert.equal(await refusal(api.sendMessageToChat(404, 'Здравствуйте')), '403 chat.denied');
  assert.equal(await refusal(api.getChat(404)), '404 chat.not.found');
  assert.equal(await refusal(api.sendAction(404, 'typing_on')), '404 chat.not.found');
}

export async function nothing_there(stand) {
  const { api } = stand.bot();
  await stand.open(MISHA);
  assert.equal(await refusal(api.getMessage('mid.404')), '404 not.found');
  assert.equal(await refusal(api.editMessage('mid.404', { text: 'два' })), '404 not.found');
  assert.equal(await refusal(api.deleteMessage('mid.404')), '404 not.found');
  assert.equal(await refusal(api.answerOnCallback('404', { message: { text: 'два' } })), '400 proto.payload');
  assert.equal(await refusal(api.raw.get('nowhere', {})), '404 not.found');
  assert.equal(await refusal(api.raw.patch('messages', {})), '405 method.not.allowed');
}

export async function malformed(stand) {
  const { api } = stand.bot();
  const { button } = stand;
  await stand.open(MISHA);
  const asked = [
    api.sendMessageToUser('nobody', 'раз'),
    api.sendMessageToUser(MISHA, ''),
    api.sendMessageToUser(MISHA, 5),
    api.sendMessageToUser(MISHA, 'а'.repeat(4001)),
    api.sendMessageToUser(MISHA, 'раз', { format: 'pdf' }),
    api.sendMessageToUser(MISHA, 'раз', { attachments: 'contact' }),
    api.sendMessageToUser(MISHA, 'раз', { link: { type: 'reply', mid: 'mid.404' } }),
    api.sendMessageToUser(MISHA, 'раз', stand.keyboard()),
    api.sendMessageToUser(MISHA, 'раз', stand.keyboard([button.callback('', 'no')])),
    api.sendMessageToUser(MISHA, 'раз', stand.keyboard([button.link('Вернуться', 'mostik://return/')])),
    api.sendMessageToUser(MISHA, 'раз', stand.keyboard(Array(4).fill(button.requestContact('Номер')))),
    api.raw.post('messages', { query: { user_id: MISHA } }),
    api.getChat('dialog'),
    api.getUpdates([], { limit: 1001 }),
    api.getUpdates([], { timeout: 91 }),
    api.getUpdates([], { marker: 'last' }),
    api.getMessages(undefined),
    api.setMyCommands('help'),
    api.setMyCommands([{ name: '' }]),
    api.subscribe(undefined),
    api.subscribe('hook'),
    api.subscribe('http://mostik.example/hook'),
    api.subscribe('http://127.0.0.1:9/hook', 'no spaces'),
    api.subscribe('http://127.0.0.1:9/hook', 'secret-1', 'bot_started'),
    api.unsubscribe(undefined),
  ];
  const refused = await Promise.all(asked.map(refusal));
  assert.deepEqual(refused, Array(asked.length).fill('400 proto.payload'));
  assert.deepEqual((await stand.chat(MISHA)).messages, []);
  assert.deepEqual(await api.getSubscriptions(), []);
}

/** The sandbox's clock stands still here, so a second never ends. */
export async function too_many(stand) {
  const { api } = stand.bot();
  await stand.open(MISHA);
  await stand.open(LIZA);
  await api.sendMessageToUser(MISHA, 'раз');
  await api.sendMessageToUser(MISHA, 'два');
  assert.equal(await refusal(api.sendMessageToUser(MISHA, 'три')), '429 too.many.requests');
  await api.sendMessageToUser(LIZA, 'раз');
  await api.getUpdates();
  await api.getUpdates();
  assert.equal(await refusal(api.getUpdates()), '429 too.many.requests');
  for (let asked = 7; asked < 30; asked += 1) await api.getMyInfo();
  assert.equal(await refusal(api.getMyInfo()), '429 too.many.requests');
}

export async function trouble_at_max(stand) {
  const { api } = stand.bot();
  await stand.faults({ max: { status: 503 } });
  assert.equal(await refusal(api.getMyInfo()), '503 internal.error');
  await stand.faults({ max: { status: 429, retry_after: 5 } });
  assert.equal(await refusal(api.getMyInfo()), '429 too.many.requests');
  await stand.faults({ max: { status: null, retry_after: null, down: true } });
  await assert.rejects(api.getMyInfo(), { name: 'TypeError' });
}

export async function contacts_that_prove_nothing(stand) {
  const { api } = stand.bot();
  await stand.open(MISHA);
  const { marker } = await api.getUpdates();
  await stand.tell('contact', { user_id: MISHA, forged_hash: true });
  await stand.tell('contact', { user_id: MISHA, contact_user_id: LIZA });
  await stand.tell('contact', { user_id: MISHA, contact_user_id: LIZA, forwarded: true });
  const { updates } = await api.getUpdates(['message_created'], { marker });
  const cards = updates.map(({ message }) => message.body.attachments[0].payload);
  assert.deepEqual(
    cards.map((card) => [isProven(stand, card), card.max_info.user_id]),
    [
      [false, MISHA],
      [false, LIZA],
      [true, LIZA],
    ],
  );
}

/** The hash is made over the card with the bot's token. */
export function isProven(stand, card) {
  return card.hash === createHmac('sha256', stand.token).update(card.vcf_info).digest('hex');
}
