package server

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// spokenAlready is a second of sound at a rate that is not the session's.
var spokenAlready = pcm.Frame{Rate: 8000, Samples: tone(8000)}

// word is a word of what comes already spoken.
func word(from, to int, start time.Duration) engine.Word {
	return engine.Word{From: from, To: to, Start: start, End: start + 500*time.Millisecond}
}

func pieces(all ...engine.Reply) answerer {
	return func(_ context.Context, _ engine.Request, yield func(engine.Reply, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func TestWhatComesAlreadySpokenIsPassedOn(t *testing.T) {
	half := 500 * time.Millisecond
	for name, test := range map[string]struct {
		pieces []engine.Reply
		texts  []string // of the messages
		sound  time.Duration
		words  string // with their times, in ms
	}{
		"times with the sound": {
			[]engine.Reply{engine.Voiced{Text: "Hello there.", Frame: spokenAlready, Words: []engine.Word{word(0, 5, 0), word(6, 12, half)}}},
			[]string{"Hello there."}, time.Second, "Hello 0-500, there. 500-1000",
		},
		"sound, then words, then times": {
			[]engine.Reply{engine.Voiced{Frame: spokenAlready}, engine.Voiced{Text: "Hello there."}, engine.Voiced{Words: []engine.Word{word(0, 5, 0), word(6, 12, half)}}},
			[]string{"Hello there."}, time.Second, "Hello 0-500, there. 500-1000",
		},
		"after what is synthesized": {
			[]engine.Reply{engine.Words{Text: "Well, so "}, engine.Voiced{Text: "hello.", Words: []engine.Word{word(0, 6, 0)}}, engine.Voiced{Frame: spokenAlready}, engine.Words{Text: " Bye."}},
			[]string{"Well, so hello. Bye."}, 1300 * time.Millisecond, "Well, 0-100, so 100-200, hello. 200-700, Bye. 1200-1300",
		},
		"before and after a call": {
			[]engine.Reply{
				engine.Voiced{Text: "Hello.", Frame: spokenAlready, Words: []engine.Word{word(0, 6, 0)}}, engine.Call{Name: "f"},
				engine.Voiced{Text: "There.", Frame: spokenAlready, Words: []engine.Word{word(6, 12, time.Second)}},
			},
			[]string{"Hello.", "There."}, 2 * time.Second, "Hello. 0-500, There. 0-500",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := connect(t, backend(pieces(test.pieces...)), Options{Extensions: []string{protocol.Speculation1}})
			c.send(noTurns, says("hi"), `{"type":"response.create"}`)
			r := c.wait(protocol.ResponseDone).Response
			texts, in := []string{}, map[string]string{}
			for _, i := range r.Output {
				if i.Type == itemMessage {
					texts, in[i.ID] = append(texts, i.Words()), i.Words()
				}
			}
			sound, words := 0, []string{}
			codec, _ := protocol.NewCodec(nil)
			for _, e := range c.all() {
				if e.Type == protocol.OutputAudioDelta {
					samples, err := codec.FromText(e.Delta)
					if err != nil {
						t.Fatal(err)
					}
					sound += len(samples)
				}
				for _, w := range e.Words {
					words = append(words, fmt.Sprintf("%s %d-%d", in[e.ItemID][w.From:w.To], w.StartMS, w.EndMS))
				}
			}
			if !slices.Equal(texts, test.texts) || protocol.WireRate.Duration(sound) != test.sound || strings.Join(words, ", ") != test.words {
				t.Errorf("it says %q in %v: %s", texts, protocol.WireRate.Duration(sound), strings.Join(words, ", "))
			}
		})
	}
}

// What was heard of words that nobody told the times of is guessed.
func TestHeardOfWordsWithoutTimes(t *testing.T) {
	c := connect(t, backend(pieces(engine.Voiced{Text: "One two three four.", Frame: spokenAlready})), Options{})
	c.send(noTurns, says("hi"), `{"type":"response.create"}`)
	id := c.wait(protocol.ResponseDone).Response.Output[0].ID
	c.send(fmt.Sprintf(`{"type":"conversation.item.truncate","item_id":%q,"content_index":0,"audio_end_ms":500}`, id),
		fmt.Sprintf(`{"type":"conversation.item.retrieve","item_id":%q}`, id))
	if got := c.wait(protocol.ItemRetrieved).Item.Words(); got != "One two" {
		t.Errorf("what was heard is %q", got)
	}
}

func TestWhatIsReadIsNotSpoken(t *testing.T) {
	c := connect(t, backend(pieces(engine.Voiced{Text: "Hello ", Frame: spokenAlready}, engine.Voiced{Text: "there."})), Options{})
	c.send(noTurns, says("hi"), `{"type":"response.create","response":{"output_modalities":["text"]}}`)
	if got := c.wait(protocol.ResponseDone).Response.Output[0].Words(); got != "Hello there." || count(c, protocol.OutputAudioDelta) != 0 {
		t.Errorf("it says %q", got)
	}
}
