package ui

import (
	"fyne.io/fyne/v2/lang"

	"parley/engine"
)

// The names of the engine's that tell of lost sound.
const (
	noSound    string = "no_sound"   // a reply's cause of interruption
	microphone string = "microphone" // the stages, in an error of no turn
	speaker    string = "speaker"
)

// failed shows an error in its place. Failures that repeat (devices that are tried
// again every second) are shown once.
func (s *State) failed(turn engine.TurnID, b engine.Error) bool {
	if turn != 0 {
		if i := s.Thread.find(UserRow, turn); i >= 0 {
			r := s.Thread.live[i]
			r.Sure, r.Now, r.Done = len(r.Text), len(r.Text), true
			s.Thread = s.Thread.put(i, r)
		}
		if i := s.Thread.find(ReplyRow, turn); i >= 0 {
			s.endReply(turn, b.Heard, lang.L("— broke off"), false)
		}
	}
	row := Row{Kind: ErrorRow, Turn: turn, Text: stageName(b.Stage) + ": " + oneLine(b.Message), Done: true}
	row.Sure, row.Now = len(row.Text), len(row.Text)
	row.Lost = turn == 0 && (b.Stage == microphone || b.Stage == speaker)
	s.soundLost = s.soundLost || row.Lost
	for i := s.Thread.Len() - 1; i >= 0 && s.Thread.At(i).Kind == ErrorRow; i-- {
		if s.Thread.At(i).Text == row.Text {
			return turn != 0
		}
	}
	s.Thread = s.Thread.put(-1, row)
	return true
}

// soundBack has the thread say no longer that sound is lost.
func (s *State) soundBack() {
	text := lang.L("Sound was lost; it is back.")
	s.Thread = s.Thread.soundBack(Row{Kind: NoticeRow, Text: text, Sure: len(text), Now: len(text), Done: true})
	s.soundLost = false
}

// markFor says why a reply was cut off; without a cause, which history does not
// keep, only that it was.
func markFor(cause string) string {
	switch cause {
	case "barge_in":
		return lang.L("— you spoke here")
	case "stop":
		return lang.L("— stopped")
	case noSound:
		return lang.L("— sound was lost")
	case "closed":
		return lang.L("— ended here")
	}
	return lang.L("— cut off here")
}

// stageName is what a person calls the stage of an [engine.Error].
func stageName(stage string) string {
	switch stage {
	case "transcriber":
		return lang.L("Understanding speech")
	case "responder":
		return lang.L("Answering")
	case "synthesizer":
		return lang.L("Speaking")
	case microphone:
		return lang.L("Microphone")
	case speaker:
		return lang.L("Speaker")
	case "lesson":
		return lang.L("Lesson")
	case "history":
		return lang.L("History")
	case "session", "":
		return "Parley"
	}
	return capital(stage)
}
