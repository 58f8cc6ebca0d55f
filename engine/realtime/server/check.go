package server

import (
	"fmt"
	"regexp"

	"parley/engine/realtime/protocol"
)

// check says what of the settings is not allowed; nil if all is. It returns the
// interface so that nil is nil.
func (s *session) check(now protocol.Session) error {
	if now.Type != typeRealtime && now.Type != typeTranscription {
		return invalid("session.type", `The session's type must be "realtime" or "transcription".`)
	}
	if err := checkModalities(now.OutputModalities, "session.output_modalities"); err != nil {
		return err
	}
	if err := s.checkTools(now.Tools, "session.tools"); err != nil {
		return err
	}
	if len(*now.Instructions) > s.limits.Text {
		return invalid("session.instructions", fmt.Sprintf("The instructions may have %d bytes at most.", s.limits.Text))
	}
	if _, err := protocol.NewCodec(now.Audio.Input.Format); err != nil {
		return invalid("session.audio.input.format", plain(err))
	}
	if err := checkOutput(now.Audio.Output, "session.audio.output"); err != nil {
		return err
	}
	return checkDetection(now.Audio.Input.TurnDetection.Value)
}

func checkModalities(modes []string, param string) error {
	if len(modes) != 1 || modes[0] != modeAudio && modes[0] != modeText {
		return invalid(param, `The output modalities must be ["audio"], which includes the transcript, or ["text"].`)
	}
	return nil
}

func checkOutput(out *protocol.AudioOutput, param string) error {
	if _, err := protocol.NewCodec(out.Format); err != nil {
		return invalid(param+".format", plain(err))
	}
	if out.Speed != nil && (*out.Speed < .25 || *out.Speed > 1.5) {
		return invalid(param+".speed", "The speed must be 0.25 to 1.5.")
	}
	if len(out.Voice) > 100 {
		return invalid(param+".voice", "The voice's name may have 100 bytes at most.")
	}
	return nil
}

// toolName is what a function may be called.
var toolName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// toolsMost is how many functions a client may offer.
const toolsMost = 128

func (s *session) checkTools(tools []protocol.Tool, param string) error {
	if len(tools) > toolsMost {
		return invalid(param, fmt.Sprintf("There may be %d tools at most.", toolsMost))
	}
	size := 0
	for i, t := range tools {
		switch {
		case t.Type != "function" && t.Type != "":
			return invalid(fmt.Sprintf("%s[%d].type", param, i), "Only tools of type function are supported.")
		case !toolName.MatchString(t.Name):
			return invalid(fmt.Sprintf("%s[%d].name", param, i), "A tool's name has 1 to 64 letters, digits, _ and -.")
		}
		size += len(t.Description) + len(t.Parameters)
	}
	if size > s.limits.Text {
		return invalid(param, fmt.Sprintf("The tools may have %d bytes at most.", s.limits.Text))
	}
	return nil
}

func checkDetection(d *protocol.TurnDetection) error {
	const param = "session.audio.input.turn_detection."
	within := func(v *int, least, most int) bool { return v == nil || *v >= least && *v <= most }
	switch {
	case d == nil:
	case d.Type != serverVAD && d.Type != semanticVAD:
		return invalid(param+"type", "Turn detection must be server_vad, semantic_vad or null.")
	case d.Threshold != nil && (*d.Threshold < 0 || *d.Threshold > 1):
		return invalid(param+"threshold", "The threshold must be 0 to 1.")
	case !within(d.PrefixPaddingMS, 0, 60000):
		return invalid(param+"prefix_padding_ms", "The padding must be 0 to 60000 ms.")
	case !within(d.SilenceDurationMS, 0, 60000):
		return invalid(param+"silence_duration_ms", "The silence must be 0 to 60000 ms.")
	case d.IdleTimeoutMS != nil && d.Type != serverVAD:
		return invalid(param+"idle_timeout_ms", "There is an idle timeout only with server_vad.")
	case !within(d.IdleTimeoutMS, 5000, 30000):
		return invalid(param+"idle_timeout_ms", "The idle timeout must be 5000 to 30000 ms.")
	case d.Type == semanticVAD && patiences[d.Eagerness] == "":
		return invalid(param+"eagerness", "The eagerness must be low, medium, high or auto.")
	}
	return nil
}
