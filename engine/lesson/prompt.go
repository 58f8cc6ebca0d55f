package lesson

import (
	_ "embed" // the prompt and the schema are files
	"encoding/json"
	"strings"

	"parley/engine"
)

// Prompt tells a model how a lesson is written. It is the file prompts/lesson.md;
// a caller may give [NewModelTeacher] a text of its own instead.
//
//go:embed prompts/lesson.md
var Prompt string

//go:embed prompts/lesson.schema.json
var schema []byte

// Schema is the JSON schema of [engine.Plan] that a model's answer has to follow:
// every member is required, and in its order, as services with strict schemas want
// it.
func Schema() json.RawMessage { return append(json.RawMessage(nil), schema...) }

// How much of what was said before a model is told.
const (
	lastTurns = 8
	longTurn  = 500 // bytes of a turn
)

// wish is what the learner asks for, in words for the model.
func wish(req engine.LessonRequest) string {
	var text strings.Builder
	text.WriteString("Write a lesson about: " + line(req.Topic) + "\n")
	if req.Level != "" {
		text.WriteString("For: " + line(req.Level) + "\n")
	}
	if req.Goal != "" {
		text.WriteString("The learner wants it for: " + line(req.Goal) + "\n")
	}
	turns := req.Turns[max(0, len(req.Turns)-lastTurns):]
	if len(turns) > 0 {
		text.WriteString("\nWhat was said before, for what the learner knows and needs:\n")
	}
	for _, t := range turns {
		said := t.Text
		if t.Who == engine.Assistant {
			said = t.Heard
		}
		if said = line(said); said != "" {
			text.WriteString(string(t.Who) + ": " + strings.ToValidUTF8(said[:min(len(said), longTurn)], "") + "\n")
		}
	}
	return text.String()
}

// longAnswer is how much of an unusable answer a model is shown again, in bytes.
const longAnswer = 24 << 10

// repair asks for an answer again, and says what was wrong with the last.
func repair(wish, answer string, wrong error) string {
	text := wish + "\nYour last answer could not be used:\n"
	problems := strings.Split(wrong.Error(), "\n")
	for _, p := range problems[:min(len(problems), mostRows)] {
		text += "- " + p + "\n"
	}
	if len(answer) <= longAnswer {
		text += "\nYour last answer was:\n" + answer + "\n"
	}
	return text + "\nSend the whole lesson again, as one JSON object, with this put right.\n"
}
