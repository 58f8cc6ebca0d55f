package server

import (
	"context"
	"slices"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

func TestSpeculation(t *testing.T) {
	uses := func(ctx context.Context, req engine.Request, yield func(engine.Reply, error) bool) {
		_ = yield(engine.Used{ToolUse: engine.ToolUse{Tool: "clock", Result: "noon"}}, nil)
		echoes(ctx, req, yield)
	}
	c := connect(t, backend(uses), Options{Extensions: []string{protocol.Speculation1}})
	c.send(noTurns, sound(tone(4800)), `{"type":"x_parley.pause","event_id":"p1"}`)
	for {
		if h := c.wait(protocol.ParleyHypothesis).Hypothesis; h.Soft {
			if h.Pause != "p1" || h.Text == "" || h.Confidence != .9 {
				t.Errorf("the pause is answered by %+v", h)
			}
			break
		}
	}
	c.send(`{"type":"input_audio_buffer.commit"}`)
	final := c.wait(protocol.ParleyHypothesis)
	for final.ItemID == "" { // a partial one
		final = c.wait(protocol.ParleyHypothesis)
	}
	if done := c.wait(protocol.TranscriptionCompleted); final.ItemID != done.ItemID || final.Hypothesis.Text != *done.Transcript || final.Hypothesis.Confidence != .9 {
		t.Errorf("the final hypothesis is %+v", final.Hypothesis)
	}
	c.send(`{"type":"response.create"}`)
	if tool := c.wait(protocol.ParleyTool); tool.Tool.Name != "clock" || tool.Tool.Result != "noon" {
		t.Errorf("the tool is %+v", tool.Tool)
	}
	text := c.wait(protocol.ResponseDone).Response.Output[0].Words()
	var words []string
	end := 0
	for _, e := range c.all() {
		for _, w := range e.Words {
			words = append(words, text[w.From:w.To])
			if w.StartMS < end {
				t.Errorf("%q begins at %d ms", text[w.From:w.To], w.StartMS)
			}
			end = w.EndMS
		}
	}
	if !slices.Equal(words, strings.Fields(text)) {
		t.Errorf("the words are %q", words)
	}
}

func TestTeachingWithAndWithoutTheExtension(t *testing.T) {
	c := connect(t, backend(echoes), Options{Extensions: []string{protocol.Teaching1}})
	c.send(noTurns, says("please teach me knots"), `{"type":"response.create"}`)
	if found := c.wait(protocol.ParleyTeaching).Teaching; found.Kind != "lesson" || found.Topic != "knots" {
		t.Errorf("found %+v", found)
	}
	if r := c.wait(protocol.ResponseDone).Response; r.Metadata != nil {
		t.Errorf("the metadata is %v", r.Metadata)
	}
	c.send(`{"type":"x_parley.lesson.create","lesson":{"id":"l1","topic":"knots"}}`)
	done := c.wait(protocol.ParleyLessonDone).Lesson
	if n := count(c, protocol.ParleyLessonDelta); n != 2 || done.ID != "l1" || !strings.Contains(string(done.Plan), "knots") {
		t.Errorf("%d pieces, and the lesson is %+v", n, done)
	}
	c.send(`{"type":"x_parley.lesson.cancel","event_id":"e","lesson":{"id":"l1"}}`)
	if e := c.wait(protocol.ErrorEvent).Error; e.EventID != "e" {
		t.Errorf("the error is %+v", e)
	}

	c = connect(t, backend(echoes), Options{})
	c.send(noTurns, says("please teach me knots"), `{"type":"response.create","response":{"metadata":{"topic":"mine"}}}`)
	if r := c.wait(protocol.ResponseDone).Response; r.Metadata["teaching"] != "lesson" || r.Metadata["topic"] != "mine" {
		t.Errorf("the metadata is %v", r.Metadata)
	}
	c.send(says("thanks"), `{"type":"response.create"}`)
	if r := c.wait(protocol.ResponseDone).Response; r.Metadata != nil {
		t.Errorf("the metadata is %v", r.Metadata)
	}
	c.send(`{"type":"x_parley.lesson.create","lesson":{"id":"l1","topic":"knots"}}`)
	if e := c.wait(protocol.ErrorEvent).Error; e.Code != protocol.CodeUnknownEvent {
		t.Errorf("the error is %+v", e)
	}
	for _, e := range c.all() {
		if strings.HasPrefix(e.Type, "x_parley") {
			t.Errorf("%s comes to a client that did not ask for it", e.Type)
		}
	}
}

func TestMetrics(t *testing.T) {
	c := connect(t, backend(echoes), Options{Extensions: []string{protocol.Metrics1}})
	c.send(noTurns, sound(tone(4800)), `{"type":"input_audio_buffer.commit"}`, `{"type":"response.create"}`)
	id := c.wait(protocol.ResponseDone).Response.ID
	m := c.wait(protocol.ParleyMetrics).Metrics
	if m.ResponseID != id || m.FirstToken > m.FirstAudio || m.FirstAudio > m.Complete || m.AudioLength < 500 {
		t.Errorf("the metrics are %+v", m)
	}
}

func TestResumeReplaysWhatCameAfter(t *testing.T) {
	var kept Resumable
	o := Options{Extensions: []string{protocol.Resume1}, Resumable: &kept}
	c := connect(t, backend(endless), o)
	token := c.wait(protocol.ParleyResume).Resume.Token
	c.send(noTurns, says("hello"), `{"type":"response.create"}`)
	last := c.wait(protocol.OutputAudioDelta)
	c.close()
	if err := <-c.end; err != nil {
		t.Error(err)
	}
	c.end <- nil
	o.Resume = token + "; last=" + last.EventID
	again := connect(t, backend(endless), o)
	if s := again.wait(protocol.SessionCreated); s.Session.ID != c.all()[0].Session.ID {
		t.Error("it is another session")
	}
	again.send(`{"type":"response.cancel"}`)
	if r := again.wait(protocol.ResponseDone).Response; r.ID != last.ResponseID {
		t.Error("it is another response")
	}
	seen := map[string]bool{}
	for _, e := range slices.Concat(c.all()[:c.seen], again.all()[1:]) {
		if seen[e.EventID] {
			t.Errorf("%s %s comes twice", e.EventID, e.Type)
		}
		seen[e.EventID] = true
	}
	again.close()
	<-again.end
	again.end <- nil
	kept.Close()
}
