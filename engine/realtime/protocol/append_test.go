package protocol

import (
	"encoding/json"
	"reflect"
	"testing"
)

// appends are events as clients write them.
var appends = []string{
	`{"type":"input_audio_buffer.append","audio":"AAAA"}`,
	`{"event_id": "event_1", "type": "input_audio_buffer.append", "audio": "AAAA+/=="}`,
	"{\n  \"audio\": \"AAAA\",\n  \"type\": \"input_audio_buffer.append\"\n}\n",
}

func TestAppend(t *testing.T) {
	for _, text := range appends {
		if e, ok := decodeAppend([]byte(text)); !ok || e.Type != InputAppend || len(e.Audio) < 4 {
			t.Errorf("%s is read as %+v, %v", text, e, ok)
		}
	}
	for _, text := range []string{
		``, `{}`, `{`, `[]`, `{"type":"input_audio_buffer.commit"}`, `{"type":"input_audio_buffer.append","audio":"A\u0041"}`,
		`{"type":"input_audio_buffer.append","audio":"A","audio":"B"}`, `{"type":"input_audio_buffer.append","audio":null}`,
		`{"type":"input_audio_buffer.append","audio":"A"}x`, `{"type":"input_audio_buffer.append","audio":"A",}`,
		`{"type":"input_audio_buffer.append","Audio":"A"}`, `{"type":"input_audio_buffer.append","item":{}}`,
	} {
		if e, ok := decodeAppend([]byte(text)); ok {
			t.Errorf("%s is read as %+v", text, e)
		}
	}
}

// What is read the quick way is what encoding/json reads.
func FuzzAppend(f *testing.F) {
	for _, text := range appends {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, ok := decodeAppend(b)
		if !ok {
			return
		}
		var want ClientEvent
		if err := json.Unmarshal(b, &want); err != nil || !reflect.DeepEqual(e, want) {
			t.Errorf("%q is read as %+v, and by encoding/json as %+v, %v", b, e, want, err)
		}
	})
}

func BenchmarkDecodeAppend(b *testing.B) {
	codec, err := NewCodec(nil)
	if err != nil {
		b.Fatal(err)
	}
	event, err := json.Marshal(ClientEvent{Type: InputAppend, Audio: codec.Text(make([]int16, 480))})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := DecodeClient(event); err != nil {
			b.Fatal(err)
		}
	}
}
