package bench

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"parley/audio/pcm"
)

// turnsName is the list in a directory of turns.
const turnsName = "turns.txt"

// errTurns is wrapped by what is wrong with a list of turns.
var errTurns = errors.New("turns")

// longestTurn is the longest recording that may be one turn.
const longestTurn = 10 * time.Minute

// clip is a WAV file that is one turn.
type clip struct {
	name string        // of the file, without .wav
	end  time.Duration // when the turn really ends

	sound pcm.Frame // 16 kHz; not in the list
}

// readTurns reads a directory's turns.
func readTurns(dir string) ([]clip, error) {
	path := filepath.Join(dir, turnsName)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errTurns, err)
	}
	defer f.Close()
	list, err := parseTurns(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %s%w", errTurns, path, err)
	}
	for i := range list {
		c := &list[i]
		if c.sound, err = readSound(filepath.Join(dir, c.name+".wav")); err != nil {
			return nil, fmt.Errorf("%w: %w", errTurns, err)
		}
		if length := c.sound.Duration(); c.end > length {
			return nil, fmt.Errorf("%w: %s ends at %.2f s by the list, and its file at %.2f s", errTurns, c.name, c.end.Seconds(), length.Seconds())
		}
	}
	return list, nil
}

// parseTurns reads a list: "name|seconds at which the turn really ends" a line. A
// name may bear its .wav. Empty lines and lines that begin with # don't count. An
// error begins with the line's number.
func parseTurns(r io.Reader) ([]clip, error) {
	var list []clip
	seen := map[string]bool{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		c, ok := parseTurn(line)
		switch {
		case !ok:
			return nil, fmt.Errorf(":%d: want name|seconds, as in remind_me|2.35", n)
		case seen[c.name]:
			return nil, fmt.Errorf(":%d: %s is listed twice", n, c.name)
		}
		seen[c.name] = true
		list = append(list, c)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	if len(list) == 0 {
		return nil, errors.New(" lists no turn: want name|seconds a line")
	}
	return list, nil
}

func parseTurn(line string) (clip, bool) {
	name, number, ok := strings.Cut(line, "|")
	name = strings.TrimSuffix(strings.TrimSpace(name), ".wav")
	seconds, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || name == "" || strings.ContainsAny(name, "/\\\x00") || !(seconds > 0 && seconds <= longestTurn.Seconds()) {
		return clip{}, false
	}
	return clip{name: name, end: time.Duration(seconds * float64(time.Second))}, true
}
