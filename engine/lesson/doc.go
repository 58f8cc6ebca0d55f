// Package lesson sees when a turn is about teaching, and writes lessons.
//
// [Detector] tells from the words alone whether the user asks to be taught (and
// what) or teaches us something. [Builder] writes a lesson about a topic from a
// dictionary: what it is, where it belongs, its kinds, parts and examples, and
// the words around it.
//
// In: text. Out: [engine.Teaching] values, and Markdown in pieces. It imports
// engine and, for its types, engine/wordnet. cmd/ imports it.
package lesson
