package main

import (
	"context"
	"slices"
	"strings"
	"sync"

	"parley/engine/tutor"
)

// What a session may have remembered. It is forgotten when the session ends.
const (
	mostFacts   = 50
	longestFact = 500 // bytes of its text, and of its source
)

// facts is what a session's user has asked to be remembered: nothing of it is
// written to disk.
type facts struct {
	mu  sync.Mutex
	all []tutor.Fact // the newest last
}

var _ tutor.Memory = (*facts)(nil)

// Remember implements [tutor.Memory]. The oldest facts make room.
func (f *facts) Remember(_ context.Context, told tutor.Fact) error {
	told.Text, told.Source = cut(told.Text), cut(told.Source)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = slices.DeleteFunc(f.all, func(old tutor.Fact) bool { return old.Subject == told.Subject })
	if len(f.all) == mostFacts {
		f.all = slices.Delete(f.all, 0, 1)
	}
	f.all = append(f.all, told)
	return nil
}

func cut(text string) string {
	if len(text) <= longestFact {
		return text
	}
	return strings.ToValidUTF8(text[:longestFact], "")
}

// Recall implements [tutor.Memory].
func (f *facts) Recall(_ context.Context, subject string) ([]tutor.Fact, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	asked := strings.Fields(strings.ToLower(subject))
	var found []tutor.Fact
	for _, fact := range slices.Backward(f.all) {
		if len(asked) == 0 || related(asked, strings.Fields(strings.ToLower(fact.Subject+" "+fact.Text))) {
			found = append(found, fact)
		}
	}
	return found, nil
}

// shortestWord is how many bytes of a word tell something.
const shortestWord = 3

// related says whether a word of one is a word of the other, or its beginning.
func related(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if min(len(x), len(y)) >= shortestWord && (strings.HasPrefix(x, y) || strings.HasPrefix(y, x)) {
				return true
			}
		}
	}
	return false
}

// Forget implements [tutor.Memory].
func (f *facts) Forget(_ context.Context, subject string) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := len(f.all)
	f.all = slices.DeleteFunc(f.all, func(fact tutor.Fact) bool { return subject == "" || fact.Subject == subject })
	return before - len(f.all), nil
}
