package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/cmd/parley/backend"
	"parley/engine/localservers"
	"parley/engine/openai"
	"parley/engine/settings"
	"parley/ui"
)

// engines finds and tries services for the window.
type engines struct{ *live }

var _ ui.Engines = engines{}

// Find implements [ui.Engines].
func (engines) Find(ctx context.Context) []ui.Offer {
	return offers(localservers.Find(ctx, localservers.Ports()...))
}

// tasks are Hugging Face's words for what stages do.
var tasks = map[string]ui.Stage{
	"text-generation":              ui.Answering,
	"automatic-speech-recognition": ui.Understanding,
	"text-to-speech":               ui.Voicing,
}

// offers are servers as the window lists them. A server that names no model is one
// for speech: whisper.cpp's.
func offers(found []localservers.Server) []ui.Offer {
	var list []ui.Offer
	for _, s := range found {
		r, n := utf8.DecodeRuneInString(s.Name)
		name := strings.ToUpper(string(r)) + s.Name[n:]
		if len(s.Models) == 0 {
			list = append(list, ui.Offer{Name: name, URL: s.URL, For: ui.Understanding})
		}
		for _, m := range s.Models {
			if stage, known := tasks[m.Task]; known || m.Task == "" {
				list = append(list, ui.Offer{Name: name, URL: s.URL, Model: m.ID, For: stage})
			}
		}
	}
	return list
}

// present is the services that are in use now.
func (l *live) present() *services {
	l.changing.Lock()
	defer l.changing.Unlock()
	return l.p.services
}

// Try implements [ui.Engines].
func (e engines) Try(ctx context.Context, stage ui.Stage, s settings.Service) (string, error) {
	if s.URL == "" {
		return "", errors.New("parley: enter an address first, such as https://api.openai.com/v1")
	}
	ctx, cancel := context.WithTimeout(ctx, testWithin)
	defer cancel()
	all := e.present()
	key, _ := all.key(ctx, s.URL) // where it needs one and has none it says so itself
	names, err := openai.Models(ctx, all.http, s.URL, key)
	switch {
	case err != nil:
		return "", err
	case s.Model != "" && len(names) > 0 && !slices.Contains(names, s.Model):
		return "", fmt.Errorf("parley: it answers, but has no model %q; it has %s", s.Model, few(names))
	case len(names) == 0:
		return "It answers. It does not say which models it has.", nil
	case s.Model == "" && stage != ui.Understanding:
		return fmt.Sprintf("It works, with %s. Choose one of them.", few(names)), nil
	case s.Model == "":
		return fmt.Sprintf("It works, with %s.", few(names)), nil
	}
	return fmt.Sprintf("It works, with %s.", s.Model), nil
}

// few names a few of names.
func few(names []string) string {
	if len(names) <= mostOffered {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:mostOffered], ", "), len(names)-mostOffered)
}

// KeepKey implements [ui.Engines]. Whoever uses the service begins to use the key.
func (e engines) KeepKey(ctx context.Context, address, key string) (string, error) {
	at, err := backend.Base(address)
	if err != nil {
		return "", errors.New("parley: enter the address first: a key is kept for one server only")
	}
	e.changing.Lock()
	defer e.changing.Unlock()
	kept, err := e.p.services.keys.Keep(ctx, at.Host, key)
	if err != nil {
		return "", err
	}
	return kept.Where, e.keyChanged(at.Host)
}

// ForgetKey implements [ui.Engines]. Whoever uses the service does so without.
func (e engines) ForgetKey(ctx context.Context, address string) (string, error) {
	at, err := backend.Base(address)
	if err != nil {
		return "", errors.New("parley: enter the address first: a key is kept for one server only")
	}
	e.changing.Lock()
	defer e.changing.Unlock()
	cabinet := e.p.services.keys
	forgotten := cabinet.Forget(ctx, at.Host) // perhaps in one place of two
	left := ""
	if key, err := cabinet.Find(ctx, at.Host); err == nil {
		left = key.Where
	}
	return left, errors.Join(forgotten, e.keyChanged(at.Host))
}

// keyChanged has the engine made anew if it uses the service on a host.
func (e engines) keyChanged(host string) error {
	s := e.inForce
	for _, used := range []string{s.Remote, s.Responder.URL, s.Lesson.URL, s.Transcriber.URL, s.Synthesizer.URL} {
		if used, err := backend.Base(used); err == nil && used.Host == host {
			return e.renew(s)
		}
	}
	return nil
}
