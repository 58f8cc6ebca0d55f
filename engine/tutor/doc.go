// Package tutor is the responder that needs no model and no network. It answers
// with a handful of skills (clock, arithmetic, units, dictionary, memory,
// timers, small talk) and says honestly what it cannot answer.
//
// In: an [engine.Request], in the words of a speech recogniser or of a keyboard.
// Out: short sentences to be spoken, and effects (remember, forget, set a
// timer), which happen only when the conversation runs them. Its skills bear a
// name, a description and typed arguments, so that a language model can call the
// same ones through [Tutor.Call].
//
// It imports engine and, for its types, engine/wordnet. cmd/ imports it.
package tutor
