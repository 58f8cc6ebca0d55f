package openai

import (
	"context"
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	"parley/engine"
)

// ResponderConfig says how a Responder answers. Only a Service is needed.
type ResponderConfig struct {
	Service
	Prompt string // empty: VoicePrompt

	Tools   Toolbox // nil: none
	Lessons bool    // the model may have a lesson written ([engine.Teach])

	// Long conversations are summarised, not cut: when the turns are more than
	// Budget bytes, the older of them are put into a summary, in the background,
	// until half as much is left. No more than HardCap bytes are sent meanwhile. 0
	// is DefaultBudget and DefaultHardCap; a word has some six bytes.
	Budget, HardCap int
	SummaryModel    string // empty: Model
	SummaryPrompt   string // empty: the function SummaryPrompt
}

// How much of a conversation is sent as it was said, in bytes.
const (
	DefaultBudget  = 12_000
	DefaultHardCap = 48_000
)

// Responder is an [engine.Responder] that has a language model answer. It may be
// used by several goroutines. What it remembers between replies changes nothing
// in what it says but for one thing, the question whether a tool may be called,
// and that is changed by an [engine.Effect].
type Responder struct {
	cfg       ResponderConfig
	summaries summaries
	pending   atomic.Pointer[question]
	toolless  atomic.Bool // the model has turned out not to know tools

	ctx    context.Context //nolint:containedctx // for what is done in the background, until Close
	cancel context.CancelFunc
	mu     sync.Mutex // held where all is added to or waited for
	all    sync.WaitGroup
}

var _ engine.Responder = (*Responder)(nil)

// NewResponder makes a responder. Its error wraps [ErrAddress] if the base URL
// is none. Close it when it is no longer used.
func NewResponder(cfg ResponderConfig) (*Responder, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if strings.TrimSpace(cfg.Prompt) == "" {
		cfg.Prompt = VoicePrompt()
	}
	if strings.TrimSpace(cfg.SummaryPrompt) == "" {
		cfg.SummaryPrompt = SummaryPrompt()
	}
	if cfg.Budget <= 0 {
		cfg.Budget = DefaultBudget
	}
	if cfg.HardCap <= 0 {
		cfg.HardCap = DefaultHardCap
	}
	cfg.HardCap = max(cfg.HardCap, cfg.Budget)
	r := &Responder{cfg: cfg}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r, nil
}

// Close ends what is being done in the background and waits for it.
func (r *Responder) Close() {
	r.cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all.Wait()
}

// background runs f, unless the responder is closed. f ends with the context it
// is given.
func (r *Responder) background(f func(context.Context)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ctx.Err() != nil {
		return false
	}
	r.all.Go(func() { f(r.ctx) })
	return true
}

// Respond implements [engine.Responder]. The words come as the model writes them.
// Errors wrap the sentinels of this package; one that comes before any words
// leaves it to another responder to answer.
func (r *Responder) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		a := &answer{r: r, req: req, yield: yield}
		if err := a.run(ctx); err != nil && !a.stopped && ctx.Err() == nil {
			yield(nil, err)
		}
	}
}
