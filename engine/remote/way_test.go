package remote

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/engine"
)

// A rung of another room: its errors are told apart as that room explains them.
func TestWay(t *testing.T) {
	theirs, key, unable := errors.New("realtime: 404"), errors.New("realtime: key"), errors.New("realtime: no lessons")
	f, own := &fake{name: "ws"}, &fake{name: "own"}
	rung := Way{
		Transport: WebSocket, Has: f.Stages(), Ask: f.Probe,
		Explain: func(err error) error {
			switch {
			case errors.Is(err, theirs):
				return Refused(err, 404, 0, false)
			case errors.Is(err, key):
				return errors.Join(ErrCredentials, err)
			case errors.Is(err, unable):
				return errors.Join(ErrUnable, err)
			}
			return err
		},
	}.Rung()
	if err := rung.Probe(t.Context()); err != nil || rung.RTT() <= 0 || rung.Name() != WebSocket {
		t.Errorf("probe: %v, %v", err, rung.RTT())
	}
	for given, want := range map[error]verdict{theirs: leave, key: stop, unable: unfit, errReset: leave} {
		f.fails, f.probe = given, given
		_, err := replied(rung.Stages().Responder.Respond(t.Context(), engine.Request{}))
		probed := rung.Probe(t.Context())
		for _, err := range []error{err, probed} {
			if got, _ := judge(err); got != want || !errors.Is(err, given) {
				t.Errorf("%v is %v", err, got)
			}
		}
	}
	if refusal, ok := errors.AsType[Refusal](Refused(theirs, 503, time.Minute, true)); !ok || refusal.RetryAfter() != time.Minute || !fromProxy(refusal) || refusal.Error() != theirs.Error() {
		t.Errorf("%#v", refusal)
	}
	// What it cannot do is done here, and it is not left for that.
	f.fails = unable
	l, err := New(Options{URL: "x", Own: own.Stages()}, rung)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for piece, err := range l.Lesson(t.Context(), engine.LessonRequest{Topic: "bees"}) {
		if err != nil {
			t.Fatal(err)
		}
		text += piece.Markdown
	}
	if text != "# bees\nown" || link(t, l).Transport != WebSocket {
		t.Errorf("%q, %+v", text, link(t, l))
	}
	f.fails = nil
	for range l.Synthesize(t.Context(), "Hello.") {
	}
	if final, _, err := understood(l.Transcribe(t.Context(), speech(".."))); err != nil || final != "ws.." {
		t.Errorf("%q, %v", final, err)
	}
	if s := (Way{Trip: func() time.Duration { return time.Hour }, Ask: func(context.Context) error { return theirs }}).Rung(); s.Stages() != (Stages{}) || s.RTT() != time.Hour || !errors.Is(s.Probe(t.Context()), theirs) {
		t.Error("an empty way has stages")
	}
}
