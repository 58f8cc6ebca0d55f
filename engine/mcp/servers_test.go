package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"go.uber.org/goleak"
)

// The test binary is also the server of tools, of the kind that this variable says.
const role = "PARLEY_TEST_TOOL_SERVER"

func TestMain(m *testing.M) {
	if kind := os.Getenv(role); kind != "" {
		os.Exit(play(kind))
	}
	goleak.VerifyTestMain(m)
}

func play(kind string) int {
	ctx := context.Background()
	switch kind {
	case "exits":
		fmt.Fprintln(os.Stderr, "first\nno licence found")
		return 3
	case "hangs":
		time.Sleep(time.Hour)
	case "deaf": // ends neither when asked to nor when its input does
		child := exec.CommandContext(ctx, "sleep", os.Getenv("MARK"))
		if err := child.Start(); err != nil {
			return 1
		}
		fallthrough
	default:
		if err := tools().Run(ctx, &sdk.StdioTransport{}); err != nil && kind != "deaf" {
			return 1
		}
		if kind == "deaf" {
			time.Sleep(time.Hour)
		}
	}
	return 0
}

type noted struct {
	Text string `json:"text"`
}

// tools is a server as the SDK makes them.
func tools() *sdk.Server {
	s := sdk.NewServer(&sdk.Implementation{Name: "notes", Version: "1"}, nil)
	text := func(text string) *sdk.CallToolResult {
		return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}}
	}
	sdk.AddTool(s, &sdk.Tool{Name: "read", Title: "Read the notes", Description: "Reads all notes.", Annotations: &sdk.ToolAnnotations{ReadOnlyHint: true}},
		func(context.Context, *sdk.CallToolRequest, struct{}) (*sdk.CallToolResult, any, error) {
			return &sdk.CallToolResult{Content: []sdk.Content{
				&sdk.TextContent{Text: "milk\x1b[31m"},
				&sdk.ImageContent{Data: []byte{1}, MIMEType: "image/png"},
				&sdk.ResourceLink{Name: "notes", URI: "file:///notes"},
				&sdk.EmbeddedResource{Resource: &sdk.ResourceContents{URI: "file:///a", Text: "eggs"}},
			}}, nil, nil
		})
	sdk.AddTool(s, &sdk.Tool{Name: "write"}, func(_ context.Context, _ *sdk.CallToolRequest, in noted) (*sdk.CallToolResult, any, error) {
		if in.Text == "" {
			return nil, nil, errors.New("nothing to write")
		}
		return text("written: " + in.Text), nil, nil
	})
	sdk.AddTool(s, &sdk.Tool{Name: "long"}, func(context.Context, *sdk.CallToolRequest, struct{}) (*sdk.CallToolResult, any, error) {
		return text(strings.Repeat("é", 1<<20)), nil, nil
	})
	sdk.AddTool(s, &sdk.Tool{Name: "structured"}, func(context.Context, *sdk.CallToolRequest, struct{}) (*sdk.CallToolResult, noted, error) {
		return nil, noted{"x"}, nil
	})
	sdk.AddTool(s, &sdk.Tool{Name: "wait"}, func(ctx context.Context, _ *sdk.CallToolRequest, _ struct{}) (*sdk.CallToolResult, any, error) {
		// A client that gives up and goes need not be heard of over HTTP.
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Second):
		}
		return nil, nil, ctx.Err()
	})
	sdk.AddTool(s, &sdk.Tool{Name: "die"}, func(context.Context, *sdk.CallToolRequest, struct{}) (*sdk.CallToolResult, any, error) {
		os.Exit(1)
		return nil, nil, nil
	})
	sdk.AddTool(s, &sdk.Tool{Name: "environment"}, func(context.Context, *sdk.CallToolRequest, struct{}) (*sdk.CallToolResult, any, error) {
		return text(strings.Join(os.Environ(), " ")), nil, nil
	})
	return s
}

func program(kind string) Server {
	return Server{Name: "notes", Command: []string{os.Args[0]}, Env: []string{role + "=" + kind}}
}

// run runs servers until the test ends.
func run(t *testing.T, servers ...Server) *Servers {
	t.Helper()
	s := New(servers, nil)
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { s.Run(ctx) })
	t.Cleanup(func() {
		start := time.Now()
		cancel()
		all.Wait()
		if took := time.Since(start); took > 15*time.Second { // the machine may be busy
			t.Errorf("ending took %v", took)
		}
		if left := s.Tools(); len(left) > 0 {
			t.Errorf("tools of servers that have ended: %v", left)
		}
	})
	return s
}

// eventually waits until it is so, for as long as a busy machine may take.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not so: %s", what)
		}
	}
}

func TestTools(t *testing.T) {
	handler := sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return tools() }, nil)
	web := httptest.NewServer(handler)
	t.Cleanup(web.Close)
	for name, server := range map[string]Server{"program": program("notes"), "address": {Name: "notes", URL: web.URL}} {
		t.Run(name, func(t *testing.T) {
			s := run(t, server)
			eventually(t, "its tools are known", func() bool { return len(s.Tools()) > 0 })
			if status := s.Status(); len(status) != 1 || status[0] != (Status{"notes", 7, nil}) {
				t.Errorf("got %+v", status)
			}
			var names []string
			for _, tool := range s.Tools() {
				names = append(names, fmt.Sprintf("%s/%v", tool.Name, tool.Changes))
				if tool.Name == "notes_read" && (tool.Server != "notes" || tool.Title != "Read the notes" || tool.Description != "Reads all notes.") {
					t.Errorf("got %+v", tool)
				}
				if tool.Name == "notes_write" && !strings.Contains(string(tool.Schema), `"text"`) {
					t.Errorf("its schema is %s", tool.Schema)
				}
			}
			want := []string{"notes_die/true", "notes_environment/true", "notes_long/true", "notes_read/false", "notes_structured/true", "notes_wait/true", "notes_write/true"}
			if !slices.Equal(names, want) {
				t.Errorf("got %q", names)
			}
			for _, c := range []struct {
				tool, arguments string
				want            Result
				err             error
			}{
				{"notes_write", `{"text":"bread"}`, Result{"written: bread", false}, nil},
				{"notes_write", `{"text":""}`, Result{"nothing to write", true}, nil},
				{"notes_read", "", Result{"milk[31m\n[an image]\nnotes <file:///notes>\neggs", false}, nil},
				{"notes_structured", "{}", Result{`{"text":"x"}`, false}, nil},
				{"notes_none", "{}", Result{}, ErrNoTool},
			} {
				got, err := s.Call(t.Context(), c.tool, json.RawMessage(c.arguments))
				if got != c.want || !errors.Is(err, c.err) {
					t.Errorf("%s(%s): %+v, %v", c.tool, c.arguments, got, err)
				}
			}
			if got, err := s.Call(t.Context(), "notes_write", json.RawMessage(`{"text":5}`)); err != nil || !got.Failed || got.Text == "" {
				t.Errorf("wrong arguments: %+v, %v", got, err)
			}
			if got, err := s.Call(t.Context(), "notes_long", nil); err != nil || len(got.Text) > textMost || !strings.HasSuffix(got.Text, "é…") {
				t.Errorf("a long result: %d bytes, %v", len(got.Text), err)
			}
			for _, bad := range []string{"null", "[]", `{"text":`, "5"} {
				if _, err := s.Call(t.Context(), "notes_write", json.RawMessage(bad)); err == nil {
					t.Errorf("called with %s", bad)
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if got, err := s.Call(ctx, "notes_wait", nil); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("a tool that hangs: %+v, %v", got, err)
			}
			if got, err := s.Call(t.Context(), "notes_write", json.RawMessage(`{"text":"after"}`)); err != nil || got.Text != "written: after" {
				t.Errorf("after that: %+v, %v", got, err)
			}
		})
	}
}

// A program gets the environment it is given, and not ours with its keys.
func TestEnvironment(t *testing.T) {
	t.Setenv("OPENAI_API_KEY", "sk-secret")
	s := run(t, program("notes"))
	eventually(t, "its tools are known", func() bool { return len(s.Tools()) > 0 })
	if got, err := s.Call(t.Context(), "notes_environment", nil); err != nil || got.Text != role+"=notes" {
		t.Errorf("%+v, %v", got, err)
	}
}

// A server that dies costs the call, and comes back.
func TestDies(t *testing.T) {
	s := run(t, program("notes"))
	eventually(t, "its tools are known", func() bool { return len(s.Tools()) > 0 })
	if got, err := s.Call(t.Context(), "notes_die", nil); !errors.Is(err, ErrUnanswered) {
		t.Errorf("%+v, %v", got, err)
	}
	eventually(t, "it is told", func() bool { return s.Status()[0].Err != nil })
	eventually(t, "it is back", func() bool { return len(s.Tools()) > 0 })
	if got, err := s.Call(t.Context(), "notes_write", json.RawMessage(`{"text":"again"}`)); err != nil || got.Text != "written: again" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Servers that are of no use cost the others nothing, and say why.
func TestAbsent(t *testing.T) {
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }))
	t.Cleanup(page.Close)
	var hanging atomic.Int32
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else it would not notice that nobody waits any more
		hanging.Add(1)
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	exits, hangs := program("exits"), program("hangs")
	exits.Name, hangs.Name = "exits", "hangs"
	s := run(t, exits, hangs, Server{Name: "none", Command: []string{"/no/such/program"}},
		Server{Name: "page", URL: page.URL}, Server{Name: "silent", URL: silent.URL}, Server{Name: "gone", URL: gone.URL}, program("notes"))
	if got := s.Tools(); len(got) > 0 {
		t.Errorf("got %v at once", got)
	}
	eventually(t, "the good one is there", func() bool { return len(s.Tools()) == 7 })
	eventually(t, "the silent one is asked", func() bool { return hanging.Load() > 0 })
	for i, want := range []string{"no licence found", "", "no such file", "page", "", "refused"} {
		if want != "" {
			eventually(t, want, func() bool {
				err := s.Status()[i].Err
				return err != nil && strings.Contains(err.Error(), want)
			})
		}
		if err := s.Status()[i].Err; err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%d: %v", i, err)
		}
	}
}

// A program that does not end is ended, and so is what it has started.
func TestDeaf(t *testing.T) {
	mark := fmt.Sprintf("3600.%d", os.Getpid()) // what its child is recognised by
	deaf := program("deaf")
	deaf.Env = append(deaf.Env, "PATH="+os.Getenv("PATH"), "MARK="+mark)
	s := New([]Server{deaf}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { s.Run(ctx) })
	eventually(t, "its tools are known", func() bool { return len(s.Tools()) > 0 })
	if !runs(mark) {
		t.Error("its child does not run")
	}
	cancel()
	all.Wait()
	eventually(t, "nothing of it is left", func() bool { return !runs(mark) })
}

// runs says whether a sleep of that length does.
func runs(length string) bool {
	programs, err := filepath.Glob("/proc/[0-9]*/cmdline")
	return err == nil && slices.ContainsFunc(programs, func(name string) bool {
		line, _ := os.ReadFile(name) // it may just have ended
		return bytes.Contains(line, []byte("sleep\x00"+length))
	})
}

func TestToolName(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range [][2]string{{"a", "b"}, {"a", "b.c"}, {"a", "b/c"}, {"a", "b c"}, {"ä", "ß"}, {"ö", "ß"}, {"", ""}, {"a", strings.Repeat("x", 62)}, {"a", strings.Repeat("x", 63)}, {"a", strings.Repeat("x", 99)}} {
		name := toolName(c[0], c[1])
		if seen[name] || len(name) > nameMost || name == "" || strings.ContainsFunc(name, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", r)
		}) {
			t.Errorf("%q: %q", c, name)
		}
		seen[name] = true
	}
	if got := toolName("files", "read-all"); got != "files_read-all" {
		t.Errorf("got %q", got)
	}
}

func TestDescribe(t *testing.T) {
	object := map[string]any{"type": "object"}
	for name, c := range map[string]struct {
		tool *sdk.Tool
		ok   bool
	}{
		"plain":       {&sdk.Tool{Name: "x", InputSchema: object}, true},
		"no schema":   {&sdk.Tool{Name: "x"}, false},
		"not object":  {&sdk.Tool{Name: "x", InputSchema: "object"}, false},
		"no name":     {&sdk.Tool{InputSchema: object}, false},
		"long schema": {&sdk.Tool{Name: "x", InputSchema: map[string]any{"description": strings.Repeat("x", schemaMost)}}, false},
		"much to say": {&sdk.Tool{Name: "x", InputSchema: object, Description: strings.Repeat("word\x00 ", 9999)}, true},
	} {
		got, ok := describe("s", c.tool)
		if ok != c.ok || len(got.Description) > descriptionMost || strings.Contains(got.Description, "\x00") || ok && !got.Changes {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x00b", 8)
	f.Add("\xffé", 4)
	f.Fuzz(func(t *testing.T, text string, most int) {
		most = max(3, most%100)
		if got := clean(text, most); len(got) > most || strings.ToValidUTF8(got, "") != got {
			t.Errorf("%q: %q", text, got)
		}
	})
}
