package engine

import (
	"context"
	"strings"
	"testing"
	"time"

	"parley/audio/pcm"
)

// stub is a loudspeaker that has played what it is told it has.
type stub struct {
	Speaker

	played time.Duration
}

func (s stub) Flush() time.Duration                    { return s.played }
func (stub) Play(_ context.Context, _ pcm.Frame) error { return nil }

func sound(d time.Duration) pcm.Frame {
	return pcm.Frame{Rate: pcm.Rate16k, Samples: make([]int16, pcm.Rate16k.Samples(d))}
}

// What was heard of a reply that came already spoken, by the times that are known
// of its words.
func TestHeardOfVoiced(t *testing.T) {
	const text = "Gravity pulls masses together."
	times := []Word{{From: 0, To: 7, End: time.Second}, {From: 8, To: 13, Start: time.Second, End: 2 * time.Second}}
	for _, c := range []struct {
		name   string
		pieces []Voiced
		over   bool
		played time.Duration
		want   string
	}{
		{"timed", []Voiced{{Text: text, Words: times}, {Frame: sound(4 * time.Second)}}, false, 2 * time.Second, "Gravity pulls"},
		{"times after the sound", []Voiced{{Frame: sound(4 * time.Second)}, {Text: text}, {Words: times}}, false, 1500 * time.Millisecond, "Gravity"},
		{"no times, whole", []Voiced{{Text: text}, {Frame: sound(3 * time.Second)}}, true, 1310 * time.Millisecond, "Gravity pulls"},
		{"no times, whole, to the end", []Voiced{{Text: text}, {Frame: sound(3 * time.Second)}}, true, 3 * time.Second, text},
		{"no times, more may come", []Voiced{{Text: text}, {Frame: sound(3 * time.Second)}}, false, 900 * time.Millisecond, "Gravity pulls"},
		{"no times, sound not there", []Voiced{{Text: text}, {Frame: sound(500 * time.Millisecond)}}, false, 500 * time.Millisecond, "Gravity"},
		{"no sound", []Voiced{{Text: text, Words: times}}, true, 0, ""},
		{"no text", []Voiced{{Frame: sound(time.Second), Words: times}}, true, time.Second, ""},
	} {
		p := playback{spk: stub{played: c.played}}
		for _, piece := range c.pieces {
			p.writeVoiced(piece)
			if len(piece.Frame.Samples) > 0 {
				if err := p.playVoiced(t.Context(), piece.Frame); err != nil {
					t.Fatal(err)
				}
			}
		}
		if c.over {
			p.spoken()
		}
		p.at(c.played)
		if _, heard := p.stop(); heard != c.want {
			t.Errorf("%s: heard %q, want %q", c.name, heard, c.want)
		}
		p.writeVoiced(Voiced{Text: "more"})
		if err := p.playVoiced(t.Context(), sound(time.Second)); err == nil {
			t.Errorf("%s: played after its end", c.name)
		}
	}
}

// Whatever the pieces are, what was heard is a beginning of the text.
func FuzzHeardOfVoiced(f *testing.F) {
	f.Add("Gravity pulls |*masses|**together.", 700, true)
	f.Add("*|*|  |\xff|W|a b", 10, false)
	f.Fuzz(func(t *testing.T, script string, played int, over bool) {
		p := playback{spk: stub{played: time.Duration(played) * time.Millisecond}}
		for piece := range strings.SplitSeq(script, "|") {
			if text, ok := strings.CutPrefix(piece, "*"); ok {
				p.writeVoiced(Voiced{Text: text, Words: []Word{{From: played % 7, To: len(text), Start: time.Duration(played), End: time.Second}}})
				_ = p.playVoiced(t.Context(), sound(time.Duration(len(text)%9)*100*time.Millisecond))
			} else if text, ok := strings.CutPrefix(piece, "W"); ok {
				p.write(text)
			} else {
				p.writeVoiced(Voiced{Text: piece})
			}
			p.at(time.Duration(played))
		}
		if over {
			p.spoken()
		}
		if text, heard := p.stop(); !strings.HasPrefix(text, heard) {
			t.Errorf("heard %q of %q", heard, text)
		}
	})
}
