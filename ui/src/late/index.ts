/**
 * What comes when it is near: the window starts with the sign-in and the diary, the steps follow.
 * Each group is a script of its own from the same origin, with its style.
 */
const ways = {
  school: () => import('./school'),
  steps: () => import('./steps'),
  mail: () => import('./mail'),
  children: () => import('./children'),
  fromMax: () => import('./fromMax'),
  security: () => import('./security'),
  toPhone: () => import('./toPhone'),
  help: () => import('./help'),
  about: () => import('./about'),
  odd: () => import('./odd'),
};

export type Group = keyof typeof ways;
export const groups = Object.keys(ways) as Group[];
export type Late = { [G in Group]: Awaited<ReturnType<(typeof ways)[G]>> };

/** The groups that are here. */
export const here: Partial<Late> = {};

export async function bring(group: Group): Promise<void> {
  if (!here[group]) Object.assign(here, { [group]: await ways[group]() });
}
