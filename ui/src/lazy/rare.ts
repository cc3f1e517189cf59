import '../parts/lateIcons';
/** Screens that hardly anybody sees. */
export { default as Keyring } from '../screens/Keyring.svelte';
export { default as NoPupil } from '../screens/NoPupil.svelte';
