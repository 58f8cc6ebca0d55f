package main

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/history"
)

// keep makes a history of one conversation, a lesson and a fact, in a folder of
// the test's own.
func keep(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_DATA_HOME", dir)
	s, err := history.Open(t.Context(), filepath.Join(dir, "parley", "history.db"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	at := time.Date(2026, 3, 14, 15, 9, 0, 0, time.Local)
	c, err := s.BeginConversation(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveTurn(t.Context(), c, engine.Turn{ID: 1, Who: engine.User, At: at, Text: "teach me about gravity", Heard: "teach me about gravity"}); err != nil {
		t.Fatal(err)
	}
	l := engine.Lesson{Title: "Gravity", Markdown: "# Gravity\n\nIt pulls.", Plan: &engine.Plan{Title: "Gravity", Quiz: []engine.Question{{Prompt: "Does it pull?"}}}}
	if _, err := s.SaveLesson(t.Context(), c, l, at); err != nil {
		t.Fatal(err)
	}
	if err := s.Facts().Remember(t.Context(), history.Fact{Subject: "name", Text: "your name is Ada", At: at}); err != nil {
		t.Fatal(err)
	}
}

func TestHistory(t *testing.T) {
	const (
		listed  = "    1  2026-03-14 15:09     1   teach me about gravity\n"
		whole   = "# teach me about gravity\n\n2026-03-14 15:09\n\n**You** (15:09): teach me about gravity\n\n---\n\n# Gravity\n\nIt pulls.\n"
		nothing = ""
	)
	type step struct {
		args     string // words parted by blanks; _ is an empty one
		code     int
		out, err string // the whole output; a part of the error line
	}
	for name, steps := range map[string][]step{
		"read": {
			{"", exitOK, listed, ""},
			{"list", exitOK, listed, ""},
			{"show 1", exitOK, whole, ""},
			{"export 1", exitOK, whole, ""},
			{"export --format=markdown 1", exitOK, whole, ""},
			{"export lesson 1", exitOK, "# Gravity\n\nIt pulls.\n", ""},
			{"lessons", exitOK, "    1  2026-03-14 15:09     1   Gravity\n", ""},
			{"facts", exitOK, "    1  2026-03-14 15:09  your name is Ada\n", ""},
			{"search about GRAV", exitOK, "    1  2026-03-14 15:09  teach me about gravity\n       You: teach me about gravity\n", ""},
			{"search zebra", exitOK, nothing, `"zebra" was not found`},
		},
		"change": {
			{"rename 1 A talk", exitOK, nothing, ""},
			{"pin 1", exitOK, nothing, ""},
			{"list", exitOK, "    1  2026-03-14 15:09     1 * A talk\n", ""},
			{"unpin 1", exitOK, nothing, ""},
			{"rename 1 _", exitOK, nothing, ""},
			{"list", exitOK, listed, ""},
			{"forget 1", exitOK, nothing, ""},
			{"facts", exitOK, nothing, ""},
			{"delete 1", exitOK, nothing, ""},
			{"list", exitOK, nothing, ""},
			{"lessons", exitOK, nothing, ""},
		},
		"clear": {
			{"clear --yes", exitOK, nothing, "everything was deleted"},
			{"list", exitOK, nothing, ""},
			{"facts", exitOK, nothing, ""},
		},
		"not there": {
			{"show 9", exitFail, nothing, "no such conversation"},
			{"export lesson 9", exitFail, nothing, "no such lesson"},
			{"rename 9 x", exitFail, nothing, "no such conversation"},
			{"pin 9", exitFail, nothing, "no such conversation"},
			{"delete 9", exitFail, nothing, "no such conversation"},
			{"forget 9", exitFail, nothing, "no such fact"},
		},
		"said wrongly": {
			{"bogus", exitUsage, nothing, `there is no "bogus"`},
			{"show", exitUsage, nothing, "parley history show N"},
			{"show x", exitUsage, nothing, `"x" is no conversation's number`},
			{"show -1", exitUsage, nothing, "is no conversation's number"},
			{"export lesson", exitUsage, nothing, "say what to export"},
			{"export 1 2", exitUsage, nothing, "say what to export"},
			{"export 1 --format", exitUsage, nothing, "needs a format"},
			{"export 1 --format pdf", exitUsage, nothing, "json or markdown"},
			{"export lesson 1 --format pdf", exitUsage, nothing, "json"},
			{"clear now", exitUsage, nothing, "parley history clear [--yes]"},
			{"list", exitOK, listed, ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			keep(t)
			for _, s := range steps {
				args := strings.Fields(s.args)
				for i, a := range args {
					args[i] = strings.TrimPrefix(a, "_")
				}
				var out, errs bytes.Buffer
				code := showHistory(t.Context(), args, console{&out, &errs}, slog.New(slog.DiscardHandler))
				if code != s.code || out.String() != s.out || !strings.Contains(errs.String(), s.err) || s.err == "" && errs.Len() > 0 || strings.Count(errs.String(), "\n") > 1 {
					t.Errorf("%q: exit %d, output %q, error %q", s.args, code, out.String(), errs.String())
				}
			}
		})
	}
}

func TestHistoryHelp(t *testing.T) {
	var out, errs bytes.Buffer
	if code := showHistory(t.Context(), []string{"--help"}, console{&out, &errs}, slog.New(slog.DiscardHandler)); code != exitOK || errs.Len() > 0 {
		t.Errorf("exit %d, %q", code, errs.String())
	}
	for _, c := range historyCommands {
		if !strings.Contains(out.String(), c.usage()) {
			t.Errorf("%s is not in the help", c.usage())
		}
	}
}

func TestAgreement(t *testing.T) {
	for answer, want := range map[string]error{"yes\n": nil, " Y \n": nil, "yes": nil, "no\n": errKept, "\n": errKept, "": errKept} {
		if err := agreement(t.Context(), strings.NewReader(answer)); err != want { //nolint:errorlint // the very one
			t.Errorf("%q: %v", answer, err)
		}
	}
}

// A history that cannot be opened is an error, not an empty one.
func TestHistoryThatCannotBeOpened(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", "/proc")
	var out, errs bytes.Buffer
	code := showHistory(t.Context(), nil, console{&out, &errs}, slog.New(slog.DiscardHandler))
	if code != exitFail || strings.Count(errs.String(), "\n") != 1 || !strings.Contains(errs.String(), "cannot write") {
		t.Errorf("exit %d, %q", code, errs.String())
	}
}
