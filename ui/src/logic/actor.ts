import type { Cause, Screen, DiaryOwner } from '../generated/types';
import type { Actor, CauseText, Texts } from '../text/ru';

/** Who acts on a screen, and by what contact. The e-mail route is the one with five steps. */
export function actorOf(screen: Screen | null): Actor {
  const who: DiaryOwner | null =
    screen === null ? null : 'who' in screen ? screen.who : 'head' in screen ? screen.head.who : null;
  const mail =
    screen !== null &&
    (('head' in screen && screen.head.of === 5) || (screen.view === 'security' && screen.profile?.channel === 'mail'));
  return { parent: who !== null && who.parent !== null, mail, name: who?.firstName ?? '' };
}

/** How a cause is said on this screen. */
export function causeText(t: Texts, cause: Cause, screen: Screen | null): CauseText {
  const { kinds, mail, either, recovery } = t.cause;
  if (cause.kind === 'moved_on' && cause.movedBy !== null) return t.cause.movedBy(cause.movedBy);
  if (screen?.view === 'recovery' && cause.kind === 'code_incomplete') return recovery;
  const better = actorOf(screen).mail ? mail : screen?.view === 'contact' && screen.emailPossible ? either : null;
  return better?.[cause.kind] ?? kinds[cause.kind];
}

/** The name of the step that is shown: «Код», «Пароль». */
export function stepName(t: Texts, screen: Screen | null): string {
  if (screen === null || !('head' in screen)) return '';
  const names = t.wizard.steps;
  if (screen.view !== 'contact') return names[screen.view];
  return screen.head.of === 5 ? names.mail : screen.emailPossible ? names.either : names.contact;
}
