// Package bench is `parley bench`: it measures the engines on recordings.
//
// In: a directory of WAV files and what is said in them. Out: word error rate,
// real-time factor and the time to the final hypothesis, as a table or as JSON.
// It can also make such a directory, with sentences people say to an assistant
// spoken by the synthesizer's voices.
//
// Only cmd/parley imports it.
package bench
