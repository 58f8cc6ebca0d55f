// Package hearing puts the embedded transcriber together as a conversation has
// it: with the generic model, the model of what people say to Parley, and what
// the skills understand.
//
// In: the skills. Out: options for engine/pocketsphinx. The program, `parley bench`
// and parley-lm import it, so that what is measured is what runs.
package hearing

import (
	"slices"

	"parley/engine/coach"
	"parley/engine/teaching"
	"parley/engine/tutor"
)

// Skills know what people say to them.
type Skills interface {
	// Phrasings are the ways to ask for them, in the notation of engine/domainlm.
	Phrasings() []string
	// Understands says whether one would take up what was said.
	Understands(text string) bool
}

// Offline are the skills that need nothing, as they stand before a conversation.
func Offline() []Skills {
	return []Skills{coach.New(coach.Options{}), tutor.New(tutor.Options{})}
}

// Known says whether what was said is about teaching, or one of the skills would
// take it up.
func Known(text string, skills ...Skills) bool {
	_, teaches := teaching.Detector{}.Detect(text)
	return teaches || slices.ContainsFunc(skills, func(s Skills) bool { return s.Understands(text) })
}
