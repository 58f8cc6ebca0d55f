package server

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"parley/engine/realtime/protocol"
)

// The types of a session.
const (
	typeRealtime      = "realtime"
	typeTranscription = "transcription"
)

// The types of turn detection.
const (
	serverVAD   = "server_vad"
	semanticVAD = "semantic_vad"
)

const (
	modeAudio = "audio"
	modeText  = "text"
)

// usual is what a session is set to if nobody says otherwise.
func (s *session) usual() protocol.Session {
	none, speed := "", 1.0
	auto, endless := protocol.ToolChoice{Mode: "auto"}, protocol.MaxTokens(0)
	format := protocol.Format{Type: protocol.PCM, Rate: int(protocol.WireRate)}
	return protocol.Session{
		Type: typeRealtime, Object: "realtime.session", ID: s.id, Model: s.backend.Model,
		OutputModalities: []string{modeAudio}, Instructions: &none, Tools: []protocol.Tool{},
		ToolChoice: &auto, MaxOutputTokens: &endless,
		Audio: &protocol.Audio{
			Input: &protocol.AudioInput{
				Format: &format, Transcription: &protocol.Transcription{Model: s.backend.Model},
				TurnDetection: &protocol.Maybe[protocol.TurnDetection]{Value: &protocol.TurnDetection{Type: serverVAD}},
			},
			Output: &protocol.AudioOutput{Format: &format, Speed: &speed},
		},
		ExpiresAt: s.began.Add(s.limits.Session).Unix(), Parley: s.extensions,
	}
}

// patch is what an update changes: JSON, where null clears.
type patch = map[string]json.RawMessage

// patchOf is the patch that sets what a session has.
func patchOf(settings protocol.Session) (patch, error) {
	b, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	var p patch
	return p, json.Unmarshal(b, &p)
}

// whole are the settings that are not merged but replaced.
var whole = []string{"format", "tool_choice", "tracing", "prompt", "truncation", "noise_reduction"}

// merge is doc with what p changes: null clears, objects are merged, and anything
// else is replaced.
func merge(doc, p patch) (patch, error) {
	for key, v := range p {
		var old, change patch
		switch {
		case string(v) == "null":
			delete(doc, key)
		case v[0] == '{' && doc[key] != nil && !slices.Contains(whole, key) &&
			json.Unmarshal(doc[key], &old) == nil && old != nil && json.Unmarshal(v, &change) == nil:
			if kind := change["type"]; kind != nil && key == "turn_detection" && string(kind) != string(old["type"]) {
				doc[key] = v
				continue
			}
			merged, err := merge(old, change)
			if err != nil {
				return nil, err
			}
			if doc[key], err = json.Marshal(merged); err != nil {
				return nil, err
			}
		default:
			doc[key] = v
		}
	}
	return doc, nil
}

// merged is what the session would be set to after a change. Its error is a
// [protocol.Error].
func (s *session) merged(change patch) (protocol.Session, error) {
	var now protocol.Session
	doc, err := patchOf(s.cfg)
	if err != nil {
		return now, err
	}
	for _, fixed := range []string{"id", "object", "expires_at", "x_parley"} {
		delete(change, fixed)
	}
	if doc, err = merge(doc, change); err != nil {
		return now, invalid("session", err.Error())
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return now, invalid("session", err.Error())
	}
	if err := json.Unmarshal(b, &now); err != nil {
		return now, invalid("session", plain(err))
	}
	s.complete(&now)
	if err := s.check(now); err != nil {
		return now, err
	}
	return now, nil
}

// complete fills in what a change has cleared and what has defaults.
func (s *session) complete(now *protocol.Session) {
	usual := s.usual()
	fill(&now.Audio, usual.Audio)
	fill(&now.Audio.Input, usual.Audio.Input)
	fill(&now.Audio.Output, usual.Audio.Output)
	fill(&now.Audio.Input.Format, usual.Audio.Input.Format)
	fill(&now.Audio.Output.Format, usual.Audio.Output.Format)
	fill(&now.Audio.Output.Speed, usual.Audio.Output.Speed)
	fill(&now.Instructions, usual.Instructions)
	fill(&now.ToolChoice, usual.ToolChoice)
	fill(&now.MaxOutputTokens, usual.MaxOutputTokens)
	// Without turn detection it is null, since null clears.
	fill(&now.Audio.Input.TurnDetection, &protocol.Maybe[protocol.TurnDetection]{})
	if now.Type == "" {
		now.Type = usual.Type
	}
	if len(now.OutputModalities) == 0 {
		now.OutputModalities = usual.OutputModalities
	}
	if d := now.Audio.Input.TurnDetection.Value; d != nil {
		yes, threshold, padding, silence := true, .5, 300, 500
		fill(&d.CreateResponse, &yes)
		fill(&d.InterruptResponse, &yes)
		switch d.Type {
		case serverVAD:
			fill(&d.Threshold, &threshold)
			fill(&d.PrefixPaddingMS, &padding)
			fill(&d.SilenceDurationMS, &silence)
		case semanticVAD:
			if d.Eagerness == "" {
				d.Eagerness = "auto"
			}
		}
	}
}

// fill sets what is nil.
func fill[T any](p **T, usual *T) {
	if *p == nil {
		*p = usual
	}
}

// invalid says that a value is not allowed.
func invalid(param, message string) *protocol.Error {
	return &protocol.Error{Type: protocol.InvalidRequest, Code: protocol.CodeInvalidValue, Param: param, Message: message}
}

// plain is an error without the room it comes from.
func plain(err error) string { return strings.TrimPrefix(err.Error(), "protocol: ") }

// update changes the session.
func (s *session) update(e protocol.ClientEvent, raw []byte) {
	var sent struct {
		Session patch `json:"session"`
	}
	if err := json.Unmarshal(raw, &sent); err != nil || sent.Session == nil {
		s.refuse(e, protocol.CodeInvalidValue, "session", "A session.update needs a session.")
		return
	}
	delete(sent.Session, "model") // what answers is chosen when connecting
	now, err := s.merged(sent.Session)
	if err == nil && s.spoke && now.Audio.Output.Voice != s.cfg.Audio.Output.Voice {
		err = &protocol.Error{
			Type: protocol.InvalidRequest, Code: codeVoiceFrozen, Param: "session.audio.output.voice",
			Message: "The voice cannot be changed once the assistant has spoken.",
		}
	}
	if err != nil {
		var wrong *protocol.Error
		if !errors.As(err, &wrong) {
			wrong = invalid("session", plain(err))
		}
		s.fail(e, wrong)
		return
	}
	before := s.cfg
	s.cfg = now
	s.rearrange(before)
	s.send(protocol.ServerEvent{Type: protocol.SessionUpdated, Session: &now})
}

// codeVoiceFrozen is the code of a change of voice that comes too late.
const codeVoiceFrozen = "cannot_update_voice"
