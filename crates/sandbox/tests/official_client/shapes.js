// Are answers of the types that the official client declares? Its own declarations say it, and TypeScript's compiler reads
// them: each answer becomes a constant of its type. So a missing field, a field too many and a wrong null all show.
import { join } from 'node:path';

const TYPES = './node_modules/@maxhub/max-bot-api/dist/core/network/api/modules/types.js';

/** What does not fit, in the compiler's words. `require` finds the compiler, `packages` is the folder that it looks from. */
export function misfits(require, packages, answers) {
  if (answers.length === 0) return [];
  const ts = require('typescript');
  const source = [`import type { ApiMethods } from '${TYPES}';`, ...answers.map(constant)].join('\n');
  const name = join(packages, 'answers.ts');
  const options = {
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (path) => path === name || fileExists(path);
  host.getSourceFile = (path, ...rest) =>
    path === name ? ts.createSourceFile(path, source, ...rest) : getSourceFile(path, ...rest);
  const program = ts.createProgram([name], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file?.text.slice(0, start).split('\n').length;
    const words = ts.flattenDiagnosticMessageText(messageText, ' ');
    return `${answers[line - 2]?.what ?? file?.fileName}: ${words}`;
  });
}

function constant({ what, body }, number) {
  const [method, path] = what.split(' ');
  const template = path.replace(/^(chats)\/[^/]+/, '$1/{chat_id}').replace(/^(messages)\/[^/]+$/, '$1/{message_id}');
  const value = JSON.stringify(body, (key, inner) => {
    // The client's own type of a locale is an enum without a single member: nothing can be of it.
    if (key === 'user_locale') return undefined;
    // The schema of MAX lets a card have no hash, and it is a card without one that proves nothing.
    return inner?.vcf_info ? { hash: '', ...inner } : inner;
  });
  return `export const answer${number}: ApiMethods['${method}']['${template}']['res'] = ${value};`;
}
