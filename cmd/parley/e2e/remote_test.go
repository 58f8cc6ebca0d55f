package e2e

import (
	"net/http"
	"strings"
	"testing"

	"parley/audio/audiotest"
	"parley/engine/realtime/faulty"
)

// refused has the better ways refused as hosts refuse them.
var refused = map[string]map[string]int{
	"websocket": {},
	"sse":       {"/v1/realtime": http.StatusUpgradeRequired},
	"rest":      {"/v1/realtime": http.StatusNotFound, "/v1/voice": http.StatusNotFound},
	"text":      {"/v1": http.StatusNotFound},
}

// One backend answers several at once, each over a network of its own.
func TestOneBackendManyNetworks(t *testing.T) {
	t.Parallel()
	b := serve(t)
	for name, test := range map[string]func(*testing.T, *backend){
		"each way": eachWay, "lesson and facts": lessonAndFacts, "bad network": badNetwork, "cut in mid-utterance": cutInMidUtterance,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, b)
		})
	}
}

// A spoken question is answered over each way, and the link names it.
func eachWay(t *testing.T, b *backend) {
	for transport, refuses := range refused {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			a := begin(t, newHome(t), nil, "--remote", b.before(t, refuses).URL, "--in", file(t, "what is gravity"))
			a.answered("what is gravity", "ravity")
			a.linked(0, transport)
			if n := a.complaints(); n != 0 {
				t.Errorf("%d complaints where nothing is wrong", n)
			}
		})
	}
}

// answered waits for a spoken question and its answer.
func (a *app) answered(question, answer string) {
	a.t.Helper()
	if final := a.waitType(0, "transcript.final", remoteWithin); share(final.Text, question) < 0.99 {
		a.t.Errorf("understood %q", final.Text)
	}
	if done := a.waitType(0, "reply.done", remoteWithin); !strings.Contains(done.Text, answer) || done.Heard != done.Text {
		a.t.Errorf("answered %q, heard %q", done.Text, done.Heard)
	}
}

// A lesson comes over the wire; facts and timers stay on this desk.
func lessonAndFacts(t *testing.T, b *backend) {
	w := b.before(t, refused["sse"])
	h := newHome(t)
	a := begin(t, h, nil, "--remote", w.URL, "--say", "my dog's name is Rex", "--say", "what is my dog's name", "--say", "set a timer for ten minutes")
	<-a.ended
	if done := a.wait(0, "the fact", remoteWithin, func(ev event) bool { return ev.Type == "reply.done" && ev.Turn == 2 }); !strings.Contains(done.Text, "Rex") {
		t.Errorf("answered %q", done.Text)
	}
	if n := w.posts.Load(); n != 0 {
		t.Errorf("%d requests went out with what is this desk's own", n)
	}

	a = begin(t, h, nil, "--remote", w.URL, "--say", "teach me about gravity")
	lesson := a.waitType(0, "lesson.done", remoteWithin)
	if !strings.EqualFold(lesson.Title, "gravity") || strings.Contains(lesson.Markdown, "could not be reached") || w.posts.Load() == 0 {
		t.Errorf("after %d requests the lesson is %q", w.posts.Load(), lesson.Markdown)
	}
}

// A wrong token is told of in one sentence, once, and the conversation goes on. The
// right one, once kept, lets in.
func TestToken(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	tokens := h.dir + "/tokens"
	add := h.parley(nil, "token", "add", "me", "--tokens", tokens)
	add.Path = daemon
	secret, err := add.Output()
	if err != nil {
		t.Fatal(err)
	}
	b := serve(t, "--tokens", tokens)
	a := begin(t, h, []string{"PARLEY_TOKEN=wrong"}, "--remote", b.url(), "--say", "what is two plus two", "--say", "what is nine times nine")
	<-a.ended
	if n := a.complaints(); n != 1 || a.count("reply.done") != 2 {
		t.Errorf("the wrong token is spoken of %d times:\n%s", n, a.log())
	}
	first := a.waitType(0, "reply.done", remoteWithin)
	if !strings.HasPrefix(first.Text, "The other computer isn't answering: it doesn't accept the token.") || !strings.Contains(strings.ToLower(first.Text), "4") {
		t.Errorf("answered %q", first.Text)
	}

	keep := h.parley(nil, "models", "key", b.address)
	keep.Stdin = strings.NewReader(string(secret))
	if out, err := keep.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	a = begin(t, h, nil, "--remote", b.address, "--say", "what is two plus two")
	a.waitType(0, "reply.done", remoteWithin)
	if a.linked(0, "websocket"); a.complaints() != 0 {
		t.Errorf("with the right token:\n%s", a.log())
	}
	h.remote(t, b.url(), true)
	if out, _ := h.parley(nil, "doctor").Output(); !strings.Contains(string(out), "over WebSocket") {
		t.Errorf("the doctor says %s", out)
	}
}

// A bad network delays, and neither loses a word nor is spoken of.
func badNetwork(t *testing.T, b *backend) {
	for name, weather := range map[string]faulty.Conditions{
		"300 ms": {Delay: 300e6}, "2 % loss": {Loss: 0.02},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := faulty.Listen(t.Context(), b.address, weather)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Close)
			a := begin(t, newHome(t), nil, "--remote", "http://"+p.Address(), "--in", file(t, "what is gravity"))
			a.answered("what is gravity", "ravity")
			if a.linked(0, "websocket"); a.complaints() != 0 {
				t.Errorf("spoken of:\n%s", a.log())
			}
		})
	}
}

// A connection that is cut while the user speaks is taken up again: no word is lost.
func cutInMidUtterance(t *testing.T, b *backend) {
	p, err := faulty.Listen(t.Context(), b.address, faulty.Conditions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	a := begin(t, newHome(t), nil, "--remote", "http://"+p.Address(), "--in", file(t, "what is the meaning of gravity"))
	a.waitType(0, "transcript.partial", remoteWithin)
	if p.Drop() == 0 {
		t.Error("there was no connection to cut")
	}
	a.answered("what is the meaning of gravity", "ravity")
	if n := a.complaints(); n != 0 {
		t.Errorf("%d complaints:\n%s", n, a.log())
	}
}

// A session that expires is renewed under the conversation.
func TestSessionsExpire(t *testing.T) {
	t.Parallel()
	b := serve(t, "--session-length", "6s")
	server := audiotest.StartServer(t)
	a := talk(t, newHome(t), server, "--remote", b.url())
	for _, question := range []string{"what is gravity", "what is light", "what is two plus two"} {
		mark := a.mark()
		a.typed(question)
		if done := a.waitType(mark, "reply.done", remoteWithin); done.Heard != done.Text || done.Text == "" {
			t.Errorf("%s: answered %q, heard %q", question, done.Text, done.Heard)
		}
	}
	if n := a.complaints() + a.countWhere(0, func(ev event) bool { return ev.Type == "link" && ev.Transport == "sse" }); n != 0 {
		t.Errorf("%d complaints:\n%s", n, a.log())
	}
}
