// Package bench is `parley bench`: it measures the engines and the conversation on
// recordings.
//
// stt: in, a directory of WAV files and what is said in them; out, word error rate,
// real-time factor and the time to the final hypothesis. turns: in, a directory of
// WAV files that are one turn each and when it really ends; out, how many turns
// are judged over too early and how long the others wait. teaching: in, a file of
// labelled utterances; out, precision and recall per label and the time it takes.
// latency: out, how long answers take and how soon the program yields, from
// recordings it makes of the program and a synthesized user at a virtual desk. All
// as a table or as JSON, turns and latency as a drawing, too. It can also make the
// directories of stt and turns.
//
// Only cmd/parley imports it.
package bench
