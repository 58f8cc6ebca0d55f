package citizen

import (
	"strings"

	"fyne.io/fyne/v2/lang"

	"parley/assets"
	"parley/engine"
)

// face is what the tray shows of a session.
type face struct {
	icon  assets.TrayName
	words string // what it is doing, for a person
	muted bool
}

// faceOf is the face of a state.
func faceOf(s engine.StateChanged) face {
	f := face{muted: s.Muted}
	switch s.State {
	case engine.Listening:
		f.icon, f.words = assets.TrayListening, lang.L("Listening")
	case engine.Hearing:
		f.icon, f.words = assets.TrayHearing, lang.L("Hearing you")
	case engine.Thinking:
		f.icon, f.words = assets.TrayThinking, lang.L("Thinking")
	case engine.Speaking:
		f.icon, f.words = assets.TraySpeaking, lang.L("Talking")
	case engine.Muted:
		f.icon, f.words = assets.TrayMuted, lang.L("Muted")
	case engine.NoSound:
		f.icon, f.words = assets.TrayAway, lang.L("No sound device")
	default:
		f.icon, f.words = assets.TrayListening, lang.L("Starting")
	}
	return f
}

// notice is something to tell a user who does not see the window.
type notice struct{ title, text string }

// news folds a session's events into its face and what is to be told.
type news struct {
	face    face
	asked   engine.TurnID // the last turn that the user began
	ongoing bool          // a reply was under way when watching began: whose, is not known
	failure string        // the last that was told, since which nothing has gone well
}

// fold takes the next event. told is false where there is nothing to tell.
func (n *news) fold(ev engine.Event) (tell notice, told bool) {
	switch b := ev.Body.(type) {
	case engine.Snapshot:
		n.face, n.ongoing = faceOf(b.State), b.Reply.Text != ""
	case engine.StateChanged:
		n.face = faceOf(b)
	case engine.SpeechStarted, engine.TranscriptFinal:
		n.asked = ev.Turn
	case engine.ReplyDone:
		return n.ended(ev.Turn, b.Text)
	case engine.ReplyInterrupted:
		return n.ended(ev.Turn, b.Text)
	case engine.Error:
		n.ongoing = n.ongoing && ev.Turn == 0
		text := oneLine(b.Message)
		if text == n.failure { // a device that is tried again every second
			return notice{}, false
		}
		n.failure = text
		return notice{lang.L("Parley has a problem"), text}, true
	}
	return notice{}, false
}

// ended takes the end of a reply. One that nobody asked for was announced: a
// timer has ended, or a service failed.
func (n *news) ended(turn engine.TurnID, text string) (notice, bool) {
	known := !n.ongoing
	n.ongoing, n.failure = false, ""
	if turn == n.asked || !known || text == "" {
		return notice{}, false
	}
	return notice{"Parley", oneLine(text)}, true
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
