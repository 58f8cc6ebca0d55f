package lesson

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"parley/engine"
)

// Completer is a language model that answers one question.
type Completer interface {
	// Complete yields the answer piece by piece, as it comes; the pieces joined as
	// they are make it. The answer should follow the JSON schema, as far as the
	// model can be held to it. An error is the last thing yielded. Stopping the
	// iteration or ending ctx stops the work.
	Complete(ctx context.Context, system, user string, schema json.RawMessage) iter.Seq2[string, error]
}

// ErrNoAnswer is wrapped when the model had nothing to say.
var ErrNoAnswer = errors.New("the model sent no lesson")

// modelNote stands under a lesson whose model did not say what it is.
const modelNote = "A language model wrote this lesson. It may be wrong: check what matters."

// unreadable is said where a model's answer could not be put right.
const unreadable = "*The model did not keep to the form of a lesson. This is its text as it came, and I can't quiz you on it.*\n\n"

// ModelTeacher is an [engine.Teacher] that has lessons written by a language model.
// Each section is yielded as soon as the model has written it; what is not as it has
// to be is sent back to the model, once. It may be used by several goroutines if its
// model may.
type ModelTeacher struct {
	model  Completer
	prompt string
}

var _ engine.Teacher = (*ModelTeacher)(nil)

// NewModelTeacher makes a teacher of a model. An empty prompt is [Prompt].
func NewModelTeacher(model Completer, prompt string) *ModelTeacher {
	if prompt == "" {
		prompt = Prompt
	}
	return &ModelTeacher{model: model, prompt: prompt}
}

// Lesson yields the lesson as it is written, and its plan last. Where the model did
// not keep to the form even when asked again, what it wrote comes as it is, with a
// notice and without a plan. An error is the model's, or wraps [ErrNoAnswer].
func (t *ModelTeacher) Lesson(ctx context.Context, req engine.LessonRequest) iter.Seq2[engine.LessonPiece, error] {
	return func(yield func(engine.LessonPiece, error) bool) {
		listening := true
		show := func(markdown string) bool {
			if listening && markdown != "" {
				listening = yield(engine.LessonPiece{Markdown: markdown}, nil)
			}
			return listening
		}
		d := &draft{}
		wish := wish(req)
		answer, wrong, err := t.attempt(ctx, wish, d, show)
		if err != nil && listening {
			yield(engine.LessonPiece{}, err)
		}
		if err != nil || !listening {
			return
		}
		if wrong != nil {
			wrong = t.again(ctx, repair(wish, answer, wrong), d)
			if ctx.Err() != nil {
				yield(engine.LessonPiece{}, fmt.Errorf("lesson: %w", context.Cause(ctx)))
				return
			}
		}
		if wrong != nil {
			text := asItCame(answer, d, line(req.Topic))
			if text == "" {
				yield(engine.LessonPiece{}, fmt.Errorf("lesson: %w", ErrNoAnswer))
				return
			}
			show(text)
			return
		}
		if strings.TrimSpace(d.plan.Note) == "" {
			d.plan.Note = modelNote
		}
		for text := range d.rest() {
			if !show(text) {
				return
			}
		}
		yield(engine.LessonPiece{Plan: &d.plan}, nil)
	}
}

// attempt asks the model and shows what comes. wrong is what has to be put right,
// err what the model failed with.
func (t *ModelTeacher) attempt(ctx context.Context, wish string, d *draft, show func(string) bool) (answer string, wrong, err error) {
	s := &scanner{}
	for piece, err := range t.model.Complete(ctx, t.prompt, wish, Schema()) {
		if err != nil {
			return string(s.text), nil, fmt.Errorf("lesson: %w", err)
		}
		for _, m := range s.feed(piece) {
			if !show(d.take(m)) {
				return string(s.text), nil, nil
			}
		}
		if len(s.text) > maxAnswer {
			return string(s.text), errTooLong, nil
		}
		if s.done {
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return string(s.text), nil, fmt.Errorf("lesson: %w", context.Cause(ctx))
	}
	if err := s.end(); err != nil {
		return string(s.text), err, nil
	}
	return string(s.text), d.problems(), nil
}

// again asks the model to put an answer right, and puts what it sends in the place
// of what has not been shown yet.
func (t *ModelTeacher) again(ctx context.Context, wish string, d *draft) error {
	second := &draft{}
	_, wrong, err := t.attempt(ctx, wish, second, func(string) bool { return true })
	if err := errors.Join(err, wrong); err != nil {
		return err
	}
	d.replace(second.plan)
	return d.problems()
}

// asItCame is the text of an answer that could not be read as a lesson, after what
// has been shown of it; empty if there is none.
func asItCame(answer string, d *draft, topic string) string {
	if len(d.shown) > 0 {
		return unreadable + loose(answer[d.upTo:])
	}
	_, after, thought := strings.Cut(answer, "</think>")
	if thought {
		answer = after
	}
	text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(answer), "```json"))
	if strings.HasPrefix(text, "{") {
		text = loose(text)
	}
	if strings.TrimSpace(text) == "" {
		return ""
	}
	if title, rest, _ := strings.Cut(text, "\n"); strings.HasPrefix(title, "# ") {
		return title + "\n\n" + unreadable + strings.TrimSpace(rest) + "\n"
	}
	return "# " + capital(plain(topic)) + "\n\n" + unreadable + strings.TrimSpace(text) + "\n"
}

// loose takes the texts out of what was to be JSON: each a paragraph, titles in bold.
func loose(text string) string {
	var out strings.Builder
	key := ""
	for {
		from := strings.IndexByte(text, '"')
		if from < 0 {
			return out.String()
		}
		end := from + 1
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end, len(text))
		raw, rest := text[from+1:end], text[min(end+1, len(text)):]
		var said string
		if json.Unmarshal([]byte(`"`+raw+`"`), &said) != nil {
			said = raw
		}
		text = rest
		if after := strings.TrimLeft(rest, " \t\r\n"); strings.HasPrefix(after, ":") {
			key, text = said, after[1:]
			continue
		}
		switch said = strings.TrimSpace(said); {
		case said == "":
		case key == "title" || key == "word":
			out.WriteString("**" + line(said) + "**\n\n")
		default:
			out.WriteString(body(said))
		}
	}
}
