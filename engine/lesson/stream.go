package lesson

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxAnswer bounds a model's answer, in bytes. A long lesson has 40 kB.
const maxAnswer = 256 << 10

var (
	errNoObject = errors.New("the answer has no JSON object")
	errCutOff   = errors.New("the JSON object ends before it is complete")
	errTooLong  = fmt.Errorf("the answer is longer than %d kB; write a shorter lesson", maxAnswer>>10)
)

// member is a member of the answer's object that has come whole, or an entry of
// one of the lists that are taken entry by entry.
type member struct {
	key   string
	entry int // of the list; -1: the whole value
	value []byte
	end   int // where in the answer it ends
}

// scanner finds the members of a JSON object in a text that comes in pieces, as soon
// as each is complete. What stands before the object (a code fence, a sentence, a
// reasoner's <think> block) and after it is passed over. Values are not checked:
// that is the decoder's.
type scanner struct {
	text     []byte
	at       int  // what has been looked at
	depth    int  // of brackets; 0: outside the object
	done     bool // the object is over
	inString bool
	escaped  bool
	opened   int // where the string began

	key       string
	wantKey   bool // at depth 1: a string is a key
	value     int  // where the member's value begins; -1: not yet
	entry     int  // where the list's entry begins; -1: not yet
	entries   int  // of the list so far
	ready     []member
	streaming bool // the value is a list that is taken entry by entry
}

// byEntry are the lists whose entries are sections by themselves.
func byEntry(key string) bool { return key == keySegments || key == keyExamples }

// feed takes the next piece and returns what has become complete by it.
func (s *scanner) feed(piece string) []member {
	s.text = append(s.text, piece...)
	s.ready = nil
	for ; s.at < len(s.text) && !s.done; s.at++ {
		s.step(s.text[s.at])
	}
	return s.ready
}

// end says whether the object was there, whole.
func (s *scanner) end() error {
	switch {
	case s.done:
		return nil
	case s.depth == 0:
		return errNoObject
	}
	return errCutOff
}

func (s *scanner) step(c byte) {
	if s.inString {
		switch {
		case s.escaped:
			s.escaped = false
		case c == '\\':
			s.escaped = true
		case c == '"':
			s.inString = false
			if s.depth == 1 && s.wantKey {
				s.key = ""
				if json.Unmarshal(s.text[s.opened:s.at+1], &s.key) == nil {
					s.key = strings.ToLower(s.key)
				}
				s.wantKey = false
			}
		}
		return
	}
	if s.depth == 0 {
		if c == '{' && !s.thinking() {
			s.depth, s.wantKey, s.value, s.entry = 1, true, -1, -1
		}
		return
	}
	switch c {
	case ' ', '\t', '\n', '\r', ':':
	case ',':
		s.finish()
		s.wantKey = s.depth == 1
	case '}', ']':
		s.finish()
		if s.depth--; s.depth == 0 {
			s.done = true
		}
	default:
		s.begin()
		switch c {
		case '"':
			s.inString, s.opened = true, s.at
		case '[', '{':
			s.depth++
			if s.depth == 2 {
				s.streaming = c == '[' && byEntry(s.key)
				s.entry, s.entries = -1, 0
			}
		}
	}
}

// begin marks where a value begins.
func (s *scanner) begin() {
	switch {
	case s.depth == 1 && !s.wantKey && s.value < 0:
		s.value = s.at
	case s.depth == 2 && s.streaming && s.entry < 0:
		s.entry = s.at
	}
}

// finish ends the value that a comma or a bracket follows.
func (s *scanner) finish() {
	switch {
	case s.depth == 1 && s.value >= 0:
		if !s.streaming {
			s.ready = append(s.ready, member{s.key, -1, s.text[s.value:s.at], s.at})
		}
		s.value, s.streaming = -1, false
	case s.depth == 2 && s.streaming && s.entry >= 0:
		s.ready = append(s.ready, member{s.key, s.entries, s.text[s.entry:s.at], s.at})
		s.entry = -1
		s.entries++
	}
}

// thinking says whether a reasoner is still talking to itself.
func (s *scanner) thinking() bool {
	before := string(s.text[:s.at])
	return strings.HasPrefix(strings.TrimSpace(before), "<think>") && !strings.Contains(before, "</think>")
}
