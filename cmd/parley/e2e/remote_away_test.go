package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/audio/audiotest"
)

// remote writes settings that choose a backend.
func (h home) remote(t *testing.T, at string, standIn bool) {
	t.Helper()
	dir := filepath.Join(h.dir, "config", "parley")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("remote_url = %q\nremote_stand_in = %t\n", at, standIn)
	if err := os.WriteFile(filepath.Join(dir, "settings.toml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// nobody is an address where nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

// With nobody there the embedded engine understands and answers, and says so once.
func TestAwayAtTheStart(t *testing.T) {
	t.Parallel()
	a := begin(t, newHome(t), nil, "--remote", nobody(t), "--say", "what is two plus two", "--in", file(t, "what is gravity"))
	first := a.waitType(0, "reply.done", remoteWithin)
	if !strings.HasPrefix(first.Text, "The other computer isn't answering, so I'll answer this one myself. ") || first.Heard != first.Text {
		t.Errorf("answered %q, heard %q", first.Text, first.Heard)
	}
	a.wait(0, "the spoken question's answer", remoteWithin, func(ev event) bool {
		return ev.Type == "reply.done" && strings.Contains(ev.Text, "ravity")
	})
	if a.linked(0, ""); a.complaints() != 1 {
		t.Errorf("that it is away is spoken of %d times:\n%s", a.complaints(), a.log())
	}
}

// Where nobody may stand in, what is wrong is said in plain words.
func TestAwayAndNobodyStandsIn(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	at := nobody(t)
	h.remote(t, at, false)
	a := begin(t, h, nil, "--say", "what is gravity", "--say", "what is two plus two")
	<-a.ended
	if failed := a.waitType(0, "error", remoteWithin); failed.Message != "The other computer can't be reached; try again in a moment" {
		t.Errorf("the error is %q", failed.Message)
	}
	if n := a.spokenOf(); n != 1 || strings.Contains(a.log(), "force") {
		t.Errorf("spoken of %d times:\n%s", n, a.log())
	}
	out, _ := h.parley(nil, "doctor").Output() // no display is enough for an error
	if !strings.Contains(string(out), "other computer") || !strings.Contains(string(out), "remote_url") {
		t.Errorf("the doctor says %s", out)
	}
}

// A backend that is killed in mid-reply is missed once; the embedded engine goes on,
// and when it is back it answers again.
func TestKilledInMidReply(t *testing.T) {
	t.Parallel()
	b := serve(t)
	server := audiotest.StartServer(t)
	a := talk(t, newHome(t), server, "--remote", b.url())
	a.linked(0, "websocket")
	a.typed("what can you do")
	a.waitType(0, "reply.audio.started", remoteWithin)
	b.kill()
	a.wait(0, "end of the reply", remoteWithin, func(ev event) bool { return ev.Type == "reply.done" || ev.Type == "reply.interrupted" })

	mark := a.mark()
	a.typed("what is nine times nine")
	if done := a.waitType(mark, "reply.done", remoteWithin); !strings.Contains(done.Text, "81") || done.Heard != done.Text {
		t.Errorf("answered %q, heard %q", done.Text, done.Heard)
	}
	a.linked(0, "")
	mark = a.mark()
	b.start()
	a.wait(mark, "its return", remoteWithin, func(ev event) bool { return ev.Type == "link" && ev.Transport != "" })
	a.typed("what is two plus two")
	a.waitType(mark, "reply.done", remoteWithin)
	if n := a.complaints(); n != 1 {
		t.Errorf("that it was away is spoken of %d times:\n%s", n, a.log())
	}
}
