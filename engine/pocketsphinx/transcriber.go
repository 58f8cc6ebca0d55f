package pocketsphinx

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"sync"

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

// Domain is a language model of what people say to us, beside the generic one.
type Domain struct {
	LM        string // a trigram model in ARPA's text format, or SphinxBase's
	Dict      string // the pronunciations of its words
	WordsDict string // those of the generic model's words; "" means all that the package brings
}

// Options say how to transcribe. The zero value works, with the generic model
// alone.
type Options struct {
	ModelDir string    // holds en-us, en-us.lm.bin, cmudict-en-us.dict; empty means DefaultModelDir
	Mean     []float64 // what Mean returned at an earlier start; nil means the model's own
	Domain   Domain    // zero means none

	// MakeDomain makes the domain's model, where Domain is zero, in the
	// background. Nil means that there is none.
	MakeDomain func() (Domain, error)

	// Known says whether something can be done with a text; it must be quick.
	// Where the decoders differ, what is known is preferred. Nil means that
	// nothing is known.
	Known func(text string) bool

	Log *slog.Logger // nil means none
}

// Transcriber is an engine.Transcriber. It may be used by several goroutines at
// once; utterances wait for one another.
type Transcriber struct {
	log   *slog.Logger
	known func(string) bool

	loaded  chan struct{} // closed when what follows is set
	general *decoder      // with the model of English that the package brings
	front   *frontEnd
	failure error

	whole    chan struct{} // closed when the domain's decoder is loaded, or cannot be
	arriving *decoder

	turn   chan struct{} // has a token while the decoders are in use
	closed bool          // guarded by turn
	domain *decoder      // guarded by turn: with the model of what people say to us; nil while there is none
	prior  []float32     // guarded by turn: the mean to begin the next utterance with

	mu   sync.Mutex
	mean []float64
}

var _ engine.Transcriber = (*Transcriber)(nil)

// New returns at once and loads the models in the background, which takes about
// 0.5 s. [Transcriber.Close] must be called in the end.
func New(o Options) *Transcriber {
	if o.ModelDir == "" {
		o.ModelDir = DefaultModelDir
	}
	if o.Known == nil {
		o.Known = func(string) bool { return false }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	t := &Transcriber{
		log:    o.Log,
		known:  o.Known,
		loaded: make(chan struct{}),
		whole:  make(chan struct{}),
		turn:   make(chan struct{}, 1),
		mean:   slices.Clone(o.Mean),
	}
	go t.load(o)
	go t.loadDomain(o)
	return t
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

// Complete waits until the domain's model is in use too, or cannot be. Errors as
// Ready's.
func (t *Transcriber) Complete(ctx context.Context) error {
	select {
	case <-t.whole:
		return t.Ready(ctx)
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
	<-t.whole
	t.turn <- struct{}{}
	defer func() { <-t.turn }()
	if !t.closed {
		for _, d := range []*decoder{t.general, t.arriving} {
			if d != nil {
				d.close()
			}
		}
		if t.front != nil {
			t.front.close()
		}
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
// learn keeps the mean for the utterances that follow.
func (t *Transcriber) learn(mean []float32) {
	t.prior = mean
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mean = t.mean[:0:0]
	for _, v := range mean {
		t.mean = append(t.mean, float64(v))
	}
}

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
	select {
	case <-t.whole:
		t.domain = t.arriving
	default:
	}
	return nil
}
