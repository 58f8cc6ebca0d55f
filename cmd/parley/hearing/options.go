//go:build unix

package hearing

import (
	"os"
	"path/filepath"

	"parley/engine/domainlm"
	"parley/engine/pocketsphinx"
	"parley/engine/wordnet"
)

// GenericOnly is the directory that means no model of the domain.
const GenericOnly = "none"

// Inputs are what the domain's language model is made of on this machine.
func Inputs(skills ...Skills) domainlm.Inputs {
	var phrasings []string
	for _, s := range skills {
		phrasings = append(phrasings, s.Phrasings()...)
	}
	return domainlm.Installed(pocketsphinx.DefaultModelDir, wordnet.DefaultDir, phrasings)
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
