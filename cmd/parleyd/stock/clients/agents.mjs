// npm @openai/agents-realtime: a spoken turn, a function of the client's, an answer
// that is interrupted by voice, and the turn that interrupted it.
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from '@openai/agents-realtime';
import { z } from 'zod';
import { base, lengthMS, microphone, recording, report } from './desk.mjs';

const weather = tool({
  name: 'get_weather', description: 'The weather in a city.', parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => {
    report('tool', { city });
    return `sunny in ${city}`;
  },
});
const transport = new OpenAIRealtimeWebSocket({ url: `${base.replace('http', 'ws')}/realtime?model=parley` });
const agent = new RealtimeAgent({ name: 'desk', instructions: 'Be brief.', tools: [weather] });
// Slow speech leaves a busy machine the time to understand who interrupts it.
const session = new RealtimeSession(agent, { transport, config: { audio: { output: { speed: 0.5 } } } });

// What it cannot parse it passes on as it came, and does nothing with it.
const understood = new Set();
const came = new Set();
const emit = transport.emit.bind(transport);
transport.emit = (type, ...given) => {
  if (type === '*') came.add(given[0].type);
  else understood.add(type);
  return emit(type, ...given);
};

let audioMS = 0;
session.on('audio', (e) => { audioMS += lengthMS(e.data.byteLength); });
session.on('error', (e) => report('error', { message: JSON.stringify(e.error?.error ?? e.error?.message ?? String(e.error)) }));

// next resolves when the session, or what carries it, tells of this.
const next = (from, type, fits = () => true) => new Promise((resolve) => {
  const listen = (...given) => {
    if (!fits(...given)) return;
    from.off(type, listen);
    resolve(given.at(-1));
  };
  from.on(type, listen);
});
// texts are the last user's and the last assistant's turns as the SDK keeps them.
const texts = () => {
  const last = (role) => session.history.findLast((item) => item.type === 'message' && item.role === role);
  const text = (item) => item?.content.map((part) => part.transcript ?? part.text ?? '').join('') ?? '';
  return { heard: text(last('user')), said: text(last('assistant')) };
};
// kept waits until the history says so: it is told by and by.
const kept = (fits) => fits(texts()) ? Promise.resolve() : next(session, 'history_updated', () => fits(texts()));

await session.connect({ apiKey: 'none' });
await next(transport, 'session.updated');
const mic = microphone((pcm) => session.sendAudio(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.length)));

let ended = next(session, 'agent_end');
mic.speak(recording('time'));
await ended;
await kept((t) => /time/.test(t.heard) && /It's/.test(t.said));
report('spoken', { ...texts(), audioMS });

ended = next(session, 'agent_end', (_context, _agent, text) => /sunny/i.test(text));
session.sendMessage('what is the weather in Paris');
await ended;
report('function', texts());

// What was said may still sound: the next answer is the one to interrupt.
const began = next(session, 'audio_start');
session.sendMessage('what can you do');
await began;
const interrupted = next(session, 'audio_interrupted');
const truncated = next(transport, 'conversation.item.truncated');
setTimeout(() => mic.speak(recording('time')), 1500);
await interrupted;
const { item_id: cut, audio_end_ms: heardMS } = await truncated;
const retrieved = await next(transport, 'conversation.item.retrieved', (e) => e.item.id === cut);
report('interrupted', { heardMS, left: retrieved.item.content[0].transcript, status: retrieved.item.status });
await kept((t) => /time/.test(t.heard) && /It's/.test(t.said));
report('after', texts());

mic.off();
report('understood', { not: [...came].filter((type) => !understood.has(type)) });
session.close();
