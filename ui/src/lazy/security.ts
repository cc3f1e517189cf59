import '../parts/lateIcons';
import '../style/cards.css';
import '../style/fields.css';

/** «Мой паспорт» → «Безопасность». */
export { default as Security } from '../screens/Security.svelte';
