package pocketsphinx

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"parley/audio/pcm"
	"parley/engine"
)

// DefaultModelDir is where Debian's pocketsphinx-en-us puts the model.
const DefaultModelDir = "/usr/share/pocketsphinx/model/en-us"

// What a caller may want to tell apart.
var (
	ErrModel  = errors.New("pocketsphinx: no model")
	ErrClosed = errors.New("pocketsphinx: transcriber is closed")
)

// Options say how to transcribe. The zero value is a good choice.
type Options struct {
	ModelDir string       // holds en-us, en-us.lm.bin, cmudict-en-us.dict; empty means DefaultModelDir
	Mean     []float64    // what Mean returned at an earlier start; nil means the model's own
	Log      *slog.Logger // nil means none
}

// Transcriber is an engine.Transcriber. It may be used by several goroutines at
// once; utterances wait for one another.
type Transcriber struct {
	log *slog.Logger

	loaded  chan struct{} // closed when decoder or failure is set
	decoder *decoder
	failure error

	turn   chan struct{} // has a token while the decoder is in use
	closed bool          // guarded by turn
	prior  []float64     // guarded by turn: the mean to begin the next utterance with

	mu   sync.Mutex
	mean []float64
}

var _ engine.Transcriber = (*Transcriber)(nil)

// New returns at once and loads the model in the background, which takes about
// 0.4 s. [Transcriber.Close] must be called in the end.
func New(o Options) *Transcriber {
	if o.ModelDir == "" {
		o.ModelDir = DefaultModelDir
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	t := &Transcriber{
		log:    o.Log,
		loaded: make(chan struct{}),
		turn:   make(chan struct{}, 1),
		mean:   slices.Clone(o.Mean),
	}
	go t.load(o.ModelDir)
	return t
}

func (t *Transcriber) load(dir string) {
	defer close(t.loaded)
	began := time.Now()
	options, err := settings(dir)
	if err != nil {
		t.failure = err
		return
	}
	if t.decoder, t.failure = openDecoder(options); t.failure != nil {
		return
	}
	t.prior = t.decoder.mean()
	if len(t.mean) == len(t.prior) {
		t.prior = t.mean
	}
	t.log.Debug("pocketsphinx: loaded", "took", time.Since(began))
}

// settings are the decoder's options for the model in dir.
func settings(dir string) ([]string, error) {
	hmm := filepath.Join(dir, "en-us")
	lm := filepath.Join(dir, "en-us.lm.bin")
	dict := filepath.Join(dir, "cmudict-en-us.dict")
	for _, f := range []string{filepath.Join(hmm, "mdef"), lm, dict} {
		if _, err := os.Stat(f); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%w in %s: install the Debian package pocketsphinx-en-us", ErrModel, dir)
		} else if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrModel, err)
		}
	}
	return []string{
		"-hmm", hmm, "-lm", lm, "-dict", dict,
		// One pass, pruned hard: a tenth of real time, the final hypothesis
		// within milliseconds, and no more errors than with all passes.
		"-fwdflat", "no", "-bestpath", "no", "-maxhmmpf", "4000", "-maxwpf", "10",
		"-cmn", "live",
	}, nil
}

// Ready waits until the model is loaded. Its error wraps [ErrModel] when it is
// missing, or is ctx's.
func (t *Transcriber) Ready(ctx context.Context) error {
	select {
	case <-t.loaded:
		return t.failure
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Mean is the cepstral mean as of the last utterance, for Options.Mean at the
// next start. It is nil while nothing is known.
func (t *Transcriber) Mean() []float64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.mean)
}

// Close waits for the utterance in progress, if any, and frees the decoder.
func (t *Transcriber) Close() error {
	<-t.loaded
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	if !t.closed && t.decoder != nil {
		t.decoder.close()
	}
	t.closed = true
	return nil
}

// Transcribe reads frames of one utterance and yields a partial hypothesis
// whenever the words have changed, at most every 100 ms of sound, and a final
// one. It waits for the model to be loaded and for the utterance before it. An
// error is the last thing yielded. That ctx has ended is seen with the next
// frame: frames should end with it.
func (t *Transcriber) Transcribe(ctx context.Context, frames iter.Seq[pcm.Frame]) iter.Seq2[engine.Hypothesis, error] {
	return func(yield func(engine.Hypothesis, error) bool) {
		err := t.acquire(ctx)
		if err == nil {
			defer func() { <-t.turn }()
			err = t.utterance(ctx, frames, func(h engine.Hypothesis) bool { return yield(h, nil) })
		}
		if err != nil && ctx.Err() == nil {
			yield(engine.Hypothesis{}, err)
		}
	}
}

// acquire waits for the decoder.
func (t *Transcriber) acquire(ctx context.Context) error {
	if err := t.Ready(ctx); err != nil {
		return err
	}
	select {
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if t.closed {
		<-t.turn
		return ErrClosed
	}
	return nil
}
