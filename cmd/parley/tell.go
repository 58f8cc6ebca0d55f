package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"parley/engine"
)

// teller shows events in a terminal.
type teller interface {
	tell(engine.Event) error
}

// jsonTeller writes an event a line.
type jsonTeller struct {
	out   io.Writer
	start time.Time // at_ms 0
}

func (j *jsonTeller) tell(ev engine.Event) error {
	switch ev.Body.(type) {
	case engine.Level, engine.ReplyProgress: // for the eye, not for a log
		return nil
	}
	fields, err := json.Marshal(ev.Body)
	if err != nil {
		return fmt.Errorf("talk: %w", err)
	}
	head := fmt.Sprintf(`{"at_ms":%d,"turn":%d,"type":%q`, ev.At.Sub(j.start).Milliseconds(), ev.Turn, ev.Body.Type())
	if rest := fields[1:]; string(rest) != "}" {
		head += ","
	}
	_, err = fmt.Fprintf(j.out, "%s%s\n", head, fields[1:])
	return err
}

// transcriptTeller writes a conversation as one reads it.
type transcriptTeller struct {
	out      io.Writer
	speaking bool // the assistant's line has begun
}

func newTranscriptTeller(out io.Writer) *transcriptTeller { return &transcriptTeller{out: out} }

func (t *transcriptTeller) tell(ev engine.Event) error {
	text := ""
	switch b := ev.Body.(type) {
	case engine.StateChanged:
		if b.State == engine.NoSound {
			text = "[" + b.Detail + "]\n"
		}
	case engine.TranscriptFinal:
		if b.Text != "" {
			text = "you:    " + b.Text + "\n"
		}
	case engine.ReplyText:
		if !t.speaking {
			text = "parley: "
		}
		t.speaking = true
		text += b.Text
	case engine.ReplyDone:
		text = t.endLine("")
	case engine.ReplyInterrupted:
		text = t.endLine(fmt.Sprintf(" [%s; heard: %q]", b.Cause, b.Heard))
	case engine.TeachingDetected:
		text = fmt.Sprintf("[%s: %s]\n", b.Kind, b.Topic)
	case engine.LessonDone:
		text = t.endLine("") + "\n" + b.Markdown + "\n"
	case engine.Error:
		text = t.endLine("") + fmt.Sprintf("[%s: %s]\n", b.Stage, b.Message)
	}
	if text == "" {
		return nil
	}
	_, err := io.WriteString(t.out, text)
	return err
}

// endLine ends the assistant's line, if it has begun.
func (t *transcriptTeller) endLine(with string) string {
	if !t.speaking {
		return ""
	}
	t.speaking = false
	return with + "\n"
}
