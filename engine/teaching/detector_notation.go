package teaching

import (
	"errors"
	"fmt"
	"strings"
)

// phraseReader reads the notation of detector_en.txt.
type phraseReader struct {
	rest  string
	lists map[string]piece
}

var errUnclosed = errors.New("a bracket is not closed")

// longest is how many words ".." stands for.
const longest = 4

// choice reads alternatives up to the bracket that closes them.
func (r *phraseReader) choice(closing string) (piece, error) {
	words := make(literal) // the single words: tried as one
	var longer choice
	var current sequence
	end := func() {
		if len(current) == 1 {
			if l, ok := current[0].(literal); ok {
				for w := range l {
					words[w] = true
				}
				current = nil
				return
			}
		}
		longer = append(longer, current)
		current = nil
	}
	for {
		token := r.next()
		switch token {
		case closing:
			end()
			if len(words) > 0 {
				longer = append(longer, words)
			}
			if len(longer) == 1 {
				return longer[0], nil
			}
			return longer, nil
		case "", ")", "]", "}":
			return nil, errUnclosed
		case "|":
			end()
		default:
			p, err := r.piece(token)
			if err != nil {
				return nil, err
			}
			current = append(current, p)
		}
	}
}

// piece reads what token begins.
func (r *phraseReader) piece(token string) (piece, error) {
	switch token {
	case "(":
		return r.choice(")")
	case "[":
		p, err := r.choice("]")
		return optional{p}, err
	case "{":
		p, err := r.choice("}")
		return topic{p}, err
	case "...":
		return many{wildcard{}}, nil
	case "..":
		var p piece = wildcard{}
		for range longest - 1 {
			p = sequence{wildcard{}, shortly{p}}
		}
		return p, nil
	case "#":
		return number{}, nil
	case "_":
		return wildcard{}, nil
	}
	if name, ok := strings.CutPrefix(token, "<"); ok {
		p, ok := r.lists[strings.TrimSuffix(name, ">")]
		if !ok {
			return nil, fmt.Errorf("there is no list %s", token)
		}
		return p, nil
	}
	if suffix, ok := strings.CutPrefix(token, "_"); ok {
		return suffixed(suffix), nil
	}
	return literal{strings.TrimPrefix(token, "~"): true}, nil
}

// next is the next word or bracket; "" at the end.
func (r *phraseReader) next() string {
	r.rest = strings.TrimLeft(r.rest, " ")
	if r.rest == "" {
		return ""
	}
	if strings.ContainsRune("()[]{}|", rune(r.rest[0])) {
		token := r.rest[:1]
		r.rest = r.rest[1:]
		return token
	}
	n := strings.IndexAny(r.rest, " ()[]{}|")
	if n < 0 {
		n = len(r.rest)
	}
	token := r.rest[:n]
	r.rest = r.rest[n:]
	return token
}
