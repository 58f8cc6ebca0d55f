// Package hearing puts the embedded transcriber together as a conversation has
// it: with the generic model, the model of what people say to Parley, and what
// the skills understand.
//
// In: the skills. Out: options for engine/pocketsphinx. The program and `parley
// bench` import it, so that what is measured is what runs.
package hearing

import (
	"os"
	"path/filepath"

	"parley/engine/domainlm"
	"parley/engine/pocketsphinx"
	"parley/engine/teaching"
	"parley/engine/tutor"
	"parley/engine/wordnet"
)

// GenericOnly is the directory that means no model of the domain.
const GenericOnly = "none"

// Options are those of the transcriber. The domain's model is taken from dir and
// made there if it is missing; where dir is empty it is looked for beside the
// program ("lm", where `make build` puts it) and in the user's cache, and made
// in the latter. That happens in the background, when the transcriber loads.
func Options(skills *tutor.Tutor, dir string) pocketsphinx.Options {
	options := pocketsphinx.Options{Known: func(text string) bool {
		_, teaches := teaching.Detector{}.Detect(text)
		return teaches || skills.Understands(text)
	}}
	if dir != GenericOnly {
		options.MakeDomain = func() (pocketsphinx.Domain, error) { return domain(skills, dir) }
	}
	return options
}

func domain(skills *tutor.Tutor, dir string) (pocketsphinx.Domain, error) {
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
	in := domainlm.Installed(pocketsphinx.DefaultModelDir, wordnet.DefaultDir, skills.Phrasings())
	model, err := domainlm.Obtain(in, dir, beside...)
	return pocketsphinx.Domain(model), err
}
