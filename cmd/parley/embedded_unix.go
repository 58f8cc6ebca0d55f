//go:build unix

package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"parley/cmd/parley/bench"
	"parley/cmd/parley/hearing"
	"parley/engine"
	"parley/engine/flite"
	"parley/engine/pocketsphinx"
	"parley/engine/wordnet"
)

// ownSpeech says that this build has engines for speech.
const ownSpeech = true

// What the embedded engines are, for people.
const embeddedEar = "pocketsphinx en-us beside our own model"

func embeddedVoice() string {
	return fmt.Sprintf("flite, voices %s", strings.Join(flite.Voices(), " "))
}

// openWordNet opens WordNet where Debian has it.
func openWordNet() (dictionary *wordnet.Dictionary, dir string, err error) {
	dictionary, err = wordnet.Open(wordnet.DefaultDir)
	return dictionary, wordnet.DefaultDir, err
}

// openTranscriber begins to load the embedded transcriber, in the background. known
// says whether somebody would take up what was said; nil asks the offline skills.
func openTranscriber(mean []float64, known func(string) bool, log *slog.Logger) embeddedTranscriber {
	options := hearing.Options("", hearing.Offline()...)
	options.Mean, options.Log = mean, log
	if known != nil {
		options.Known = known
	}
	return pocketsphinx.New(options)
}

// openVoice is the embedded synthesizer; "" is its first voice.
func openVoice(name string, speed float64) (engine.Synthesizer, error) {
	return flite.New(flite.Options{Voice: name, Speed: speed})
}

// measure is `parley bench`.
func measure(ctx context.Context, args []string, cons console) int {
	return bench.Run(ctx, args, cons.out, cons.err)
}
