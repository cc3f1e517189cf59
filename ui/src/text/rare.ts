import type { KeyringProblem } from '../generated/types';
import type { Lang } from './words';

/** The sentences of screens that hardly anybody sees. */
const ru = {
  keyring: {
    todo: 'Что делать',
    retry: 'Повторить',
    without: 'Продолжить без сохранения',
    or: 'Или продолжите так: после закрытия окна нужно будет войти заново.',
    problem: {
      absent: {
        what: 'На этом устройстве нет хранилища паролей. В нём Мостик держал бы ваш вход.',
        next: 'Установите связку ключей (например, GNOME Keyring или KWallet) и повторите.',
      },
      locked: {
        what: 'Система не открыла связку ключей, поэтому прочитать сохранённый вход не получилось.',
        next: 'Откройте её паролем от устройства и повторите.',
      },
      dismissed: {
        what: 'Система спросила пароль от связки ключей, и это окно закрыли.',
        next: 'Нажмите «Повторить» и введите пароль от устройства.',
      },
      broken: {
        what: 'Связка ключей не смогла ответить. Сохранённый вход остался в ней и не пропал.',
        next: 'Перезапустите устройство и повторите.',
      },
    } satisfies Record<KeyringProblem, { what: string; next: string }>,
  },
  noPupil: {
    who: (name: string, as: string) => `Вы вошли как ${name}, ${as}.`,
    parent: 'Дневник не показывает вам ни одного ребёнка. Спросите классного руководителя, открыт ли вам доступ.',
    pupil: 'У этой учётной записи нет открытого дневника. Спросите классного руководителя, открыт ли вам доступ.',
    other: 'Сферум подключают к дневнику ученика. Войдите под именем ученика.',
    signOut: 'Выйти и войти иначе',
  },
};

const en: typeof ru = {
  keyring: {
    todo: 'What to do',
    retry: 'Try again',
    without: 'Continue without saving',
    or: 'Or go on like this: after closing the window you will sign in anew.',
    problem: {
      absent: {
        what: 'This device has no password store. Mostik would keep your sign-in there.',
        next: 'Install a keyring (GNOME Keyring or KWallet, for instance) and try again.',
      },
      locked: {
        what: 'The system did not open the keyring, so the saved sign-in could not be read.',
        next: 'Unlock it with the device password and try again.',
      },
      dismissed: {
        what: 'The system asked for the keyring password, and that question was closed.',
        next: 'Press “Try again” and enter the device password.',
      },
      broken: {
        what: 'The keyring could not answer. The saved sign-in is still in it.',
        next: 'Restart the device and try again.',
      },
    },
  },
  noPupil: {
    who: (name, as) => `You are signed in as ${name}, ${as}.`,
    parent: 'The diary shows you no child. Ask the class teacher whether you have access.',
    pupil: 'This account has no open diary. Ask the class teacher whether you have access.',
    other: 'Sferum is connected to a pupil’s diary. Sign in as the pupil.',
    signOut: 'Sign out and use another account',
  },
};

export const rare: Record<Lang, typeof ru> = { ru, en };
