package wordnet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ErrMalformed is wrapped by errors about files that are not as wndb(5WN) says.
var ErrMalformed = errors.New("malformed file")

// maxLine is far above the longest line of WordNet 3.0 (13 kB): what is longer
// is no WordNet file.
const maxLine = 64 << 10

// step is how much of a line is read at once; nearly all index lines fit.
const step = 512

// file is a text file that is read where it lies, at any offset, by any number
// of goroutines.
type file struct {
	name string
	r    io.ReaderAt
	size int64
}

func openFile(path, name string) (*file, io.Closer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return &file{name: name, r: f, size: info.Size()}, f, nil
}

// line reads the line that begins at off, without its end, and says where the
// next one begins.
func (f *file) line(off int64) (string, int64, error) {
	if off < 0 || off >= f.size {
		return "", 0, f.malformed(off, "offset outside the file")
	}
	var line []byte
	for at := off; ; {
		buf := make([]byte, min(step, f.size-at))
		if _, err := f.r.ReadAt(buf, at); err != nil && !errors.Is(err, io.EOF) {
			return "", 0, fmt.Errorf("wordnet: read %s: %w", f.name, err)
		}
		end := bytes.IndexByte(buf, '\n')
		if end >= 0 {
			line = append(line, buf[:end]...)
			return string(line), at + int64(end) + 1, nil
		}
		line = append(line, buf...)
		at += int64(len(buf))
		if at >= f.size {
			return string(line), f.size, nil
		}
		if len(line) > maxLine {
			return "", 0, f.malformed(off, "line too long")
		}
	}
}

// withPrefix returns the lines that begin with prefix, at most limit, from a
// file whose lines are sorted bytewise. The licence that heads the files is
// indented by blanks and so sorts before every word.
func (f *file) withPrefix(prefix string, limit int) ([]string, error) {
	// low and high are offsets; the first line sought begins at or after low
	// and, if it exists, before or at high.
	low, high := int64(0), f.size
	for low < high {
		middle := low + (high-low)/2
		start, line, next, err := f.lineFrom(middle)
		switch {
		case err != nil:
			return nil, err
		case start < high && line < prefix:
			low = next
		default: // the line sought begins at or before middle, or none in the upper half does
			high = middle
		}
	}
	start, err := f.nextLine(low)
	if err != nil {
		return nil, err
	}
	var lines []string
	for start < f.size && len(lines) < limit {
		line, next, err := f.line(start)
		if err != nil {
			return nil, err
		}
		if len(line) < len(prefix) || line[:len(prefix)] != prefix {
			break
		}
		lines = append(lines, line)
		start = next
	}
	return lines, nil
}

// lineFrom reads the first line that begins at or after off, and says where it
// and the next one begin. At the end of the file it is empty.
func (f *file) lineFrom(off int64) (start int64, line string, next int64, err error) {
	// Most often one read has the end of the line before and the whole line.
	var block [step]byte
	from := max(off-1, 0)
	n, err := f.r.ReadAt(block[:min(step, f.size-from)], from)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, "", 0, fmt.Errorf("wordnet: read %s: %w", f.name, err)
	}
	rest := block[:n]
	skip := 0
	if off > 0 {
		skip = bytes.IndexByte(rest, '\n') + 1
	}
	if off == 0 || skip > 0 {
		if end := bytes.IndexByte(rest[skip:], '\n'); end >= 0 {
			start = from + int64(skip)
			return start, string(rest[skip : skip+end]), start + int64(end) + 1, nil
		}
	}
	if start, err = f.nextLine(off); err != nil || start >= f.size {
		return start, "", f.size, err
	}
	line, next, err = f.line(start)
	return start, line, next, err
}

// nextLine is the offset of the first line that begins at or after off.
func (f *file) nextLine(off int64) (int64, error) {
	if off == 0 || off >= f.size {
		return min(off, f.size), nil
	}
	_, next, err := f.line(off - 1)
	return next, err
}

func (f *file) malformed(off int64, what string) error {
	return fmt.Errorf("wordnet: %s at byte %d: %s: %w", f.name, off, what, ErrMalformed)
}
