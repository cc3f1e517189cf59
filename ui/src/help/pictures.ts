import { pictures, type Pictured } from './topics';

// Taken by the guided tour: `cargo xtask tour --help-pictures`.
const files = import.meta.glob<string>('./pictures/*.png', { eager: true, import: 'default', query: '?url' });

/** Where the picture of an answer lies; nothing before the tour has taken it. */
export const pictureOf = (topic: Pictured): string | undefined => files[`./pictures/${pictures[topic]}.png`];
