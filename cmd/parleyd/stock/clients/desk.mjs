// What the clients share: how they are called, the lines that they print, and a
// microphone.
//
// usage: node CLIENT.mjs http://127.0.0.1:PORT/v1 FOLDER
// FOLDER has recordings: 16 bits, 24 kHz, one channel, no header.
import { readFileSync } from 'node:fs';

export const [base, folder] = process.argv.slice(2);

export const recording = (name) => readFileSync(`${folder}/${name}.pcm`);

// report prints one line, which the Go test reads.
export const report = (what, fields = {}) => console.log(JSON.stringify({ what, ...fields }));

const pieceMS = 40;
const piece = (24000 * 2 * pieceMS) / 1000;

// microphone sends what is spoken into it, and silence otherwise, in real time.
export function microphone(send) {
  let left = Buffer.alloc(0);
  const timer = setInterval(() => {
    const next = Buffer.alloc(piece);
    left.copy(next, 0, 0, piece);
    left = left.subarray(piece);
    send(next);
  }, pieceMS);
  return {
    speak: (pcm) => { left = Buffer.concat([left, pcm]); },
    off: () => clearInterval(timer),
  };
}

// milliseconds of sound at 24 kHz.
export const lengthMS = (bytes) => Math.round(bytes / 48);
