package history

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// exported is in local time, so that what is read is the same everywhere.
var exported = engine.Transcript{
	Info: engine.ConversationInfo{ID: 12, Title: "what is gravity", Began: time.Date(2026, 3, 14, 15, 9, 0, 0, time.Local), Turns: 3},
	Turns: []engine.Turn{
		{ID: 1, Who: engine.User, At: time.Date(2026, 3, 14, 15, 9, 1, 0, time.Local), Text: "what is gravity", Heard: "what is gravity",
			Teaching: engine.Teaching{Kind: engine.TeachLesson, Topic: "gravity", Confidence: 0.75}},
		{ID: 1, Who: engine.Assistant, At: time.Date(2026, 3, 14, 15, 10, 0, 0, time.Local), Text: "A force. It attracts.", Heard: "A force.", Interrupted: true,
			Timing: engine.Timing{STT: 1500 * time.Microsecond, VoiceToVoice: 600 * time.Millisecond}},
		{ID: 2, Who: engine.User, Text: "*no* <b>\n# not_a_heading\x1b[2J", Typed: true},
	},
	Lesson: engine.Lesson{Title: "Gravity", Markdown: "# Gravity\n\nA *force*.\n"},
}

func ExampleWriteList() {
	WriteList(os.Stdout, []engine.ConversationInfo{exported.Info, {ID: 3, Title: "hello\x1b", Began: exported.Info.Began, Turns: 140}})
	// Output:
	//    12  2026-03-14 15:09     3  what is gravity
	//     3  2026-03-14 15:09   140  hello
}

func ExampleWriteMarkdown() {
	WriteMarkdown(os.Stdout, exported)
	// Output:
	// # what is gravity
	//
	// 2026-03-14 15:09
	//
	// **You** (15:09): what is gravity
	//
	// **Parley** (15:10): A force. *— interrupted*
	//
	// **You**: \*no\* \<b>\
	// \# not\_a\_heading \[2J
	//
	// ---
	//
	// # Gravity
	//
	// A *force*.
}

func ExampleWriteJSON() {
	t := exported
	t.Info.Began = began
	t.Turns = []engine.Turn{exported.Turns[1]}
	t.Turns[0].At = began
	WriteJSON(os.Stdout, t)
	// Output:
	// {
	//   "id": 12,
	//   "title": "what is gravity",
	//   "began": "2026-03-14T15:09:26.535897932Z",
	//   "turns": [
	//     {
	//       "turn": 1,
	//       "who": "assistant",
	//       "at": "2026-03-14T15:09:26.535897932Z",
	//       "text": "A force. It attracts.",
	//       "heard": "A force.",
	//       "interrupted": true,
	//       "timing": {
	//         "endpoint_ms": 0,
	//         "stt_ms": 1.5,
	//         "ttft_ms": 0,
	//         "ttfb_ms": 0,
	//         "playout_ms": 0,
	//         "voice_to_voice_ms": 600
	//       }
	//     }
	//   ],
	//   "lesson": {
	//     "title": "Gravity",
	//     "markdown": "# Gravity\n\nA *force*.\n"
	//   }
	// }
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("full")

func TestExportSaysWhenItCannotWrite(t *testing.T) {
	for i, err := range []error{
		WriteList(full{}, []engine.ConversationInfo{exported.Info}), WriteMarkdown(full{}, exported), WriteJSON(full{}, exported),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func TestEscape(t *testing.T) {
	for in, want := range map[string]string{
		"plain, really.":  "plain, really.",
		" a \n- b\n\n> c": "a\\\n\\- b\\\n\\> c",
		"`x` a_b ~c~ |":   "\\`x\\` a\\_b \\~c\\~ \\|",
		"":                "",
	} {
		if got := escape(in); got != want {
			t.Errorf("escape(%q) = %q, want %q", in, got, want)
		}
	}
	if got := escape(strings.Repeat("é\x07", 3)); got != "é é é" {
		t.Errorf("got %q", got)
	}
}
