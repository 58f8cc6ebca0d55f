package enginetest

import (
	"context"
	"time"

	"parley/engine"
)

// voice is a responder's own: what it says comes already spoken.
type voice struct {
	synthesizer

	late  bool // the text of a sentence comes after its sound
	bytes int
	sound time.Duration
}

// say yields a sentence as it is spoken, and says whether there may be more.
func (v *voice) say(ctx context.Context, text string, yield func(engine.Reply, error) bool) bool {
	if !v.late && !yield(engine.Voiced{Text: text}, nil) {
		return false
	}
	var words []engine.Word
	from := v.sound
	for piece, err := range v.Synthesize(ctx, text) {
		if err != nil {
			yield(nil, err)
			return false
		}
		for _, w := range piece.Words {
			words = append(words, engine.Word{From: v.bytes + w.From, To: v.bytes + w.To, Start: from + w.Start, End: from + w.End})
		}
		v.sound += piece.Frame.Duration()
		voiced := engine.Voiced{Frame: piece.Frame}
		if !v.late {
			voiced.Words, words = words, nil
		}
		if !yield(voiced, nil) {
			return false
		}
	}
	v.bytes += len(text)
	return ctx.Err() == nil && (!v.late || yield(engine.Voiced{Text: text, Words: words}, nil))
}
