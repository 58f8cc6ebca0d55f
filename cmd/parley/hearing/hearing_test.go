//go:build unix

package hearing_test

import (
	"testing"

	"parley/cmd/parley/hearing"
)

// What a skill or the teaching detector takes up is known, and nothing else.
func TestKnown(t *testing.T) {
	options := hearing.Options(hearing.GenericOnly, hearing.Offline()...)
	for text, want := range map[string]bool{
		"what time is it":                    true,
		"quiz me":                            true,
		"teach me about gravity":             true,
		"remember that my keys are upstairs": true,
		"the weather was nice yesterday":     false,
		"":                                   false,
	} {
		if got := options.Known(text); got != want {
			t.Errorf("%q is known: %v", text, got)
		}
	}
	if options.MakeDomain != nil {
		t.Error("the generic model alone was asked for, and a domain's is made")
	}
}

// A directory that cannot be written gives an error that says so, and no model.
func TestNoRoomForTheModel(t *testing.T) {
	options := hearing.Options("/proc/nowhere", hearing.Offline()...)
	if model, err := options.MakeDomain(); err == nil {
		t.Errorf("made %+v where nothing can be written", model)
	}
}
