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
var exported = Record{
	Entry: Entry{
		ConversationInfo: engine.ConversationInfo{ID: 12, Title: "what is gravity", Began: time.Date(2026, 3, 14, 15, 9, 0, 0, time.Local), Turns: 3},
		Pinned:           true, Last: time.Date(2026, 3, 14, 15, 10, 0, 0, time.Local),
	},
	Turns: []engine.Turn{
		{ID: 1, Who: engine.User, At: time.Date(2026, 3, 14, 15, 9, 1, 0, time.Local), Text: "what is gravity", Heard: "what is gravity",
			Teaching: engine.Teaching{Kind: engine.TeachLesson, Topic: "gravity", Confidence: 0.75}},
		{ID: 1, Who: engine.Assistant, At: time.Date(2026, 3, 14, 15, 10, 0, 0, time.Local), Text: "A force. It attracts.", Heard: "A force.", Interrupted: true,
			Tools:  []engine.ToolUse{{Tool: "define", Arguments: `{"word": "gravity"}`, Result: "a *force*\nof nature"}, {Tool: "look_up", Failed: true}},
			Timing: engine.Timing{STT: 1500 * time.Microsecond, VoiceToVoice: 600 * time.Millisecond}},
		{ID: 2, Who: engine.User, Text: "*no* <b>\n# not_a_heading\x1b[2J", Typed: true},
	},
	Lessons: []KeptLesson{{
		LessonInfo: LessonInfo{ID: 3, Title: "Gravity", At: time.Date(2026, 3, 14, 15, 11, 0, 0, time.Local), Questions: 1},
		Lesson: engine.Lesson{ID: 3, Title: "Gravity", Markdown: "# Gravity\n\nA *force*.\n",
			Plan: &engine.Plan{Title: "Gravity", Quiz: []engine.Question{{Prompt: "What is it?", Answer: "A force."}}}},
	}},
}

func ExampleWriteList() {
	WriteList(os.Stdout, []Entry{exported.Entry, {
		ConversationInfo: engine.ConversationInfo{ID: 3, Title: "hello\x1b", Began: exported.Began, Turns: 140}, Last: exported.Last,
	}})
	// Output:
	//    12  2026-03-14 15:10     3 * what is gravity
	//     3  2026-03-14 15:10   140   hello
}

func ExampleWriteHits() {
	WriteHits(os.Stdout, []Hit{
		{Conversation: exported.ConversationInfo, Place: 1, Turn: exported.Turns[1], Excerpt: "A force. It attracts."},
		{Conversation: exported.ConversationInfo, Place: -1, Lesson: exported.Lessons[0].LessonInfo, Excerpt: "A *force*."},
		{Conversation: exported.ConversationInfo, Place: -1, Excerpt: "what is gravity"},
	})
	// Output:
	//    12  2026-03-14 15:09  what is gravity
	//        Parley: A force. It attracts.
	//    12  2026-03-14 15:09  what is gravity
	//        lesson 3, Gravity: A *force*.
	//    12  2026-03-14 15:09  what is gravity
	//        its title: what is gravity
}

func ExampleWriteFacts() {
	WriteFacts(os.Stdout, []KeptFact{{ID: 4, Fact: Fact{Text: "your name is Ada", At: exported.Began}}})
	// Output:
	//     4  2026-03-14 15:09  your name is Ada
}

func ExampleWriteLessons() {
	WriteLessons(os.Stdout, []LessonInfo{exported.Lessons[0].LessonInfo})
	// Output:
	//     3  2026-03-14 15:11     1   Gravity
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
	// > Tool define with {"word": "gravity"} gave: a \*force\*\
	// > of nature
	//
	// > Tool look\_up failed
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
	r := exported
	r.Began = began
	r.Turns = []engine.Turn{exported.Turns[1]}
	r.Turns[0].At = began
	r.Lessons = []KeptLesson{exported.Lessons[0]}
	r.Lessons[0].At = began
	WriteJSON(os.Stdout, r)
	// Output:
	// {
	//   "id": 12,
	//   "title": "what is gravity",
	//   "began": "2026-03-14T15:09:26.535897932Z",
	//   "pinned": true,
	//   "turns": [
	//     {
	//       "turn": 1,
	//       "who": "assistant",
	//       "at": "2026-03-14T15:09:26.535897932Z",
	//       "text": "A force. It attracts.",
	//       "heard": "A force.",
	//       "interrupted": true,
	//       "tools": [
	//         {
	//           "tool": "define",
	//           "arguments": "{\"word\": \"gravity\"}",
	//           "result": "a *force*\nof nature"
	//         },
	//         {
	//           "tool": "look_up",
	//           "failed": true
	//         }
	//       ],
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
	//   "lessons": [
	//     {
	//       "id": 3,
	//       "title": "Gravity",
	//       "markdown": "# Gravity\n\nA *force*.\n",
	//       "plan": {
	//         "title": "Gravity",
	//         "quiz": [
	//           {
	//             "prompt": "What is it?",
	//             "answer": "A force."
	//           }
	//         ]
	//       },
	//       "at": "2026-03-14T15:09:26.535897932Z"
	//     }
	//   ]
	// }
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("full")

func TestExportSaysWhenItCannotWrite(t *testing.T) {
	for i, err := range []error{
		WriteMarkdown(full{}, exported), WriteJSON(full{}, exported), WriteLessonJSON(full{}, exported.Lessons[0]),
		WriteList(full{}, []Entry{exported.Entry}), WriteLessons(full{}, []LessonInfo{{}}), WriteHits(full{}, []Hit{{}}), WriteFacts(full{}, []KeptFact{{}}),
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
