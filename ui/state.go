package ui

import (
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/engine"
)

// Starting is the state shown before the session has said anything. The window
// opens while the engine is still being built.
const Starting engine.State = ""

// Ended is the state shown when the session has ended under the window.
const Ended engine.State = "ended"

// State is everything the window shows of a session. It is a plain value: Fold
// makes a new one and leaves the old one as it was, so one may be drawn while
// the next is being made. The zero value is the window before the session has
// said anything.
type State struct {
	// Version rises whenever something has changed that is to be drawn now; what
	// the presence follows is drawn at its Pace.
	Version uint64

	Presence     engine.StateChanged
	Unheard      bool        // the last turn had no words in it
	Loud         float64     // of whoever is speaking, 0 (silent) to 1, in steps of 1/20
	Heard        int         // how loud the microphone is, 0 to [loudest]
	Link         engine.Link // how a backend is reached; zero while there is none
	Conversation engine.ConversationInfo
	Thread       Thread
	Timing       engine.Timing // of the last reply; zero when unknown

	Lesson        engine.Lesson
	LessonWriting bool
	Progress      engine.Progress // of the learner with the lesson
	Study         Study           // of the lesson's questions
	LessonNumber  int             // rises with every lesson that begins, so that its panel opens
	lessonTopic   string          // what the next lesson is about, once that is known
	soundLost     bool            // the thread says that sound is lost
}

// Replying reports whether there is a reply that can be stopped.
func (s State) Replying() bool {
	return s.Presence.State == engine.Thinking || s.Presence.State == engine.Speaking
}

// Pace is the time between two steps of the presence while it moves, 0 when it
// is still.
func (s State) Pace() time.Duration {
	switch s.Presence.State {
	case engine.Thinking:
		return thinkStep
	case engine.Hearing, engine.Speaking:
		return voiceStep
	}
	return 0
}

// End is the state after the session has ended by itself.
func (s State) End() State {
	s.Presence = engine.StateChanged{State: Ended}
	s.Version++
	return s
}

// Notice is the state with one line added that is of no turn.
func (s State) Notice(text string) State {
	s.Thread = s.Thread.put(-1, Row{Kind: NoticeRow, Text: oneLine(text), Done: true})
	s.Version++
	return s
}

// Fold is the state after ev. It is pure.
func (s State) Fold(ev engine.Event) State {
	changed := true
	switch b := ev.Body.(type) {
	case engine.Snapshot:
		s.snapshot(b)
	case engine.ConversationChanged:
		s.open(b.Conversation, b.Turns, b.Lesson)
	case engine.StateChanged:
		changed = s.Presence != b
		s.Presence, s.Loud = b, 0
		// Whoever speaks or thinks may do so without sound; who listens has it.
		if s.soundLost && (b.State == engine.Listening || b.State == engine.Muted) {
			s.soundBack()
		}
	case engine.SpeechStarted:
		changed, s.Unheard = s.Unheard, false
	case engine.TranscriptPartial:
		s.partial(ev.Turn, b)
	case engine.TranscriptFinal:
		s.final(ev.Turn, b)
		s.Study = s.Study.heard(s.Lesson.Plan, b.Text)
	case engine.TeachingDetected:
		s.teaching(ev.Turn, b.Teaching)
	case engine.ReplyText:
		i, r := s.reply(ev.Turn)
		r.Text += b.Text
		s.Thread = s.Thread.put(i, r)
		s.Study = s.Study.said(s.Lesson.Plan, r.Text)
	case engine.ReplyProgress:
		changed = s.progress(ev.Turn, b)
	case engine.ReplyDone:
		s.endReply(ev.Turn, b.Text, "", false)
	case engine.ReplyInterrupted:
		s.endReply(ev.Turn, b.Heard, markFor(b.Cause), b.Cause == noSound)
	case engine.ToolUsed:
		s.Thread = s.Thread.put(-1, toolRow(ev.Turn, b.ToolUse))
	case engine.LessonProgress:
		changed = s.Progress != b.Progress
		s.Study = s.Study.progressed(s.Lesson.Plan, s.Progress, b.Progress)
		s.Progress = b.Progress
	case engine.LessonDelta:
		s.lessonDelta(b.Markdown)
	case engine.LessonDone:
		if !s.LessonWriting {
			s.LessonNumber++
		}
		s.Lesson, s.LessonWriting, s.Study = b.Lesson, false, Study{}
	case engine.TimingMeasured:
		changed = s.Timing != b.Timing
		s.Timing = b.Timing
	case engine.LinkChanged:
		changed = s.Link != b.Link
		s.Link = b.Link
	case engine.Error:
		changed = s.failed(ev.Turn, b)
	case engine.Level:
		changed = s.level(b)
	default: // SpeechStopped, ReplyAudioStarted, FellBehind: nothing to see
		changed = false
	}
	if changed {
		s.Version++
	}
	return s
}

func (s *State) snapshot(b engine.Snapshot) {
	s.open(b.Conversation, b.Turns, b.Lesson)
	s.Progress, s.Link = b.Progress, b.Link
	s.Presence, s.Loud, s.Unheard = b.State, 0, false
	if b.Reply.Text != "" {
		s.Thread = s.Thread.put(-1, Row{Kind: ReplyRow, Text: b.Reply.Text})
		s.progress(0, b.Reply)
	}
	if b.Partial.Text != "" {
		s.partial(0, b.Partial)
	}
}

func (s *State) open(c engine.ConversationInfo, turns []engine.Turn, l engine.Lesson) {
	s.Conversation, s.Thread, s.Timing = c, threadOf(turns), engine.Timing{}
	for _, t := range turns {
		if t.Timing.VoiceToVoice > 0 {
			s.Timing = t.Timing
		}
	}
	s.titleFromWords()
	if l != s.Lesson {
		s.Study = Study{}
		if l.Markdown != "" {
			s.LessonNumber++
		}
	}
	s.Lesson, s.Progress = l, engine.Progress{}
	s.LessonWriting = l.Markdown != "" && l.Title == ""
}

// titleFromWords names a conversation that has no title yet by what the user
// said first, as history will.
func (s *State) titleFromWords() {
	for i := 0; s.Conversation.Title == "" && i < s.Thread.Len(); i++ {
		if r := s.Thread.At(i); r.Kind == UserRow && r.Done {
			s.Conversation.Title = r.Text
		}
	}
}

func (s *State) partial(turn engine.TurnID, b engine.TranscriptPartial) {
	i := s.Thread.find(UserRow, turn)
	if b.Text == "" {
		if i >= 0 {
			s.Thread = s.Thread.drop(i)
		}
		return
	}
	sure := afterWords(b.Text, b.Stable)
	s.Thread = s.Thread.put(i, Row{Kind: UserRow, Turn: turn, Text: b.Text, Sure: sure, Now: sure})
}

func (s *State) final(turn engine.TurnID, b engine.TranscriptFinal) {
	i := s.Thread.find(UserRow, turn)
	s.Unheard = b.Text == ""
	switch {
	case b.Text != "":
		s.Thread = s.Thread.put(i, Row{Kind: UserRow, Turn: turn, Text: b.Text, Sure: len(b.Text), Now: len(b.Text), Done: true})
		s.titleFromWords()
	case i >= 0:
		s.Thread = s.Thread.drop(i)
	}
}

func (s *State) teaching(turn engine.TurnID, t engine.Teaching) {
	i, r := s.reply(turn)
	r.Badge = t.Kind
	s.Thread = s.Thread.put(i, r)
	if t.Kind == engine.TeachLesson && !s.LessonWriting {
		s.lessonTopic = capital(t.Topic)
	}
}

func (s *State) lessonDelta(markdown string) {
	if !s.LessonWriting {
		s.LessonWriting = true
		s.LessonNumber++
		s.Lesson, s.Progress, s.Study = engine.Lesson{Title: s.lessonTopic}, engine.Progress{}, Study{}
	}
	s.Lesson.Markdown += markdown
}

// reply is the running reply of turn and its place, or a new one and -1.
func (s *State) reply(turn engine.TurnID) (int, Row) {
	if i := s.Thread.find(ReplyRow, turn); i >= 0 {
		r := s.Thread.live[i]
		r.Turn = turn
		return i, r
	}
	return -1, Row{Kind: ReplyRow, Turn: turn}
}

func (s *State) progress(turn engine.TurnID, b engine.ReplyProgress) bool {
	i, r := s.reply(turn)
	if i < 0 {
		return false
	}
	before := r
	r.Sure = onRune(r.Text, b.From)
	r.Now = max(r.Sure, onRune(r.Text, b.To))
	if r == before {
		return false
	}
	s.Thread = s.Thread.put(i, r)
	return true
}

func (s *State) endReply(turn engine.TurnID, text, mark string, lost bool) {
	i, r := s.reply(turn)
	r.Text, r.Mark, r.Done, r.Lost = text, mark, true, lost
	r.Sure, r.Now = len(text), len(text)
	s.Thread = s.Thread.put(i, r)
	s.soundLost = s.soundLost || lost
}

// level follows how loud it is, and says whether that is to be drawn at once.
func (s *State) level(b engine.Level) bool {
	before := s.Heard
	s.Heard = heard(before, b.Microphone)
	if s.Presence.Muted || s.Presence.State == engine.Muted || s.Presence.State == engine.NoSound {
		s.Heard = 0
	}
	dbfs := 0.0
	switch s.Presence.State {
	case engine.Hearing:
		dbfs = b.Microphone
	case engine.Speaking:
		dbfs = b.Speaker
	default: // the presence is still or has a pace of its own; the header shows half as many steps
		return s.Pace() == 0 && s.Heard/2 != before/2
	}
	// From -50 dBFS, a quiet room, to -10, a raised voice near the microphone.
	s.Loud = float64(int(min(max((dbfs+50)/40, 0), 1)*20)) / 20
	return false
}

// loudest is the highest of the levels that are shown of a microphone.
const loudest = 10

// heard is the level shown for dbfs after before was shown: from -50 dBFS in
// steps of 4 dB, and still in a room that is evenly noisy.
func heard(before int, dbfs float64) int {
	const floor, step, waver = -50., 4., 2. // dBFS, dB, dB
	at := (dbfs - floor) / step
	if low := float64(before); before > 0 && at > low-waver/step && at < low+1+waver/step {
		return before
	}
	return min(max(int(math.Floor(at)), 0), loudest)
}

// afterWords is the offset after the first n words of text.
func afterWords(text string, n int) int {
	inWord := false
	for i, r := range text {
		switch space := unicode.IsSpace(r); {
		case space && inWord:
			inWord = false
			if n--; n <= 0 {
				return i
			}
		case !space && n <= 0:
			return i
		case !space:
			inWord = true
		}
	}
	return len(text)
}

// onRune is at, moved into text and back to the beginning of a rune.
func onRune(text string, at int) int {
	at = min(max(at, 0), len(text))
	for at > 0 && at < len(text) && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
