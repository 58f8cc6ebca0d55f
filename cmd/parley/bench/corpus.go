package bench

import (
	"context"
	_ "embed" // for the lists
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parley/audio/pcm"
	"parley/engine/flite"
)

// What people say to an assistant, a sentence a line. The transcriber's settings
// were chosen on the first list; figures are of the second, which shares no
// sentence with it.
var (
	//go:embed sentences_dev.txt
	devSentences string

	//go:embed sentences_held_out.txt
	heldOutSentences string
)

var lists = map[string]string{"dev": devSentences, "held-out": heldOutSentences}

// Corpus is `parley bench corpus`: it makes a directory for `parley bench stt`
// with sentences spoken by the synthesizer. It returns the exit status: 0, 1 for
// a failure, 2 for wrong usage.
func Corpus(ctx context.Context, args []string, stdout, stderr io.Writer) (exit int) {
	flags := flag.NewFlagSet("corpus", flag.ContinueOnError)
	list := flags.String("list", "held-out", "")
	voices := flags.String("voices", "rms,awb,kal16", "")
	dir, status, ok := directory(flags, args, stdout, stderr)
	if !ok {
		return status
	}
	sentences, ok := lists[*list]
	if !ok {
		return fail(stderr, "corpus", exitUsage, fmt.Errorf("no list %q: choose held-out or dev", *list))
	}
	n := 0
	var transcripts strings.Builder
	for voice := range strings.SplitSeq(*voices, ",") {
		s, err := flite.New(flite.Options{Voice: voice})
		if errors.Is(err, flite.ErrVoice) {
			return fail(stderr, "corpus", exitUsage, err)
		}
		i := 0
		for text := range strings.Lines(sentences) {
			i++
			text = strings.TrimSpace(text)
			name := fmt.Sprintf("%s_%02d", voice, i)
			if err == nil {
				err = speakTo(ctx, s, text, filepath.Join(dir, name+".wav"))
			}
			if err != nil {
				return fail(stderr, "corpus", exitFailure, err)
			}
			fmt.Fprintf(&transcripts, "%s|%s\n", name, text)
			n++
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "transcripts.txt"), []byte(transcripts.String()), 0o644); err != nil {
		return fail(stderr, "corpus", exitFailure, err)
	}
	fmt.Fprintf(stdout, "%d recordings and transcripts.txt in %s\n", n, dir)
	return exitOK
}

// speakTo writes a spoken sentence to a WAV file.
func speakTo(ctx context.Context, s *flite.Synthesizer, text, path string) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w, err := pcm.NewWAVWriter(f, pcm.Rate16k, 1)
	if err != nil {
		return err
	}
	for speech, err := range s.Synthesize(ctx, text) {
		if err != nil {
			return err
		}
		if err := w.Write(speech.Frame.Samples); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return context.Cause(ctx)
}
