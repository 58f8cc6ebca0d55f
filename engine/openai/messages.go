package openai

import (
	"strings"

	api "github.com/sashabaranov/go-openai"

	"parley/engine"
)

// messages is what the model is sent for a turn. It begins the same from turn to
// turn, up to the user's last words, so that servers can go on from what they
// have read: whatever varies (the time, the lesson) stands there. Only a new
// summary begins it anew. note is something more that the model should know.
func (r *Responder) messages(req engine.Request, note string) []api.ChatCompletionMessage {
	summary, turns := r.remember(req.Turns)
	system := strings.TrimSpace(r.cfg.Prompt)
	if own := strings.TrimSpace(req.Instructions); own != "" {
		system += "\n\n" + own
	}
	if summary != "" {
		system += "\n\nWhat was said before, in short:\n" + summary
	}
	t := transcript{list: []api.ChatCompletionMessage{{Role: api.ChatMessageRoleSystem, Content: system}}}
	for _, turn := range turns {
		t.turn(turn)
	}
	notes := []string{}
	if !req.At.IsZero() {
		notes = append(notes, req.At.Format("It is Monday, 2 January 2006, 15:04."))
	}
	if outline := lessonOutline(req.Lesson); outline != "" {
		notes = append(notes, "The lesson beside the conversation: "+outline)
	}
	if req.Teaching.Kind == engine.TeachLesson {
		notes = append(notes, "A full lesson about "+req.Teaching.Topic+" is being written beside the conversation. Say so, and give only the first idea of it.")
	}
	if req.Confidence > 0 && req.Confidence < doubtful {
		notes = append(notes, "These words may have been misheard.")
	}
	if note != "" {
		notes = append(notes, note)
	}
	t.user(bracketed(notes...), req.Text)
	return t.list
}

// doubtful is the confidence below which the model is told that it may be wrong.
const doubtful = 0.4

// transcript is a conversation as a model is told it. Roles take turns, as many
// models insist.
type transcript struct {
	list []api.ChatCompletionMessage
	cut  bool // the last reply was
}

func (t *transcript) turn(turn engine.Turn) {
	switch turn.Who {
	case engine.User:
		t.user("", turn.Text)
	case engine.Assistant:
		if said := strings.TrimSpace(heard(turn)); said != "" {
			t.add(api.ChatMessageRoleAssistant, said)
		}
		t.cut = turn.Interrupted
	}
}

// cutNote stands before the user's words and not in the reply: models repeat what
// they seem to have said themselves.
const cutNote = "You were cut off; the user has heard no more than that of your answer."

func (t *transcript) user(note, text string) {
	if t.cut {
		note = strings.TrimSpace(bracketed(cutNote) + " " + note)
		t.cut = false
	}
	if note != "" {
		text = note + "\n" + text
	}
	t.add(api.ChatMessageRoleUser, text)
}

func (t *transcript) add(role, text string) {
	if last := &t.list[len(t.list)-1]; last.Role == role {
		last.Content += "\n" + text
		return
	}
	t.list = append(t.list, api.ChatCompletionMessage{Role: role, Content: text})
}

// heard is what the user has heard of a turn; of a reply that was only shown,
// because there was no speaker, what he has read.
func heard(t engine.Turn) string {
	if t.Who == engine.Assistant && (t.Interrupted || t.Heard != "") {
		return t.Heard
	}
	return t.Text
}

func bracketed(notes ...string) string {
	if len(notes) == 0 {
		return ""
	}
	return "[" + strings.Join(notes, " ") + "]"
}

// longestOutline is how much of a lesson the model is told, in bytes.
const longestOutline = 2000

// lessonOutline is what a lesson is about: its title, its parts and its summary,
// or, while it is being written, its beginning.
func lessonOutline(l engine.Lesson) string {
	var out strings.Builder
	switch p := l.Plan; {
	case p != nil:
		out.WriteString(p.Title + ".")
		if len(p.Objectives) > 0 {
			out.WriteString(" Objectives: " + strings.Join(p.Objectives, "; ") + ".")
		}
		for i, s := range p.Segments {
			if i == 0 {
				out.WriteString(" Parts:")
			}
			out.WriteString(" " + s.Title + ";")
		}
		if p.Summary != "" {
			out.WriteString(" Summary: " + p.Summary)
		}
	case l.Markdown != "":
		out.WriteString(l.Markdown)
	default:
		out.WriteString(l.Title)
	}
	// A bracket would end the note that this stands in.
	text := strings.NewReplacer("[", "(", "]", ")").Replace(strings.Join(strings.Fields(out.String()), " "))
	if len(text) > longestOutline {
		text = strings.ToValidUTF8(text[:longestOutline], "") + " …"
	}
	return text
}
