// A sandbox, the official client pointed at it, and a record of every answer that the client was given.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { misfits } from './shapes.js';

export const MISHA = 501001;
export const LIZA = 501002;

export class Stand {
  #answers = [];

  /** `packages` is where xtask put what package.json names. */
  constructor({ packages, max_api, phone, max_link, token }) {
    Object.assign(this, { packages, max_api, phone, max_link, token });
    this.require = createRequire(join(packages, 'package.json'));
    this.max = this.require('@maxhub/max-bot-api');
  }

  bot(token = this.token) {
    return new this.max.Bot(token, { clientOptions: { baseUrl: this.max_api, fetch: this.#fetch } });
  }

  keyboard(...rows) {
    return { attachments: [this.max.Keyboard.inlineKeyboard(rows)] };
  }

  get button() {
    return this.max.Keyboard.button;
  }

  /** Does something as a person, on the page «Телефон». */
  async tell(act, wish) {
    const answer = await fetch(new URL(`api/max/${act}`, this.phone), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  }

  open(user_id, payload = '') {
    return this.tell('open', { user_id, link: `${this.max_link}/mostik_bot?start=${payload}` });
  }

  async chat(user_id) {
    const answer = await fetch(new URL(`api/max/chat?user_id=${user_id}`, this.phone));
    return answer.json();
  }

  async faults(wish) {
    const answer = await fetch(new URL('api/faults', this.phone), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(wish),
    });
    assert.equal(answer.status, 200);
  }

  /** Every refusal has a code and words; every answer is of the type that the client declares for it. */
  checkShapes() {
    assert.notEqual(this.#answers.length, 0, 'the client asked for nothing');
    for (const { what, body } of this.#answers.filter(({ status }) => status !== 200)) {
      assert.deepEqual(
        Object.keys(body).sort(),
        ['code', 'message'],
        `${what} is refused with ${JSON.stringify(body)}`,
      );
      assert.match(body.code, /^[a-z]+(\.[a-z]+)+$/, what);
      assert.equal(typeof body.message, 'string', what);
    }
    const good = this.#answers.filter(({ status }) => status === 200);
    assert.deepEqual(misfits(this.require, this.packages, good), []);
  }

  #fetch = async (url, init) => {
    const answer = await fetch(url, init);
    const { pathname } = new URL(url);
    const what = `${init.method} ${pathname.slice(1)}`;
    const said = await answer.clone().text();
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/, `${what}: ${answer.status} ${said}`);
    this.#answers.push({ what, status: answer.status, body: JSON.parse(said) });
    return answer;
  };
}

/** Waits for the refusal and gives its status and code, as the client has them. */
export async function refusal(answer) {
  const error = await answer.then(
    (given) => assert.fail(`not refused: ${JSON.stringify(given)}`),
    (refused) => refused,
  );
  assert.equal(error.constructor.name, 'MaxError', error.stack);
  return `${error.status} ${error.code}`;
}
