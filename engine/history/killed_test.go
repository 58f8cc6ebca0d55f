package history

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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

// writeUntilKilled saves turns as fast as it can and prints the number of each
// when, and only when, SaveTurn has returned.
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
		err = s.SaveTurn(ctx, c, engine.Turn{ID: engine.TurnID(i), Who: engine.User, Text: text(i), Heard: text(i)})
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

// Killed at any moment, it keeps every turn whose saving had returned.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	for round, ms := range []int{0, 3, 10, 30, 100, 300} {
		child, lines := startWriter(t, path, 0)
		lines.Scan()
		c := engine.ConversationID(number(t, lines.Text()))
		time.AfterFunc(time.Duration(ms)*time.Millisecond, func() { child.Process.Signal(syscall.SIGKILL) })
		last := 0
		for lines.Scan() {
			last = number(t, lines.Text())
		}
		child.Wait()

		s := open(t, path)
		if s.Notice() != "" {
			t.Fatalf("round %d: %s", round, s.Notice())
		}
		kept, err := s.Conversation(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		// One more than acknowledged may have been saved, its line not printed.
		if len(kept.Turns) != last && len(kept.Turns) != last+1 {
			t.Errorf("round %d: %d turns kept, %d acknowledged", round, len(kept.Turns), last)
		}
		for i, turn := range kept.Turns {
			if turn.ID != engine.TurnID(i+1) || turn.Text != text(i+1) {
				t.Fatalf("round %d: turn %d is %d: %q", round, i+1, turn.ID, turn.Text)
			}
		}
		if err := s.Check(t.Context()); err != nil {
			t.Error(err)
		}
		s.Close()
		t.Logf("round %d: %d turns", round, last)
	}
}

// Two programs with the same history open both get their turns in.
func TestTwoProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.db")
	first, firstLines := startWriter(t, path, time.Millisecond)
	second, secondLines := startWriter(t, path, time.Millisecond)
	const enough = 100
	for range enough {
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
		if c.Turns < enough-1 {
			t.Errorf("%+v: fewer turns than were acknowledged", c)
		}
	}
	for _, child := range []*exec.Cmd{first, second} {
		child.Process.Kill()
		child.Wait()
	}
}
