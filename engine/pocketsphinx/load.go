package pocketsphinx

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// What the decoders are told. One pass over a tree of all words, pruned hard, and
// the best path through the lattice of what that found: the second pass that
// PocketSphinx has (fwdflat) takes another 80 ms and gains nothing in the domain,
// and the best path is what brings the most for its few milliseconds. Fewer
// Gaussians than the four that are usual (topn) save a fifth of the time.
var (
	passes  = []string{"-fwdflat", "no", "-bestpath", "yes"}
	general = []string{"-maxhmmpf", "3000", "-maxwpf", "5", "-topn", "3"}
	domain  = []string{"-maxhmmpf", "2000", "-maxwpf", "5", "-topn", "3"}
)

// load loads the generic model.
func (t *Transcriber) load(o Options) {
	defer close(t.loaded)
	began := time.Now()
	if t.failure = present(o.ModelDir); t.failure != nil {
		return
	}
	dict := o.Domain.WordsDict
	if dict == "" {
		dict = filepath.Join(o.ModelDir, "cmudict-en-us.dict")
	}
	options := []string{"-hmm", filepath.Join(o.ModelDir, "en-us"), "-lm", filepath.Join(o.ModelDir, "en-us.lm.bin"), "-dict", dict}
	if t.general, t.failure = openDecoder(append(options, general...)); t.failure != nil {
		return
	}
	if t.front, t.failure = openFrontEnd(t.general); t.failure != nil {
		return
	}
	t.prior = t.general.mean()
	if len(t.mean) == len(t.prior) {
		for i, v := range t.mean {
			t.prior[i] = float32(v)
		}
	}
	t.log.Debug("pocketsphinx: loaded", "took", time.Since(began))
}

// loadDomain loads the domain's model, and has it made first where there is
// none. Without it the generic one does, worse.
func (t *Transcriber) loadDomain(o Options) {
	defer close(t.whole)
	if present(o.ModelDir) != nil {
		return // load says so
	}
	began := time.Now()
	model, err := o.Domain, error(nil)
	if model == (Domain{}) {
		if o.MakeDomain == nil {
			return
		}
		model, err = o.MakeDomain()
	}
	if err == nil {
		options := []string{"-hmm", filepath.Join(o.ModelDir, "en-us"), "-lm", model.LM, "-dict", model.Dict}
		t.arriving, err = openDecoder(append(options, domain...))
	}
	if err != nil {
		t.log.Warn("pocketsphinx: no language model of the domain; understanding will be worse", "err", err)
		return
	}
	t.log.Debug("pocketsphinx: domain loaded", "took", time.Since(began))
}

// decoders are those that are in use.
func (t *Transcriber) decoders() []*decoder {
	if t.domain == nil {
		return []*decoder{t.general}
	}
	return []*decoder{t.general, t.domain}
}

// present says what of the model in dir is missing.
func present(dir string) error {
	for _, f := range []string{"en-us/mdef", "en-us.lm.bin", "cmudict-en-us.dict"} {
		if _, err := os.Stat(filepath.Join(dir, f)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w in %s: install the Debian package pocketsphinx-en-us", ErrModel, dir)
		} else if err != nil {
			return fmt.Errorf("%w: %w", ErrModel, err)
		}
	}
	return nil
}
