import '../parts/lateIcons';
import '../style/fields.css';

/** «О программе». */
export { default as AboutDialog } from '../parts/AboutDialog.svelte';
