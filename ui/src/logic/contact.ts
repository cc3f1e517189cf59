// The field holds one line. What is pasted may have many, and where they end tells a number from the next: each break stands as a
// wide blank in the field and is a break again for the machine.
const wide = '\u2003';

/** A text as the field holds it. */
export const inOneLine = (text: string): string => text.replace(/\r\n?|\n|\u2028|\u2029/g, wide);

/** What stands in the field, as it was pasted. */
export const withBreaks = (text: string): string => text.replaceAll(wide, '\n');
