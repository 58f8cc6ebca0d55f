package rest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// upload is a form with sound of a type, and fields as pairs; the sound comes first.
func upload(sound []byte, kind string, fields ...string) (contentType string, body *bytes.Buffer) {
	body = &bytes.Buffer{}
	form := multipart.NewWriter(body)
	if sound != nil {
		part, _ := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="file"; filename="a"`}, "Content-Type": {kind},
		})
		_, _ = part.Write(sound)
	}
	for i := 0; i < len(fields); i += 2 {
		_ = form.WriteField(fields[i], fields[i+1])
	}
	_ = form.Close()
	return form.FormDataContentType(), body
}

// twice is sound of two utterances: half a second and 300 ms, with a pause.
func twice(rate pcm.Rate) []int16 {
	quiet := func(d time.Duration) []int16 { return make([]int16, rate.Samples(d)) }
	return slices.Concat(quiet(time.Second), square(rate, 500*time.Millisecond), quiet(3*time.Second), square(rate, 300*time.Millisecond), quiet(200*time.Millisecond))
}

func TestTranscriptFormats(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	for format, want := range map[string]string{
		"":     `{"text":"la la la la la la la la","usage":{"type":"duration","seconds":5}}` + "\n",
		"json": `{"text":"la la la la la la la la","usage":{"type":"duration","seconds":5}}` + "\n",
		"text": "la la la la la la la la\n",
		"srt":  "1\n00:00:01,000 --> 00:00:01,500\nla la la la la\n\n2\n00:00:04,500 --> 00:00:04,800\nla la la\n\n",
		"vtt":  "WEBVTT\n\n00:00:01.000 --> 00:00:01.500\nla la la la la\n\n00:00:04.500 --> 00:00:04.800\nla la la\n\n",
	} {
		fields := []string{"model", "whisper-1", "language", "en", "prompt", "Singing.", "temperature", "0.2"}
		if format != "" {
			fields = append(fields, "response_format", format)
		}
		kind, body := upload(wav(16000, 1, twice(16000)), "audio/wav", fields...)
		if r := post(t, s, "/v1/audio/transcriptions", kind, body); r.status != http.StatusOK || string(r.body) != want {
			t.Errorf("%s: %d %q", format, r.status, r.body)
		}
	}
	kind, body := upload(wav(16000, 1, twice(16000)), "audio/wav", "response_format", "verbose_json", "temperature", "0.2", "timestamp_granularities[]", "word")
	r := post(t, s, "/v1/audio/transcriptions", kind, body)
	var got struct {
		Task, Language, Text string
		Duration             float64
		Segments             []spokenSegment
	}
	if err := json.Unmarshal(r.body, &got); err != nil || got.Task != "transcribe" || got.Language != "english" || got.Duration != 5 || len(got.Segments) != 2 {
		t.Fatalf("%s, %v", r.body, err)
	}
	one := got.Segments[1]
	if one.ID != 1 || one.Start != 4.5 || math.Abs(one.End-4.8) > 1e-9 || one.Text != "la la la" || one.Temperature != .2 || math.Abs(one.AvgLogProb-math.Log(.5)) > 1e-9 {
		t.Errorf("%+v", one)
	}
}

func TestTranscriptAsStream(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	kind, body := upload(wav(16000, 1, twice(16000)), "audio/wav", "stream", "true")
	want := []string{
		`{"delta":"la la la la la","type":"transcript.text.delta"}`,
		`{"delta":" la la la","type":"transcript.text.delta"}`,
		`{"text":"la la la la la la la la","type":"transcript.text.done","usage":{"type":"duration","seconds":5}}`,
	}
	if got := post(t, s, "/v1/audio/transcriptions", kind, body).events(t); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestSoundThatIsUnderstood(t *testing.T) {
	s := newBench(echo).serve(t, Options{})
	length := 450 * time.Millisecond
	of := func(kind string, rate pcm.Rate) []byte {
		codec, err := protocol.NewCodec(&protocol.Format{Type: kind, Rate: int(rate)})
		if err != nil {
			t.Fatal(err)
		}
		return codec.Bytes(square(rate, length))
	}
	stereo := make([]int16, 0, 2*44100)
	for _, v := range square(44100, length) {
		stereo = append(stereo, v, v)
	}
	for name, c := range map[string]struct {
		sound []byte
		kind  string
	}{
		"WAV, 8 kHz":          {wav(8000, 1, square(8000, length)), "audio/wav"},
		"WAV, 48 kHz":         {wav(48000, 1, square(48000, length)), "application/octet-stream"},
		"WAV, stereo":         {wav(44100, 2, stereo), ""},
		"raw, no rate":        {of(protocol.PCM, 24000), "audio/pcm"},
		"raw, a rate":         {of(protocol.PCM, 16000), "audio/pcm; rate=16000; channels=1"},
		"raw, half a sample":  {append(of(protocol.PCM, 16000), 7), "audio/pcm;rate=16000"},
		"raw by another name": {of(protocol.PCM, 16000), "audio/x-raw;rate=16000"},
		"mu-law":              {of(protocol.PCMU, 8000), "audio/pcmu"},
		"A-law":               {of(protocol.PCMA, 8000), "audio/pcma;rate=8000"},
		"basic":               {of(protocol.PCMU, 8000), "audio/basic"},
	} {
		kind, body := upload(c.sound, c.kind, "response_format", "text")
		if r := post(t, s, "/v1/audio/transcriptions", kind, body); string(r.body) != "la la la la\n" {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

func TestSoundThatIsNot(t *testing.T) {
	s := newBench(echo).serve(t, Options{Limits: Limits{Sound: 1 << 20, Length: 3 * time.Second}})
	good := wav(16000, 1, square(16000, time.Second))
	for name, c := range map[string]struct {
		sound  []byte
		kind   string
		fields []string
		status int
		says   string
	}{
		"mp3":               {[]byte("ID3\x04aaaaaaaaaaaa"), "audio/mpeg", nil, 400, "mp3 cannot be read; send WAV"},
		"mp3 without a tag": {[]byte("\xff\xfb\x90aaaaaaaaaaaa"), "audio/mpeg", nil, 400, "mp3"},
		"m4a":               {[]byte("\x00\x00\x00\x20ftypM4A aaaa"), "audio/mp4", nil, 400, "m4a"},
		"webm":              {[]byte("\x1a\x45\xdf\xa3aaaaaaaaaaaa"), "audio/webm", nil, 400, "webm"},
		"ogg":               {[]byte("OggSaaaaaaaaaaaa"), "audio/ogg", nil, 400, "ogg"},
		"flac":              {[]byte("fLaCaaaaaaaaaaaa"), "audio/flac", nil, 400, "flac"},
		"nonsense":          {[]byte("hello"), "text/plain", nil, 400, "unknown kind"},
		"nothing":           {[]byte{}, "audio/wav", nil, 400, "an empty file"},
		"no samples":        {[]byte{}, "audio/pcm", nil, 400, "is empty"},
		"a broken WAV":      {good[:20], "audio/wav", nil, 400, "fmt chunk"},
		"a strange rate":    {[]byte{0, 0}, "audio/pcm;rate=x", nil, 400, "rate"},
		"an absurd rate":    {[]byte{0, 0}, "audio/pcm;rate=7", nil, 400, "7 samples a second"},
		"raw stereo":        {[]byte{0, 0}, "audio/pcm;channels=2", nil, 400, "one channel"},
		"no file":           {nil, "", []string{"model", "x"}, 400, "field file"},
		"a format":          {good, "audio/wav", []string{"response_format", "html"}, 400, "verbose_json"},
		"a temperature":     {good, "audio/wav", []string{"temperature", "hot"}, 400, "0 to 1"},
		"a stream":          {good, "audio/wav", []string{"stream", "maybe"}, 400, "true or false"},
		"a granularity":     {good, "audio/wav", []string{"timestamp_granularities[]", "letter"}, 400, "segment and word"},
		"a long field":      {good, "audio/wav", []string{"prompt", strings.Repeat("x", fieldBytes+1)}, 413, "prompt"},
		"too long":          {wav(8000, 1, make([]int16, 8000*4)), "audio/wav", nil, 413, "3s"},
		"too big":           {wav(48000, 1, make([]int16, 3<<20)), "audio/wav", nil, 413, ""},
	} {
		kind, body := upload(c.sound, c.kind, c.fields...)
		r := post(t, s, "/v1/audio/transcriptions", kind, body)
		var told struct{ Error detail }
		if err := json.Unmarshal(r.body, &told); err != nil || r.status != c.status || !strings.Contains(told.Error.Message, c.says) {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if r := post(t, s, "/v1/audio/transcriptions", "multipart/form-data; boundary=x", strings.NewReader("--x\r\nhalf")); r.status != http.StatusBadRequest {
		t.Errorf("half a form: %d %s", r.status, r.body)
	}
	if r := asJSON(t, s, "/v1/audio/transcriptions", `{}`); r.status != http.StatusUnsupportedMediaType {
		t.Errorf("JSON: %d %s", r.status, r.body)
	}
}

func TestATranscriberThatFails(t *testing.T) {
	b := newBench(echo)
	b.Transcriber = ear(func([]int16) (engine.Hypothesis, error) { return engine.Hypothesis{}, errPlanned })
	s := b.serve(t, Options{})
	for _, stream := range []string{"true", "false"} {
		kind, body := upload(wav(16000, 1, square(16000, time.Second)), "audio/wav", "stream", stream)
		if r := post(t, s, "/v1/audio/transcriptions", kind, body); r.status != 500 || !bytes.Contains(r.body, []byte("transcriber_failed")) {
			t.Errorf("stream %s: %d %s", stream, r.status, r.body)
		}
	}
}

func TestSegments(t *testing.T) {
	quiet := func(d time.Duration) []int16 { return make([]int16, pcm.Rate16k.Samples(d)) }
	loud := func(d time.Duration) []int16 { return square(16000, d) }
	const s = time.Second
	for name, c := range map[string]struct {
		sound []int16
		want  string
	}{
		"nothing":         {nil, "0-0"},
		"silence":         {quiet(9 * s), "0-9000"},
		"voice":           {loud(9 * s), "0-9000"},
		"edges":           {slices.Concat(quiet(s), loud(3*s), quiet(s)), "1000-4000"},
		"a short pause":   {slices.Concat(loud(3*s), quiet(s/2), loud(3*s)), "0-6500"},
		"a pause":         {slices.Concat(loud(3*s), quiet(s), loud(3*s)), "0-3000 4000-7000"},
		"short ones":      {slices.Concat(loud(s/2), quiet(s), loud(s/2), quiet(s), loud(s)), "0-2000 3000-4000"},
		"no end in sight": {slices.Concat(loud(40*s), quiet(s/5), loud(40*s)), "0-40000 40200-80200"},
	} {
		var got []string
		at := 0
		for _, one := range segments(c.sound) {
			if one.from != at || one.voice < one.from || one.quiet > one.to {
				t.Errorf("%s: %+v after %d", name, one, at)
			}
			at = one.to
			got = append(got, fmt.Sprintf("%d-%d", one.start().Milliseconds(), one.end().Milliseconds()))
		}
		if at != len(c.sound) || strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, to %d of %d", name, got, at, len(c.sound))
		}
	}
}
