package bench

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// errTranscripts is wrapped by what is wrong with a list of transcripts.
var errTranscripts = errors.New("transcripts")

// recording is a WAV file and what is said in it.
type recording struct {
	name string // of the file, without .wav
	text string
}

// sphinxLine is how PocketSphinx's own test data says it:
// <s> go forward ten meters </s> (goforward)
var sphinxLine = regexp.MustCompile(`^<s>\s*(.*?)\s*</s>\s*\((\S+)\)$`)

// readTranscripts reads a list of recordings: "name|text" a line, in the order
// in which they are to be heard. A name may bear its .wav. Empty lines and lines
// that begin with # don't count.
func readTranscripts(path string) ([]recording, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errTranscripts, err)
	}
	defer f.Close()
	var list []recording
	seen := map[string]bool{}
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r, ok := parseTranscript(line)
		switch {
		case !ok:
			return nil, fmt.Errorf("%w: %s:%d: want name|text", errTranscripts, path, n)
		case seen[r.name]:
			return nil, fmt.Errorf("%w: %s:%d: %s is listed twice", errTranscripts, path, n, r.name)
		}
		seen[r.name] = true
		list = append(list, r)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errTranscripts, path, err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: %s lists no recording: want name|text a line", errTranscripts, path)
	}
	return list, nil
}

func parseTranscript(line string) (recording, bool) {
	name, text, ok := strings.Cut(line, "|")
	if m := sphinxLine.FindStringSubmatch(line); m != nil {
		name, text, ok = m[2], m[1], true
	}
	name = strings.TrimSuffix(strings.TrimSpace(name), ".wav")
	text = strings.TrimSpace(text)
	return recording{name, text}, ok && name != "" && !strings.ContainsAny(name, `/\`) && len(compared(text)) > 0
}
