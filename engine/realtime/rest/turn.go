package rest

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"

	"parley/engine/realtime/protocol"
	"parley/engine/realtime/server"
)

// turn answers one turn: it carries a Realtime session for just that turn and hands
// its events down. What was said before comes along with the request; nothing is
// kept. A client that goes away has interrupted.
func (h *routes) turn(w http.ResponseWriter, r *http.Request) error {
	asked, err := h.readTurn(w, r)
	if err != nil {
		return err
	}
	c, err := h.newTurnConn(asked)
	if err != nil {
		return err
	}
	extensions := confirmed(r.Header.Values(protocol.ExtensionsHeader))
	if len(extensions) > 0 {
		w.Header().Set(protocol.ExtensionsHeader, strings.Join(extensions, ", "))
	}
	h.stream(w, r, func(ctx context.Context, s *stream) error {
		c.down = s
		err := server.Serve(ctx, h.backend, c, server.Options{
			Extensions: extensions, Limits: h.options.Session, Observe: h.options.Observe, Log: h.log,
		})
		if c.refused != nil || c.done || ctx.Err() != nil {
			return c.refused
		}
		return &httpError{status: http.StatusInternalServerError, code: "turn_failed", cause: err,
			message: "the turn ended before its answer did; try again"}
	})
	return nil
}

// confirmed are the extensions among those that a client asks for that make sense
// for a single turn: there is nothing to resume.
func confirmed(asked []string) []string {
	var all []string
	for name := range strings.SplitSeq(strings.Join(asked, ","), ",") {
		switch name = strings.TrimSpace(name); name {
		case protocol.Teaching1, protocol.Metrics1, protocol.Speculation1:
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// newTurnConn makes of a request what a client would send over WebSocket.
func (h *routes) newTurnConn(asked turnRequest) (*turnConn, error) {
	settings := asked.Session
	if settings.Type = cmp.Or(settings.Type, "realtime"); settings.Type != "realtime" {
		return nil, invalid("session.type", "session.type has to be realtime: a turn is answered")
	}
	c := &turnConn{samples: asked.samples, past: map[string]bool{}, over: make(chan struct{})}
	input := protocol.AudioInput{}
	if settings.Audio == nil {
		settings.Audio = &protocol.Audio{}
	} else if settings.Audio.Input != nil {
		input = *settings.Audio.Input
	}
	// The client says where its turn ends: where the request does.
	input.TurnDetection = &protocol.Maybe[protocol.TurnDetection]{}
	if input.Transcription == nil {
		input.Transcription = &protocol.Transcription{Model: h.backend.Model}
	}
	if len(asked.samples) > 0 {
		input.Format = &protocol.Format{Type: protocol.PCM, Rate: int(asked.rate)}
		var err error
		if c.codec, err = protocol.NewCodec(input.Format); err != nil {
			return nil, invalid("audio", "the sound cannot be sent on: it has %d samples a second", asked.rate)
		}
	}
	settings.Audio = &protocol.Audio{Input: &input, Output: settings.Audio.Output}
	c.say(protocol.ClientEvent{Type: protocol.SessionUpdate, Session: &settings})
	for _, item := range asked.History {
		if item.ID == "" {
			item.ID = "item_" + rand.Text()
		}
		c.past[item.ID] = true
		c.say(protocol.ClientEvent{Type: protocol.ItemCreate, Item: &item})
	}
	if asked.Text != "" {
		c.say(protocol.ClientEvent{Type: protocol.ItemCreate, Item: &protocol.Item{
			Type: "message", Role: "user", Content: []protocol.Content{{Type: "input_text", Text: &asked.Text}},
		}})
	}
	if len(asked.samples) > 0 {
		c.afterwards = append(c.afterwards, protocol.ClientEvent{Type: protocol.InputCommit})
	}
	c.afterwards = append(c.afterwards, protocol.ClientEvent{Type: protocol.ResponseCreate})
	return c, nil
}
