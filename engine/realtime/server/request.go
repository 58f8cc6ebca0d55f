package server

import (
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// requestOf is what the responder is asked by a conversation: the last thing that the
// user said, what was said before, and what has come of functions since.
func requestOf(list []*item, instructions string) engine.Request {
	req := engine.Request{At: time.Now()}
	last, since := -1, -1 // the user's words, and after what functions were called for them
	for n, i := range list {
		switch {
		case i.Role == roleUser:
			last, since = n, n
		case i.Role == roleAssistant && !answered(list[n+1:]):
			last, since = -1, n // the user has said nothing since
		}
	}
	told := []string{instructions}
	turnOf := engine.TurnID(1)
	calls := make(map[string]engine.Call)
	for n, i := range list {
		switch {
		case i.Role == roleSystem:
			told = append(told, i.Words())
		case n == last:
			req.Text, req.Confidence = i.Words(), i.confidence
		case i.Role == roleUser:
			if len(req.Turns) > 0 {
				turnOf++
			}
			text := i.Words()
			req.Turns = append(req.Turns, engine.Turn{ID: turnOf, Who: engine.User, At: i.at, Text: text, Heard: text})
		case i.Role == roleAssistant && (last < 0 || n < last):
			req.Turns = append(req.Turns, assistantTurn(i, turnOf))
		case i.Type == itemCall:
			calls[i.CallID] = engine.Call{ID: i.CallID, Name: i.Name, Arguments: *i.Arguments}
		case i.Type == itemOutput && n > since:
			if call, ok := calls[i.CallID]; ok {
				req.Called = append(req.Called, engine.Called{Call: call, Output: *i.Output})
			}
		}
	}
	req.Instructions = strings.Join(slices.DeleteFunc(told, func(t string) bool { return t == "" }), "\n\n")
	return req
}

// answered says whether a function's output stands in the list before anybody speaks.
func answered(list []*item) bool {
	for _, i := range list {
		switch {
		case i.Type == itemOutput:
			return true
		case i.Role == roleUser || i.Role == roleAssistant:
			return false
		}
	}
	return false
}

// assistantTurn is what was said by the assistant, and what of it was heard.
func assistantTurn(i *item, id engine.TurnID) engine.Turn {
	heard := i.Words()
	t := engine.Turn{ID: id, Who: engine.Assistant, At: i.at, Text: heard, Heard: heard, Interrupted: i.cut || i.Status == incomplete}
	if i.cut {
		t.Text = i.whole
	}
	return t
}
