import type { View } from '../generated/types';

/** What the machine says of one view: what its screen is given. */
export type Of<V extends View['view']> = Omit<Extract<View, { view: V }>, 'view'>;
