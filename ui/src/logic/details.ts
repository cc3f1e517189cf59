import type { Cause, CauseKind } from '../generated/types';

/** The answers that are asked for about a child. */
export type Field = 'last_name' | 'first_name' | 'middle_name' | 'birth_date' | 'gender' | 'consent';

/** What is wrong with an answer: the machine names causes, and it never sees a form without a gender. */
export type AmissKind = CauseKind | 'gender';

export interface Amiss {
  field: Field;
  kind: AmissKind;
  text: string;
  /** Nothing else is wrong. */
  alone: boolean;
}

/** The element that takes the focus for an answer. */
export const ids: Record<Field, string> = {
  last_name: 'last-name',
  first_name: 'first-name',
  middle_name: 'middle-name',
  birth_date: 'birth-date',
  gender: 'gender-female',
  consent: 'consent',
};

const names: readonly string[] = ['last_name', 'first_name', 'middle_name'] satisfies Field[];

/** The answer that a refusal of the machine is about, if it is about one. */
export function fieldOf(cause: Cause | null): Field | null {
  switch (cause?.kind) {
    case 'name_malformed':
      return names.includes(cause.field ?? '') ? (cause.field as Field) : 'last_name';
    case 'birth_date_wrong':
    case 'not_under14':
      return 'birth_date';
    case 'consent_missing':
      return 'consent';
    default:
      return null;
  }
}
