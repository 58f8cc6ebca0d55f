package protocol

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"parley/audio/pcm"
)

func TestBetaNamesAndErrorsAsStrings(t *testing.T) {
	for in, want := range map[string]string{
		`{"type":"response.audio.delta","delta":"AAA="}`:     OutputAudioDelta,
		`{"type":"conversation.item.created","item":{}}`:     ItemAdded,
		`{"type":"response.text.done","text":""}`:            OutputTextDone,
		`{"type":"x_parley.lesson.done","lesson":{"id":""}}`: ParleyLessonDone,
		`{"type":"something.new","strange":{"a":[1]}}`:       "something.new",
	} {
		if e, err := DecodeServer([]byte(in)); err != nil || e.Type != want {
			t.Errorf("%s is read as %q, %v", in, e.Type, err)
		}
	}
	e, err := DecodeServer([]byte(`{"type":"error","error":"no room"}`))
	if err != nil || e.Error == nil || e.Error.Message != "no room" {
		t.Errorf("an error as a string is read as %+v, %v", e.Error, err)
	}
	for _, bad := range []string{``, `[]`, `{}`, `{"type":3}`, `{"type":"error"`, `null`} {
		if _, err := DecodeServer([]byte(bad)); err == nil {
			t.Errorf("%q is read as an event", bad)
		}
		if _, err := DecodeClient([]byte(bad)); err == nil {
			t.Errorf("%q is read as a client's event", bad)
		}
	}
}

func TestNullTurnDetectionIsNotNone(t *testing.T) {
	for in, want := range map[string]string{
		`{}`: "nothing", `{"turn_detection":null}`: "null", `{"turn_detection":{"type":"server_vad"}}`: "server_vad",
	} {
		var a AudioInput
		if err := json.Unmarshal([]byte(in), &a); err != nil {
			t.Fatal(err)
		}
		got := "nothing"
		switch {
		case a.TurnDetection != nil && a.TurnDetection.Value == nil:
			got = "null"
		case a.TurnDetection != nil:
			got = a.TurnDetection.Value.Type
		}
		if got != want {
			t.Errorf("%s is read as %s", in, got)
		}
		out, err := json.Marshal(a)
		if err != nil || string(out) != in {
			t.Errorf("%s is written as %s, %v", in, out, err)
		}
	}
}

func TestLimitsAndChoices(t *testing.T) {
	for in, want := range map[string]string{
		`{"max_output_tokens":"inf"}`: `"inf"`, `{"max_output_tokens":12}`: `12`,
		`{"max_output_tokens":0}`: "", `{"max_output_tokens":5000}`: "", `{"max_output_tokens":"many"}`: "",
	} {
		var s Session
		err := json.Unmarshal([]byte(in), &s)
		if (err == nil) != (want != "") {
			t.Errorf("%s: %v", in, err)
		}
		if err == nil {
			if out, err := json.Marshal(s.MaxOutputTokens); err != nil || string(out) != want {
				t.Errorf("%s is written as %s, %v", in, out, err)
			}
		}
	}
	for in, want := range map[string]ToolChoice{
		`"auto"`: {Mode: "auto"}, `"none"`: {Mode: "none"}, `"required"`: {Mode: "required"},
		`{"type":"function","name":"look"}`: {Mode: "required", Name: "look"},
	} {
		var c ToolChoice
		if err := json.Unmarshal([]byte(in), &c); err != nil || c != want {
			t.Errorf("%s is read as %+v, %v", in, c, err)
		}
	}
	for _, bad := range []string{`"maybe"`, `{}`, `3`, `{"type":"mcp"}`} {
		var c ToolChoice
		if err := json.Unmarshal([]byte(bad), &c); err == nil {
			t.Errorf("%s is read as %+v", bad, c)
		}
	}
}

// Within G.711's own steps: 3 % of the amplitude, or one step of the lowest segment.
func TestSoundComesBack(t *testing.T) {
	ramp := make([]int16, 0, 4096)
	for v := math.MinInt16; v <= math.MaxInt16; v += 16 {
		ramp = append(ramp, int16(v))
	}
	for _, f := range []*Format{nil, {Type: PCM, Rate: 16000}, {Type: PCMU}, {Type: PCMA, Rate: 8000}} {
		c, err := NewCodec(f)
		if err != nil {
			t.Fatal(err)
		}
		back, err := c.FromText(c.Text(ramp))
		if err != nil || len(back) != len(ramp) {
			t.Fatalf("%v: %d of %d samples came back, %v", c.Format(), len(back), len(ramp), err)
		}
		if c.Format().Type == PCM {
			if !slices.Equal(back, ramp) {
				t.Errorf("%v does not come back as it was", c.Format())
			}
			continue
		}
		for i, v := range ramp {
			if off := math.Abs(float64(back[i]) - float64(v)); off > max(16, 0.035*math.Abs(float64(v))) {
				t.Errorf("%v: %d comes back as %d", c.Format(), v, back[i])
			}
		}
	}
	// Reference values of the standard: silence, and the loudest.
	if b := muLaw(0); b != 0xff {
		t.Errorf("silence in μ-law is %#x", b)
	}
	if b := aLaw(0); b != 0xd5 {
		t.Errorf("silence in A-law is %#x", b)
	}
	if b := muLaw(32767); b != 0x80 || muLawTable[0x80] != 32124 {
		t.Errorf("the loudest in μ-law is %#x, %d", b, muLawTable[0x80])
	}
	if b := aLaw(32767); b != 0xaa || aLawTable[0xaa] != 32256 {
		t.Errorf("the loudest in A-law is %#x, %d", b, aLawTable[0xaa])
	}
	for _, bad := range []*Format{{Type: "audio/opus"}, {Type: PCM, Rate: 96000}, {Type: PCMU, Rate: 16000}} {
		if _, err := NewCodec(bad); err == nil {
			t.Errorf("%+v is a format", bad)
		}
	}
	c, _ := NewCodec(nil)
	for _, bad := range []string{"A", "AA==", "?!"} {
		if _, err := c.FromText(bad); err == nil {
			t.Errorf("%q is sound", bad)
		}
	}
	if c.Rate() != pcm.Rate(24000) {
		t.Errorf("sound has %d samples a second where nothing is said", c.Rate())
	}
}

// What clients that check each field want of an item.
func TestItemIsWhole(t *testing.T) {
	for _, c := range []struct {
		item Item
		want string
	}{
		{Item{Type: "message", Content: []Content{}}, `{"type":"message","content":[]}`},
		{Item{Type: "function_call_output", Output: Str("")}, `{"type":"function_call_output","output":""}`},
		{Item{Type: "message", Content: []Content{{Type: "input_audio"}}}, `{"type":"message","content":[{"type":"input_audio","transcript":null}]}`},
		{Item{Type: "message", Content: []Content{{Type: "input_audio", Transcript: Str("")}}}, `{"type":"message","content":[{"type":"input_audio","transcript":""}]}`},
		{Item{Type: "message", Content: []Content{{Type: "input_audio", Audio: "AA=="}}}, `{"type":"message","content":[{"type":"input_audio","audio":"AA=="}]}`},
		{Item{Type: "message", Content: []Content{{Type: "output_text", Text: Str("a")}}}, `{"type":"message","content":[{"type":"output_text","text":"a"}]}`},
	} {
		if got, err := json.Marshal(c.item); err != nil || string(got) != c.want {
			t.Errorf("%s, %v; want %s", got, err, c.want)
		}
	}
}

func TestMissing(t *testing.T) {
	for in, want := range map[string][]string{
		`{"type":"response.output_audio.delta","event_id":"e","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"AA=="}`: nil,
		`{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":"AA=="}`:                                                   {"event_id", "output_index", "content_index"},
		`{"type":"x_parley.resume","event_id":"e"}`: nil,
		`{"event_id":"e"}`:                          {"type"},
	} {
		if got, err := Missing([]byte(in)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s misses %q, %v", in, got, err)
		}
	}
}

// Whatever comes, it is an event or an error; and what was read can be written.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}},"tool_choice":"auto","max_output_tokens":"inf"}}`,
		`{"type":"response.done","event_id":"e","response":{"id":"r","status":"completed","output":[{"type":"message","content":[{"type":"output_audio"}]}],"usage":{}}}`,
		`{"type":"error","error":"text"}`, `{"type":"error","error":{"message":"m","code":"c"}}`,
		`{"type":"conversation.item.truncate","item_id":"i","content_index":0,"audio_end_ms":-1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if e, err := DecodeClient(b); err == nil {
			if _, err := json.Marshal(e); err != nil {
				t.Errorf("what was read cannot be written: %v", err)
			}
		}
		if e, err := DecodeServer(b); err == nil {
			if _, err := json.Marshal(e); err != nil {
				t.Errorf("what was read cannot be written: %v", err)
			}
		}
		_, _ = Missing(b)
		c, _ := NewCodec(nil)
		_, _ = c.FromText(string(b))
	})
}
