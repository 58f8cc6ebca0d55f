// npm openai with the header of the Beta: it is told that those events are over.
import net from 'node:net';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { base, report } from './desk.mjs';

const client = new OpenAI({ baseURL: base, apiKey: 'none' });
const rt = new OpenAIRealtimeWS({
  model: 'parley',
  options: { createConnection: (to) => net.connect(to.port, to.host), headers: { 'OpenAI-Beta': 'realtime=v1' } },
}, client);
const types = [];
let code;
rt.on('event', (e) => types.push(e.type));
rt.on('error', (e) => { code = e.error?.code; });
rt.socket.on('close', (closed) => report('beta', { types, code, closed }));
