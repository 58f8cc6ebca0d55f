package history

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley/engine"
)

// What tells the test program that it is a writer, of which file, and how long
// it is to pause after each turn.
const (
	writerEnv = "TEST_HISTORY_WRITER"
	pauseEnv  = "TEST_HISTORY_PAUSE"
)

// writeUntilKilled saves turns and, unless it is to pause, a lesson after each
// fifth, as fast as it can, and prints the number of each turn when, and only when, the saving has returned.
func writeUntilKilled(path string) {
	pause, _ := time.ParseDuration(os.Getenv(pauseEnv))
	ctx := context.Background()
	s, err := Open(ctx, path, discard)
	if err == nil && s.Notice() != "" {
		err = fmt.Errorf("%s", s.Notice())
	}
	var c engine.ConversationID
	if err == nil {
		c, err = s.BeginConversation(ctx, began)
	}
	fmt.Println(c)
	for i := 1; err == nil; i++ {
		err = s.SaveTurn(ctx, c, turn(i))
		if err == nil && pause == 0 && i%lessonEvery == 0 {
			_, err = s.SaveLesson(ctx, c, lesson(i), began)
		}
		if err == nil {
			fmt.Println(i)
		}
		time.Sleep(pause)
	}
	fmt.Println(err)
	os.Exit(1)
}

// text is what turn i says; it fills a page now and then.
func text(i int) string { return strings.Repeat(strconv.Itoa(i)+" words. ", 1+i%200) }

func turn(i int) engine.Turn {
	return engine.Turn{ID: engine.TurnID(i), Who: engine.Assistant, Text: text(i), Heard: text(i),
		Tools: []engine.ToolUse{{Tool: "count", Result: strconv.Itoa(i)}}}
}

// lessonEvery is after how many turns there is a lesson.
const lessonEvery = 5

// lesson is what follows turn i: some pages of text, and a quiz.
func lesson(i int) engine.Lesson {
	l := engine.Lesson{Title: strconv.Itoa(i), Markdown: strings.Repeat(text(i)+"\n", 8), Plan: &engine.Plan{Title: strconv.Itoa(i)}}
	for n := range 10 {
		l.Plan.Quiz = append(l.Plan.Quiz, engine.Question{Prompt: fmt.Sprintf("%d of %d?", n, i), Answer: text(i)})
	}
	return l
}

// startWriter starts a writer and gives what it prints.
func startWriter(t *testing.T, path string, pause time.Duration) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), writerEnv+"="+path, pauseEnv+"="+pause.String())
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	return child, bufio.NewScanner(out)
}

func number(t *testing.T, line string) int {
	t.Helper()
	n, err := strconv.Atoi(line)
	if err != nil {
		t.Fatalf("the writer says: %s", line)
	}
	return n
}

// Killed at any moment, it keeps every turn and every lesson whose saving had
// returned, whole, and nothing is damaged.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0)) // other moments each time; they are logged
	turns, shortest, longest := 0, time.Hour, time.Duration(0)
	for round := range manyKills {
		child, lines := startWriter(t, path, 0)
		if !lines.Scan() {
			t.Fatalf("round %d: the writer says nothing: %v", round, lines.Err())
		}
		c := engine.ConversationID(number(t, lines.Text()))
		delay := time.Duration(random.Int64N(int64(150 * time.Millisecond)))
		shortest, longest = min(shortest, delay), max(longest, delay)
		time.AfterFunc(delay, func() { child.Process.Signal(syscall.SIGKILL) })
		last := 0
		for lines.Scan() {
			last = number(t, lines.Text())
		}
		child.Wait()
		turns += last
		survived(t, path, c, last, fmt.Sprintf("round %d, killed after %v", round, delay))
	}
	s := open(t, path)
	for _, in := range indexes {
		statement := `INSERT INTO ` + in.table + `_words(` + in.table + `_words, rank) VALUES ('integrity-check', 1)`
		if _, err := s.db.ExecContext(t.Context(), statement); err != nil {
			t.Errorf("the index of %s has not what the table has: %v", in.table, err)
		}
	}
	t.Logf("killed %d times, after %v to %v: all %d turns are there", manyKills, shortest, longest, turns)
}

// survived checks that the first turns of a conversation, and the lessons between
// them, are in the file as they were written.
func survived(t *testing.T, path string, c engine.ConversationID, acknowledged int, when string) {
	t.Helper()
	s, err := Open(t.Context(), path, discard)
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	defer s.Close()
	if s.Notice() != "" {
		t.Fatalf("%s: %s", when, s.Notice())
	}
	kept, err := s.Record(t.Context(), c)
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
	// One more than acknowledged may have been saved, its line not printed.
	if n := len(kept.Turns); n != acknowledged && n != acknowledged+1 {
		t.Errorf("%s: %d turns kept, %d acknowledged", when, n, acknowledged)
	}
	for i, got := range kept.Turns {
		if want := turn(i + 1); got.ID != want.ID || got.Text != want.Text || !reflect.DeepEqual(got.Tools, want.Tools) {
			t.Fatalf("%s: turn %d is %+v", when, i+1, got)
		}
	}
	if n := len(kept.Lessons); n < acknowledged/lessonEvery || n > (acknowledged+1)/lessonEvery {
		t.Errorf("%s: %d lessons kept, %d turns acknowledged", when, n, acknowledged)
	}
	for i, got := range kept.Lessons {
		want := lesson((i + 1) * lessonEvery)
		want.ID = got.ID
		if got.Questions != len(want.Plan.Quiz) || !reflect.DeepEqual(got.Lesson, want) {
			t.Fatalf("%s: lesson %d is %+v", when, i+1, got)
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("%s: %v", when, err)
	}
}

// Two programs with the same history open both get their turns in.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	first, firstLines := startWriter(t, path, writerPause)
	second, secondLines := startWriter(t, path, writerPause)
	for range bothWrite {
		for _, lines := range []*bufio.Scanner{firstLines, secondLines} {
			if !lines.Scan() {
				t.Fatal("a writer has ended")
			}
			number(t, lines.Text())
		}
	}
	s := open(t, path) // a third, while they write
	list, err := s.Conversations(t.Context(), 0, 0)
	if err != nil || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	for _, c := range list {
		if c.Turns < bothWrite-1 {
			t.Errorf("%+v: fewer turns than were acknowledged", c)
		}
	}
	for _, child := range []*exec.Cmd{first, second} {
		child.Process.Kill()
		child.Wait()
	}
}
