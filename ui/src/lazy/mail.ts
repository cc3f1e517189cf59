import '../parts/lateIcons';
/** The steps of the e-mail route. */
export { default as Details } from '../screens/Details.svelte';
export { default as Exists } from '../screens/Exists.svelte';
export { default as Password } from '../screens/Password.svelte';
export { default as Recovery } from '../screens/Recovery.svelte';
