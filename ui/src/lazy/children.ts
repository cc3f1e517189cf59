import '../parts/lateIcons';
import '../style/cards.css';

/** A parent's choice of the child. */
export { default as Children } from '../screens/Children.svelte';
