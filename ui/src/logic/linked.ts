import type { Of } from './view';

/** Whether the profile lives in a messenger already; without one the link is half of what people came for. */
export const inMessenger = ({ inMax, vk }: Pick<Of<'linked'>, 'inMax' | 'vk'>): boolean =>
  inMax || vk?.state === 'bound';
