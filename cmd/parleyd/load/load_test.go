package load

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"parley/engine/realtime/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestParse(t *testing.T) {
	o, err := parse([]string{"--url", "wss://voice.example/v1/realtime?model=m", "--sessions", "5"})
	if err != nil || o.metrics != "https://voice.example/metrics" || o.sessions != 5 {
		t.Errorf("read as %+v, %v", o, err)
	}
	for args, says := range map[string]string{
		"--url http://a": "ws://", "--url ws:///x": "ws://", "--sessions 0": "more than 0", "--seconds -1": "more than 0", "--ramp 0": "more than 0",
		"--rate 8000": "24000", "x": `"x"`,
	} {
		if _, err := parse(strings.Fields(args)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func TestSpread(t *testing.T) {
	var all []time.Duration
	for i := 200; i > 0; i-- {
		all = append(all, time.Duration(i)*time.Millisecond)
	}
	if got := spreadOf(all); got != (spread{101, 199, 200}) {
		t.Errorf("of 1 to 200 ms: %+v", got)
	}
	if got := spreadOf(nil); got != (spread{}) {
		t.Errorf("of nothing: %+v", got)
	}
}

// A turn is speech and silence, in events that the wire knows.
func TestVoice(t *testing.T) {
	frames, err := voice(24000)
	if err != nil || len(frames) != int(turnTime/frameTime) {
		t.Fatalf("%d frames, %v", len(frames), err)
	}
	codec, err := protocol.NewCodec(nil)
	if err != nil {
		t.Fatal(err)
	}
	last := 0
	for i, f := range frames {
		e, err := protocol.DecodeClient(f.event)
		if err != nil {
			t.Fatal(err)
		}
		samples, err := codec.FromText(e.Audio)
		if err != nil || len(samples) != 480 {
			t.Fatalf("frame %d has %d samples, %v", i, len(samples), err)
		}
		loud := bytes.ContainsFunc([]byte(e.Audio), func(r rune) bool { return r != 'A' })
		if speech := i < int(speechTime/frameTime); loud != speech {
			t.Errorf("frame %d is loud: %v", i, loud)
		}
		if f.last {
			last = i
		}
	}
	if last != int(speechTime/frameTime)-1 {
		t.Errorf("speech ends with frame %d", last)
	}
}

// backend answers probes as a server does, and the end of speech with sound.
func backend(t *testing.T) *httptest.Server {
	t.Helper()
	send := func(conn *websocket.Conn, text string) error {
		return conn.Write(context.Background(), websocket.MessageText, []byte(text))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "# HELP x\nprocess_cpu_seconds_total 1.5\nprocess_resident_memory_bytes 1.048576e+06\n")
	})
	mux.HandleFunc("/v1/realtime", func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.CloseNow()
		frames := 0
		for {
			_, text, err := conn.Read(context.Background())
			if err != nil {
				return
			}
			e, err := protocol.DecodeClient(text)
			if err != nil {
				t.Error(err)
				return
			}
			switch e.Type {
			case protocol.SessionUpdate:
				err = send(conn, `{"type":"session.updated","event_id":"e","session":{}}`)
			case protocol.ItemRetrieve:
				err = send(conn, `{"type":"error","event_id":"e","error":{"type":"invalid_request_error","message":"m","event_id":"`+e.EventID+`"}}`)
			case protocol.InputAppend:
				if frames++; frames%100 == 80 {
					err = send(conn, `{"type":"response.output_audio.delta","event_id":"e","delta":"AAAA"}`)
				}
			}
			if err != nil {
				return
			}
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestPlay(t *testing.T) {
	server := backend(t)
	defer http.DefaultClient.CloseIdleConnections()
	var out, errs bytes.Buffer
	code := Run(t.Context(), []string{"--url", "ws" + strings.TrimPrefix(server.URL, "http") + "/v1/realtime", "--sessions", "2", "--seconds", "7"}, &out, &errs)
	if code != 0 || !strings.Contains(out.String(), "2 sessions") || !strings.Contains(out.String(), "0 cut off, 0 errors") || !strings.Contains(out.String(), "1 MB before") {
		t.Errorf("%d\n%s%s", code, out.String(), errs.String())
	}
	if strings.Contains(out.String(), " 0 answers") {
		t.Errorf("no answer was heard:\n%s", out.String())
	}
}

func TestNobodyThere(t *testing.T) {
	var out, errs bytes.Buffer
	for _, metrics := range []string{"", "none"} {
		errs.Reset()
		code := Run(t.Context(), []string{"--url", "ws://127.0.0.1:1/v1/realtime", "--metrics", metrics, "--sessions", "1"}, &out, &errs)
		if code != 1 || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%d %q", code, errs.String())
		}
	}
}

// Whatever a server calls its metrics, it is read or refused.
func FuzzMetrics(f *testing.F) {
	f.Add("process_resident_memory_bytes 3.1e+07\nprocess_cpu_seconds_total 0.5\n")
	f.Add("process_cpu_seconds_total x")
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := parseMetrics(strings.NewReader(text)); err == nil && s == nil {
			t.Error("neither read nor refused")
		}
	})
}
