// Vite reads the TypeScript, as it does for the window itself: no other runner is needed.
import { runnerImport } from 'vite';

const { module } = await runnerImport('./gallery/main.ts');
process.exitCode = await module.main(process.argv.slice(2));
