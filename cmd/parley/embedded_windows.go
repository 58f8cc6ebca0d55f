package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"parley/engine"
)

// What the embedded engines are, for people.
const embeddedEar = "none"

func embeddedVoice() string { return "none" }

// wordnetDir is where WordNet is: the archive has it beside the program.
func wordnetDir() string {
	program, err := os.Executable()
	if err != nil {
		return "wordnet" // where the program was started, perhaps
	}
	return filepath.Join(filepath.Dir(program), "wordnet")
}

func openTranscriber([]float64, func(string) bool, *slog.Logger) embeddedTranscriber { return deaf{} }

func openVoice(string, float64) (engine.Synthesizer, error) { return mute{}, nil }

// measure refuses: there is nothing of our own to be measured.
func measure(_ context.Context, _ []string, cons console) int {
	return cons.fail(errors.New("this build has no engines of its own to measure; `parley bench` is for Linux"))
}
