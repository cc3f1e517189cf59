// Tells one story to a sandbox: `node run.js STORY`, with the stand as JSON on standard input.
import { text } from 'node:stream/consumers';
import * as refusals from './refusals.js';
import { Stand } from './stand.js';
import * as stories from './stories.js';

const story = { ...refusals, ...stories }[process.argv[2]];
const stand = new Stand(JSON.parse(await text(process.stdin)));
await story(stand);
stand.checkShapes();
