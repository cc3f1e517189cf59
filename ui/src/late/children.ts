/** A parent's choice of the child, and what is said where there is none. */
export { default as Children } from '../screens/Children.svelte';
export { default as NoPupil } from '../screens/NoPupil.svelte';
