package history

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"parley/engine"
)

// When a person reads a time.
const (
	dayAndTime = "2006-01-02 15:04"
	timeOfDay  = "15:04"
)

func nameOf(who engine.Who) string {
	if who == engine.Assistant {
		return "Parley"
	}
	return "You"
}

// WriteMarkdown writes a conversation to be read: of a reply that was
// interrupted what was heard, with a mark, below it the tools that were called
// for it, and its lessons at the end.
func WriteMarkdown(w io.Writer, r Record) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n%s\n", escape(r.Title), r.Began.Local().Format(dayAndTime))
	for _, turn := range r.Turns {
		text := turn.Text
		if turn.Interrupted {
			text = turn.Heard
		}
		at := ""
		if !turn.At.IsZero() {
			at = " (" + turn.At.Local().Format(timeOfDay) + ")"
		}
		fmt.Fprintf(out, "\n**%s**%s: %s", nameOf(turn.Who), at, escape(text))
		if turn.Interrupted {
			out.WriteString(" *— interrupted*")
		}
		out.WriteByte('\n')
		for _, use := range turn.Tools {
			writeTool(out, use)
		}
	}
	for _, l := range r.Lessons {
		if l.Lesson.Markdown != "" {
			fmt.Fprintf(out, "\n---\n\n%s\n", strings.TrimSpace(l.Lesson.Markdown))
		}
	}
	return out.Flush()
}

// writeTool writes what was asked of a tool, and what came of it, as a quotation.
func writeTool(out *bufio.Writer, use engine.ToolUse) {
	outcome := "gave"
	if use.Failed {
		outcome = "failed"
	}
	fmt.Fprintf(out, "\n> Tool %s", escape(use.Tool))
	if use.Arguments != "" {
		fmt.Fprintf(out, " with %s", quoted(use.Arguments))
	}
	out.WriteString(" " + outcome)
	if use.Result != "" {
		fmt.Fprintf(out, ": %s", quoted(use.Result))
	}
	out.WriteByte('\n')
}

// quoted is escape for within a quotation, of which every line needs its mark.
func quoted(text string) string { return strings.ReplaceAll(escape(text), "\n", "\n> ") }

// WriteJSON writes a conversation whole, as one indented JSON object. Times are
// RFC 3339, durations milliseconds; the names are those of `parley talk --json`.
func WriteJSON(w io.Writer, r Record) error {
	lessons := make([]jsonLesson, len(r.Lessons))
	for i, l := range r.Lessons {
		lessons[i] = jsonLesson{l.Lesson, l.At}
	}
	return writeJSON(w, struct {
		ID      engine.ConversationID `json:"id"`
		Title   string                `json:"title"`
		Began   time.Time             `json:"began"`
		Pinned  bool                  `json:"pinned,omitempty"`
		Turns   []engine.Turn         `json:"turns"`
		Lessons []jsonLesson          `json:"lessons,omitempty"`
	}{r.ID, r.Title, r.Began, r.Pinned, r.Turns, lessons})
}

// WriteLessonJSON writes a lesson with its plan, as one indented JSON object.
func WriteLessonJSON(w io.Writer, l KeptLesson) error {
	return writeJSON(w, jsonLesson{l.Lesson, l.At})
}

type jsonLesson struct {
	engine.Lesson
	At time.Time `json:"at"` // when it was made
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// escape makes text stand for itself in Markdown, keeping its lines but for
// empty ones.
func escape(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		line = markdownMarks.Replace(strings.TrimSpace(printable(line)))
		if line == "" {
			continue
		}
		// What only means something where a line begins.
		if len(lines) > 0 && strings.ContainsRune("#>+-=", rune(line[0])) {
			line = `\` + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\\\n") // a backslash ends a line without ending the paragraph
}

var markdownMarks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "~", `\~`, "|", `\|`)

// printable leaves out what would move a terminal's cursor or change its state.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
