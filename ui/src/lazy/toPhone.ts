import '../parts/lateIcons';
/** «Отправить на телефон». */
export { default as SendToPhone } from '../parts/SendToPhone.svelte';
