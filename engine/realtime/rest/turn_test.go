package rest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"iter"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// events of a turn, decoded, each with what clients need of it.
func turnEvents(t *testing.T, r reply) []protocol.ServerEvent {
	t.Helper()
	var all []protocol.ServerEvent
	for _, data := range r.events(t) {
		if missing, err := protocol.Missing([]byte(data)); err != nil || len(missing) > 0 {
			t.Errorf("%.200s lacks %v, %v", data, missing, err)
		}
		e, err := protocol.DecodeServer([]byte(data))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// order are the types of events, without repetitions in a row.
func order(all []protocol.ServerEvent) []string {
	var types []string
	for _, e := range all {
		types = append(types, e.Type)
	}
	return slices.Compact(types)
}

// answerOrder is the order of an answer that is spoken.
var answerOrder = []string{
	"response.created", "response.output_item.added", "conversation.item.added", "response.content_part.added",
	"response.output_audio_transcript.delta", "response.output_audio.delta", "response.output_audio.done",
	"response.output_audio_transcript.done", "response.content_part.done", "conversation.item.done",
	"response.output_item.done", "response.done", "rate_limits.updated",
}

func TestSpokenTurn(t *testing.T) {
	b := newBench(echo)
	s := b.serve(t, Options{})
	spoken := square(16000, 350*time.Millisecond)
	codec, err := protocol.NewCodec(&protocol.Format{Type: protocol.PCM, Rate: 16000})
	if err != nil {
		t.Fatal(err)
	}
	raw := codec.Text(spoken)
	file := base64.StdEncoding.EncodeToString(wav(48000, 1, square(48000, 350*time.Millisecond)))
	const input = `"session":{"audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}},`
	for name, body := range map[string]string{
		"the session's format":      `{` + input + `"audio":"` + raw + `"}`,
		"a format of its own":       `{"audio":{"data":"` + raw + `","format":{"type":"audio/pcm","rate":16000}}}`,
		"a WAV file":                `{"audio":{"data":"` + file + `","format":"wav"}}`,
		"a WAV file, which is seen": `{"audio":"` + file + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			all := turnEvents(t, asJSON(t, s, "/v1/voice/turn", body))
			// What was said is told before the answer to it begins to come.
			var heard string
			var answer []protocol.ServerEvent
			sound := 0
			for _, e := range all {
				switch e.Type {
				case protocol.TranscriptionCompleted:
					heard = *e.Transcript
					if len(answer) > 1 {
						t.Errorf("the transcript comes after %v", order(answer))
					}
				case protocol.OutputAudioDelta:
					samples, err := protocol.Codec{}.FromText(e.Delta)
					if err != nil {
						t.Error(err)
					}
					sound += len(samples)
				}
				if strings.HasPrefix(e.Type, "response.") || e.Type == protocol.RateLimitsUpdated {
					answer = append(answer, e)
				}
			}
			if heard != "la la la" || all[0].Type != protocol.InputCommitted {
				t.Errorf("heard %q; the first is %s", heard, all[0].Type)
			}
			if got := b.last(t).Text; got != "la la la" {
				t.Errorf("asked %q", got)
			}
			// The deltas of words and of sound may alternate.
			types := slices.DeleteFunc(order(answer), func(kind string) bool { return strings.HasSuffix(kind, ".delta") })
			want := slices.DeleteFunc(slices.Clone(answerOrder), func(kind string) bool {
				return strings.HasSuffix(kind, ".delta") || strings.HasPrefix(kind, "conversation.")
			})
			if !reflect.DeepEqual(types, want) {
				t.Errorf("order is %v", types)
			}
			if sound != 5*480 { // five words of 20 ms at 24 kHz
				t.Errorf("%d samples were sent", sound)
			}
		})
	}
}

func TestTurnAsForm(t *testing.T) {
	b := newBench(echo)
	s := b.serve(t, Options{})
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	header := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="audio"; filename="a.wav"`}, "Content-Type": {"audio/wav"}}
	if part, err := form.CreatePart(header); err != nil {
		t.Fatal(err)
	} else {
		_, _ = part.Write(wav(44100, 2, slices.Concat(square(44100, time.Second))))
	}
	_ = form.WriteField("request", `{"session":{"instructions":"Be brief.","output_modalities":["text"]}}`)
	_ = form.Close()
	all := turnEvents(t, post(t, s, "/v1/voice/turn", form.FormDataContentType(), &body))
	req := b.last(t)
	if !strings.HasPrefix(req.Text, "la la") || req.Instructions != "Be brief." {
		t.Errorf("asked %q, %q", req.Text, req.Instructions)
	}
	types := order(all)
	if !slices.Contains(types, protocol.OutputTextDone) || slices.Contains(types, protocol.OutputAudioDelta) {
		t.Errorf("%v", types)
	}
}

func TestTypedTurnWithHistory(t *testing.T) {
	b := newBench(echo)
	s := b.serve(t, Options{})
	all := turnEvents(t, asJSON(t, s, "/v1/voice/turn", `{
		"session":{"instructions":"Be brief.","tools":[{"type":"function","name":"look","parameters":{"type":"object"}}],"tool_choice":"required"},
		"history":[
			{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi."}]},
			{"id":"item_mine","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello."}]}],
		"text":"And now?"}`))
	req := b.last(t)
	if req.Text != "And now?" || len(req.Turns) != 2 || req.Turns[1].Heard != "Hello." || req.Instructions != "Be brief." ||
		len(req.Functions) != 1 || req.MustCall != "any" {
		t.Errorf("asked %+v", req)
	}
	// Nothing is told of the history, and the user's own item is.
	if first := order(all[:3]); !reflect.DeepEqual(first, []string{"conversation.item.added", "conversation.item.done", "response.created"}) {
		t.Errorf("begins with %v", first)
	}
	for _, e := range all {
		if e.Item != nil && (e.Item.ID == "item_mine" || e.Item.Words() == "Hi.") {
			t.Errorf("the history is told: %+v", e)
		}
	}
}

func TestTurnThatAnswersAFunction(t *testing.T) {
	call := engine.Call{ID: "call_1", Name: "look", Arguments: `{"at":"sky"}`}
	b := newBench(func(ctx context.Context, req engine.Request) iter.Seq2[engine.Reply, error] {
		if len(req.Called) == 0 {
			return says(call)(ctx, req)
		}
		return says("It is "+req.Called[0].Output+".")(ctx, req)
	})
	s := b.serve(t, Options{})
	const session = `{"session":{"tools":[{"type":"function","name":"look"}]},`
	const question = `{"type":"message","role":"user","content":[{"type":"input_text","text":"What colour is the sky?"}]}`
	all := turnEvents(t, asJSON(t, s, "/v1/voice/turn", session+`"text":"What colour is the sky?"}`))
	done := all[slices.IndexFunc(all, func(e protocol.ServerEvent) bool { return e.Type == protocol.ResponseDone })]
	if out := done.Response.Output; len(out) != 1 || out[0].Type != "function_call" || *out[0].Arguments != call.Arguments {
		t.Fatalf("output is %+v", out)
	}
	item, err := json.Marshal(done.Response.Output[0])
	if err != nil {
		t.Fatal(err)
	}
	all = turnEvents(t, asJSON(t, s, "/v1/voice/turn", session+`"history":[`+question+`,`+string(item)+
		`,{"type":"function_call_output","call_id":"call_1","output":"blue"}]}`))
	done = all[slices.IndexFunc(all, func(e protocol.ServerEvent) bool { return e.Type == protocol.ResponseDone })]
	if out := done.Response.Output; len(out) != 1 || out[0].Words() != "It is blue." {
		t.Errorf("output is %+v", out)
	}
}

func TestExtensionsOfATurn(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	for asked, want := range map[string]string{
		"":                                "",
		"teaching/1, metrics/1":           "teaching/1, metrics/1",
		"metrics/1,resume/1,nonsense/9 ,": "metrics/1",
	} {
		r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/v1/voice/turn", strings.NewReader(`{"text":"teach me about light"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(protocol.ExtensionsHeader, asked)
		a, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		_, _ = body.ReadFrom(a.Body)
		a.Body.Close()
		if got := a.Header.Get(protocol.ExtensionsHeader); got != want {
			t.Errorf("asked for %q, confirmed are %q", asked, got)
		}
		all := turnEvents(t, reply{a.StatusCode, a.Header, body.Bytes()})
		for kind, of := range map[string]string{protocol.ParleyTeaching: protocol.Teaching1, protocol.ParleyMetrics: protocol.Metrics1} {
			if slices.Contains(order(all), kind) != strings.Contains(want, of) {
				t.Errorf("asked for %q: %v", asked, order(all))
			}
		}
	}
}

func TestATurnThatIsRefused(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	tooQuick := `"session":{"audio":{"output":{"speed":9}}},`
	for body, param := range map[string]string{
		`{}`:                           "",
		`{"text":"hi","audio":"AAAA"}`: "text",
		`{"audio":"???"}`:              "audio",
		`{"audio":[1]}`:                "audio",
		`{"audio":{"data":"SUQzBAAAAAAA","format":1}}`:                                        "audio.format",
		`{"session":{"type":"transcription"},"text":"hi"}`:                                    "session.type",
		`{"session":{"tool_choice":"sometimes"},"text":"hi"}`:                                 "",
		`{` + tooQuick + `"text":"hi"}`:                                                       "session.audio.output.speed",
		`{"history":[{"type":"song"}],"text":"hi"}`:                                           "item.type",
		`{"history":{},"text":"hi"}`:                                                          "history",
		`{"audio":{"data":"UklGRgAAAABXQVZF","format":"wav"}}`:                                "file",
		`{"audio":{"data":"SUQzBAAAAAAAAAAA","format":"audio/mpeg"},"history":[]}`:            "file",
		`{"audio":{"data":"AAAA","format":{"type":"audio/pcm","rate":7}}}`:                    "file",
		`{"audio":{"data":"AA==","format":{"type":"audio/pcm","rate":16000}}}`:                "audio",
		`{"audio":{"data":"AAAA","format":{"type":"audio/pcmu","rate":16000}}}`:               "file",
		`{"session":{"audio":{"input":{"format":{"type":"audio/opus"}}}},"audio":"AAAAAAA="}`: "file",
	} {
		r := asJSON(t, s, "/v1/voice/turn", body)
		var told struct{ Error detail }
		if err := json.Unmarshal(r.body, &told); err != nil || r.status != http.StatusBadRequest || told.Error.Message == "" {
			t.Errorf("%s: %d %s", body, r.status, r.body)
			continue
		}
		if param != "" && (told.Error.Param == nil || *told.Error.Param != param) {
			t.Errorf("%s: %s", body, r.body)
		}
	}
}

func TestATurnWhoseStagesFail(t *testing.T) {
	b := newBench(says("Well, ", errPlanned))
	s := b.serve(t, Options{})
	all := turnEvents(t, asJSON(t, s, "/v1/voice/turn", `{"text":"hi"}`))
	n := slices.IndexFunc(all, func(e protocol.ServerEvent) bool { return e.Type == protocol.ResponseDone })
	if n < 0 || all[n].Response.Status != "failed" {
		t.Errorf("%v", order(all))
	}
	b.Transcriber = ear(func([]int16) (engine.Hypothesis, error) { return engine.Hypothesis{}, errPlanned })
	s = b.serve(t, Options{})
	raw := base64.StdEncoding.EncodeToString(make([]byte, 9600))
	all = turnEvents(t, asJSON(t, s, "/v1/voice/turn", `{"audio":"`+raw+`"}`))
	if types := order(all); !slices.Contains(types, protocol.TranscriptionFailed) || !slices.Contains(types, protocol.ResponseDone) {
		t.Errorf("%v", types)
	}
}

// A client that goes away has barged in: the stages end.
func TestBargeIn(t *testing.T) {
	ended := make(chan time.Time, 1)
	b := newBench(func(ctx context.Context, _ engine.Request) iter.Seq2[engine.Reply, error] {
		return func(yield func(engine.Reply, error) bool) {
			if yield(engine.Words{Text: "One. "}, nil) {
				<-ctx.Done()
				ended <- time.Now()
			}
		}
	})
	s := b.serve(t, Options{})
	var took []time.Duration
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "POST", s.URL+"/v1/voice/turn", strings.NewReader(`{"text":"count"}`))
		if err != nil {
			t.Fatal(err)
		}
		a, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		for part := make([]byte, 4096); !bytes.Contains(got, []byte(protocol.OutputAudioDelta)); {
			n, err := a.Body.Read(part)
			if got = append(got, part[:n]...); err != nil {
				t.Fatalf("%v after %s", err, got)
			}
		}
		left := time.Now()
		cancel()
		a.Body.Close()
		select {
		case at := <-ended:
			took = append(took, at.Sub(left))
		case <-time.After(soon):
			t.Fatal("the answer goes on for nobody")
		}
	}
	t.Logf("from the abort to the responder's end: %v", took)
}

// gone is a client that takes nothing.
type gone struct{ http.ResponseWriter }

func (gone) Write([]byte) (int, error)        { return 0, context.DeadlineExceeded }
func (g gone) Unwrap() http.ResponseWriter    { return g.ResponseWriter }
func (gone) SetWriteDeadline(time.Time) error { return nil }

func TestWhoDoesNotReadIsDropped(t *testing.T) {
	b := newBench(func(ctx context.Context, _ engine.Request) iter.Seq2[engine.Reply, error] {
		return func(yield func(engine.Reply, error) bool) {
			for ctx.Err() == nil && yield(engine.Words{Text: "and on "}, nil) {
				time.Sleep(time.Millisecond)
			}
		}
	})
	h := New(b.Backend, Options{})
	for path, body := range map[string]string{
		"/v1/voice/turn":       `{"text":"go on"}`,
		"/v1/chat/completions": `{"messages":[{"role":"user","content":"go on"}],"stream":true}`,
		"/v1/audio/speech":     `{"input":"` + strings.Repeat("and on ", 500) + `"}`,
	} {
		served := make(chan struct{})
		go func() {
			defer close(served)
			r := httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(body))
			h.ServeHTTP(gone{httptest.NewRecorder()}, r)
		}()
		select {
		case <-served:
		case <-time.After(soon):
			t.Fatalf("%s goes on for nobody", path)
		}
	}
	if b.opened.Load() != b.closed.Load() {
		t.Errorf("%d minds were made and %d closed", b.opened.Load(), b.closed.Load())
	}
}
