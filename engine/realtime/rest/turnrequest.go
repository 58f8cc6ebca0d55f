package rest

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strconv"

	"parley/audio/pcm"
	"parley/engine/realtime/protocol"
)

// turnRequest is one turn, and what was said before.
type turnRequest struct {
	// Session is what a session.update would set: instructions, tools, output, voice.
	Session protocol.Session `json:"session"`
	History []protocol.Item  `json:"history"` // oldest first
	// Audio and Text are the user's turn; neither: the history ends with it, or with
	// what came of a function.
	Audio turnAudio `json:"audio"`
	Text  string    `json:"text"`

	samples []int16 // of Audio
	rate    pcm.Rate
}

// turnAudio is sound in JSON: base64 of a WAV file or of the session's input format,
// or an object of base64 and its own format.
type turnAudio struct {
	Data   []byte    `json:"data"`
	Format anyFormat `json:"format"`
}

// anyFormat is a [protocol.Format], or just its type, or "wav".
type anyFormat protocol.Format

// UnmarshalJSON implements [json.Unmarshaler].
func (f *anyFormat) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &f.Type) == nil {
		return nil
	}
	if json.Unmarshal(b, (*protocol.Format)(f)) != nil {
		return invalid("audio.format", `audio.format has to be {"type": "audio/pcm", "rate": …}, or "wav"`)
	}
	return nil
}

// UnmarshalJSON implements [json.Unmarshaler].
func (a *turnAudio) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) > 0 && b[0] == '"' {
		if json.Unmarshal(b, &a.Data) != nil {
			return invalid("audio", "audio is not base64")
		}
		return nil
	}
	type plain turnAudio
	return asInvalid(json.Unmarshal(b, (*plain)(a)), "audio", "audio has to be base64, or an object of data (base64) and format")
}

// asInvalid is err as a complaint about a field, if it is none yet.
func asInvalid(err error, param, message string) error {
	if _, told := err.(*httpError); err == nil || told { //nolint:errorlint // json hands on what a value's own reader says as it is
		return err
	}
	return invalid(param, "%s", message)
}

// readTurn reads a turn from JSON, or from a form of request (the same JSON) and
// audio (a file).
func (h *routes) readTurn(w http.ResponseWriter, r *http.Request) (turnRequest, error) {
	var asked turnRequest
	var file []byte
	var kind string
	if media, _ := mediaType(r.Header.Get("Content-Type")); media == "multipart/form-data" {
		err := h.form(w, r, func(part *multipart.Part) error {
			switch part.FormName() {
			case "request":
				b, err := field(part, h.limits.JSON)
				if err != nil {
					return err
				}
				return decode(b, &asked)
			case "audio", "file":
				var err error
				file, err = field(part, h.limits.Sound)
				kind = part.Header.Get("Content-Type")
				return err
			}
			return nil
		})
		if err != nil {
			return turnRequest{}, err
		}
	} else if err := readJSON(w, r, h.limits.Sound/3*4+h.limits.JSON, &asked); err != nil {
		return turnRequest{}, err
	}
	if file == nil {
		file, kind = asked.Audio.Data, asked.Audio.Format.contentType(asked.Session.Audio)
	}
	if len(file) > 0 {
		if asked.Text != "" {
			return turnRequest{}, invalid("text", "a turn is either text or audio, not both")
		}
		if err := asked.listen(file, kind, h.limits); err != nil {
			return turnRequest{}, err
		}
	}
	if len(asked.History) == 0 && asked.Text == "" && len(asked.samples) == 0 {
		return turnRequest{}, invalid("", "there is nothing to answer: send audio, text or a history")
	}
	asked.Audio.Data = nil
	return asked, nil
}

// contentType is the format as a header would have it; without one of its own it is
// the session's.
func (f anyFormat) contentType(session *protocol.Audio) string {
	if f.Type == "" && session != nil && session.Input != nil && session.Input.Format != nil {
		f = anyFormat(*session.Input.Format)
	}
	switch {
	case f.Type == "":
		return protocol.PCM
	case f.Rate != 0:
		return f.Type + ";rate=" + strconv.Itoa(f.Rate)
	}
	return f.Type
}

// listen reads the sound, at its own rate where the session takes that.
func (t *turnRequest) listen(file []byte, kind string, limits Limits) error {
	s, err := openSound(bytes.NewReader(file), kind)
	if err != nil {
		return err
	}
	t.rate = s.rate
	if s.rate < 8000 || s.rate > pcm.Rate48k {
		t.rate = pcm.Rate16k
	}
	if t.samples, err = s.all(t.rate, limits.Length); err != nil {
		return err
	}
	if len(t.samples) == 0 {
		return invalid("audio", "the sound is empty")
	}
	return nil
}
