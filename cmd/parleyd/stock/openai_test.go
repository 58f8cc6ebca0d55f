package stock

import (
	"slices"
	"strings"
	"testing"
)

// spokenTurn is one over WebSocket, as a client tells of it.
type spokenTurn struct {
	Order       []string
	Heard, Said string
	AudioMS     int
	Status      string
	Usage       struct {
		Total int `json:"total_tokens"`
	}
	Close int
}

// inOrder says whether these are among the events, in this order.
func inOrder(events []string, want ...string) bool {
	for _, e := range events {
		if len(want) > 0 && e == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

// once says whether each of these is there once.
func once(events []string, want ...string) bool {
	for _, w := range want {
		i := slices.Index(events, w)
		if i < 0 || slices.Contains(events[i+1:], w) {
			return false
		}
	}
	return true
}

var (
	answered = []string{
		"response.created", "response.output_item.added", "conversation.item.added", "response.content_part.added", "response.output_audio.delta",
		"response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done", "conversation.item.done",
		"response.output_item.done", "response.done",
	}
	understood = []string{
		"input_audio_buffer.committed", "conversation.item.added", "conversation.item.done", "conversation.item.input_audio_transcription.completed",
	}
	byServer = append([]string{"input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"}, understood...)
)

func TestOpenAI(t *testing.T) {
	p := newTap(t, serve(t))
	said := node(t, "openai.mjs", p.address)
	for what, order := range map[string][]string{"server_vad": byServer, "manual": understood} {
		var turn spokenTurn
		said.read(t, what, &turn)
		if turn.Heard != spoken["time"] || !strings.HasPrefix(turn.Said, "It's ") || turn.AudioMS < 500 {
			t.Errorf("%s: heard is %q, said %q in %d ms", what, turn.Heard, turn.Said, turn.AudioMS)
		}
		if !inOrder(turn.Order, order...) || !inOrder(turn.Order, answered...) || !once(turn.Order, "session.created", "response.created", "response.done") {
			t.Errorf("%s: the events are %q", what, turn.Order)
		}
		if turn.Status != "completed" || turn.Usage.Total == 0 || turn.Close != 1000 {
			t.Errorf("%s: ends %q with %d tokens, close %d", what, turn.Status, turn.Usage.Total, turn.Close)
		}
	}

	var transcription struct {
		spokenTurn
		Type string
	}
	said.read(t, "transcription", &transcription)
	if transcription.Heard != spoken["time"] || transcription.Type != "transcription" || !inOrder(transcription.Order, byServer...) || slices.Contains(transcription.Order, "response.created") {
		t.Errorf("transcription alone: %+v", transcription)
	}
	var secret struct{ Prefix, Instructions string }
	said.read(t, "secret", &secret)
	if secret.Prefix != "ek_" || secret.Instructions != "Speak like a pirate." {
		t.Errorf("a session of a client secret: %+v", secret)
	}

	var chat struct {
		Text, Streamed, Reason string
		Tokens                 int
	}
	said.read(t, "chat", &chat)
	if !strings.Contains(chat.Text, "56") || chat.Streamed != chat.Text || chat.Reason != "stop" || chat.Tokens == 0 {
		t.Errorf("chat: %+v", chat)
	}
	var speech struct {
		Bytes                  int
		Seconds                float64
		Text, Streamed, Deltas string
	}
	said.read(t, "speech", &speech)
	if want := spoken["time"]; speech.Text != want || speech.Streamed != want || strings.TrimSpace(speech.Deltas) != want || speech.Seconds <= 0 {
		t.Errorf("what is spoken is understood as %+v", speech)
	}
	var models struct{ Names []string }
	said.read(t, "models", &models)
	if !slices.Contains(models.Names, "parley") {
		t.Errorf("the models are %q", models.Names)
	}
	p.plain(t)
}

// Who still speaks the Beta's events is told so, and put out.
func TestBeta(t *testing.T) {
	p := newTap(t, serve(t))
	var told struct {
		Types  []string
		Code   string
		Closed int
	}
	node(t, "beta.mjs", p.address).read(t, "beta", &told)
	if told.Code != "beta_api_shape_disabled" || told.Closed != 4000 || !slices.Equal(told.Types, []string{"error"}) {
		t.Errorf("it is told %+v", told)
	}
}
