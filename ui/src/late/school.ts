/** What the diary shows of a day and of the week, and what lies above them. */
export { default as ClassChats } from '../parts/ClassChats.svelte';
export { default as LessonItem } from '../parts/LessonItem.svelte';
export { default as NotLinked } from '../parts/NotLinked.svelte';
export { default as Outside } from '../screens/Outside.svelte';
export { default as WeekList } from '../parts/WeekList.svelte';
