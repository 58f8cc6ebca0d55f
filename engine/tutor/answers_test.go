package tutor

import (
	"flag"
	"os"
	"strings"
	"testing"

	"parley/engine"
)

var update = flag.Bool("update", false, "write the answers into testdata")

// TestAnswers holds conversations: lines "> what the user says", each followed
// by the answer; conversations are parted by blank lines, and "#" begins a
// remark. `go test -update` writes the answers anew, to be read before they are
// committed.
func TestAnswers(t *testing.T) {
	const path = "testdata/answers.txt"
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	tutor := newTutor(t)
	var turns []engine.Turn
	lines := strings.Split(strings.TrimRight(string(file), "\n"), "\n")
	for i, line := range lines {
		question, asked := strings.CutPrefix(line, "> ")
		switch {
		case asked:
			answer := ask(t, tutor, question, turns...)
			turns = append(turns,
				engine.Turn{Who: engine.User, Text: question, Heard: question},
				engine.Turn{Who: engine.Assistant, Text: answer, Heard: answer})
			out.WriteString(line + "\n" + answer + "\n")
			if !*update && (i+1 >= len(lines) || lines[i+1] != answer) {
				t.Errorf("line %d: %q: got %q", i+1, question, answer)
			}
		case line == "" || strings.HasPrefix(line, "#"):
			out.WriteString(line + "\n")
			turns = nil
			if line == "" {
				tutor = newTutor(t)
			}
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
