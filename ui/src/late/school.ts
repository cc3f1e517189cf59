/** What the diary shows beside the lessons of a day. */
export { default as ClassChats } from '../parts/ClassChats.svelte';
export { default as WeekList } from '../parts/WeekList.svelte';
