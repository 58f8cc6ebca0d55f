package remote

import (
	"encoding/json"
	"fmt"
	"time"

	"parley/audio/pcm"
	"parley/engine"
	"parley/engine/realtime/protocol"
)

// decode reads an event. An error of the backend may come without a type.
func decode(data []byte) (protocol.ServerEvent, error) {
	event, err := protocol.DecodeServer(data)
	if err == nil {
		return event, nil
	}
	var told struct {
		Error *protocol.Error `json:"error"`
	}
	if json.Unmarshal(data, &told) == nil && told.Error != nil {
		return event, told.Error
	}
	return event, fmt.Errorf("remote: %w", err)
}

// take takes an event, and says whether it was the last.
func (e *exchange) take(event protocol.ServerEvent) (over bool, err error) {
	switch event.Type {
	case protocol.ParleyHypothesis:
		if h := event.Hypothesis; h != nil {
			e.mu.Lock()
			e.said.Confidence = h.Confidence
			e.mu.Unlock()
		}
	case protocol.TranscriptionCompleted:
		if event.Transcript != nil {
			e.understood(*event.Transcript)
		}
	case protocol.TranscriptionFailed, protocol.ErrorEvent:
		return true, toldError(event.Error)
	case protocol.ResponseCreated:
		e.begun = true
		if r := event.Response; r != nil && r.Audio != nil && r.Audio.Output != nil && r.Audio.Output.Format != nil {
			if e.codec, err = protocol.NewCodec(r.Audio.Output.Format); err != nil {
				return true, fmt.Errorf("remote: %w", err)
			}
		}
	case protocol.ResponseDone:
		if r := event.Response; r != nil && r.Status == "failed" {
			if r.StatusDetails != nil {
				return true, toldError(r.StatusDetails.Error)
			}
			return true, toldError(nil)
		}
		return true, nil
	default:
		return false, e.reply(event)
	}
	return false, nil
}

// toldError is an error that the backend has told of.
func toldError(err *protocol.Error) error {
	if err == nil {
		err = &protocol.Error{Type: protocol.ServerFault, Message: "the answer failed"}
	}
	return err
}

// reply takes an event of the reply.
func (e *exchange) reply(event protocol.ServerEvent) error {
	switch event.Type {
	case protocol.OutputItemAdded:
		e.textFrom, e.soundFrom = e.text, e.sound
	case protocol.OutputTextDelta:
		return e.give(engine.Words{Text: event.Delta})
	case protocol.OutputAudioTranscriptDelta:
		e.text += len(event.Delta)
		return e.give(engine.Voiced{Text: event.Delta})
	case protocol.OutputAudioDelta:
		return e.hearReply(event.Delta)
	case protocol.ParleyWords:
		words := make([]engine.Word, len(event.Words))
		for i, w := range event.Words {
			words[i] = engine.Word{
				From: e.textFrom + w.From, To: e.textFrom + w.To,
				Start: e.soundFrom + time.Duration(w.StartMS)*time.Millisecond, End: e.soundFrom + time.Duration(w.EndMS)*time.Millisecond,
			}
		}
		return e.give(engine.Voiced{Words: words})
	case protocol.ParleyTeaching:
		// Of the user's words the detector of this desk tells; a reply may want a lesson.
		if t := event.Teaching; t != nil && event.ResponseID != "" && t.Kind == string(engine.TeachLesson) {
			return e.give(engine.Teach{LessonRequest: engine.LessonRequest{Topic: t.Topic, Level: t.Level, Goal: t.Goal}})
		}
	case protocol.ParleyTool:
		if u := event.Tool; u != nil {
			return e.give(engine.Used{ToolUse: engine.ToolUse{Tool: u.Name, Arguments: u.Input, Result: u.Result, Failed: u.Failed}})
		}
	}
	return nil
}

// pieceTime is how long pieces of speech are.
const pieceTime = 40 * time.Millisecond

func (e *exchange) hearReply(text string) error {
	samples, err := e.codec.FromText(text)
	if err != nil {
		return fmt.Errorf("remote: %w", err)
	}
	rate := e.codec.Rate()
	for len(samples) > 0 {
		n := min(len(samples), rate.Samples(pieceTime))
		f := pcm.Frame{Rate: rate, Samples: samples[:n:n]}
		samples = samples[n:]
		e.sound += f.Duration()
		if err := e.give(engine.Voiced{Frame: f}); err != nil {
			return err
		}
	}
	return nil
}
