// What the official client does with MAX in a whole life of a bot.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { isProven } from './refusals.js';
import { LIZA, MISHA, refusal } from './stand.js';

/** A person comes by the link while the bot is away, proves their number, and presses a button. */
export async function a_number_is_proven(stand) {
  const bot = stand.bot();
  const { button } = stand;
  const seen = [];
  bot.catch((error) => {
    seen.push(error);
    bot.stopPolling();
  });
  bot.on('bot_started', async (ctx) => {
    seen.push(`${ctx.user.user_id} ${ctx.startPayload}`);
    const rows = [[button.requestContact('Поделиться номером')], [button.callback('Это не я', 'no')]];
    await ctx.reply('Подтвердите номер', stand.keyboard(...rows));
    await stand.tell('contact', { user_id: MISHA });
  });
  bot.on('message_created', async (ctx) => {
    const [{ payload }] = ctx.message.body.attachments;
    assert.ok(isProven(stand, payload));
    assert.equal(payload.max_info.user_id, ctx.user.user_id);
    seen.push(`${ctx.contactInfo.tel} ${ctx.contactInfo.fullName}`);
    await stand.tell('callback', { user_id: MISHA, payload: 'no' });
  });
  bot.action('no', async (ctx) => {
    seen.push(ctx.message.body.text);
    await ctx.answerOnCallback({ message: { text: 'Отменено', attachments: [] } });
    assert.equal(await refusal(ctx.answerOnCallback({ message: { text: 'Ещё раз' } })), '400 proto.payload');
    await stand.tell('stop', { user_id: MISHA });
  });
  bot.on('bot_stopped', async (ctx) => {
    seen.push(`${ctx.chatId} is over`);
    assert.equal(await refusal(ctx.reply('Вернитесь')), '403 chat.denied');
    bot.stopPolling();
  });
  await stand.open(MISHA, 'ticket-1');
  await bot.start();
  assert.deepEqual(seen, [
    `${MISHA} ticket-1`,
    '79000001242 Миша Орлов',
    'Подтвердите номер',
    `${182_000_000_000 + MISHA} is over`,
  ]);
  const { messages } = await stand.chat(MISHA);
  assert.deepEqual(
    messages.map(({ from, text, attachments }) => [from, text, attachments.length]),
    [
      ['bot', 'Отменено', 0],
      ['user', null, 1],
    ],
  );
}

/** The bot writes, reads, edits and removes; it says what commands it knows. */
export async function a_dialog(stand) {
  const { api } = stand.bot();
  await stand.open(LIZA);
  const { updates, marker } = await api.getUpdates(['bot_started']);
  const chat_id = updates[0].chat_id;
  const chat = await api.getChat(chat_id);
  assert.deepEqual([chat.type, chat.status, chat.dialog_with_user.user_id], ['dialog', 'active', LIZA]);
  assert.deepEqual(await api.sendAction(chat_id, 'typing_on'), { success: true });

  const first = await api.sendMessageToChat(chat_id, 'Раз', { format: 'markdown' });
  const link = { type: 'reply', mid: first.body.mid };
  const second = await api.sendMessageToUser(LIZA, 'Два', { link, disable_link_preview: true, notify: false });
  assert.equal(second.link.message.mid, first.body.mid);
  assert.deepEqual(await api.editMessage(first.body.mid, { text: 'Раз и навсегда' }), { success: true });
  assert.equal((await api.getMessage(first.body.mid)).body.text, 'Раз и навсегда');
  assert.deepEqual(await api.deleteMessage(second.body.mid), { success: true });
  assert.equal(await refusal(api.getMessage(second.body.mid)), '404 not.found');
  await stand.tell('message', { user_id: LIZA, text: 'Спасибо' });
  const texts = async (extra) => (await api.getMessages(chat_id, extra)).messages.map(({ body }) => body.text);
  assert.deepEqual(await texts(), ['Спасибо', 'Раз и навсегда']);
  assert.deepEqual(await texts({ count: 1 }), ['Спасибо']);
  assert.deepEqual(await texts({ message_ids: [first.body.mid] }), ['Раз и навсегда']);
  // Newest first, so it goes from the later moment to the earlier.
  assert.deepEqual(await texts({ from: first.timestamp }), ['Раз и навсегда']);
  assert.deepEqual(await texts({ to: first.timestamp + 1 }), ['Спасибо']);
  const next = await api.getUpdates(['message_created'], { marker });
  assert.deepEqual(
    next.updates.map(({ message }) => [message.sender.user_id, message.body.text]),
    [[LIZA, 'Спасибо']],
  );

  await api.setMyCommands([{ name: 'help', description: 'Помощь' }]);
  const me = await api.getMyInfo();
  assert.deepEqual([me.username, me.is_bot, me.commands[0].name], ['mostik_bot', true, 'help']);
  await api.deleteMyCommands();
  assert.deepEqual((await api.getMyInfo()).commands, []);
}

/** MAX brings updates to the client's own handler; while it does, nobody may poll. */
export async function a_webhook(stand) {
  const bot = stand.bot();
  const secret = 'secret-1';
  const hooked = bot.webhookCallback({ domain: '127.0.0.1', path: '/hook', secret });
  const server = createServer(hooked).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}/hook`;
  const stranger = await fetch(url, { method: 'POST', body: '{}' });
  assert.equal(stranger.status, 404);

  assert.deepEqual(await bot.api.subscribe(url, secret, ['bot_started']), { success: true });
  const [{ time, ...subscription }] = await bot.api.getSubscriptions();
  assert.deepEqual(subscription, { url, updateTypes: ['bot_started'] });
  assert.equal(typeof time, 'number');
  assert.equal(await refusal(bot.api.getUpdates()), '400 proto.payload');
  const started = new Promise((resolve) => {
    bot.on('bot_started', async (ctx) => resolve([ctx.user.user_id, ctx.startPayload]));
  });
  await stand.open(LIZA, 'ticket-2');
  assert.deepEqual(await started, [LIZA, 'ticket-2']);

  assert.deepEqual(await bot.api.subscribe(`${url}/all`), { success: true });
  assert.equal((await bot.api.unsubscribe('http://127.0.0.1:9/hook')).success, false);
  await stand.max.Webhook.clearSubscriptions(bot.api);
  assert.deepEqual(await bot.api.getSubscriptions(), []);
  server.close();
  await stand.tell('message', { user_id: LIZA, text: 'Я здесь' });
  const { updates } = await bot.api.getUpdates();
  assert.equal(updates[0].message.body.text, 'Я здесь');
}
