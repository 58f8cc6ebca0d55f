// Package pcm is sound as samples: frames, rates, rings, resampling and WAV
// files. Samples are mono, signed 16 bit, in the machine's byte order.
//
// Everything in Parley that touches sound may import it; it imports nothing of
// ours.
package pcm
