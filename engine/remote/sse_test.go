package remote

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"parley/engine/realtime/protocol"
)

func TestEvents(t *testing.T) {
	for in, want := range map[string][]string{
		"data: a\n\ndata: b\n\n":                   {"a", "b"},
		"data:a\r\ndata:  b\r\n\r\n":               {"a\n b"},
		"data: a\r\rdata: b\r\r":                   {"a", "b"},
		": c\nevent: x\nid: 1\ndata: a\n\n\n\n":    {"a"},
		"data\n\ndatax: 1\n\ndata: cut\n":          {""},
		"data: a\n\n: \n\nretry: 1\n\ndata: b\n\n": {"a", "b"},
		"": nil,
	} {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(in), "bytes": iotest.OneByteReader(strings.NewReader(in))} {
			var got []string
			for data, err := range events(r) {
				if err != nil {
					t.Errorf("%q: %v", in, err)
				}
				got = append(got, string(data))
			}
			if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
				t.Errorf("%q, %s, is %q", in, name, got)
			}
		}
	}
	for name, r := range map[string]io.Reader{
		"a line without end":   strings.NewReader("data: " + strings.Repeat("a", 2*longestEvent)),
		"an event without end": strings.NewReader(strings.Repeat("data: "+strings.Repeat("a", longestEvent/4)+"\n", 8)),
		"an error":             iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("data: a\n\n"))),
	} {
		var last error
		for _, err := range events(r) {
			last = err
		}
		if last == nil {
			t.Errorf("%s is none", name)
		}
	}
}

// Whatever comes, events end, no longer than what came, the same however it is cut.
func FuzzEvents(f *testing.F) {
	for _, seed := range []string{"data: a\n\n", "data: a\r\ndata: b\r\n\r\n", "data\r\r\n\n: x\ndata:", `data: {"type":"response.output_audio.delta","delta":"AAA="}` + "\n\n", "data: {\"error\":\"x\"}\n\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		read := func(r io.Reader) (all []string) {
			for data, err := range events(r) {
				if err != nil {
					return append(all, "error")
				}
				all = append(all, string(data))
			}
			return all
		}
		whole, pieces := read(bytes.NewReader(b)), read(iotest.OneByteReader(bytes.NewReader(b)))
		if fmt.Sprintf("%q", whole) != fmt.Sprintf("%q", pieces) {
			t.Errorf("whole %q, in pieces %q", whole, pieces)
		}
		if n := len(strings.Join(whole, "")); n > len(b)+5 {
			t.Errorf("%d bytes of %d", n, len(b))
		}
		e := &exchange{heard: make(chan struct{}), wake: make(chan struct{}, 1), cancel: func() {}}
		e.codec, _ = protocol.NewCodec(nil)
		for _, data := range whole {
			event, err := decode([]byte(data))
			if err != nil {
				continue
			}
			if over, err := e.take(event); over || err != nil {
				e.end(err)
				break
			}
			_, _, _ = lessonPiece(event, false)
		}
	})
}
