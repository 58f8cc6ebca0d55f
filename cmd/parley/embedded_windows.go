package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"parley/engine"
	"parley/engine/wordnet"
)

// ownSpeech says that this build has engines for speech.
const ownSpeech = false

// What the embedded engines are, for people.
const embeddedEar = "none"

func embeddedVoice() string { return "none" }

// openWordNet opens WordNet where the archive has it, beside the program.
func openWordNet() (dictionary *wordnet.Dictionary, dir string, err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	dir = filepath.Join(filepath.Dir(program), "wordnet")
	if dictionary, err = wordnet.Open(dir); errors.Is(err, wordnet.ErrMissing) {
		err = fmt.Errorf("parley: there is no WordNet in %s: unpack the whole archive, not parley.exe alone", dir)
	}
	return dictionary, dir, err
}

func openTranscriber([]float64, func(string) bool, *slog.Logger) embeddedTranscriber { return deaf{} }

func openVoice(string, float64) (engine.Synthesizer, error) { return mute{}, nil }

// measure refuses: there is nothing of our own to be measured.
func measure(_ context.Context, _ []string, cons console) int {
	return cons.fail(errors.New("this build has no engines of its own to measure; `parley bench` is for Linux"))
}
