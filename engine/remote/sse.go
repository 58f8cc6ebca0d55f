package remote

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"iter"
)

// longestEvent bounds an event of a stream, in bytes: a minute of sound and more.
const longestEvent = 4 << 20

var errEvent = errors.New("remote: the backend sent an event without end")

// events reads a stream of server-sent events (WHATWG HTML, section 9.2) and yields
// the data of each. Comments, and fields other than data, tell nothing here. What is
// not whole when the stream ends is left out, as the standard has it. An error of r
// other than the end is yielded last. What is yielded is good until the next.
func events(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 4096), longestEvent)
		lines.Split(line)
		var data []byte
		some := false // data was told, if only an empty one
		for lines.Scan() {
			field := lines.Bytes()
			if len(field) == 0 {
				if some && !yield(bytes.TrimSuffix(data, []byte("\n")), nil) {
					return
				}
				data, some = data[:0], false
				continue
			}
			value, ok := bytes.CutPrefix(field, []byte("data"))
			if !ok || len(value) > 0 && value[0] != ':' {
				continue
			}
			value = bytes.TrimPrefix(value, []byte(":"))
			value = bytes.TrimPrefix(value, []byte(" "))
			if len(data)+len(value) > longestEvent {
				yield(nil, errEvent)
				return
			}
			data, some = append(append(data, value...), '\n'), true
		}
		if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
			yield(nil, errEvent)
		} else if err != nil {
			yield(nil, err)
		}
	}
}

// line splits at "\n", "\r\n" and "\r".
func line(b []byte, atEOF bool) (advance int, token []byte, err error) {
	end := bytes.IndexAny(b, "\r\n")
	switch {
	case end < 0 && atEOF && len(b) > 0:
		return len(b), b, nil
	case end < 0:
		return 0, nil, nil
	case b[end] == '\n', end+1 < len(b) && b[end+1] != '\n', end+1 == len(b) && atEOF:
		return end + 1, b[:end], nil
	case end+1 == len(b): // a "\n" may belong to it
		return 0, nil, nil
	}
	return end + 2, b[:end], nil
}
