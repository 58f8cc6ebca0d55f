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

// WriteList writes a line for each conversation: its number, when it began
// (local time), how many turns it has, its title.
func WriteList(w io.Writer, list []engine.ConversationInfo) error {
	out := bufio.NewWriter(w)
	for _, info := range list {
		fmt.Fprintf(out, "%5d  %s  %4d  %s\n", info.ID, info.Began.Local().Format(dayAndTime), info.Turns, printable(info.Title))
	}
	return out.Flush()
}

// WriteMarkdown writes a conversation to be read: of a reply that was
// interrupted what was heard, with a mark, and its lesson at the end.
func WriteMarkdown(w io.Writer, t engine.Transcript) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n%s\n", escape(t.Info.Title), t.Info.Began.Local().Format(dayAndTime))
	for _, turn := range t.Turns {
		name, text := "You", turn.Text
		if turn.Who == engine.Assistant {
			name = "Parley"
		}
		if turn.Interrupted {
			text = turn.Heard
		}
		at := ""
		if !turn.At.IsZero() {
			at = " (" + turn.At.Local().Format(timeOfDay) + ")"
		}
		fmt.Fprintf(out, "\n**%s**%s: %s", name, at, escape(text))
		if turn.Interrupted {
			out.WriteString(" *— interrupted*")
		}
		out.WriteByte('\n')
	}
	if t.Lesson.Markdown != "" {
		fmt.Fprintf(out, "\n---\n\n%s\n", strings.TrimSpace(t.Lesson.Markdown))
	}
	return out.Flush()
}

// WriteJSON writes a conversation whole, as one indented JSON object. Times are
// RFC 3339, durations milliseconds; the names are those of `parley talk --json`.
func WriteJSON(w io.Writer, t engine.Transcript) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		ID     engine.ConversationID `json:"id"`
		Title  string                `json:"title"`
		Began  time.Time             `json:"began"`
		Turns  []engine.Turn         `json:"turns"`
		Lesson engine.Lesson         `json:"lesson,omitzero"`
	}{t.Info.ID, t.Info.Title, t.Info.Began, t.Turns, t.Lesson})
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
