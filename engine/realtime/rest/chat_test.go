package rest

import (
	"bufio"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

func TestChat(t *testing.T) {
	weather := engine.Call{ID: "call_7", Name: "weather", Arguments: `{"city":"Rome"}`}
	for name, c := range map[string]struct {
		answer mouth
		more   string
		want   said
		end    string
	}{
		"words":      {says("Hello ", "there."), ``, said{Content: new("Hello there.")}, "stop"},
		"voiced":     {says(engine.Voiced{Text: "Hello "}, engine.Voiced{}, engine.Voiced{Text: "there."}), ``, said{Content: new("Hello there.")}, "stop"},
		"nothing":    {says(), ``, said{Content: new("")}, "stop"},
		"tools used": {says(engine.Used{}, "Done.", engine.Studied{}), ``, said{Content: new("Done.")}, "stop"},
		"a call":     {says("One moment.", weather), ``, said{Content: new("One moment."), ToolCalls: []toolCall{callOf(weather)}}, "tool_calls"},
		"one call":   {says(weather, weather), `"parallel_tool_calls":false`, said{Content: new(""), ToolCalls: []toolCall{callOf(weather)}}, "tool_calls"},
		"too long":   {says("Grüße aus Köln"), `"max_completion_tokens":1`, said{Content: new("Gr\u00fc")}, "length"},
		"old limit":  {says("abcd", "efgh", "ijkl"), `"max_tokens":2`, said{Content: new("abcdefgh")}, "length"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newBench(c.answer).serve(t, Options{})
			body := `{"model":"any","messages":[{"role":"user","content":"hi"}]`
			if c.more != "" {
				body += "," + c.more
			}
			r := asJSON(t, s, "/v1/chat/completions", body+"}")
			var got completion
			if err := json.Unmarshal(r.body, &got); err != nil || r.status != http.StatusOK || len(got.Choices) != 1 {
				t.Fatalf("%d %s, %v", r.status, r.body, err)
			}
			c.want.Role = "assistant"
			one := got.Choices[0]
			for i := range one.Message.ToolCalls {
				one.Message.ToolCalls[i].Index = nil
			}
			if !reflect.DeepEqual(*one.Message, c.want) || *one.FinishReason != c.end || got.Object != "chat.completion" || got.Model != "parley" {
				t.Errorf("%s", r.body)
			}
			if u := got.Usage; u.Total != u.Prompt+u.Completion || u.Prompt == 0 {
				t.Errorf("usage is %+v", *u)
			}

			// The same as a stream: the deltas joined are the message.
			all := asJSON(t, s, "/v1/chat/completions", body+`,"stream":true,"stream_options":{"include_usage":true}}`).events(t)
			var joined said
			var end string
			var roleFirst, usage bool
			for i, data := range all[:len(all)-1] {
				var chunk completion
				if err := json.Unmarshal([]byte(data), &chunk); err != nil || chunk.Object != "chat.completion.chunk" {
					t.Fatalf("%s, %v", data, err)
				}
				if len(chunk.Choices) == 0 {
					usage = chunk.Usage != nil && *chunk.Usage == *got.Usage && i == len(all)-2
					continue
				}
				d := chunk.Choices[0].Delta
				roleFirst = roleFirst || i == 0 && d.Role == "assistant"
				if d.Content != nil {
					text := *d.Content
					if joined.Content != nil {
						text = *joined.Content + text
					}
					joined.Content = &text
				}
				for _, call := range d.ToolCalls {
					if *call.Index != len(joined.ToolCalls) {
						t.Errorf("call %d has index %d", len(joined.ToolCalls), *call.Index)
					}
					call.Index = nil
					joined.ToolCalls = append(joined.ToolCalls, call)
				}
				if chunk.Choices[0].FinishReason != nil {
					end += *chunk.Choices[0].FinishReason
				}
			}
			joined.Role = "assistant"
			if !reflect.DeepEqual(joined, c.want) || end != c.end || !roleFirst || !usage || all[len(all)-1] != "[DONE]" {
				t.Errorf("role first %v, usage %v, end %q:\n%s", roleFirst, usage, end, strings.Join(all, "\n"))
			}
		})
	}
}

func callOf(c engine.Call) toolCall {
	t := toolCall{ID: c.ID, Type: "function"}
	t.Function.Name, t.Function.Arguments = c.Name, c.Arguments
	return t
}

func TestWhatAResponderIsAsked(t *testing.T) {
	b := newBench(echo)
	s := b.serve(t, Options{})
	r := asJSON(t, s, "/v1/chat/completions", `{"messages":[
		{"role":"system","content":"Be brief."},
		{"role":"user","content":[{"type":"text","text":"What is"},{"type":"text","text":"the time?"}]},
		{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"clock","arguments":"{}"}}]},
		{"role":"tool","tool_call_id":"a","content":"noon"},
		{"role":"assistant","content":"Noon."},
		{"role":"developer","content":"Be kind."},
		{"role":"user","content":"teach me about light"},
		{"role":"assistant","content":"","tool_calls":[{"id":"b","type":"function","function":{"name":"look","arguments":"{\"at\":1}"}}]},
		{"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"a lamp"}]}],
		"tools":[{"type":"function","function":{"name":"look","description":"Looks.","parameters":{"type":"object"}}}],
		"tool_choice":{"type":"function","function":{"name":"look"}},"user":"x","unknown":[1]}`)
	if r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	got := b.last(t)
	if got.At.IsZero() || time.Since(got.At) > soon {
		t.Errorf("asked at %v", got.At)
	}
	got.At = time.Time{}
	want := engine.Request{
		Text: "teach me about light", Instructions: "Be brief.\n\nBe kind.", MustCall: "look",
		Teaching: engine.Teaching{Kind: engine.TeachLesson, Topic: "light", Confidence: 1},
		Turns: []engine.Turn{
			{ID: 1, Who: engine.User, Text: "What is\nthe time?", Heard: "What is\nthe time?", Typed: true},
			{ID: 1, Who: engine.Assistant, Text: "Noon.", Heard: "Noon.", Tools: []engine.ToolUse{{Tool: "clock", Arguments: "{}", Result: "noon"}}},
		},
		Functions: []engine.Function{{Name: "look", Description: "Looks.", Parameters: json.RawMessage(`{"type":"object"}`)}},
		Called:    []engine.Called{{Call: engine.Call{ID: "b", Name: "look", Arguments: `{"at":1}`}, Output: "a lamp"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("asked\n%+v, want\n%+v", got, want)
	}
}

func TestToolChoice(t *testing.T) {
	const look = `"tools":[{"type":"function","function":{"name":"look"}}]`
	for choice, want := range map[string]struct {
		must      string
		functions int
	}{
		look:                               {"", 1},
		look + `,"tool_choice":"auto"`:     {"", 1},
		look + `,"tool_choice":null`:       {"", 1},
		look + `,"tool_choice":"none"`:     {"", 0},
		look + `,"tool_choice":"required"`: {"any", 1},
	} {
		b := newBench(echo)
		s := b.serve(t, Options{})
		if r := asJSON(t, s, "/v1/chat/completions", `{"messages":[{"role":"user","content":"hi"}],`+choice+`}`); r.status != http.StatusOK {
			t.Errorf("%s: %s", choice, r.body)
			continue
		}
		if got := b.last(t); got.MustCall != want.must || len(got.Functions) != want.functions {
			t.Errorf("%s: must call %q of %d", choice, got.MustCall, len(got.Functions))
		}
	}
}

func TestEffectsAreCarriedOut(t *testing.T) {
	did := 0
	effect := engine.Effect{Do: func(context.Context) error { did++; return nil }}
	s := newBench(says(effect, "Done.")).serve(t, Options{})
	if r := asJSON(t, s, "/v1/chat/completions", `{"messages":[{"role":"user","content":"do it"}]}`); r.status != http.StatusOK || did != 1 {
		t.Errorf("%d %s; done %d times", r.status, r.body, did)
	}
	broken := engine.Effect{Do: func(context.Context) error { return errPlanned }}
	s = newBench(says(broken, "Done.")).serve(t, Options{})
	if r := asJSON(t, s, "/v1/chat/completions", `{"messages":[{"role":"user","content":"do it"}]}`); r.status != http.StatusInternalServerError {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestAResponderThatFails(t *testing.T) {
	// Before anything was sent it is an answer with a status, in mid-stream an event.
	for name, c := range map[string]struct {
		answer mouth
		stream string
		status int
	}{
		"plain":      {says("Well, ", errPlanned), "false", 500},
		"at once":    {says(errPlanned), "true", 500},
		"mid-stream": {says("Well, ", errPlanned), "true", 200},
	} {
		t.Run(name, func(t *testing.T) {
			s := newBench(c.answer).serve(t, Options{})
			r := asJSON(t, s, "/v1/chat/completions", `{"messages":[{"role":"user","content":"hi"}],"stream":`+c.stream+`}`)
			body := string(r.body)
			if c.status == 200 {
				all := r.events(t)
				body = all[len(all)-1]
			}
			var told struct{ Error detail }
			if err := json.Unmarshal([]byte(body), &told); err != nil || told.Error.Type != "server_error" || r.status != c.status {
				t.Errorf("%d %s", r.status, r.body)
			}
			if strings.Contains(string(r.body), "secret-host") {
				t.Errorf("the client is told of the backend's own: %s", r.body)
			}
		})
	}
}

func TestWhoGoesAwayEndsTheAnswer(t *testing.T) {
	for _, stream := range []string{"true", "false"} {
		begun, ended := make(chan struct{}), make(chan time.Time, 1)
		s := newBench(func(ctx context.Context, _ engine.Request) iter.Seq2[engine.Reply, error] {
			return func(yield func(engine.Reply, error) bool) {
				yield(engine.Words{Text: "Well, "}, nil)
				close(begun)
				<-ctx.Done()
				ended <- time.Now()
			}
		}).serve(t, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, "POST", s.URL+"/v1/chat/completions",
			strings.NewReader(`{"messages":[{"role":"user","content":"hi"}],"stream":`+stream+`}`))
		if err != nil {
			t.Fatal(err)
		}
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			if a, err := s.Client().Do(r); err == nil {
				_, _ = bufio.NewReader(a.Body).ReadString('}')
				a.Body.Close()
			}
		}()
		<-begun
		left := time.Now()
		cancel()
		select {
		case at := <-ended:
			t.Logf("stream %s: ended %v after the client left", stream, at.Sub(left))
		case <-time.After(soon):
			t.Error("the answer goes on for nobody")
		}
		<-answered
	}
}

func TestStreamOfAnAnswerComesAsItIsMade(t *testing.T) {
	more := make(chan struct{})
	s := newBench(func(context.Context, engine.Request) iter.Seq2[engine.Reply, error] {
		return func(yield func(engine.Reply, error) bool) {
			if !yield(engine.Words{Text: "first"}, nil) {
				return
			}
			<-more // nobody sends it before the first words have come
			yield(engine.Words{Text: "second"}, nil)
		}
	}).serve(t, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "POST", s.URL+"/v1/chat/completions", strings.NewReader(`{"messages":[{"role":"user","content":"hi"}],"stream":true}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var lines []string
	for in := bufio.NewScanner(a.Body); in.Scan(); {
		lines = append(lines, in.Text())
		if strings.Contains(in.Text(), "first") {
			close(more)
		}
	}
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, "second") }) {
		t.Errorf("%q", lines)
	}
}
