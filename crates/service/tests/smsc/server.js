// An SMS centre that the project did not write (node-smpp), for the tests of crates/service.
//
// Says {"port": N} once it listens, then one line of JSON for each thing that happens. Reads one command a line:
//   {"set": {...}}      how it behaves from now on, see `behaviour`
//   {"answer": N|null}  answers the oldest message that it holds, with a status or with its id
//   {"let_in": true}    answers the binds that it holds
//   {"deliver": {...}}  sends a deliver_sm to the newest session; says {"delivered": {"status": N}} when it is acknowledged
//   {"skip": N}         leaves out so many ids, as a centre with other customers does
//   {"unbind": true}, {"drop": true}, {"nack": true}, {"alert": true}, {"enquire": true}
//   {"close": true}, {"open": true}   stops listening, and listens again at the same port
// Ends when its standard input ends.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [packages, ids, first, folder] = process.argv.slice(2);
const smpp = createRequire(`${packages}/`)('smpp');

// As it is on the wire: the library makes a date of it.
delete smpp.commands.submit_sm.params.validity_period.filter;
// A receipt's id without the zero octet that should end it.
smpp.addTLV('unterminated_id', { id: 0x001e, type: smpp.types.tlv.buffer });
smpp.addTLV('receipted_message_id', { id: 0x001e, type: smpp.types.tlv.cstring });

const behaviour = {
  // The status of binds, and whether they are held.
  bind: 0,
  hold_binds: false,
  // The statuses of the next messages, then that of all others; and whether messages are held.
  next: [],
  submit: 0,
  hold: false,
  // A status of generic_nack in place of an answer.
  nack: null,
  // Ends the connection in place of an answer.
  drop: false,
};

let id = Number(first);
const newId = () => {
  id += 1;
  return { decimal: () => String(id), hex: () => id.toString(16).toUpperCase().padStart(8, '0') }[ids]();
};

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const waiting = { binds: [], messages: [] };
const sessions = [];

const bytes = (text, ucs2) => (ucs2 ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'latin1'));

function take(session, pdu, status) {
  const message_id = status ? '' : newId();
  session.send(pdu.response({ command_status: status, message_id }));
  say({ answered: { id: message_id, to: pdu.destination_addr, status } });
}

// With a folder that holds a certificate it speaks TLS.
const tls = folder
  ? { key: readFileSync(`${folder}/server.key`), cert: readFileSync(`${folder}/server.pem`) }
  : {};
const server = smpp.createServer(tls, (session) => {
  // Connections that a test breaks are meant to break.
  session.on('error', () => {});
  session.on('close', () => {
    if (sessions.includes(session)) sessions.splice(sessions.indexOf(session), 1);
    say({ closed: true });
  });
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on('generic_nack', (pdu) => say({ nacked: { status: pdu.command_status } }));
  session.on('bind_transceiver', (pdu) => {
    const letIn = () => {
      const status = behaviour.bind;
      session.send(pdu.response({ command_status: status }));
      if (!status) sessions.push(session);
      say({ bound: { system_id: pdu.system_id, password: pdu.password, status } });
    };
    if (behaviour.hold_binds) {
      waiting.binds.push(letIn);
      say({ knocked: true });
    } else letIn();
  });
  session.on('submit_sm', (pdu) => {
    const payload = pdu.message_payload?.message ?? pdu.message_payload;
    const text = pdu.short_message?.message || payload;
    const { destination_addr: to, source_addr: from, validity_period } = pdu;
    say({ submitted: { to, from, text: String(text), validity_period, payload: Boolean(payload) } });
    const { sequence_number } = pdu;
    if (behaviour.drop) session.destroy();
    else if (behaviour.nack !== null) session.generic_nack({ sequence_number, command_status: behaviour.nack });
    else if (behaviour.hold) waiting.messages.push((status) => take(session, pdu, status));
    else take(session, pdu, behaviour.next.shift() ?? behaviour.submit);
  });
});
server.on('error', () => {});

function deliver({ text = '', payload, ucs2 = false, unterminated_id, ...fields }) {
  const message = { data_coding: ucs2 ? 8 : 0, ...fields, short_message: bytes(text, ucs2) };
  if (payload !== undefined) message.message_payload = bytes(payload, ucs2);
  if (unterminated_id !== undefined) message.unterminated_id = Buffer.from(unterminated_id, 'latin1');
  sessions.at(-1).deliver_sm(message, (answer) => say({ delivered: { status: answer.command_status } }));
}

const commands = {
  set: (change) => Object.assign(behaviour, change),
  answer: (status) => waiting.messages.shift()(status ?? 0),
  skip: (many) => {
    id += many;
  },
  let_in: () => waiting.binds.splice(0).forEach((letIn) => letIn()),
  deliver,
  unbind: () => sessions.at(-1).unbind(() => say({ unbound: true })),
  drop: () => sessions.forEach((session) => session.destroy()),
  nack: () => sessions.at(-1).generic_nack({ command_status: 3 }),
  alert: () => sessions.at(-1).alert_notification({ source_addr: '79000001242', esme_addr: 'Mostik' }),
  enquire: () => sessions.at(-1).enquire_link(() => say({ alive: true })),
  close: () => {
    server.close();
    server.sessions.forEach((session) => session.destroy());
    say({ shut: true });
  },
  open: () => server.listen(port, '127.0.0.1', () => say({ listens: true })),
};

let port = 0;
server.listen(0, '127.0.0.1', () => {
  port = server.address().port;
  say({ port });
});
createInterface({ input: process.stdin })
  .on('line', (line) => {
    for (const [name, value] of Object.entries(JSON.parse(line))) commands[name](value);
  })
  .on('close', () => process.exit());
