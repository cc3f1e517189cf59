import type { Screen } from '../generated/types';
import type { Texts } from '../text';
import { stepName } from './actor';
import { inMessenger } from './linked';

/** What the window is called: the step, and «Не получилось:» first when something is wrong. */
export function titleOf(
  t: Texts,
  screen: Screen,
  section: 'diary' | 'library' | 'portfolio' | 'help',
  amiss = false,
): string {
  const wrong =
    amiss ||
    ('cause' in screen && screen.cause !== null) ||
    (screen.view === 'max' && screen.trouble !== null) ||
    ('vk' in screen && screen.vk?.state === 'offered' && screen.vk.trouble !== null);
  const page = t.title.page(nameOf(t, screen, section));
  return wrong ? t.title.amiss(page) : page;
}

/** What is shown, in a few words that name nobody. */
export function nameOf(t: Texts, screen: Screen, section: 'diary' | 'library' | 'portfolio' | 'help'): string {
  switch (screen.view) {
    case 'starting':
      return t.starting.title;
    case 'keyring':
      return t.title.keyring[screen.problem];
    case 'sign_in':
      return t.signIn.title;
    case 'signing_in':
      return t.signingIn.title;
    case 'opening':
      return screen.cause ? t.opening.failed : t.opening.title;
    case 'no_pupil':
      return t.title.noPupil;
    case 'diary':
      if (screen.dialog) return t.dialog.title;
      return section === 'diary' ? t.dayTitle(screen.day.date) : t.nav[section];
    case 'security':
      return t.nav.passport;
    case 'children':
      return t.children.title;
    case 'from_max':
      return t.fromMax.title;
    case 'taken':
      return t.title.taken[screen.channel];
    case 'linked':
      return inMessenger(screen) ? t.title.linked : t.title.half;
    default:
      return t.title.step(screen.head.step, screen.head.of, stepName(t, screen));
  }
}
