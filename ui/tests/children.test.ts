import { describe, expect, test } from 'vitest';
import { anna, children, contactMail, details, diary, maxMail, password, scenes, screen } from '../src/gallery/scenes';
import { open } from './world';

const said = () => document.body.textContent ?? '';

describe('a parent', () => {
  test('sees whose account it is, and the way to another child, in the diary and on every step', async () => {
    for (const view of [diary(Date.now(), { who: anna }), contactMail(), password(), details(), maxMail(Date.now())]) {
      const world = await open(screen(view));
      expect(said()).toContain('Ольга Орлова');
      expect(said()).toContain('Анна');
      await world.press('change-child');
      expect(world.sent).toEqual([{ intent: 'change_child' }]);
      world.close();
    }
  });

  test('a pupil has no other child', async () => {
    for (const scene of ['diary', 'contact', 'code', 'max', 'linked']) {
      const world = await open(scenes[scene]?.(Date.now()) ?? screen(diary(0)));
      expect(world.all('change-child')).toHaveLength(0);
      world.close();
    }
  });

  test('opens a child’s diary by the row, and acts by the one button', async () => {
    const world = await open(screen(children()));
    expect(document.title).toBe('Кому подключаем Сферум? — Мостик');
    await world.press('child-p-502');
    expect(world.sent).toEqual([{ intent: 'choose_child', pupil: 'p-502' }]);
    await world.press('child-act-p-502');
    expect(world.sent.slice(1)).toEqual([{ intent: 'choose_child', pupil: 'p-502' }, { intent: 'press_sferum' }]);
    expect(world.get('child-act-p-501').textContent).toContain('Перейти в Сферум');
    expect(world.get('child-act-p-503').textContent).toContain('Продолжить');
    await world.press('sign-out');
    expect(world.sent.at(-1)).toEqual({ intent: 'sign_out' });
  });

  test('without the network a child’s button opens the diary alone', async () => {
    const world = await open(screen(children({ children: [{ pupil: 'p-1', who: anna, button: 'offline' }] })));
    await world.press('child-act-p-1');
    expect(world.sent).toEqual([{ intent: 'choose_child', pupil: 'p-1' }]);
  });

  test('two presses are one', async () => {
    const world = await open(screen(children()));
    let go: () => void = () => {};
    world.bridge.answer = () => new Promise((done) => (go = () => done(null)));
    world.get('child-act-p-502').click();
    world.get('child-act-p-502').click();
    world.get('child-act-p-503').click();
    go();
    await world.settle();
    expect(world.sent.filter((intent) => intent.intent === 'choose_child')).toHaveLength(1);
  });
});
