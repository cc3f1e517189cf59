import '../parts/lateIcons';
/** What the diary shows beside the lessons of a day, and above them. */
export { default as ClassChats } from '../parts/ClassChats.svelte';
export { default as DeletionDue } from '../parts/DeletionDue.svelte';
export { default as NotLinked } from '../parts/NotLinked.svelte';
export { default as Outside } from '../screens/Outside.svelte';
export { default as WeekList } from '../parts/WeekList.svelte';
