import type { DiaryOwner } from '../generated/types';

/** So long a name that in a small window, or in a sentence, there is room for little else. */
export const isLong = (name: string) => name.length > 30;

/** Whether the name of the child, or of the parent, is so long. */
export const takesRoom = ({ fullName, parent }: DiaryOwner) => isLong(fullName) || isLong(parent ?? '');
