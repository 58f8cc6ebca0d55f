package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"parley/cmd/parley/backend"
	"parley/engine"
	"parley/engine/keys"
	"parley/engine/lesson"
	"parley/engine/mcp"
	"parley/engine/openai"
	"parley/engine/settings"
	"parley/engine/standby"
)

// services puts the chosen services before the embedded engine, which goes on where
// one of them fails.
type services struct {
	chosen  settings.Settings
	prompts string // the folder of the user's own prompts
	http    *http.Client
	keys    *keys.Cabinet
	log     *slog.Logger
	notices *standby.Notices // what failed, to be said
	tools   *mcp.Servers     // nil: there are none

	stop func() // ends what runs beside the conversation, and waits for it
}

func newServices(s settings.Settings, log *slog.Logger) (*services, error) {
	path, err := settings.KeysPath()
	if err != nil {
		return nil, err
	}
	config, err := settings.ConfigPath()
	if err != nil {
		return nil, err
	}
	return &services{
		chosen: s, prompts: filepath.Join(filepath.Dir(config), "prompts"), http: openai.NewHTTP(),
		keys: keys.Open(path, settings.OpenAIKey()), log: log, notices: &standby.Notices{}, stop: func() {},
	}, nil
}

// service is one as engine/openai asks it. Its key is looked up when it is first
// needed: a keyring may have to be unlocked.
func (s *services) service(chosen settings.Service) openai.Service {
	return openai.Service{
		BaseURL: chosen.URL, Model: chosen.Model, HTTP: s.http, Log: s.log,
		FirstToken: seconds(s.chosen.AnswerWithin),
		Key: sync.OnceValue(func() string {
			key, err := s.key(context.Background(), chosen.URL)
			if err != nil && !errors.Is(err, keys.ErrNoKey) {
				s.notices.Say(sentence(err))
			}
			return key
		}),
	}
}

// key is the service's key. Where it needs none, that is [keys.ErrNoKey].
func (s *services) key(ctx context.Context, address string) (string, error) {
	at, err := backend.Base(address)
	if err != nil {
		return "", fmt.Errorf("services: %w", err)
	}
	key, err := s.keys.Find(ctx, at.Host)
	return key.Secret(), err
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// standIn are the options of what stands before the embedded engine.
func (s *services) standIn() standby.Options {
	return standby.Options{Within: seconds(s.chosen.AnswerWithin), Explain: explain, Notices: s.notices, Log: s.log}
}

// responder is the chosen language model, with its tools, before second; second
// alone if none was chosen.
func (s *services) responder(second engine.Responder, tools openai.Toolbox) (engine.Responder, error) {
	if s.chosen.Responder.URL == "" {
		return second, nil
	}
	model, err := openai.NewResponder(openai.ResponderConfig{
		Service: s.service(s.chosen.Responder), Tools: tools, Lessons: true,
		Prompt: s.prompt("voice", openai.VoicePrompt()), SummaryPrompt: s.prompt("summary", openai.SummaryPrompt()),
	})
	if err != nil {
		return nil, err
	}
	s.also(model.Close)
	return &standby.Responder{First: model, Second: second, Options: s.standIn()}, nil
}

// teacher is the chosen model as a writer of lessons, before second.
func (s *services) teacher(second engine.Teacher) (engine.Teacher, error) {
	chosen := s.chosen.Lesson
	if chosen.URL == "" {
		chosen.URL = s.chosen.Responder.URL
		if chosen.Model == "" {
			chosen.Model = s.chosen.Responder.Model
		}
	}
	if chosen.URL == "" {
		return second, nil
	}
	service := s.service(chosen)
	service.FirstToken = max(service.FirstToken, lessonWithin)
	model, err := openai.NewCompleter(service)
	if err != nil {
		return nil, err
	}
	return lesson.NewFallback("The language model", lesson.NewModelTeacher(model, s.prompt("lesson", lesson.Prompt)), second, s.log), nil
}

// lessonWithin is how long a model may think before it begins a lesson, which
// nobody waits for in silence.
const lessonWithin = 30 * time.Second

// transcriber is the chosen one; the embedded one shows what it hears meanwhile,
// and stands in.
func (s *services) transcriber(embedded engine.Transcriber) (engine.Transcriber, error) {
	if s.chosen.Transcriber.URL == "" {
		return embedded, nil
	}
	config := openai.TranscriberConfig{Service: s.service(s.chosen.Transcriber), Language: "en"}
	if !isDeaf(embedded) {
		var once sync.Once
		config.Partials = embedded
		config.StandIn = func(err error) {
			once.Do(func() {
				s.notices.Say("I can't reach the service that understands speech" + because(err) + ", so I'm listening by myself.")
			})
		}
	}
	return openai.NewTranscriber(config)
}

// synthesizer is the chosen one, before the embedded one.
func (s *services) synthesizer(embedded engine.Synthesizer) (engine.Synthesizer, error) {
	if s.chosen.Synthesizer.URL == "" {
		return embedded, nil
	}
	voice, err := openai.NewSynthesizer(openai.SynthesizerConfig{
		Service: s.service(s.chosen.Synthesizer), Voice: s.chosen.Synthesizer.Voice, Speed: s.chosen.Speed,
	})
	if err != nil {
		return nil, err
	}
	options := s.standIn()
	if isMute(embedded) {
		var once sync.Once
		options.Notices = nil // which would promise a voice
		options.Failed = func(err error) {
			once.Do(func() {
				s.notices.Say("I can't reach the service that speaks" + because(err) + ", so you have to read.")
			})
		}
	}
	return &standby.Synthesizer{First: voice, Second: embedded, Options: options}, nil
}

// toolServers starts the tool servers; nil if there are none.
func (s *services) toolServers() *mcp.Servers {
	var servers []mcp.Server
	for _, t := range s.chosen.ToolServers {
		if t.Name != "" && !t.Off {
			servers = append(servers, mcp.Server{Name: t.Name, Command: t.Args(), URL: t.URL, Env: settings.Environment()})
		}
	}
	if len(servers) == 0 || s.chosen.Responder.URL == "" {
		return nil
	}
	all := mcp.New(servers, s.log)
	s.tools = all
	ctx, end := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { all.Run(ctx) })
	s.also(func() {
		end()
		running.Wait()
	})
	return all
}

// also has something more done by stop, before what was there.
func (s *services) also(end func()) {
	before := s.stop
	s.stop = func() {
		end()
		before()
	}
}

// close ends everything.
func (s *services) close() {
	s.stop()
	s.http.CloseIdleConnections()
}

// prompt is the user's own, or else ours; see `parley models prompts`.
func (s *services) prompt(name, ours string) string {
	text, err := os.ReadFile(filepath.Join(s.prompts, name+".md")) //nolint:gosec // in the user's own folder
	if err != nil || strings.TrimSpace(string(text)) == "" {
		return ours
	}
	return string(text)
}

// explain is why a service failed, as a clause to be said; "" where only its own
// words tell.
func explain(err error) string {
	for _, known := range []struct {
		is  error
		why string
	}{
		{openai.ErrRefused, "nothing answers at its address"},
		{openai.ErrKey, "its key was refused"},
		{openai.ErrForbidden, "its key may not do this"},
		{openai.ErrModel, "it doesn't know that model"},
		{openai.ErrQuota, "the account has no credit left"},
		{openai.ErrRate, "it is asked too often"},
		{openai.ErrServer, "it has a fault"},
		{openai.ErrCertificate, "its certificate can't be trusted"},
		{openai.ErrSlow, "it is too slow"},
		{standby.ErrSlow, "it is too slow"},
		{openai.ErrCut, "it stopped halfway"},
		{openai.ErrFormat, "its answer makes no sense"},
	} {
		if errors.Is(err, known.is) {
			return known.why
		}
	}
	return ""
}

// because is explain as it is added to a sentence.
func because(err error) string {
	if why := explain(err); why != "" {
		return ": " + why
	}
	return ""
}

// sentence is an error to be said.
func sentence(err error) string {
	_, text, ok := strings.Cut(err.Error(), ": ")
	if !ok {
		text = err.Error()
	}
	return strings.ToUpper(text[:1]) + text[1:] + "."
}
