package openai

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	api "github.com/sashabaranov/go-openai"
)

func TestEvents(t *testing.T) {
	for _, c := range []struct {
		name, stream, lines string
		done                bool
		kind                error
	}{
		{"plain", "data: {\"a\":1}\n\ndata: [DONE]\n\n", "data: {\"a\":1}\ndata: [DONE]\n", true, nil},
		{"no space, carriage returns", "data:{\"a\":1}\r\n\r\ndata:[DONE]\r\n\r\n", "data: {\"a\":1}\ndata: [DONE]\n", true, nil},
		{"comments and other fields", ": hi\nevent: x\nid: 1\nretry: 3\ndata:\ndata: {}\n\n", "data: {}\n", false, nil},
		{"last line whole", "data: {}", "data: {}\n", false, nil},
		{"last line half", "data: {\"a", "", false, nil},
		{"error", "data: {}\n\ndata: {\"error\":{\"message\":\"no\"}}\n\n", "data: {}\n", false, ErrServer},
		{"error with a code", "data: {\"error\":{\"message\":\"no\",\"code\":429}}\n\n", "", false, ErrRate},
		{"error of text", "data: {\"error\":\"no\"}\n", "", false, ErrServer},
		{"no error", "data: {\"error\":null,\"choices\":[{}]}\n", "data: {\"error\":null,\"choices\":[{}]}\n", false, nil},
		{"endless line", strings.Repeat("x", longestEvent+8192), "", false, ErrFormat},
	} {
		for name, reader := range map[string]io.Reader{"whole": strings.NewReader(c.stream), "bytes": iotest.OneByteReader(strings.NewReader(c.stream))} {
			e := newEvents(Service{}, io.NopCloser(reader))
			got, err := io.ReadAll(e)
			if string(got) != c.lines || !errors.Is(err, c.kind) || (err == nil) != (c.kind == nil) || e.done != c.done {
				t.Errorf("%s (%s): %q, %v, done %v", c.name, name, got, err, e.done)
			}
		}
	}
}

// FuzzEvents: whatever a server sends, what the library reads is whole lines of
// data.
func FuzzEvents(f *testing.F) {
	f.Add([]byte("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n"))
	f.Add([]byte(": comment\r\n\r\ndata:{\"error\":{\"code\":429}}\r\n"))
	f.Add([]byte("data: {\"error\":[]}\ndata: {\"a"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		got, err := io.ReadAll(newEvents(Service{}, io.NopCloser(bytes.NewReader(stream))))
		var failed *failure
		if err != nil && !errors.As(err, &failed) {
			t.Fatalf("error %v", err)
		}
		for line := range bytes.Lines(got) {
			if !bytes.HasPrefix(line, []byte("data: ")) || !bytes.HasSuffix(line, []byte("\n")) {
				t.Fatalf("line %q", line)
			}
		}
	})
}

func TestJoinedCalls(t *testing.T) {
	for name, c := range map[string]struct{ pieces, want string }{
		"in pieces": {`[{"index":0,"id":"a","function":{"name":"x","arguments":"{\"q\""}},{"index":0,"function":{"arguments":":1}"}}]`, `a x {"q":1}`},
		"two, mixed": {`[{"index":0,"id":"a","function":{"name":"x"}},{"index":1,"id":"b","function":{"name":"y"}},
			{"index":0,"function":{"arguments":"{\"q\":1}"}},{"index":1,"function":{"arguments":"{}"}}]`, `a x {"q":1}|b y {}`},
		"the same index for all":     {`[{"index":0,"id":"a","function":{"name":"x","arguments":"{}"}},{"index":0,"id":"b","function":{"name":"x","arguments":"{}"}}]`, `a x {}|b x {}`},
		"the id repeated":            {`[{"index":0,"id":"a","function":{"name":"x","arguments":"{"}},{"index":0,"id":"a","function":{"name":"x","arguments":"}"}}]`, `a x {}`},
		"another id with each piece": {`[{"index":0,"id":"a","function":{"name":"x","arguments":"{"}},{"index":0,"id":"b","function":{"arguments":"}"}}]`, `a x {}`},
		"no index":                   {`[{"id":"a","function":{"name":"x","arguments":"{"}},{"function":{"arguments":"}"}},{"id":"b","function":{"name":"y"}}]`, `a x {}|b y {}`},
		"no id":                      {`[{"index":0,"function":{"name":"x"}},{"index":1,"function":{"name":"y"}}]`, `call_1 x {}|call_2 y {}`},
	} {
		var pieces []api.ToolCall
		if err := json.Unmarshal([]byte(c.pieces), &pieces); err != nil {
			t.Fatal(err)
		}
		var whole wholeCalls
		if err := whole.add(pieces); err != nil {
			t.Error(err)
		}
		var got []string
		for _, call := range whole.done() {
			got = append(got, fmt.Sprintf("%s %s %s", call.ID, call.Function.Name, call.Function.Arguments))
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	var many wholeCalls
	var err error
	for i := range mostCalls + 1 {
		err = many.add([]api.ToolCall{{Index: &i}})
	}
	if !errors.Is(err, errCalls) {
		t.Errorf("%d calls: %v", mostCalls+1, err)
	}
	if err := many.add([]api.ToolCall{{Function: api.FunctionCall{Arguments: strings.Repeat("x", longestArguments+1)}}}); !errors.Is(err, errCalls) {
		t.Errorf("endless arguments: %v", err)
	}
}

// FuzzJoinedCalls: whatever pieces come, there are no more calls and arguments
// than allowed, and what a server is reminded of is JSON.
func FuzzJoinedCalls(f *testing.F) {
	f.Add([]byte(`[{"index":0,"id":"a","function":{"name":"x","arguments":"{"}},{"index":0,"function":{"arguments":"}"}}]`))
	f.Add([]byte(`[{"index":-1},{"id":"b"},{"index":9,"function":{"arguments":"null"}}]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var pieces []api.ToolCall
		if json.Unmarshal(raw, &pieces) != nil {
			return
		}
		var whole wholeCalls
		for piece := range slices.Chunk(pieces, 1) {
			if whole.add(piece) != nil {
				break
			}
		}
		calls := remembered(whole.done())
		if len(calls) > mostCalls || len(calls) == 0 && len(pieces) > 0 {
			t.Fatalf("%d calls of %d pieces", len(calls), len(pieces))
		}
		for _, c := range calls {
			if c.ID == "" || c.Index != nil || !isObject(c.Function.Arguments) {
				t.Fatalf("call %+v", c)
			}
		}
	})
}

// FuzzPlainSpeech: taking out marks neither adds anything nor depends on the pieces
// that a text comes in.
func FuzzPlainSpeech(f *testing.F) {
	f.Add("<think>a</think># B\n- *c*", 3)
	f.Add("2 * 3 - 1", 1)
	f.Fuzz(func(t *testing.T, written string, size int) {
		written = strings.ToValidUTF8(written, "")
		read := func(pieces ...string) string {
			var (
				aloud thoughts
				clean plain
				out   string
			)
			for _, p := range pieces {
				out += clean.add(aloud.add(p))
			}
			return out + clean.rest()
		}
		var pieces []string
		var piece strings.Builder
		for i, r := range written {
			piece.WriteRune(r)
			if size > 0 && i%size == 0 {
				pieces = append(pieces, piece.String())
				piece.Reset()
			}
		}
		pieces = append(pieces, piece.String())
		whole, parts := read(written), read(pieces...)
		if whole != parts || len(whole) > len(written) {
			t.Fatalf("%q: %q whole, %q in pieces", written, whole, parts)
		}
	})
}
