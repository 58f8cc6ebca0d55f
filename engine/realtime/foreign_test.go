package realtime

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// What other backends do, each as it was seen.
func TestHabitsOfOtherBackends(t *testing.T) {
	completed := `{"type":"conversation.item.input_audio_transcription.completed","event_id":"","item_id":"u","transcript":"what is gravity"}`
	committed := `{"type":"input_audio_buffer.committed","event_id":"","item_id":"u"}`
	ask1 := func(f *fake, reply string) {
		f.until(protocol.InputCommit)
		f.send(committed, completed)
		f.until(protocol.ResponseCreate)
		f.reply(reply)
		f.rest()
	}
	for _, c := range []struct {
		name   string
		script func(*fake)
		words  string // to be spoken here
	}{
		{"as it should be", func(f *fake) { f.hello(); ask1(f, usual) }, ""},
		{"no ids, no session.updated", func(f *fake) {
			f.send(`{"type":"session.created","session":{}}`)
			ask1(f, strings.ReplaceAll(usual, `"event_id":"e",`, ""))
		}, ""},
		{"no greeting at all", func(f *fake) { ask1(f, usual) }, ""},
		{"names of the Beta", func(f *fake) {
			f.hello()
			ask1(f, strings.NewReplacer("output_audio", "audio", "item.added", "item.created").Replace(usual))
		}, ""},
		{"a flat session", func(f *fake) {
			f.send(`{"type":"session.created","event_id":"e","session":{"id":"s","modalities":["audio"],"input_audio_format":"pcm16","tool_choice":7,"turn_detection":{"type":"server_vad"}}}`)
			if s, ok := f.until(protocol.SessionUpdate)["session"].(map[string]any); !ok || s["input_audio_format"] != "pcm16" || s["type"] != nil {
				return // and nothing works
			}
			ask1(f, usual)
		}, ""},
		{"no response.created, no items", func(f *fake) {
			f.hello()
			ask1(f, strings.Join(strings.Split(usual, "\n")[2:], "\n"))
		}, ""},
		{"no text but at the end", func(f *fake) {
			f.hello()
			var lines []string
			for line := range strings.Lines(usual) {
				if !strings.Contains(line, "transcript.delta") {
					lines = append(lines, line)
				}
			}
			ask1(f, strings.Join(lines, ""))
		}, ""},
		{"no commit is acknowledged", func(f *fake) {
			f.hello()
			f.until(protocol.InputCommit)
			f.send(completed)
			f.until(protocol.ResponseCreate)
			f.reply(usual)
			f.rest()
		}, ""},
		{"garbage in between", func(f *fake) {
			f.send("garbage", "[]", `{"type":7}`, `{}`, "\x00\xff", `{"type":"session.created","session":"?"}`)
			f.until(protocol.SessionUpdate)
			f.send(`{"type":"error","error":7}`, `{"type":"response.done"}`, `{"type":"response.output_audio.delta","delta":"?"}`, `{"type":"nobody.knows"}`)
			f.until(protocol.InputCommit)
			f.send(committed, `{"type":"conversation.item.input_audio_transcription.completed"}`, completed)
			f.until(protocol.ResponseCreate)
			f.send("null")
			f.reply(strings.Replace(usual, "\n", "\n"+`{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","delta":"??"}`+"\n", 1))
			f.rest()
		}, ""},
		{"turns of its own, and no commit wanted", func(f *fake) {
			f.send(`{"type":"session.created","event_id":"e","session":{"id":"s"}}`)
			f.until(protocol.SessionUpdate)
			f.send(`{"type":"session.updated","event_id":"e","session":{"id":"s","audio":{"input":{"turn_detection":{"type":"server_vad"}}}}}`)
			f.until(protocol.InputCommit)
			f.send(`{"type":"error","error":{"type":"invalid_request_error","message":"no commit with VAD"}}`)
			time.Sleep(100 * time.Millisecond)
			f.send(committed, completed)
			f.reply(usual)
			f.rest()
		}, ""},
		{"turns of its own, sooner than ours", func(f *fake) {
			f.send(`{"type":"session.created","event_id":"e","session":{"id":"s"}}`)
			f.until(protocol.SessionUpdate)
			f.send(`{"type":"session.updated","event_id":"e","session":{"id":"s","audio":{"input":{"turn_detection":{"type":"semantic_vad"}}}}}`)
			f.until(protocol.InputAppend)
			f.send(committed, completed)
			f.reply(usual)
			f.rest()
		}, ""},
		{"text instead of sound", func(f *fake) {
			f.hello()
			ask1(f, `{"type":"response.created","response":{"id":"r"}}
{"type":"response.text.delta","response_id":"r","item_id":"i","delta":"It pulls "}
{"type":"response.text.delta","response_id":"r","item_id":"i","delta":"you."}
{"type":"response.done","response":{"id":"r","status":"completed"}}`)
		}, "It pulls you."},
	} {
		t.Run(c.name, func(t *testing.T) {
			against(t, Config{}, c.script, func(ctx context.Context, client *Client) {
				text, err := transcript(ctx, client)
				if text != "what is gravity" || err != nil {
					t.Fatalf("heard %q, %v", text, err)
				}
				r := ask(ctx, client, text)
				if r.err != nil {
					t.Fatal(r.err)
				}
				if c.words != "" {
					if r.words != c.words || r.voiced != "" {
						t.Errorf("to be spoken here: %q, spoken: %q", r.words, r.voiced)
					}
					return
				}
				if r.voiced != "It pulls you." || r.sound != 600*time.Millisecond {
					t.Errorf("%q in %v", r.voiced, r.sound)
				}
				if n := len(r.times); n != 3 || r.times[n-1].End != r.sound || r.voiced[r.times[1].From:r.times[1].To] != "pulls" {
					t.Errorf("words at %v", r.times)
				}
			})
		})
	}
}

// What a backend says of a failure is told, in one line.
func TestFailuresAreTold(t *testing.T) {
	for name, c := range map[string]struct{ event, want string }{
		"text":               {`{"type":"error","error":"no model\nis loaded"}`, "no model is loaded"},
		"object":             {`{"type":"error","error":{"message":"no model is loaded"}}`, "no model is loaded"},
		"failed":             {`{"type":"response.done","response":{"id":"","status":"failed","status_details":{"error":{"message":"no model is loaded"}}}}`, "no model is loaded"},
		"failed, no more":    {`{"type":"response.done","response":{"id":"","status":"failed"}}`, "could not answer"},
		"nothing is said":    {`{"type":"error","error":{}}`, "nothing of why"},
		"nothing ever comes": {`{}`, "does not go on"},
	} {
		t.Run(name, func(t *testing.T) {
			against(t, Config{}, func(f *fake) {
				f.hello()
				f.until(protocol.ResponseCreate)
				f.send(c.event)
				f.rest()
			}, func(ctx context.Context, client *Client) {
				if r := ask(ctx, client, "hello"); r.err == nil || !strings.Contains(r.err.Error(), c.want) || strings.Contains(r.err.Error(), "\n") {
					t.Errorf("%v, want %q", r.err, c.want)
				}
				for _, err := range client.Lesson(ctx, engine.LessonRequest{Topic: "bees"}) {
					if err != ErrNoLessons { //nolint:errorlint // as it is
						t.Errorf("a lesson: %v", err)
					}
				}
			})
		})
	}
}

// The handshake asks for what we can, with the key where the host wants it.
func TestHandshake(t *testing.T) {
	for _, c := range []struct{ url, header, value string }{
		{"ws://backend/v1/realtime?model=x", "Authorization", "Bearer k"},
		{"http://me.openai.azure.com/openai/v1/realtime?model=deployed", "Api-Key", "k"},
	} {
		against(t, Config{URL: c.url, Token: func() string { return "k" }, Model: "parley", Voice: "kal", Speed: 1.2, Instructions: "Be kind."}, func(f *fake) {
			if f.header.Get(c.header) != c.value || !strings.Contains(f.header.Get(protocol.ExtensionsHeader), protocol.Resume1) {
				t.Errorf("%s: %v", c.url, f.header)
			}
			s := f.hello()["session"].(map[string]any)
			input := s["audio"].(map[string]any)["input"].(map[string]any)
			turns, there := input["turn_detection"]
			if s["instructions"] != "Be kind." || !there || turns != nil {
				t.Errorf("%s: session %v", c.url, s)
			}
			f.rest()
		}, func(_ context.Context, client *Client) {
			if l := client.now(); l.Transport != "websocket" {
				t.Errorf("%s: link %+v", c.url, l)
			}
		})
	}
	for _, bad := range []string{"", "backend", "ftp://x", "ws://", "ws://a b"} {
		if _, err := New(Config{URL: bad}); err == nil || !strings.Contains(err.Error(), "address") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// What was dropped is cleared, and what was said after it is heard.
func TestDroppedUtteranceIsCleared(t *testing.T) {
	var got []string
	against(t, Config{}, func(f *fake) {
		f.hello()
		f.until(protocol.InputCommit)
		got = f.got
		f.send(`{"type":"conversation.item.input_audio_transcription.completed","item_id":"u","transcript":"yes"}`)
		f.rest()
	}, func(ctx context.Context, c *Client) {
		dropped, cancel := context.WithTimeout(ctx, 155*time.Millisecond)
		defer cancel()
		frames := func(yield func(pcm.Frame) bool) {
			for f := range spokenFor(time.Minute) {
				if dropped.Err() != nil || !yield(f) {
					return
				}
			}
		}
		for h, err := range c.Transcribe(dropped, frames) {
			t.Errorf("of what was dropped: %v, %v", h, err)
		}
		if text, err := transcript(ctx, c); text != "yes" || err != nil {
			t.Errorf("heard %q, %v", text, err)
		}
	})
	if !slices.Equal(got[1:], []string{protocol.InputClear, protocol.InputCommit}) {
		t.Errorf("sent %q", got)
	}
}

// A host that wants no WebSocket.
func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		status      int
		header      string
		credentials bool
		after       time.Duration
	}{
		{status: 200}, {status: 400}, {status: 404}, {status: 405}, {status: 426}, {status: 500}, {status: 501}, {status: 502}, {status: 302},
		{status: 401, credentials: true}, {status: 403, credentials: true}, {status: 403, header: "text/html; charset=utf-8"},
		{status: 429, after: 7 * time.Second}, {status: 503, after: 7 * time.Second},
	} {
		over(t, Config{}, newWire, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.header)
			w.Header().Set("Location", "http://elsewhere/")
			if c.after > 0 {
				w.Header().Set("Retry-After", "7")
			}
			w.WriteHeader(c.status)
		}, func(ctx context.Context, client *Client) {
			err := client.Ready(ctx)
			var refused *Refused
			if !errors.As(err, &refused) || refused.Status != c.status || refused.RetryAfter != c.after || errors.Is(err, ErrCredentials) != c.credentials {
				t.Errorf("%d: %v", c.status, err)
			}
			if r := ask(ctx, client, "hello"); r.err == nil {
				t.Errorf("%d: answered", c.status)
			}
			start := time.Now()
			if _, err := transcript(ctx, client); err == nil || time.Since(start) > time.Second {
				t.Errorf("%d: %v after %v", c.status, err, time.Since(start))
			}
		})
	}
}

// A function of ours is called, and what came of it is told.
func TestFunctions(t *testing.T) {
	var got []string
	against(t, Config{}, func(f *fake) {
		f.hello()
		f.until(protocol.ResponseCreate)
		f.reply(`{"type":"response.created","response":{"id":"r"}}
{"type":"response.output_item.added","response_id":"r","item":{"id":"i","type":"function_call","call_id":"c1","name":"lamp"}}
{"type":"response.function_call_arguments.done","response_id":"r","item_id":"i","call_id":"c1","arguments":"{}"}
{"type":"response.done","response":{"id":"r","status":"completed"}}`)
		item, ok := f.until(protocol.ItemCreate)["item"].(map[string]any)
		if ok {
			got = append(got, item["type"].(string), item["call_id"].(string), item["output"].(string))
		}
		f.until(protocol.ResponseCreate)
		f.reply(usual)
		f.rest()
	}, func(ctx context.Context, c *Client) {
		req := engine.Request{Text: "light", Functions: []engine.Function{{Name: "lamp"}}, MustCall: "lamp", Instructions: "Be quick."}
		for piece, err := range c.Respond(ctx, req) {
			call, ok := piece.(engine.Call)
			if err != nil || !ok || call.Name != "lamp" {
				t.Fatalf("%v, %v", piece, err)
			}
			req.Called = append(req.Called, engine.Called{Call: call, Output: "on"})
		}
		for _, err := range c.Respond(ctx, req) {
			if err != nil {
				t.Error(err)
			}
		}
	})
	if !slices.Equal(got, []string{"function_call_output", "c1", "on"}) {
		t.Errorf("created %q", got)
	}
}
