package server

import (
	"slices"
	"testing"

	"parley/engine/realtime/protocol"
)

func TestTextInSpokenReplyOut(t *testing.T) {
	c := connect(t, backend(echoes), Options{})
	c.send(noTurns, says("hello"), `{"type":"response.create"}`)
	done := c.wait(protocol.ResponseDone)
	c.wait(protocol.RateLimitsUpdated)
	want := []string{
		"session.created", "session.updated", "conversation.item.added", "conversation.item.done",
		"response.created", "response.output_item.added", "conversation.item.added", "response.content_part.added",
		"response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done",
		"conversation.item.done", "response.output_item.done", "response.done", "rate_limits.updated",
	}
	got := slices.DeleteFunc(order(c.all()), func(kind string) bool {
		return kind == protocol.OutputAudioDelta || kind == protocol.OutputAudioTranscriptDelta
	})
	if !slices.Equal(got, want) {
		t.Errorf("the order is\n%v, not\n%v", got, want)
	}
	if r := done.Response; r.Status != "completed" || r.Output[0].Words() != "You said hello. That is all." || r.Usage.TotalTokens == 0 {
		t.Errorf("the response is %+v", r)
	}
	if n := count(c, protocol.OutputAudioDelta); n < 6 {
		t.Errorf("there are %d deltas of sound", n)
	}
}

func count(c *client, kind string) int {
	n := 0
	for _, e := range c.all() {
		if e.Type == kind {
			n++
		}
	}
	return n
}

func TestAppendCommitRespond(t *testing.T) {
	c := connect(t, backend(echoes), Options{})
	c.send(noTurns, sound(tone(2400)), `{"type":"input_audio_buffer.commit"}`, `{"type":"response.create","response":{"output_modalities":["text"]}}`)
	transcript := c.wait(protocol.TranscriptionCompleted)
	done := c.wait(protocol.ResponseDone)
	if *transcript.Transcript == "" || done.Response.Output[0].Words() != "You said "+*transcript.Transcript+". That is all." {
		t.Errorf("%q is answered by %q", *transcript.Transcript, done.Response.Output[0].Words())
	}
}
