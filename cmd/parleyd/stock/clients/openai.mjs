// npm openai: two spoken turns over WebSocket, one whose end the server finds and one
// that the client commits; a session that only transcribes, one with a client secret;
// and then the plain routes.
import net from 'node:net';
import OpenAI, { toFile } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { base, lengthMS, microphone, recording, report } from './desk.mjs';

const client = new OpenAI({ baseURL: base, apiKey: 'none', maxRetries: 0 });
// It knows wss:// alone; without TLS it is given the connection.
const plain = { createConnection: (to) => net.connect(to.port, to.host) };

// connect opens a session, and collects what comes in it.
async function connect(turnDetection) {
  const rt = new OpenAIRealtimeWS({ model: 'parley', options: plain }, client);
  const got = { order: [], heard: '', said: '', audioMS: 0 };
  rt.on('event', (e) => got.order.push(e.type));
  rt.on('error', (e) => report('error', { message: e.message }));
  rt.on('conversation.item.input_audio_transcription.completed', (e) => { got.heard = e.transcript; });
  rt.on('response.output_audio_transcript.done', (e) => { got.said += e.transcript; });
  rt.on('response.output_audio.delta', (e) => { got.audioMS += lengthMS(Buffer.from(e.delta, 'base64').length); });
  rt.on('response.done', (e) => Object.assign(got, { status: e.response.status, usage: e.response.usage }));
  await rt.emitted('session.created');
  const pcm = { type: 'audio/pcm', rate: 24000 };
  rt.send({
    type: 'session.update',
    session: {
      type: 'realtime', output_modalities: ['audio'], instructions: 'Be brief.',
      audio: {
        input: { format: pcm, transcription: { model: 'whisper-1' }, turn_detection: turnDetection },
        output: { format: pcm, voice: 'marin' },
      },
    },
  });
  got.session = (await rt.emitted('session.updated')).session;
  return { rt, got };
}

// close ends a session and says how it ended.
const close = (rt) => new Promise((ended) => {
  rt.socket.once('close', ended);
  rt.close();
});

async function serverVAD() {
  const { rt, got } = await connect({ type: 'server_vad', silence_duration_ms: 400 });
  const mic = microphone((pcm) => rt.send({ type: 'input_audio_buffer.append', audio: pcm.toString('base64') }));
  const heard = rt.emitted('conversation.item.input_audio_transcription.completed');
  const done = rt.emitted('response.done');
  mic.speak(recording('time'));
  await Promise.all([heard, done]);
  mic.off();
  report('server_vad', { ...got, close: await close(rt) });
}

async function manual() {
  const { rt, got } = await connect(null);
  const heard = rt.emitted('conversation.item.input_audio_transcription.completed');
  const done = rt.emitted('response.done');
  rt.send({ type: 'input_audio_buffer.append', audio: recording('time').toString('base64') });
  rt.send({ type: 'input_audio_buffer.commit' });
  rt.send({ type: 'response.create' });
  await Promise.all([heard, done]);
  report('manual', { ...got, close: await close(rt) });
}

// A session that transcribes alone, and answers nothing.
async function transcription() {
  const rt = new OpenAIRealtimeWS({ intent: 'transcription', options: plain }, client);
  const order = [];
  rt.on('event', (e) => order.push(e.type));
  rt.on('error', (e) => report('error', { message: e.message }));
  await rt.emitted('session.created');
  rt.send({
    type: 'session.update',
    session: {
      type: 'transcription',
      audio: { input: { format: { type: 'audio/pcm', rate: 24000 }, transcription: { model: 'whisper-1' }, turn_detection: { type: 'server_vad' } } },
    },
  });
  const { session } = await rt.emitted('session.updated');
  const mic = microphone((pcm) => rt.send({ type: 'input_audio_buffer.append', audio: pcm.toString('base64') }));
  mic.speak(recording('time'));
  const { transcript } = await rt.emitted('conversation.item.input_audio_transcription.completed');
  mic.off();
  report('transcription', { type: session.type, heard: transcript, order, close: await close(rt) });
}

// A client secret, as a server gives it to its pages, and the session that it is for.
async function secret() {
  const { value, session } = await client.realtime.clientSecrets.create({
    expires_after: { anchor: 'created_at', seconds: 60 }, session: { type: 'realtime', instructions: 'Speak like a pirate.' },
  });
  const rt = new OpenAIRealtimeWS({ model: 'parley', options: plain }, new OpenAI({ baseURL: base, apiKey: value }));
  rt.on('error', (e) => report('error', { message: e.message }));
  const created = await rt.emitted('session.created');
  report('secret', { prefix: value.slice(0, 3), type: session.type, instructions: created.session.instructions, close: await close(rt) });
}

async function chat() {
  const ask = { model: 'parley', messages: [{ role: 'user', content: 'what is seven times eight' }] };
  const whole = await client.chat.completions.create(ask);
  let streamed = '';
  let reason;
  for await (const part of await client.chat.completions.create({ ...ask, stream: true })) {
    streamed += part.choices[0]?.delta?.content ?? '';
    reason = part.choices[0]?.finish_reason ?? reason;
  }
  report('chat', { text: whole.choices[0].message.content, tokens: whole.usage.total_tokens, streamed, reason });
}

async function speechAndBack() {
  const spoken = await client.audio.speech.create({ model: 'parley', voice: 'alloy', input: 'what time is it', response_format: 'wav' });
  const wav = Buffer.from(await spoken.arrayBuffer());
  const file = () => toFile(wav, 'question.wav');
  const { text } = await client.audio.transcriptions.create({ model: 'parley', file: await file() });
  const verbose = await client.audio.transcriptions.create({ model: 'parley', file: await file(), response_format: 'verbose_json' });
  const pieces = [];
  for await (const e of await client.audio.transcriptions.create({ model: 'parley', file: await file(), stream: true })) {
    pieces.push(e.type === 'transcript.text.done' ? { done: e.text } : e.delta);
  }
  report('speech', { bytes: wav.length, text, seconds: verbose.duration, streamed: pieces.at(-1).done, deltas: pieces.slice(0, -1).join('') });
}

async function models() {
  const names = [];
  for await (const m of client.models.list()) names.push(m.id);
  report('models', { names });
}

await serverVAD();
await manual();
await transcription();
await secret();
await chat();
await speechAndBack();
await models();
