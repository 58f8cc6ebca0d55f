package standby

import (
	"context"
	"iter"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/engine"
)

// Responder answers with First, and with Second where First does not begin in
// time, fails before its first words, or is resting after that. The reply then
// begins by saying so, once. When First fails later, with words given or effects
// asked for, the reply says that and ends: nothing is done twice.
type Responder struct {
	First, Second engine.Responder
	Options

	outage outage
}

// model is what a responder is called that has no name.
const model = "the language model"

func (r *Responder) notAnswering() string { return capital(r.who(model)) + " isn't answering" }
func (r *Responder) brokeOff() string     { return "Sorry, " + r.who(model) + " broke off there" }

// capital is text with a capital.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// Respond implements [engine.Responder].
func (r *Responder) Respond(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
	return func(yield func(engine.Reply, error) bool) {
		if r.outage.resting() {
			r.second(ctx, req, yield)
			return
		}
		first := try(ctx, func(ctx context.Context) iter.Seq2[engine.Reply, error] { return r.First.Respond(ctx, req) })
		defer first.wait()
		timer := time.NewTimer(r.within())
		defer timer.Stop()
		late, told, said := timer.C, false, ""
		for {
			piece, ok, err := first.next(ctx, late)
			switch {
			case ctx.Err() != nil:
				return
			case ok:
				late = nil
			case err == nil:
				r.outage.well(&r.Options, "responder")
				return
			default:
				first.end()
				err = slow(err, r.within())
				r.outage.failed(&r.Options, "responder", err)
				if !told {
					r.second(ctx, req, yield)
				} else {
					r.breakOff(err, said, yield)
				}
				return
			}
			switch piece := piece.(type) {
			case engine.Words:
				said += piece.Text
				told = told || piece.Text != ""
			case engine.Voiced:
				said += piece.Text
				told = true
			case engine.Used: // which changed nothing
			default:
				told = true
			}
			if !yield(piece, nil) {
				return
			}
		}
	}
}

// second answers with Second, and says why, if the user does not know.
func (r *Responder) second(ctx context.Context, req engine.Request, yield func(engine.Reply, error) bool) {
	if err, untold := r.outage.untold(); untold {
		// A reply may be thrown away unheard: the user knows when it is allowed.
		known := engine.Effect{Apart: true, Do: func(context.Context) error { r.outage.tell(); return nil }}
		words := r.notAnswering() + ", so I'll answer this one myself. "
		if r.why(err) != "" {
			words = r.sentence(r.notAnswering(), err) + " I'll answer this one myself. "
		}
		if !yield(known, nil) || !yield(engine.Words{Text: words}, nil) {
			return
		}
	}
	for piece, err := range r.Second.Respond(ctx, req) {
		if !yield(piece, err) || err != nil {
			return
		}
	}
}

// breakOff ends a reply that First has left unfinished.
func (r *Responder) breakOff(err error, said string, yield func(engine.Reply, error) bool) {
	gap := " "
	if said = strings.TrimRight(said, " \n"); said == "" {
		gap = ""
	} else if !strings.ContainsAny(said[len(said)-1:], ".!?") {
		gap = "… "
	}
	known := engine.Effect{Apart: true, Do: func(context.Context) error { r.outage.tell(); return nil }}
	if yield(known, nil) {
		yield(engine.Words{Text: gap + r.sentence(r.brokeOff(), err)}, nil)
	}
}
