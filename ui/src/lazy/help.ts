import '../parts/lateIcons';
/** «Справка» and the report for support. */
export { default as HelpAnswers } from '../parts/HelpAnswers.svelte';
export { default as HelpDialog } from '../parts/HelpDialog.svelte';
export { default as HelpSupport } from '../parts/HelpSupport.svelte';
export { default as ReportDialog } from '../parts/ReportDialog.svelte';
