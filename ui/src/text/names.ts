/** What is said of names that have less room than they need. */
export const names = {
  ru: { whole: 'Показать имена целиком' },
  en: { whole: 'Show the names in full' },
};
