import type { CauseKind, Screen } from '../generated/types';
import { actorOf } from '../logic/actor';
import { causes, groups, isTold, near, type Group, type Topic } from './topics';

/** What went wrong on this screen, as far as «Справка» has an answer to it. */
function amiss(screen: Screen): Topic[] {
  const kind: CauseKind | undefined = 'cause' in screen ? screen.cause?.kind : undefined;
  const found: Topic[] = kind === undefined ? [] : [causes[kind].topic];
  if (screen.view === 'max' && screen.trouble !== null) found.push('max_number');
  if ('vk' in screen && screen.vk?.state === 'offered' && screen.vk.trouble !== null) found.push('vk');
  return found;
}

/** The answers to what is before the person's eyes: what went wrong first. */
export function around(screen: Screen): Topic[] {
  const other: Topic = actorOf(screen).mail ? 'sms_lost' : 'letter_lost';
  const all = [...amiss(screen), ...near[screen.view].filter((topic) => topic !== other)];
  return [...new Set(all)].filter((topic) => isTold(topic, screen.messengers));
}

/** All that is told where these messengers are offered, group by group. */
export function told(offered: Screen['messengers']): { group: Group; topics: Topic[] }[] {
  return (Object.keys(groups) as Group[])
    .map((group) => ({ group, topics: groups[group].filter((topic) => isTold(topic, offered)) }))
    .filter(({ topics }) => topics.length > 0);
}
