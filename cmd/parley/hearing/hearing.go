// Package hearing puts the embedded transcriber together as a conversation has
// it: with the generic model, the model of what people say to Parley, and what
// the skills understand.
//
// In: the skills. Out: options for engine/pocketsphinx. The program, `parley bench`
// and parley-lm import it, so that what is measured is what runs.
package hearing

import (
	"os"
	"path/filepath"
	"slices"

	"parley/engine/coach"
	"parley/engine/domainlm"
	"parley/engine/pocketsphinx"
	"parley/engine/teaching"
	"parley/engine/tutor"
	"parley/engine/wordnet"
)

// GenericOnly is the directory that means no model of the domain.
const GenericOnly = "none"

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

// Inputs are what the domain's language model is made of on this machine.
func Inputs(skills ...Skills) domainlm.Inputs {
	var phrasings []string
	for _, s := range skills {
		phrasings = append(phrasings, s.Phrasings()...)
	}
	return domainlm.Installed(pocketsphinx.DefaultModelDir, wordnet.DefaultDir, phrasings)
}

// Known says whether what was said is about teaching, or one of the skills would
// take it up.
func Known(text string, skills ...Skills) bool {
	_, teaches := teaching.Detector{}.Detect(text)
	return teaches || slices.ContainsFunc(skills, func(s Skills) bool { return s.Understands(text) })
}

// Options are those of the transcriber. The domain's model is taken from dir and
// made there if it is missing; where dir is empty it is looked for beside the
// program ("lm", where `make build` puts it) and in the user's cache, and made
// in the latter. That happens in the background, when the transcriber loads.
func Options(dir string, skills ...Skills) pocketsphinx.Options {
	options := pocketsphinx.Options{Known: func(text string) bool { return Known(text, skills...) }}
	if dir != GenericOnly {
		options.MakeDomain = func() (pocketsphinx.Domain, error) { return domain(dir, skills) }
	}
	return options
}

func domain(dir string, skills []Skills) (pocketsphinx.Domain, error) {
	var beside []string
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return pocketsphinx.Domain{}, err
		}
		dir = filepath.Join(cache, "parley", "lm")
		if program, err := os.Executable(); err == nil {
			beside = append(beside, filepath.Join(filepath.Dir(program), "lm"))
		}
	}
	model, err := domainlm.Obtain(Inputs(skills...), dir, beside...)
	return pocketsphinx.Domain(model), err
}
