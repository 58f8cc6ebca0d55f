package ui

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// fold is the state after bodies, all of one turn unless they say otherwise.
func fold(turn engine.TurnID, bodies ...engine.EventBody) State {
	var s State
	for _, b := range bodies {
		s = s.Fold(engine.Event{Turn: turn, Body: b})
	}
	return s
}

// rows are those of a thread, oldest first.
func (t Thread) rows() []Row { return slices.Concat(t.settled, t.live) }

func TestFoldRows(t *testing.T) {
	asked := engine.TranscriptFinal{Text: "why are leaves green"}
	said := Row{Kind: UserRow, Turn: 1, Text: asked.Text, Sure: 20, Now: 20, Done: true}
	reply := engine.ReplyText{Text: "Chlorophyll reflects green."}
	tests := map[string]struct {
		events []engine.EventBody
		want   []Row
	}{
		"partial": {
			[]engine.EventBody{engine.SpeechStarted{}, engine.TranscriptPartial{Text: "why are leaves", Stable: 1}},
			[]Row{{Kind: UserRow, Turn: 1, Text: "why are leaves", Sure: 3, Now: 3}},
		},
		"latest partial wins": {
			[]engine.EventBody{engine.TranscriptPartial{Text: "y"}, engine.TranscriptPartial{Text: "why are", Stable: 2}},
			[]Row{{Kind: UserRow, Turn: 1, Text: "why are", Sure: 7, Now: 7}},
		},
		"final": {
			[]engine.EventBody{engine.TranscriptPartial{Text: "why"}, asked},
			[]Row{said},
		},
		"no words understood": {
			[]engine.EventBody{engine.TranscriptPartial{Text: "uh"}, engine.TranscriptFinal{}},
			nil,
		},
		"reply not yet spoken": {
			[]engine.EventBody{asked, engine.ReplyText{Text: "Chlorophyll "}, engine.ReplyText{Text: "reflects green."}},
			[]Row{said, {Kind: ReplyRow, Turn: 1, Text: reply.Text}},
		},
		"word being spoken": {
			[]engine.EventBody{asked, reply, engine.ReplyProgress{From: 12, To: 20}},
			[]Row{said, {Kind: ReplyRow, Turn: 1, Text: reply.Text, Sure: 12, Now: 20}},
		},
		"progress beyond the text": {
			[]engine.EventBody{reply, engine.ReplyProgress{From: -3, To: 400}},
			[]Row{{Kind: ReplyRow, Turn: 1, Text: reply.Text, Sure: 0, Now: 27}},
		},
		"progress inside a rune": {
			[]engine.EventBody{engine.ReplyText{Text: "né"}, engine.ReplyProgress{From: 0, To: 2}},
			[]Row{{Kind: ReplyRow, Turn: 1, Text: "né", Sure: 0, Now: 1}},
		},
		"progress of no reply": {
			[]engine.EventBody{asked, engine.ReplyProgress{From: 1, To: 2}},
			[]Row{said},
		},
		"reply done": {
			[]engine.EventBody{asked, reply, engine.ReplyDone{Text: reply.Text, Heard: reply.Text}},
			[]Row{said, {Kind: ReplyRow, Turn: 1, Text: reply.Text, Sure: 27, Now: 27, Done: true}},
		},
		"reply done without a speaker is there to be read": {
			[]engine.EventBody{reply, engine.ReplyDone{Text: reply.Text}},
			[]Row{{Kind: ReplyRow, Turn: 1, Text: reply.Text, Sure: 27, Now: 27, Done: true}},
		},
		"barge-in": {
			[]engine.EventBody{asked, reply, engine.ReplyInterrupted{Text: reply.Text, Heard: "Chlorophyll", Cause: "barge_in"}},
			[]Row{said, {Kind: ReplyRow, Turn: 1, Text: "Chlorophyll", Sure: 11, Now: 11, Mark: markFor("barge_in"), Done: true}},
		},
		"stopped": {
			[]engine.EventBody{reply, engine.ReplyInterrupted{Heard: "Chlorophyll", Cause: "stop"}},
			[]Row{{Kind: ReplyRow, Turn: 1, Text: "Chlorophyll", Sure: 11, Now: 11, Mark: markFor("stop"), Done: true}},
		},
		"sound lost": {
			[]engine.EventBody{reply, engine.ReplyInterrupted{Heard: "Chlorophyll", Cause: "no_sound"}},
			[]Row{{Kind: ReplyRow, Turn: 1, Text: "Chlorophyll", Sure: 11, Now: 11, Mark: markFor("no_sound"), Done: true, Lost: true}},
		},
		"a cause of later days": {
			[]engine.EventBody{reply, engine.ReplyInterrupted{Cause: "earthquake"}},
			[]Row{{Kind: ReplyRow, Turn: 1, Mark: markFor(""), Done: true}},
		},
		"badge": {
			[]engine.EventBody{asked, engine.TeachingDetected{Teaching: engine.Teaching{Kind: engine.TeachLesson, Topic: "leaves"}}, reply},
			[]Row{said, {Kind: ReplyRow, Turn: 1, Text: reply.Text, Badge: engine.TeachLesson}},
		},
		"error in mid reply": {
			[]engine.EventBody{asked, reply, engine.Error{Stage: "synthesizer", Message: "flite:\n no voice", Heard: "Chlorophyll"}},
			[]Row{said,
				{Kind: ReplyRow, Turn: 1, Text: "Chlorophyll", Sure: 11, Now: 11, Mark: "— broke off", Done: true},
				{Kind: ErrorRow, Turn: 1, Text: "Speaking: flite: no voice", Sure: 25, Now: 25, Done: true}},
		},
		"the same error again": {
			[]engine.EventBody{engine.Error{Stage: "microphone", Message: "gone"}, engine.Error{Stage: "microphone", Message: "gone"}},
			[]Row{{Kind: ErrorRow, Turn: 1, Text: "Microphone: gone", Sure: 16, Now: 16, Done: true}},
		},
		"two errors in turn": {
			[]engine.EventBody{engine.Error{Stage: "microphone", Message: "gone"}, engine.Error{Stage: "speaker", Message: "gone"}, engine.Error{Stage: "microphone", Message: "gone"}},
			[]Row{{Kind: ErrorRow, Turn: 1, Text: "Microphone: gone", Sure: 16, Now: 16, Done: true}, {Kind: ErrorRow, Turn: 1, Text: "Speaker: gone", Sure: 13, Now: 13, Done: true}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := fold(1, tt.events...).Thread.rows(); !slices.Equal(got, tt.want) {
				t.Errorf("rows\n got %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// What says that sound is lost says so until it is back, and no longer.
func TestSoundIsBack(t *testing.T) {
	gone := func(stage, why string) engine.Event {
		return engine.Event{Body: engine.Error{Stage: stage, Message: why}}
	}
	state := func(s engine.State) engine.Event { return engine.Event{Body: engine.StateChanged{State: s}} }
	said := engine.Event{Turn: 1, Body: engine.TranscriptFinal{Text: "hello"}}
	cut := engine.Event{Turn: 1, Body: engine.ReplyInterrupted{Heard: "Well", Cause: "no_sound"}}
	failed := engine.Event{Turn: 1, Body: engine.Error{Stage: "speaker", Message: "it stutters"}}
	const back = "Sound was lost; it is back."
	for name, tt := range map[string]struct {
		events []engine.Event
		want   []string
	}{
		"still lost":             {[]engine.Event{gone("microphone", "unplugged"), state(engine.NoSound)}, []string{"Microphone: unplugged"}},
		"still lost, and typed":  {[]engine.Event{gone("microphone", "unplugged"), state(engine.NoSound), said, state(engine.Thinking), state(engine.NoSound)}, []string{"Microphone: unplugged", "hello"}},
		"back":                   {[]engine.Event{gone("microphone", "unplugged"), state(engine.NoSound), said, state(engine.Listening)}, []string{back, "hello"}},
		"back, and muted":        {[]engine.Event{gone("microphone", "unplugged"), state(engine.Muted)}, []string{back}},
		"both back":              {[]engine.Event{gone("microphone", "unplugged"), said, gone("speaker", "silent"), state(engine.Listening)}, []string{"hello", back}},
		"lost in a reply":        {[]engine.Event{said, gone("speaker", "silent"), cut, state(engine.NoSound), state(engine.Listening)}, []string{"hello", back, "Well" + markFor("")}},
		"lost in a reply, still": {[]engine.Event{said, gone("speaker", "silent"), cut, state(engine.NoSound)}, []string{"hello", "Speaker: silent", "Well" + markFor("no_sound")}},
		"lost again":             {[]engine.Event{gone("microphone", "unplugged"), state(engine.Listening), gone("microphone", "unplugged"), state(engine.NoSound)}, []string{back, "Microphone: unplugged"}},
		"back again":             {[]engine.Event{gone("microphone", "unplugged"), state(engine.Listening), gone("microphone", "unplugged"), state(engine.Listening)}, []string{back}},
		"another failure":        {[]engine.Event{failed, gone("history", "full"), state(engine.Listening)}, []string{"Speaker: it stutters", "History: full"}},
	} {
		var s State
		for _, ev := range tt.events {
			s = s.Fold(ev)
		}
		var got []string
		for _, r := range s.Thread.rows() {
			got = append(got, r.Text+r.Mark)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	// A thread that is being drawn stays as it is.
	var before State
	before = before.Fold(gone("microphone", "unplugged"))
	after := before.Fold(state(engine.Listening))
	if before.Thread.last().Text != "Microphone: unplugged" || after.Version == before.Version {
		t.Errorf("the old thread says %q; version %d and then %d", before.Thread.last().Text, before.Version, after.Version)
	}
}

// TestFoldOverlap has the user speak over a reply: each row keeps its place.
func TestFoldOverlap(t *testing.T) {
	var s State
	for _, ev := range []engine.Event{
		{Turn: 1, Body: engine.TranscriptFinal{Text: "go on"}},
		{Turn: 1, Body: engine.ReplyText{Text: "Well, then."}},
		{Turn: 2, Body: engine.SpeechStarted{}},
		{Turn: 2, Body: engine.TranscriptPartial{Text: "wait"}},
		{Turn: 1, Body: engine.ReplyInterrupted{Heard: "Well,", Cause: "barge_in"}},
		{Turn: 2, Body: engine.TranscriptFinal{Text: "wait a moment"}},
	} {
		s = s.Fold(ev)
	}
	var got []string
	for _, r := range s.Thread.rows() {
		got = append(got, r.Text+r.Mark)
	}
	want := []string{"go on", "Well," + markFor("barge_in"), "wait a moment"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := len(s.Thread.live); n != 0 {
		t.Errorf("%d rows still live", n)
	}
}

func TestFoldSnapshot(t *testing.T) {
	u := engine.Turn{ID: 4, Who: engine.User, Text: "explain tides", Heard: "explain tides", Teaching: engine.Teaching{Kind: engine.TeachLesson}}
	a := engine.Turn{ID: 4, Who: engine.Assistant, Text: "The moon pulls the sea.", Heard: "The moon", Interrupted: true,
		Timing: engine.Timing{VoiceToVoice: 310 * time.Millisecond}}
	s := fold(0, engine.Snapshot{
		State:        engine.StateChanged{State: engine.Speaking},
		Conversation: engine.ConversationInfo{ID: 7},
		Turns:        []engine.Turn{u, a},
		Reply:        engine.ReplyProgress{Text: "Twice a day.", From: 6, To: 7},
		Partial:      engine.TranscriptPartial{Text: "and"},
		Lesson:       engine.Lesson{Title: "Tides", Markdown: "# Tides"},
	})
	want := []Row{
		{Kind: UserRow, Turn: 4, Text: "explain tides", Sure: 13, Now: 13, Badge: engine.TeachLesson, Done: true},
		{Kind: ReplyRow, Turn: 4, Text: "The moon", Sure: 8, Now: 8, Mark: markFor(""), Badge: engine.TeachLesson, Done: true},
		{Kind: ReplyRow, Text: "Twice a day.", Sure: 6, Now: 7},
		{Kind: UserRow, Text: "and"},
	}
	if got := s.Thread.rows(); !slices.Equal(got, want) {
		t.Errorf("rows\n got %+v\nwant %+v", got, want)
	}
	if s.Conversation.Title != "explain tides" || s.Timing.VoiceToVoice != 310*time.Millisecond || s.LessonNumber != 1 || s.LessonWriting {
		t.Errorf("title %q latency %v lesson %d writing %v", s.Conversation.Title, s.Timing.VoiceToVoice, s.LessonNumber, s.LessonWriting)
	}
	// What was running goes on under its turn's number.
	s = s.Fold(engine.Event{Turn: 5, Body: engine.ReplyDone{Text: "Twice a day."}})
	s = s.Fold(engine.Event{Turn: 6, Body: engine.TranscriptFinal{Text: "and why"}})
	if n, last := s.Thread.Len(), s.Thread.last(); n != 4 || last.Text != "and why" || last.Turn != 6 {
		t.Errorf("after going on: %d rows, last %+v", n, last)
	}
	s = s.Fold(engine.Event{Body: engine.ConversationChanged{Conversation: engine.ConversationInfo{ID: 8}}})
	if s.Thread.Len() != 0 || s.Lesson.Markdown != "" || s.Conversation.ID != 8 {
		t.Errorf("another conversation shows what the last did: %+v", s)
	}
}

func TestFoldLesson(t *testing.T) {
	s := fold(1, engine.LessonDone{Lesson: engine.Lesson{Title: "Old", Markdown: "old"}},
		engine.TeachingDetected{Teaching: engine.Teaching{Kind: engine.TeachLesson, Topic: "tides"}})
	if s.Lesson.Markdown != "old" {
		t.Error("the last lesson went before the next had begun")
	}
	s = s.Fold(engine.Event{Body: engine.LessonDelta{Markdown: "# Ti"}})
	s = s.Fold(engine.Event{Body: engine.LessonDelta{Markdown: "des"}})
	if want := (engine.Lesson{Title: "Tides", Markdown: "# Tides"}); s.Lesson != want || !s.LessonWriting || s.LessonNumber != 2 {
		t.Errorf("being written: %+v, writing %v, number %d", s.Lesson, s.LessonWriting, s.LessonNumber)
	}
	s = s.Fold(engine.Event{Body: engine.LessonDone{Lesson: engine.Lesson{Title: "Tides", Markdown: "whole"}}})
	if s.Lesson.Markdown != "whole" || s.LessonWriting || s.LessonNumber != 2 {
		t.Errorf("done: %+v, writing %v, number %d", s.Lesson, s.LessonWriting, s.LessonNumber)
	}
	come := engine.Progress{Segment: 2, Segments: 5}
	if s = s.Fold(engine.Event{Body: engine.LessonProgress{Progress: come}}); s.Progress != come {
		t.Errorf("the learner is at %+v, want %+v", s.Progress, come)
	}
	if s = s.Fold(engine.Event{Body: engine.LessonDelta{Markdown: "# Moon"}}); s.Progress != (engine.Progress{}) {
		t.Errorf("with a new lesson the learner is at %+v", s.Progress)
	}
}

// A tool that was called stands before the reply it was called for, also when
// the conversation is opened again.
func TestFoldTools(t *testing.T) {
	use := engine.ToolUse{Tool: "weather", Arguments: `{"city":"Bern"}`, Result: "rain\nall day " + strings.Repeat("é", 200)}
	s := fold(3, engine.ToolUsed{ToolUse: use}, engine.ReplyText{Text: "Take a coat."}, engine.ReplyDone{Text: "Take a coat.", Heard: "Take a coat."})
	stored := threadOf([]engine.Turn{{ID: 3, Who: engine.Assistant, Text: "Take a coat.", Tools: []engine.ToolUse{use}}})
	for name, thread := range map[string]Thread{"live": s.Thread, "stored": stored} {
		if thread.Len() != 2 || thread.At(0).Kind != ToolRow || thread.At(1).Kind != ReplyRow {
			t.Fatalf("%s: %+v", name, thread)
		}
		text := thread.At(0).Text
		if !strings.HasPrefix(text, `weather {"city":"Bern"}: rain all day é`) || !strings.HasSuffix(text, "é…") || len(text) > 200 {
			t.Errorf("%s: %q", name, text)
		}
	}
	failed := toolRow(1, engine.ToolUse{Tool: "weather", Arguments: "{}", Failed: true, Result: "no answer"})
	if failed.Text != "weather failed: no answer" {
		t.Errorf("%q", failed.Text)
	}
}

func TestFoldVersion(t *testing.T) {
	hearing := engine.StateChanged{State: engine.Hearing}
	loud := engine.Level{Microphone: -30, Speaker: -90}
	tests := map[string]struct {
		before []engine.EventBody
		event  engine.EventBody
		drawn  bool
	}{
		"the same state":           {[]engine.EventBody{hearing}, hearing, false},
		"another state":            {[]engine.EventBody{hearing}, engine.StateChanged{State: engine.Thinking}, true},
		"level while hearing":      {[]engine.EventBody{hearing}, loud, false}, // the presence draws it at its pace
		"level while still":        {[]engine.EventBody{engine.StateChanged{State: engine.Listening}}, loud, true},
		"noise goes on":            {[]engine.EventBody{engine.StateChanged{State: engine.Listening}, loud}, engine.Level{Microphone: -31, Speaker: -90}, false},
		"noise while muted":        {[]engine.EventBody{engine.StateChanged{State: engine.Muted, Muted: true}}, loud, false},
		"a way to a backend":       {nil, engine.LinkChanged{Link: engine.Link{Backend: "desk", Transport: "websocket"}}, true},
		"nothing to see":           {nil, engine.SpeechStopped{}, false},
		"fell behind":              {nil, engine.FellBehind{}, false},
		"timing":                   {nil, engine.TimingMeasured{Timing: engine.Timing{VoiceToVoice: 1}}, true},
		"the same word":            {[]engine.EventBody{engine.ReplyText{Text: "a b"}, engine.ReplyProgress{To: 1}}, engine.ReplyProgress{To: 1}, false},
		"no words, then new words": {[]engine.EventBody{engine.TranscriptFinal{}}, engine.SpeechStarted{}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			before := fold(1, tt.before...)
			after := before.Fold(engine.Event{Turn: 1, Body: tt.event})
			if drawn := after.Version != before.Version; drawn != tt.drawn {
				t.Errorf("drawn %v, want %v", drawn, tt.drawn)
			}
		})
	}
}

// TestFoldIsPure folds two ways from one state and finds it as it was.
func TestFoldIsPure(t *testing.T) {
	s := fold(1, engine.TranscriptFinal{Text: "one"}, engine.ReplyText{Text: "two"}, engine.ReplyProgress{To: 3})
	was := slices.Clone(s.Thread.rows())
	a := s.Fold(engine.Event{Turn: 1, Body: engine.ReplyDone{Text: "two"}})
	b := s.Fold(engine.Event{Turn: 1, Body: engine.ReplyInterrupted{Heard: "tw", Cause: "stop"}})
	if got := s.Thread.rows(); !reflect.DeepEqual(got, was) {
		t.Errorf("folding changed the state folded from: %+v", got)
	}
	if a.Thread.last().Text != "two" || b.Thread.last().Text != "tw" {
		t.Errorf("two ways from one state meet: %+v, %+v", a.Thread.last(), b.Thread.last())
	}
}

func TestAfterWords(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want int
	}{{"", 3, 0}, {"one", 0, 0}, {"one two", 1, 3}, {"one two", 2, 7}, {"one two", 9, 7}, {" one  two ", 2, 9}, {"été là", 1, 5}} {
		if got := afterWords(tt.text, tt.n); got != tt.want {
			t.Errorf("afterWords(%q, %d) = %d, want %d", tt.text, tt.n, got, tt.want)
		}
	}
}

// A meter follows a voice, and stands still in a room that is evenly noisy.
func TestHeard(t *testing.T) {
	level := 0
	for i, tt := range []struct {
		dbfs float64
		want int
	}{
		{-90, 0}, {-50, 0}, {-45.9, 1}, {-44, 1}, {-41.5, 1}, {-40.5, 1}, {-39.9, 2}, {-43, 2}, {-45, 1}, {-10, loudest}, {0, loudest}, {-96, 0},
	} {
		if level = heard(level, tt.dbfs); level != tt.want {
			t.Errorf("%d: %v dBFS is shown as %d, want %d", i, tt.dbfs, level, tt.want)
		}
	}
}
