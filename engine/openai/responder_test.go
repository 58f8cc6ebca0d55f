package openai

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

func TestWordsAsTheyCome(t *testing.T) {
	next := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		streamed(w)
		for _, word := range []string{"Gravity", " pulls", " things", " together."} {
			fmt.Fprint(w, ": comment\n\nevent: ignored\nid: 7\n\n")
			content, _ := json.Marshal(word)
			event(w, `{"role":"assistant","content":`+string(content)+`}`, "")
			select {
			case <-next:
			case <-r.Context().Done():
			}
		}
		event(w, `{}`, "stop")
		fmt.Fprint(w, `data: {"choices":[],"usage":{"total_tokens":9}}`+"\n\ndata: [DONE]\n\n")
	})
	var got []string
	for piece, err := range responder(t, ResponderConfig{Service: s}).Respond(t.Context(), engine.Request{Text: "what is gravity"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, piece.(engine.Words).Text)
		next <- struct{}{} // the server waits for this piece to be taken
	}
	if want := []string{"Gravity", " pulls", " things", " together."}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSlowListener: a conversation may take its time with what has come; that is
// not the server's fault.
func TestSlowListener(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { text(w, "One", " two", " three.") })
	s.FirstToken = 60 * time.Millisecond
	n := 0
	for _, err := range responder(t, ResponderConfig{Service: s}).Respond(t.Context(), engine.Request{Text: "count"}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		time.Sleep(100 * time.Millisecond)
	}
	if n != 3 {
		t.Errorf("%d pieces", n)
	}
}

// TestMissingEnd: a stream that gives its reason for ending but no [DONE], or the
// other way round, has ended.
func TestMissingEnd(t *testing.T) {
	for name, end := range map[string]func(http.ResponseWriter, *http.Request){
		"no DONE":                   func(w http.ResponseWriter, _ *http.Request) { event(w, `{}`, "stop") },
		"no DONE and no end either": func(w http.ResponseWriter, r *http.Request) { event(w, `{}`, "stop"); <-r.Context().Done() },
		"no reason":                 func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data: [DONE]\n\n") },
		"no line feed":              func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data: [DONE]") },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				streamed(w)
				event(w, `{"content":"Yes."}`, "")
				end(w, r)
			})
			began := time.Now()
			got := take(t, responder(t, ResponderConfig{Service: s}), engine.Request{Text: "hello"}, true)
			if got.err != nil || got.words != "Yes." || time.Since(began) > time.Second {
				t.Errorf("%q, %v after %v", got.words, got.err, time.Since(began))
			}
		})
	}
}

// TestCancel: whoever cuts a reply off closes the request within 50 ms, and the
// server notices, whether it is in the middle or has said nothing yet.
func TestCancel(t *testing.T) {
	for _, silent := range []bool{true, false} {
		t.Run(fmt.Sprint("silent ", silent), func(t *testing.T) {
			asked, gone := make(chan struct{}), make(chan time.Time, 1)
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				streamed(w)
				if !silent {
					event(w, `{"content":"Gravity is"}`, "")
				}
				close(asked)
				<-r.Context().Done()
				gone <- time.Now()
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			r := responder(t, ResponderConfig{Service: s})
			returned := make(chan time.Time, 1)
			go func() {
				for _, err := range r.Respond(ctx, engine.Request{Text: "what is gravity"}) {
					if err != nil {
						t.Errorf("an error after the end: %v", err)
					}
				}
				returned <- time.Now()
			}()
			<-asked
			time.Sleep(20 * time.Millisecond)
			cut := time.Now()
			cancel()
			for name, at := range map[string]<-chan time.Time{"the responder returns": returned, "the server notices": gone} {
				select {
				case then := <-at:
					if took := then.Sub(cut); took > 50*time.Millisecond {
						t.Errorf("%s after %v", name, took)
					}
				case <-time.After(5 * time.Second):
					t.Fatalf("%s never", name)
				}
			}
		})
	}
}

// TestStoppedIteration: breaking off closes the request, too.
func TestStoppedIteration(t *testing.T) {
	gone := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		streamed(w)
		event(w, `{"content":"Gravity is"}`, "")
		<-r.Context().Done()
		close(gone)
	})
	for range responder(t, ResponderConfig{Service: s}).Respond(t.Context(), engine.Request{Text: "what is gravity"}) {
		break
	}
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("the request stays open")
	}
}

// TestHistory: the model is told what was heard.
func TestHistory(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){saying("Yes.")}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Prompt: "Be brief."})
	turns := said("what is gravity", "Gravity pulls things together. It is weak.", "and magnets", "They attract.", "hello")
	turns[1].Interrupted, turns[1].Heard = true, "Gravity pulls things"
	turns[3].Interrupted, turns[3].Heard = true, "" // nothing was heard of it
	silent := engine.Turn{ID: 9, Who: engine.Assistant, Text: "Shown only.", At: time.Unix(2000, 0)}
	turns = append(turns, silent, engine.Turn{ID: 10, Who: engine.User, Text: "what?", At: time.Unix(2001, 0)})
	req := engine.Request{
		Text: "tell me more", Turns: turns, At: time.Date(2026, 11, 22, 14, 5, 0, 0, time.UTC), Confidence: 0.2,
		Lesson: engine.Lesson{Title: "Gravity", Plan: &engine.Plan{
			Title: "Gravity", Summary: "It pulls [always].", Segments: []engine.Segment{{Title: "Mass"}, {Title: "Distance"}},
		}},
	}
	if got := take(t, r, req, true); got.err != nil || got.words != "Yes." {
		t.Fatal(got)
	}
	type message struct{ role, content string }
	want := []message{
		{"system", "Be brief."},
		{"user", "what is gravity"},
		{"assistant", "Gravity pulls things"},
		{"user", "[" + cutNote + "]\nand magnets\n[" + cutNote + "]\nhello"},
		{"assistant", "Shown only."},
		{"user", "what?\n[It is Sunday, 22 November 2026, 14:05. The lesson beside the conversation: Gravity. Parts: Mass; Distance; " +
			"Summary: It pulls (always). These words may have been misheard.]\ntell me more"},
	}
	var got []message
	for _, m := range c.requests()[0].Messages {
		got = append(got, message{m.Role, m.Content})
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// TestLessonBeingWritten: what there is of it is known, up to a bound.
func TestLessonBeingWritten(t *testing.T) {
	got := lessonOutline(engine.Lesson{Markdown: "# Gravity\n\n" + strings.Repeat("It pulls. ", 1000)})
	if !strings.HasPrefix(got, "# Gravity It pulls.") || len(got) > longestOutline+8 {
		t.Errorf("%d bytes: %.60s", len(got), got)
	}
	if got := lessonOutline(engine.Lesson{}); got != "" {
		t.Errorf("no lesson is %q", got)
	}
}

// TestPrefix: what a request begins with stays the same from turn to turn, to the
// byte, up to the last words of the turn before; the time and the lesson, which
// change, are not in it.
func TestPrefix(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){saying("Yes, indeed.")}}
	box := &toolbox{tools: []Tool{{Name: "zeta"}, {Name: "alpha"}}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box, Lessons: true})
	var turns []engine.Turn
	for i := range 6 {
		req := engine.Request{Text: fmt.Sprintf("question %d", i), Turns: turns, At: time.Unix(int64(100000*i), 0)}
		req.Lesson.Markdown = strings.Repeat("word ", i)
		got := take(t, r, req, true)
		if got.err != nil {
			t.Fatal(got.err)
		}
		user := engine.Turn{ID: engine.TurnID(i), Who: engine.User, Text: req.Text, Heard: req.Text, At: req.At}
		answer := engine.Turn{ID: engine.TurnID(i), Who: engine.Assistant, Text: got.words, Heard: got.words, At: req.At}
		if i%2 == 1 {
			answer.Interrupted, answer.Heard = true, "Yes,"
		}
		turns = append(turns, user, answer)
		slices.Reverse(box.tools) // their order is not the toolbox's
	}
	var before string
	for i, raw := range c.raw {
		var sent struct {
			Messages []json.RawMessage `json:"messages"`
			Tools    json.RawMessage   `json:"tools"`
		}
		if err := json.Unmarshal(raw, &sent); err != nil {
			t.Fatal(err)
		}
		now := string(sent.Tools)
		for _, m := range sent.Messages[:len(sent.Messages)-1] {
			now += string(m)
		}
		if !strings.HasPrefix(now, before) || now == before {
			t.Errorf("request %d begins otherwise than the one before:\n%s\n%s", i, before, now)
		}
		before = now
	}
}

// TestPlainSpeech: thoughts and Markdown do not reach the voice, in whatever pieces
// they come.
func TestPlainSpeech(t *testing.T) {
	for written, want := range map[string]string{
		"<think>Hmm, **what**?</think>\n\nIt is *five*.":   "It is five.",
		"  <think></think>Yes.":                            "Yes.",
		"<think>a</think><think>b</think>Yes.":             "Yes.",
		"1 < 2, and <think> is a tag.":                     "1 < 2, and <think> is a tag.",
		"<this> is no thought":                             "<this> is no thought",
		"## Gravity\n\n- It **pulls**.\n* It `is` weak.":   "Gravity\n\nIt pulls.\nIt is weak.",
		"2 * 3 is 6, well-known, x - y, -5 and C# too. **": "2 * 3 is 6, well-known, x - y, -5 and C# too. ",
		"-5 degrees": "-5 degrees",
	} {
		for size := 1; size <= len(written); size++ {
			var (
				aloud thoughts
				clean plain
				got   string
			)
			for piece := range slices.Chunk([]byte(written), size) {
				got += clean.add(aloud.add(string(piece)))
			}
			got += clean.rest()
			if got != want {
				t.Fatalf("%q in pieces of %d: %q, want %q", written, size, got, want)
			}
		}
	}
}

// toolbox is a Toolbox that keeps what it was asked to do.
type toolbox struct {
	tools   []Tool
	calls   []string
	changed atomic.Int32
	err     error
}

func (b *toolbox) Tools(context.Context) []Tool { return b.tools }

func (b *toolbox) Call(_ context.Context, name string, args json.RawMessage) (Outcome, error) {
	b.calls = append(b.calls, name+string(args))
	out := Outcome{Text: "result of " + name}
	if name == "remember" {
		out.Effect = func(context.Context) error { b.changed.Add(1); return nil }
	}
	return out, b.err
}

var someTools = []Tool{
	{Name: "clock", Description: "the time", Schema: json.RawMessage(`{"type":"object","properties":{"place":{"type":"string"}}}`)},
	{Name: "remember", Description: "keep a fact"},
	{Name: "send_mail", Description: "sends", Changes: true},
	{Name: "delete_file", Description: "deletes", Changes: true, Asks: true},
}

func TestToolRounds(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){
		calling("clock", `{"place":"Rome"}`),
		calling("remember", `{"fact":"x"}`),
		saying("It is", " noon."),
	}}
	box := &toolbox{tools: someTools}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box, Lessons: true})
	got := take(t, r, engine.Request{Text: "what time is it in Rome"}, true)
	if got.err != nil || got.words != "It is noon." {
		t.Fatalf("%q, %v", got.words, got.err)
	}
	want := []engine.ToolUse{
		{Tool: "clock", Arguments: `{"place":"Rome"}`, Result: "result of clock"},
		{Tool: "remember", Arguments: `{"fact":"x"}`, Result: "result of remember"},
	}
	if !slices.Equal(got.used, want) || box.changed.Load() != 1 {
		t.Errorf("used %+v, changed %d", got.used, box.changed.Load())
	}
	asked := c.requests()
	if len(asked) != 3 || len(asked[0].Tools) != 5 {
		t.Fatalf("%d requests, %d tools", len(asked), len(asked[0].Tools))
	}
	last := asked[2].Messages
	if n := len(last); last[n-1].Role != "tool" || last[n-1].ToolCallID != "call_remember" || last[n-1].Content != "result of remember" ||
		last[n-2].ToolCalls[0].Function.Arguments != `{"fact":"x"}` || last[n-3].Content != "result of clock" {
		t.Errorf("the model was reminded of %+v", last)
	}
}

// TestSpeculation: of a reply that is thrown away nothing has happened.
func TestSpeculation(t *testing.T) {
	for _, name := range []string{"remember", "send_mail", "delete_file"} {
		c := &chats{answers: []func(http.ResponseWriter){calling(name, `{}`), saying("Done.")}}
		box := &toolbox{tools: someTools}
		r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box})
		for range 3 {
			take(t, r, engine.Request{Text: "do it"}, false)
		}
		if box.changed.Load() != 0 || name != "remember" && len(box.calls) != 0 || r.pending.Load() != nil {
			t.Errorf("%s: calls %q, changed %d, pending %v", name, box.calls, box.changed.Load(), r.pending.Load())
		}
	}
	c := &chats{answers: []func(http.ResponseWriter){calling("send_mail", `{}`), saying("Done.")}}
	box := &toolbox{tools: someTools}
	got := take(t, responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: box}), engine.Request{Text: "do it"}, true)
	if len(box.calls) != 1 || got.words != "Done." || got.used[0].Result != "result of send_mail" {
		t.Errorf("committed: calls %q, %+v", box.calls, got)
	}
}

// TestTroubleWithTools: the model is told, and the reply goes on.
func TestTroubleWithTools(t *testing.T) {
	for name, c := range map[string]struct {
		call func(http.ResponseWriter)
		err  error
		want string
	}{
		"fails":     {calling("clock", `{}`), errors.New("no clock here"), "Failed: no clock here"},
		"unknown":   {calling("teleport", `{}`), nil, `Failed: there is no tool "teleport"`},
		"half JSON": {calling("clock", `{"place":"Ro`), nil, "Failed: the arguments are no JSON object"},
		"no object": {calling("clock", `[1]`), nil, "Failed: the arguments are no JSON object"},
	} {
		server := &chats{answers: []func(http.ResponseWriter){c.call, saying("I could not.")}}
		r := responder(t, ResponderConfig{Service: serve(t, server.ServeHTTP), Tools: &toolbox{tools: someTools, err: c.err}})
		got := take(t, r, engine.Request{Text: "time"}, true)
		if got.err != nil || got.words != "I could not." || len(got.used) != 1 || !got.used[0].Failed || got.used[0].Result != c.want {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		messages := server.requests()[1].Messages
		if m := messages[len(messages)-2]; !json.Valid([]byte(m.ToolCalls[0].Function.Arguments)) {
			t.Errorf("%s: the server is sent arguments that are no JSON", name)
		}
	}
}

// TestRoundsEnd: a model that never stops calling is stopped.
func TestRoundsEnd(t *testing.T) {
	c := &chats{answers: []func(http.ResponseWriter){calling("clock", `{}`)}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: &toolbox{tools: someTools}})
	got := take(t, r, engine.Request{Text: "time"}, true)
	asked := c.requests()
	if !errors.Is(got.err, ErrEmpty) || len(got.used) != mostRounds || len(asked) != mostRounds+1 || asked[mostRounds].ToolChoice != "none" {
		t.Errorf("%v after %d calls and %d requests", got.err, len(got.used), len(asked))
	}
}

// TestNoTools: a model that cannot call tools answers without.
func TestNoTools(t *testing.T) {
	refuse := func(w http.ResponseWriter) {
		status(400, `{"error":{"message":"registry.ollama.ai/library/gemma:2b does not support tools"}}`)(w, nil)
	}
	c := &chats{answers: []func(http.ResponseWriter){refuse, saying("Hello."), saying("Again.")}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Tools: &toolbox{tools: someTools}})
	first, second := take(t, r, engine.Request{Text: "hi"}, true), take(t, r, engine.Request{Text: "hi"}, true)
	if first.words != "Hello." || second.words != "Again." || len(c.requests()) != 3 || len(c.requests()[2].Tools) != 0 {
		t.Errorf("%+v %+v", first, second)
	}
}

func TestLessonTool(t *testing.T) {
	lesson := calling("lesson", `{"topic":" tides ","level":"a child"}`)
	c := &chats{answers: []func(http.ResponseWriter){lesson, lesson, saying("It is on its way.")}}
	r := responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Lessons: true})
	got := take(t, r, engine.Request{Text: "I never got tides"}, true)
	if got.err != nil || got.words != "It is on its way." || !slices.EqualFunc(got.taught, []engine.LessonRequest{{Topic: "tides", Level: "a child"}}, func(a, b engine.LessonRequest) bool {
		return a.Topic == b.Topic && a.Level == b.Level && a.Goal == b.Goal
	}) {
		t.Errorf("%+v", got)
	}
	// What the rules have found is not taught twice.
	c = &chats{answers: []func(http.ResponseWriter){lesson, saying("It is on its way.")}}
	r = responder(t, ResponderConfig{Service: serve(t, c.ServeHTTP), Lessons: true})
	got = take(t, r, engine.Request{Text: "teach me tides", Teaching: engine.Teaching{Kind: engine.TeachLesson, Topic: "tides"}}, true)
	if got.err != nil || len(got.taught) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestConfirmation: a tool that has to be asked for is called after a yes, and after
// nothing else.
func TestConfirmation(t *testing.T) {
	const question = "Shall I use delete file, with path notes.txt?"
	for _, c := range []struct {
		name, text  string
		interrupted bool
		called      bool
		words       string
	}{
		{"yes", "yes please", false, true, "Next."},
		{"go ahead", "Go ahead.", false, true, "Next."},
		{"no", "no, don't", false, false, "All right, I won't."},
		{"something else", "what is in it?", false, false, "Next."},
		{"yes and more", "yes but only the second line", false, false, "Next."},
		{"yes to half a question", "yes", true, false, "Next."},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := &chats{answers: []func(http.ResponseWriter){calling("delete_file", `{"path":"notes.txt"}`), saying("Next.")}}
			box := &toolbox{tools: someTools}
			r := responder(t, ResponderConfig{Service: serve(t, server.ServeHTTP), Tools: box})
			first := take(t, r, engine.Request{Text: "delete my notes"}, true)
			if first.words != question || len(first.used) != 0 || len(box.calls) != 0 {
				t.Fatalf("%+v, calls %q", first, box.calls)
			}
			turns := said("delete my notes", first.words)
			if turns[1].Interrupted = c.interrupted; c.interrupted {
				turns[1].Heard = "Shall I use"
			}
			take(t, r, engine.Request{Text: c.text, Turns: turns}, false) // speculatively
			if len(box.calls) != 0 || r.pending.Load() == nil {
				t.Fatalf("called before the turn was sure: %q", box.calls)
			}
			second := take(t, r, engine.Request{Text: c.text, Turns: turns}, true)
			if second.err != nil || second.words != c.words || (len(box.calls) == 1) != c.called || len(second.used) != len(box.calls) {
				t.Errorf("%+v, calls %q", second, box.calls)
			}
			if r.pending.Load() != nil {
				t.Error("the question is still open")
			}
			asked := server.requests()
			last := asked[len(asked)-1].Messages
			if c.called && (last[len(last)-1].Role != "tool" || last[len(last)-1].Content != "result of delete_file") {
				t.Errorf("the model is not told of the result: %+v", last)
			}
			take(t, r, engine.Request{Text: "yes", Turns: append(turns, said(c.text, second.words)...)}, true)
			if len(box.calls) > 1 || !c.called && len(box.calls) > 0 {
				t.Errorf("a later yes calls: %q", box.calls)
			}
		})
	}
}

func TestYesOrNo(t *testing.T) {
	for text, want := range map[string]consent{
		"Yes.": yes, "yeah, sure": yes, "ok do it": yes, "please do": yes, "of course": yes, "go ahead": yes, "all right": yes, "yes, thanks": yes,
		"No.": no, "no thanks": no, "please don’t": no, "stop": no, "cancel that": no,
		"": unclear, "yes and no": unclear, "do you know the time": unclear, "the": unclear, "it": unclear, "that": unclear, "yes delete everything": unclear,
		"now": unclear, "i want to": unclear,
	} {
		if got := yesOrNo(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestQuestionWords(t *testing.T) {
	for args, want := range map[string]string{
		`{}`: "Shall I use send mail?",
		`{"to":"Ada","body":"See\nyou  soon.","n":2}`: "Shall I use send mail, with body See you soon., n 2, to Ada?",
		`{"a":1,"b":2,"c":3,"d":4,"e":5}`:             "Shall I use send mail, with a 1, b 2, c 3, d 4, and more?",
		`{"body":"` + strings.Repeat("é", 200) + `"}`: "Shall I use send mail, with body " + strings.Repeat("é", 30) + " and so on?",
		`{"who_to":"x"}`:           "Shall I use send mail, with who to x?",
		`{"deep":{"list":[true]}}`: `Shall I use send mail, with deep {"list":[true]}?`,
	} {
		q := newQuestion(Tool{Name: "send_mail"}, api.ToolCall{Function: api.FunctionCall{Arguments: args}})
		if q.text != want {
			t.Errorf("%s:\n%s\nwant\n%s", args, q.text, want)
		}
	}
}
