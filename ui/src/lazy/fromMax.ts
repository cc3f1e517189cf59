import '../parts/lateIcons';
import '../style/cards.css';

/** Somebody comes from MAX. */
export { default as FromMax } from '../screens/FromMax.svelte';
