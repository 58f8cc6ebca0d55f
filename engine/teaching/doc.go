// Package teaching sees when a turn is about teaching: it tells from the words alone
// whether the user asks to be taught, and what, or teaches us something. What it
// goes by is data, detector_en.txt.
//
// In: text, as a recogniser or a keyboard gives it. Out: [engine.Teaching] values,
// within a millisecond. It imports engine. cmd/ imports it.
package teaching
