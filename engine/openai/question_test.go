package openai

import (
	"net/http"
	"strings"
	"testing"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

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
