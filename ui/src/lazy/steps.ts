import '../parts/lateIcons';
import '../style/cards.css';
import '../style/fields.css';

/** The wizard and the steps of every route. */
export { default as Code } from '../screens/Code.svelte';
export { default as Contact } from '../screens/Contact.svelte';
export { default as Linked } from '../screens/Linked.svelte';
export { default as Max } from '../screens/Max.svelte';
export { default as Profile } from '../screens/Profile.svelte';
export { default as Taken } from '../screens/Taken.svelte';
export { default as Vk } from '../screens/Vk.svelte';
export { default as Wizard } from '../parts/Wizard.svelte';
