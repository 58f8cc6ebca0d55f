package rest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"

	"parley/audio/pcm"
	"parley/engine"
)

func TestSpeech(t *testing.T) {
	b := newBench(echo)
	s := b.serve(t, Options{})
	const words = `"input":"Dr. No says one. And two! \n Three?","voice":"amy","speed":1.5`
	for name, more := range map[string]string{"wav": "", "also wav": `,"response_format":"wav"`, "pcm": `,"response_format":"pcm","model":"tts-1"`} {
		r := asJSON(t, s, "/v1/audio/speech", `{`+words+more+`}`)
		raw := r.body
		if name != "pcm" {
			f, err := pcm.ReadWAV(bytes.NewReader(r.body))
			if err != nil || f.Rate != 24000 || r.header.Get("Content-Type") != "audio/wav" {
				t.Fatalf("%s: %d %s, %v", name, r.status, r.header, err)
			}
			raw = raw[44:]
			if len(f.Samples)*2 != len(raw) {
				t.Errorf("%s: %d samples in %d bytes", name, len(f.Samples), len(raw))
			}
		} else if r.header.Get("Content-Type") != "audio/pcm;rate=24000" {
			t.Errorf("%s: %s", name, r.header)
		}
		if len(raw) != 7*480*2 { // seven words of 20 ms
			t.Errorf("%s: %d bytes of sound", name, len(raw))
		}
		if b.voice != "amy" || b.speed != 1.5 {
			t.Errorf("spoken by %q at %g", b.voice, b.speed)
		}
		var joined []byte
		all := asJSON(t, s, "/v1/audio/speech", `{`+words+more+`,"stream_format":"sse"}`).events(t)
		for i, data := range all {
			var e struct {
				Type  string
				Audio []byte
				Usage struct {
					Total int `json:"total_tokens"`
				}
			}
			if err := json.Unmarshal([]byte(data), &e); err != nil || (e.Type == "speech.audio.done") != (i == len(all)-1) {
				t.Errorf("%s, %v", data, err)
			}
			joined = append(joined, e.Audio...)
			if i == len(all)-1 && e.Usage.Total == 0 {
				t.Errorf("%s", data)
			}
		}
		if !bytes.Equal(joined, r.body) {
			t.Errorf("%s: the stream has %d other bytes", name, len(joined))
		}
	}
	if asJSON(t, s, "/v1/audio/speech", `{"input":"Hi.","voice":{"id":"bob"}}`); b.voice != "bob" || b.speed != 1 {
		t.Errorf("spoken by %q at %g", b.voice, b.speed)
	}
}

func TestSpeechAtOtherRates(t *testing.T) {
	b := newBench(echo)
	for _, rate := range []pcm.Rate{8000, 22050, 24000, 48000} {
		b.Synthesizer = func(string, float64) engine.Synthesizer { return voiceBox{rate: rate} }
		r := asJSON(t, b.serve(t, Options{}), "/v1/audio/speech", `{"input":"one two three four five","response_format":"pcm"}`)
		if got := pcm.Rate24k.Duration(len(r.body) / 2).Milliseconds(); got < 99 || got > 101 {
			t.Errorf("%d Hz: %d ms", rate, got)
		}
	}
}

func TestSpeechThatIsRefused(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	for body, param := range map[string]string{
		`{}`:                                     "input",
		`{"input":" \n"}`:                        "input",
		`{"input":7}`:                            "input",
		`{"input":"hi","response_format":"mp3"}`: "response_format",
		`{"input":"hi","stream_format":"x"}`:     "stream_format",
		`{"input":"hi","speed":4.5}`:             "speed",
		`{"input":"hi","speed":0}`:               "speed",
		`{"input":"hi","speed":"fast"}`:          "speed",
		`{"input":"hi","voice":7}`:               "voice",
		`{"input":"hi","voice":"nobody"}`:        "voice",
		`{"input":"` + strings.Repeat("ä", longestInput+1) + `"}`: "input",
	} {
		r := asJSON(t, s, "/v1/audio/speech", body)
		var told struct{ Error detail }
		if err := json.Unmarshal(r.body, &told); err != nil || r.status != 400 || told.Error.Param == nil || *told.Error.Param != param {
			t.Errorf("%.80s: %d %s", body, r.status, r.body)
		}
	}
	if r := asJSON(t, s, "/v1/audio/speech", `{"input":"`+strings.Repeat("ä ", longestInput/2)+`"}`); r.status != 200 {
		t.Errorf("the longest input: %d %s", r.status, r.body)
	}
}

func TestSpeechThatFails(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	if r := asJSON(t, s, "/v1/audio/speech", `{"input":"fail at once"}`); r.status != 500 || bytes.Contains(r.body, []byte("secret-host")) {
		t.Errorf("%d %s", r.status, r.body)
	}
	// Half a file is not to be taken for the whole.
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/v1/audio/speech", strings.NewReader(`{"input":"It will soon fail. Yes."}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if b, err := io.ReadAll(a.Body); err == nil {
		t.Errorf("%d bytes end as if they were all", len(b))
	}
	all := asJSON(t, s, "/v1/audio/speech", `{"input":"It will soon fail.","stream_format":"sse"}`).events(t)
	if last := all[len(all)-1]; !strings.Contains(last, "synthesizer_failed") || len(all) < 2 {
		t.Errorf("%q", all)
	}
}

// sung is a synthesizer that waits before its second sentence.
type sung chan struct{}

func (w sung) Synthesize(ctx context.Context, sentence string) iter.Seq2[engine.Speech, error] {
	if sentence == "Two." {
		<-w
	}
	return voiceBox{rate: 24000}.Synthesize(ctx, sentence)
}

func TestSpeechComesAsItIsMade(t *testing.T) {
	b, second := newBench(echo), make(sung)
	b.Synthesizer = func(string, float64) engine.Synthesizer { return second }
	s := b.serve(t, Options{})
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "POST", s.URL+"/v1/audio/speech", strings.NewReader(`{"input":"One. Two.","response_format":"pcm"}`))
	if err != nil {
		t.Fatal(err)
	}
	a, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if _, err := io.ReadFull(a.Body, make([]byte, 960)); err != nil {
		t.Fatal(err)
	}
	close(second)
	if rest, err := io.ReadAll(a.Body); err != nil || len(rest) != 960 {
		t.Errorf("%d more bytes, %v", len(rest), err)
	}
}

func TestSpeechEventsAreBase64(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	all := asJSON(t, s, "/v1/audio/speech", `{"input":"Hi.","response_format":"pcm","stream_format":"sse"}`).events(t)
	var e struct{ Audio string }
	if err := json.Unmarshal([]byte(all[0]), &e); err != nil {
		t.Fatal(err)
	}
	if b, err := base64.StdEncoding.DecodeString(e.Audio); err != nil || len(b) == 0 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}
