package enginetest

import (
	"bufio"
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

// Score is a conversation written down: who speaks from when to when, what each
// stage answers after how long, and what must happen. As text it is one line
// each of
//
//	user 0.5s 1.7s what is gravity        the user speaks, from when to when
//	noise 3s 3.2s                         something loud without words
//	answer what is gravity => It pulls.   what the responder says; else "You said …."
//	answer go on => tool clock & teach bees & studied 2 & Now this.   … and does first
//	delay transcriber 5ms                 end of sound → final hypothesis (also responder, synthesizer)
//	voiced                                the responder speaks itself, but for sentences that begin with "Well,"
//	voiced late                           … each sentence's text after its sound
//	plain                                 the transcriber knows no soft ends
//	fail responder 2                      the stage's second call fails
//	hang responder 2                      … never answers
//	do 3s interrupt                       a command: interrupt, mute, unmute, new, say TEXT,
//	                                      talk, talked (the key is let go), manual, automatic
//	announce 4s Time is up.               the announcer speaks up
//	lost speaker 5s 6s                    no sound there (also microphone)
//	end 10s                               the session's context ends
//	expect 2s 3s 1 reply.audio.started    an event of turn 1 between those times
//	never reply.interrupted               no such event
//	never reply.interrupted 2             no such event of turn 2
//	said 1 what is gravity                what turn 1's user was understood to say
//	heard 1 It pulls.                     what was heard of turn 1's reply
//
// Empty lines and lines that begin with # are passed over.
type Score struct {
	Name      string
	Lines     []Line
	Answers   map[string]string
	Delays    map[string]time.Duration
	Plain     bool
	Voiced    string // empty, early or late
	Faults    []Fault
	Acts      []Act
	Announced []Said
	Losses    []Loss
	End       time.Duration

	Expected []Expectation
	Never    []Expectation // without times; turn 0 is any
	Said     map[engine.TurnID]string
	Heard    map[engine.TurnID]string
}

// Line is a stretch of sound from the user: words, or none for noise.
type Line struct {
	From, To time.Duration
	Words    []string
}

// Fault makes a stage's Nth call (from 1) fail, or hang until it is cancelled.
type Fault struct {
	Stage string
	Nth   int
	Hang  bool
}

// Act is a command given at a time.
type Act struct {
	At      time.Duration
	Command engine.Command
}

// Said is an announcement.
type Said struct {
	At   time.Duration
	Text string
}

// Loss is a device that is away.
type Loss struct {
	Device   string // microphone or speaker
	From, To time.Duration
}

// Expectation is an event that must come in time.
type Expectation struct {
	From, To time.Duration
	Turn     engine.TurnID
	Type     string
}

// Parse reads a score.
func Parse(name, text string) (Score, error) {
	s := Score{
		Name: name, Answers: map[string]string{}, Heard: map[engine.TurnID]string{}, Said: map[engine.TurnID]string{},
		Delays: map[string]time.Duration{"transcriber": 5 * time.Millisecond, "responder": time.Millisecond, "synthesizer": 25 * time.Millisecond},
	}
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if err := s.parseLine(line); err != nil {
			return Score{}, fmt.Errorf("enginetest: %s line %d: %q: %w", name, n, line, err)
		}
	}
	if s.End == 0 {
		return Score{}, fmt.Errorf("enginetest: %s: no end", name)
	}
	return s, lines.Err()
}

func (s *Score) parseLine(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	f := fields{rest: rest}
	switch word {
	case "user":
		s.Lines = append(s.Lines, Line{f.time(), f.time(), strings.Fields(f.text())})
	case "noise":
		s.Lines = append(s.Lines, Line{From: f.time(), To: f.time()})
	case "answer":
		question, answer, ok := strings.Cut(f.text(), " => ")
		if !ok {
			return fmt.Errorf("want QUESTION => ANSWER")
		}
		s.Answers[question] = answer
	case "delay":
		s.Delays[f.word()] = f.time()
	case "plain":
		s.Plain = true
	case "voiced":
		s.Voiced = cmp.Or(f.text(), "early")
	case "fail", "hang":
		s.Faults = append(s.Faults, Fault{f.word(), f.number(), word == "hang"})
	case "do":
		at := f.time()
		cmd, err := parseCommand(f.text())
		if err != nil {
			return err
		}
		s.Acts = append(s.Acts, Act{at, cmd})
	case "announce":
		s.Announced = append(s.Announced, Said{f.time(), f.text()})
	case "lost":
		s.Losses = append(s.Losses, Loss{f.word(), f.time(), f.time()})
	case "end":
		s.End = f.time()
	case "expect":
		s.Expected = append(s.Expected, Expectation{f.time(), f.time(), engine.TurnID(f.number()), f.word()})
	case "never":
		what := Expectation{Type: f.word()}
		if f.text() != "" {
			what.Turn = engine.TurnID(f.number())
		}
		s.Never = append(s.Never, what)
	case "said":
		s.Said[engine.TurnID(f.number())] = f.text()
	case "heard":
		s.Heard[engine.TurnID(f.number())] = f.text()
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return f.err
}

func parseCommand(text string) (engine.Command, error) {
	word, rest, _ := strings.Cut(text, " ")
	switch word {
	case "interrupt":
		return engine.Interrupt{}, nil
	case "mute", "unmute":
		return engine.Mute{On: word == "mute"}, nil
	case "talk", "talked":
		return engine.Talk{On: word == "talk"}, nil
	case "manual", "automatic":
		return engine.ManualTurns{On: word == "manual"}, nil
	case "new":
		return engine.NewConversation{}, nil
	case "say":
		return engine.Say{Text: rest}, nil
	}
	return nil, fmt.Errorf("unknown command %q", text)
}

// fields takes a line apart and remembers the first thing wrong with it.
type fields struct {
	rest string
	err  error
}

func (f *fields) text() string { return strings.TrimSpace(f.rest) }

func (f *fields) word() string {
	word, rest, _ := strings.Cut(strings.TrimSpace(f.rest), " ")
	f.rest = rest
	if word == "" && f.err == nil {
		f.err = fmt.Errorf("a word is missing")
	}
	return word
}

func (f *fields) time() time.Duration {
	d, err := time.ParseDuration(f.word())
	f.note(err)
	return d
}

func (f *fields) number() int {
	n, err := strconv.Atoi(f.word())
	f.note(err)
	return n
}

func (f *fields) note(err error) {
	if f.err == nil {
		f.err = err
	}
}
