package server

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

func TestUpdatesMerge(t *testing.T) {
	c := connect(t, backend(echoes), Options{})
	update := func(settings string) *protocol.Session {
		t.Helper()
		c.send(`{"type":"session.update","session":` + settings + `}`)
		return c.wait(protocol.SessionUpdated).Session
	}
	now := update(`{"type":"realtime","instructions":"Be kind.","tools":[{"type":"function","name":"f"}],
		"audio":{"input":{"turn_detection":{"type":"server_vad","threshold":0.7}},"output":{"voice":"kal"}}}`)
	if *now.Instructions != "Be kind." || len(now.Tools) != 1 || *now.Audio.Input.TurnDetection.Value.Threshold != .7 || *now.Audio.Input.TurnDetection.Value.SilenceDurationMS != 500 {
		t.Errorf("the session is %+v", now)
	}
	now = update(`{"type":"realtime","audio":{"input":{"turn_detection":{"silence_duration_ms":900}}}}`)
	if d := now.Audio.Input.TurnDetection.Value; *d.Threshold != .7 || *d.SilenceDurationMS != 900 || now.Audio.Output.Voice != "kal" {
		t.Errorf("turn detection is %+v", d)
	}
	now = update(`{"tracing":{"workflow_name":"x"}}`)
	if string(now.Tracing) != `{"workflow_name":"x"}` || *now.Instructions != "Be kind." {
		t.Errorf("the session is %+v", now)
	}
	now = update(`{"type":"realtime","instructions":"","tools":[],"audio":{"input":{"turn_detection":null,"transcription":null},"output":{"format":{"type":"audio/pcmu"}}}}`)
	if *now.Instructions != "" || len(now.Tools) != 0 || now.Audio.Input.TurnDetection == nil || now.Audio.Input.TurnDetection.Value != nil ||
		now.Audio.Input.Transcription != nil || now.Audio.Output.Format.Type != protocol.PCMU || now.Audio.Input.Format.Rate != 24000 {
		t.Errorf("the session is %+v", now)
	}
	now = update(`{"type":"realtime","instructions":null,"audio":{"input":{"turn_detection":{"type":"semantic_vad"}}}}`)
	if d := now.Audio.Input.TurnDetection.Value; d == nil || d.Eagerness != "auto" || !*d.CreateResponse || d.Threshold != nil {
		t.Errorf("turn detection is %+v", d)
	}
}

func TestWhatIsNotAllowed(t *testing.T) {
	c := connect(t, backend(echoes), Options{Limits: Limits{Text: 2000}})
	long := strings.Repeat("x", 3000)
	for event, want := range map[string]struct{ code, param string }{
		`{"type":"session.update","event_id":"e","session":{"type":"other"}}`:                                                                        {protocol.CodeInvalidValue, "session.type"},
		`{"type":"session.update","event_id":"e"}`:                                                                                                   {protocol.CodeInvalidValue, "session"},
		`{"type":"session.update","event_id":"e","session":{"output_modalities":["audio","text"]}}`:                                                  {protocol.CodeInvalidValue, "session.output_modalities"},
		`{"type":"session.update","event_id":"e","session":{"instructions":"` + long + `"}}`:                                                         {protocol.CodeInvalidValue, "session.instructions"},
		`{"type":"session.update","event_id":"e","session":{"audio":{"input":{"format":{"type":"audio/opus"}}}}}`:                                    {protocol.CodeInvalidValue, "session.audio.input.format"},
		`{"type":"session.update","event_id":"e","session":{"audio":{"output":{"speed":3}}}}`:                                                        {protocol.CodeInvalidValue, "session.audio.output.speed"},
		`{"type":"session.update","event_id":"e","session":{"tools":[{"type":"mcp","name":"f"}]}}`:                                                   {protocol.CodeInvalidValue, "session.tools[0].type"},
		`{"type":"session.update","event_id":"e","session":{"tools":[{"type":"function","name":"a b"}]}}`:                                            {protocol.CodeInvalidValue, "session.tools[0].name"},
		`{"type":"session.update","event_id":"e","session":{"max_output_tokens":5000}}`:                                                              {protocol.CodeInvalidValue, ""},
		`{"type":"session.update","event_id":"e","session":{"audio":{"input":{"turn_detection":{"type":"x"}}}}}`:                                     {protocol.CodeInvalidValue, "session.audio.input.turn_detection.type"},
		`{"type":"session.update","event_id":"e","session":{"audio":{"input":{"turn_detection":{"threshold":2}}}}}`:                                  {protocol.CodeInvalidValue, "session.audio.input.turn_detection.threshold"},
		`{"type":"session.update","event_id":"e","session":{"audio":{"input":{"turn_detection":{"idle_timeout_ms":1}}}}}`:                            {protocol.CodeInvalidValue, "session.audio.input.turn_detection.idle_timeout_ms"},
		`{"type":"input_audio_buffer.commit","event_id":"e"}`:                                                                                        {protocol.CodeEmptyBuffer, ""},
		`{"type":"input_audio_buffer.append","event_id":"e","audio":"%%%"}`:                                                                          {protocol.CodeInvalidValue, "audio"},
		`{"type":"input_audio_buffer.append","event_id":"e","audio":"AAAA"}`:                                                                         {protocol.CodeInvalidValue, "audio"},
		`{"type":"conversation.item.retrieve","event_id":"e","item_id":"x"}`:                                                                         {protocol.CodeUnknownItem, "item_id"},
		`{"type":"conversation.item.delete","event_id":"e","item_id":"x"}`:                                                                           {protocol.CodeUnknownItem, "item_id"},
		`{"type":"conversation.item.truncate","event_id":"e","item_id":"x"}`:                                                                         {protocol.CodeUnknownItem, "item_id"},
		`{"type":"conversation.item.create","event_id":"e"}`:                                                                                         {protocol.CodeInvalidValue, "item"},
		`{"type":"conversation.item.create","event_id":"e","item":{"type":"message","role":"user","content":[{"type":"input_image"}]}}`:              {protocol.CodeInvalidValue, "item.content[0].type"},
		`{"type":"conversation.item.create","event_id":"e","item":{"type":"message","role":"king","content":[]}}`:                                    {protocol.CodeInvalidValue, "item.role"},
		`{"type":"conversation.item.create","event_id":"e","item":{"type":"function_call_output"}}`:                                                  {protocol.CodeInvalidValue, "item.call_id"},
		`{"type":"conversation.item.create","event_id":"e","previous_item_id":"x","item":{"type":"function_call_output","call_id":"c","output":""}}`: {protocol.CodeUnknownItem, "previous_item_id"},
		`{"type":"conversation.item.create","event_id":"e","item":{"type":"function_call_output","call_id":"c","output":"` + long + `"}}`:            {protocol.CodeInvalidValue, "item"},
		`{"type":"response.create","event_id":"e","response":{"conversation":"x"}}`:                                                                  {protocol.CodeInvalidValue, "response.conversation"},
		`{"type":"response.create","event_id":"e","response":{"tool_choice":{"type":"function","name":"g"}}}`:                                        {protocol.CodeInvalidValue, "response.tool_choice"},
		`{"type":"output_audio_buffer.clear","event_id":"e"}`:                                                                                        {protocol.CodeInvalidValue, "type"},
		`{"type":"nonsense","event_id":"e"}`:                                                                                                         {protocol.CodeUnknownEvent, "type"},
		`{"type":7,"event_id":"e"}`:                                                                                                                  {protocol.CodeInvalidValue, ""},
	} {
		c.send(event)
		if e := c.wait(protocol.ErrorEvent).Error; e.Code != want.code || e.Param != want.param || e.EventID != "e" || e.Type != protocol.InvalidRequest || e.Message == "" {
			t.Errorf("%.120s is refused by %+v", event, e)
		}
	}
}

func TestVoiceStaysOnceHeard(t *testing.T) {
	c := connect(t, backend(echoes), Options{})
	c.send(noTurns, says("hello"), `{"type":"session.update","session":{"audio":{"output":{"voice":"one"}}}}`, `{"type":"response.create"}`)
	c.wait(protocol.ResponseDone)
	c.send(`{"type":"session.update","event_id":"v","session":{"audio":{"output":{"voice":"two"}}}}`)
	if e := c.wait(protocol.ErrorEvent).Error; e.Code != "cannot_update_voice" || e.EventID != "v" {
		t.Errorf("the error is %+v", e)
	}
	c.send(`{"type":"session.update","session":{"audio":{"output":{"voice":"one","speed":1.2}}}}`)
	if s := c.wait(protocol.SessionUpdated).Session; *s.Audio.Output.Speed != 1.2 {
		t.Errorf("the session is %+v", s)
	}
}

func TestItemsHaveAnOrder(t *testing.T) {
	c := connect(t, backend(echoes), Options{Limits: Limits{Items: 3}})
	put := func(id, before string) string {
		return `{"type":"conversation.item.create","previous_item_id":` + before + `,"item":{"id":"` + id + `","type":"message","role":"user","content":[{"type":"input_text","text":"x"}]}}`
	}
	c.send(put("a", "null"), put("c", "null"), put("b", `"a"`))
	for _, want := range []string{"", "a", "a"} {
		before := c.wait(protocol.ItemAdded).PreviousItemID
		if before == nil && want != "" || before != nil && *before != want {
			t.Errorf("the item comes after %v, not %q", before, want)
		}
	}
	c.send(put("z", `"c"`))
	if gone := c.wait(protocol.ItemDeleted); gone.ItemID != "a" {
		t.Errorf("%s is let go of", gone.ItemID)
	}
}

func TestSoundOfAnItemIsHeard(t *testing.T) {
	c := connect(t, backend(echoes), Options{})
	c.send(noTurns, strings.Replace(strings.Replace(sound(tone(4800)), `"type":"input_audio_buffer.append",`,
		`"type":"conversation.item.create","item":{"type":"message","role":"user","content":[{"type":"input_audio",`, 1), `"}`, `"}]}}`, 1), `{"type":"response.create"}`)
	if done := c.wait(protocol.ResponseDone).Response; !strings.HasPrefix(done.Output[0].Words(), "You said what") {
		t.Errorf("it is answered by %q", done.Output[0].Words())
	}
}

func TestTranscriberFails(t *testing.T) {
	b := backend(echoes)
	b.Transcriber = hearer{fail: true}
	c := connect(t, b, Options{})
	c.send(noTurns, sound(tone(4800)), `{"type":"input_audio_buffer.commit"}`, `{"type":"response.create"}`)
	if e := c.wait(protocol.TranscriptionFailed).Error; e.Message != "It is too loud here" {
		t.Errorf("the error is %+v", e)
	}
	c.wait(protocol.ResponseDone)
}

func TestUtteranceIsBounded(t *testing.T) {
	c := connect(t, backend(echoes), Options{Limits: Limits{Utterance: time.Second}})
	c.send(noTurns)
	for range 30 {
		c.send(sound(tone(2400)))
	}
	c.wait(protocol.ErrorEvent)
	c.send(`{"type":"input_audio_buffer.commit"}`)
	if s := c.wait(protocol.TranscriptionCompleted).Usage.Seconds; s > 1.1 {
		t.Errorf("%v s were kept", s)
	}
	if n := count(c, protocol.ErrorEvent); n != 1 {
		t.Errorf("there are %d errors", n)
	}
}

func TestSessionExpires(t *testing.T) {
	in(t, func(t *testing.T) {
		c := connect(t, backend(echoes), Options{})
		c.wait(protocol.SessionCreated)
		time.Sleep(time.Hour + time.Second)
		if e := c.wait(protocol.ErrorEvent).Error; e.Code != protocol.CodeSessionExpired {
			t.Errorf("the error is %+v", e)
		}
		if err := <-c.end; !errors.Is(err, ErrExpired) {
			t.Errorf("the session ends by %v", err)
		}
		c.end <- nil
	})
}

func TestDraining(t *testing.T) {
	for _, a := range []struct {
		answer answerer
		want   string
		within time.Duration
	}{{slowly, "completed", 10 * time.Second}, {endless, "cancelled", 31 * time.Second}} {
		in(t, func(t *testing.T) {
			w := newWire()
			ctx, cancel := context.WithCancelCause(t.Context())
			end := make(chan error, 1)
			go func() { end <- Serve(ctx, backend(a.answer), w, Options{}) }()
			c := &client{wire: w, t: t}
			c.send(noTurns, says("hello"), `{"type":"response.create"}`)
			c.wait(protocol.ResponseCreated)
			began := time.Now()
			cancel(ErrDraining)
			if err := <-end; !errors.Is(err, ErrDraining) {
				t.Errorf("the session ends by %v", err)
			}
			if d := time.Since(began); d > a.within {
				t.Errorf("it ends after %v", d)
			}
			if got := c.wait(protocol.ResponseDone).Response.Status; got != a.want {
				t.Errorf("the reply ends %s", got)
			}
			w.close()
		})
	}
}

// slowly takes five seconds to answer.
func slowly(ctx context.Context, req engine.Request, yield func(engine.Reply, error) bool) {
	select {
	case <-time.After(5 * time.Second):
		echoes(ctx, req, yield)
	case <-ctx.Done():
	}
}

func TestG711AndOtherRates(t *testing.T) {
	for _, format := range []string{`{"type":"audio/pcmu"}`, `{"type":"audio/pcma"}`, `{"type":"audio/pcm","rate":16000}`, `{"type":"audio/pcm","rate":48000}`} {
		c := connect(t, backend(echoes), Options{})
		c.send(`{"type":"session.update","session":{"audio":{"input":{"turn_detection":null,"format":`+format+`},"output":{"format":`+format+`}}}}`, says("hello"), `{"type":"response.create"}`)
		s := c.wait(protocol.SessionUpdated).Session
		codec, err := protocol.NewCodec(s.Audio.Output.Format)
		if err != nil {
			t.Fatal(err)
		}
		c.wait(protocol.ResponseDone)
		n := 0
		for _, e := range c.all() {
			if e.Type == protocol.OutputAudioDelta {
				samples, err := codec.FromText(e.Delta)
				if err != nil || codec.Rate().Duration(len(samples)) > 100*time.Millisecond {
					t.Errorf("%s: %d samples, %v", format, len(samples), err)
				}
				n += len(samples)
			}
		}
		if d := codec.Rate().Duration(n); d < 590*time.Millisecond || d > 610*time.Millisecond {
			t.Errorf("%s: there are %v of sound", format, d)
		}
		c.send(`{"type":"input_audio_buffer.append","audio":"`+codec.Text(tone(codec.Rate().Samples(200*time.Millisecond)))+`"}`, `{"type":"input_audio_buffer.commit"}`)
		if u := c.wait(protocol.TranscriptionCompleted).Usage; u.Seconds < .19 || u.Seconds > .21 {
			t.Errorf("%s: %v s were heard", format, u.Seconds)
		}
	}
}

func TestSettingsToBeginWith(t *testing.T) {
	told := "Be kind."
	s, err := Settings(backend(echoes), Limits{}, &protocol.Session{Instructions: &told})
	if err != nil || *s.Instructions != told || s.Audio.Input.TurnDetection.Value.Type != "server_vad" || s.Type != "realtime" {
		t.Errorf("the session is %+v, %v", s, err)
	}
	var wrong *protocol.Error
	if _, err := Settings(backend(echoes), Limits{}, &protocol.Session{Type: "other"}); !errors.As(err, &wrong) || wrong.Param != "session.type" {
		t.Errorf("the error is %v", err)
	}
	c := connect(t, backend(echoes), Options{Initial: &protocol.Session{Type: "other"}})
	c.wait(protocol.ErrorEvent)
	if err := <-c.end; !errors.As(err, &wrong) {
		t.Errorf("the session ends by %v", err)
	}
	c.end <- nil
}
