package server

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// in runs a test in virtual time.
func in(t *testing.T, f func(t *testing.T)) { synctest.Test(t, f) }

// speak sends sound in real time, of 20 ms each: a voice for so long, or silence.
func (c *client) speak(voice bool, d time.Duration) {
	for range d / (20 * time.Millisecond) {
		samples := make([]int16, 480)
		if voice {
			samples = tone(480)
		}
		c.send(sound(samples))
		time.Sleep(20 * time.Millisecond)
	}
}

func detection(settings string) string {
	return `{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":` + settings + `}}}}`
}

// only keeps events of the input and of the conversation's turns.
func only(all []protocol.ServerEvent, prefixes ...string) []string {
	return slices.DeleteFunc(order(all), func(kind string) bool {
		return !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(kind, p) })
	})
}

func TestSpokenTurnIsFoundAndAnswered(t *testing.T) {
	for _, kind := range []string{
		`{"type":"server_vad","silence_duration_ms":400}`, `{"type":"server_vad","silence_duration_ms":1500}`,
		`{"type":"semantic_vad","eagerness":"high"}`, `{"type":"semantic_vad","eagerness":"low"}`,
	} {
		t.Run(kind, func(t *testing.T) {
			in(t, func(t *testing.T) {
				c := connect(t, backend(echoes), Options{})
				c.send(detection(kind))
				c.speak(false, 500*time.Millisecond)
				c.speak(true, 600*time.Millisecond)
				c.speak(false, 300*time.Millisecond)
				if n := count(c, protocol.SpeechStopped); n > 0 && !strings.Contains(kind, "high") {
					t.Error("the turn was over after 300 ms")
				}
				c.speak(false, 3*time.Second)
				c.wait(protocol.ResponseDone)
				got := only(c.all(), "input_audio_buffer", "conversation.item.input")
				want := []string{
					protocol.SpeechStarted, protocol.SpeechStopped, protocol.InputCommitted, protocol.TranscriptionDelta, protocol.TranscriptionCompleted,
				}
				if !slices.Equal(got, want) {
					t.Errorf("the order is %v", got)
				}
				ids := map[string]bool{}
				for _, e := range c.all() {
					switch e.Type {
					case protocol.SpeechStarted:
						if at := *e.AudioStartMS; at < 100 || at > 520 {
							t.Errorf("the speech began at %d ms", at)
						}
						ids[e.ItemID] = true
					case protocol.SpeechStopped, protocol.InputCommitted, protocol.TranscriptionCompleted:
						ids[e.ItemID] = true
					}
				}
				if len(ids) != 1 {
					t.Errorf("the events of a turn name the items %v", ids)
				}
			})
		})
	}
}

func TestSilenceIsWaitedForAsLongAsSaid(t *testing.T) {
	for _, want := range []int{300, 800, 2000} {
		in(t, func(t *testing.T) {
			c := connect(t, backend(echoes), Options{})
			c.send(detection(fmt.Sprintf(`{"type":"server_vad","silence_duration_ms":%d,"create_response":false}`, want)))
			c.speak(false, 500*time.Millisecond)
			c.speak(true, 500*time.Millisecond)
			c.speak(false, 3*time.Second)
			if at := *c.wait(protocol.SpeechStopped).AudioEndMS; at < 1000+want-60 || at > 1000+want+60 {
				t.Errorf("a silence of %d ms ends at %d ms", want, at)
			}
			if count(c, protocol.ResponseCreated) != 0 {
				t.Error("it is answered though create_response is false")
			}
		})
	}
}

// endless answers without end.
func endless(_ context.Context, _ engine.Request, yield func(engine.Reply, error) bool) {
	for yield(engine.Words{Text: "On and on and on it goes. "}, nil) {
	}
}

func TestInterruption(t *testing.T) {
	for _, does := range []bool{true, false} {
		in(t, func(t *testing.T) {
			c := connect(t, backend(endless), Options{Limits: Limits{Ahead: 2 * time.Second}})
			c.send(detection(fmt.Sprintf(`{"type":"server_vad","interrupt_response":%v,"create_response":false}`, does)), says("hello"), `{"type":"response.create"}`)
			c.wait(protocol.OutputAudioDelta)
			c.speak(false, time.Second)
			c.speak(true, 20*time.Millisecond) // a click
			c.speak(false, 2*time.Second)
			if n := count(c, protocol.SpeechStarted); n != 0 {
				t.Error("a click is taken for speech")
			}
			c.speak(true, 2*time.Second)
			c.speak(false, 2*time.Second)
			c.wait(protocol.SpeechStopped)
			if does {
				all := c.all()
				done := slices.IndexFunc(all, func(e protocol.ServerEvent) bool { return e.Type == protocol.ResponseDone })
				if done < 0 {
					t.Fatal("the response goes on")
				}
				if r := all[done].Response; r.Status != "cancelled" || r.StatusDetails.Reason != "turn_detected" {
					t.Errorf("the response ends %s, %+v", r.Status, r.StatusDetails)
				}
				id := all[done].Response.Output[0].ID
				c.send(fmt.Sprintf(`{"type":"conversation.item.truncate","item_id":%q,"content_index":0,"audio_end_ms":450}`, id),
					fmt.Sprintf(`{"type":"conversation.item.retrieve","item_id":%q}`, id))
				if got := c.wait(protocol.ItemRetrieved).Item.Words(); got != "On and on and" {
					t.Errorf("what was heard is %q", got)
				}
			} else if n := count(c, protocol.ResponseDone); n != 0 {
				t.Error("the response was cancelled")
			}
		})
	}
}

func TestIdleTimeout(t *testing.T) {
	in(t, func(t *testing.T) {
		c := connect(t, backend(echoes), Options{})
		c.send(detection(`{"type":"server_vad","idle_timeout_ms":6000}`), says("hello"), `{"type":"response.create"}`)
		first := c.wait(protocol.ResponseDone)
		began := time.Now()
		c.wait(protocol.TimeoutTriggered)
		if d := time.Since(began); d < 6*time.Second || d > 9*time.Second {
			t.Errorf("the timeout comes after %v", d)
		}
		if second := c.wait(protocol.ResponseDone); second.Response.ID == first.Response.ID {
			t.Error("it is the same response")
		}
	})
}

func TestTranscriptionSessionGivesNoResponse(t *testing.T) {
	in(t, func(t *testing.T) {
		c := connect(t, backend(echoes), Options{Initial: &protocol.Session{Type: "transcription"}})
		c.speak(false, 300*time.Millisecond)
		c.speak(true, 600*time.Millisecond)
		c.speak(false, 2*time.Second)
		c.wait(protocol.TranscriptionCompleted)
		c.send(`{"type":"response.create","event_id":"e1"}`)
		if e := c.wait(protocol.ErrorEvent); e.Error.EventID != "e1" {
			t.Errorf("the error is %+v", e.Error)
		}
		if count(c, protocol.ResponseCreated) != 0 {
			t.Error("there is a response")
		}
	})
}
