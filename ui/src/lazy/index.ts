/**
 * What comes when it is near: the window starts with the sign-in and the diary, the steps follow.
 * Each group is a script of its own from the same origin, with its style.
 */
const importers = {
  school: () => import('./school'),
  steps: () => import('./steps'),
  mail: () => import('./mail'),
  children: () => import('./children'),
  fromMax: () => import('./fromMax'),
  security: () => import('./security'),
  toPhone: () => import('./toPhone'),
  help: () => import('./help'),
  about: () => import('./about'),
  rare: () => import('./rare'),
};

export type Group = keyof typeof importers;
export const groups = Object.keys(importers) as Group[];
export type LazyModules = { [G in Group]: Awaited<ReturnType<(typeof importers)[G]>> };

/** The groups that are here. */
export const loaded: Partial<LazyModules> = {};

export async function loadGroup(group: Group): Promise<void> {
  if (!loaded[group]) Object.assign(loaded, { [group]: await importers[group]() });
}
