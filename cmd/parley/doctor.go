package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"parley/audio"
	"parley/engine/history"
	"parley/engine/remote"
	"parley/engine/settings"
	"parley/engine/wordnet"
)

// loadWithin is how long doctor waits for the transcriber's model.
const loadWithin = 30 * time.Second

// finding is what doctor found out about one thing.
type finding struct {
	what   string
	detail string // if it is well
	err    error  // if not: what is wrong and what to do
}

// doctor is `parley doctor`: each thing that a conversation needs, ok or what
// to do about it.
func doctor(ctx context.Context, args []string, cons console, log *slog.Logger) int {
	if len(args) > 0 {
		fmt.Fprintln(cons.err, "usage: parley doctor")
		return exitUsage
	}
	code := exitOK
	for _, check := range []func(context.Context, *slog.Logger) []finding{
		checkDisplay, checkSound, checkEngines, checkKnowledge, checkFiles, checkRemote,
	} {
		for _, f := range check(ctx, log) {
			if f.err != nil {
				code = exitFail
				fmt.Fprintf(cons.out, "not ok  %-14s %v\n", f.what, f.err)
				continue
			}
			fmt.Fprintf(cons.out, "ok      %-14s %s\n", f.what, f.detail)
		}
	}
	return code
}

func checkDisplay(context.Context, *slog.Logger) []finding {
	if hasDisplay() {
		return []finding{{what: "display", detail: "there is one"}}
	}
	return []finding{{what: "display", err: fmt.Errorf("none: start parley from a desktop, or use `parley talk` in this terminal")}}
}

// soundWithin is how long doctor waits for a device to work.
const soundWithin = 2 * time.Second

// checkSound lists the devices and tries the ones that would be used: what a
// system lists need not work.
func checkSound(ctx context.Context, log *slog.Logger) []finding {
	microphones, speakers, err := audio.List()
	if err != nil {
		return []finding{{what: "microphone", err: err}, {what: "speaker", err: err}}
	}
	const advice = "plug one in, or choose one in the sound settings"
	mic, spk := checkDevices("microphone", microphones, advice), checkDevices("speaker", speakers, advice)
	devices, err := audio.Open(audio.Options{EchoCancel: true, Log: log})
	if err != nil {
		return []finding{{what: "microphone", err: err}, {what: "speaker", err: err}}
	}
	ctx, cancel := context.WithTimeout(ctx, soundWithin)
	defer cancel()
	if err := devices.Ready(ctx); err != nil {
		spk.err = err
	}
	heard := false
	for _, err := range devices.Mic().Frames(ctx) {
		heard, mic.err = err == nil, err
		break
	}
	if !heard && mic.err == nil {
		mic.err = fmt.Errorf("it gives no sound: %s", advice)
	}
	if err := devices.Close(); err != nil && spk.err == nil {
		spk.err = err
	}
	return []finding{mic, spk}
}

// checkDevices lists the devices of one direction.
func checkDevices(what string, devices []audio.Device, advice string) finding {
	var names []string
	for _, d := range devices {
		name := d.Name
		if d.Default {
			name += " (default)"
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return finding{what: what, err: fmt.Errorf("none found: %s", advice)}
	}
	return finding{what: what, detail: strings.Join(names, ", ")}
}

func checkEngines(ctx context.Context, log *slog.Logger) []finding {
	canceller := finding{what: "echo"}
	canceller.detail, canceller.err = audio.EchoCancelling()
	s := chosenSettings()
	ctx, cancel := context.WithTimeout(ctx, loadWithin)
	defer cancel()
	return []finding{canceller, checkTranscriber(ctx, s, log), checkVoice(ctx, s)}
}

// chosenSettings are the settings, as far as they can be read; checkSettings tells of
// the rest.
func chosenSettings() settings.Settings {
	path, err := settings.ConfigPath()
	if err != nil {
		return settings.Default()
	}
	s, _, _ := settings.Load(path)
	return s
}

// checkTranscriber loads the embedded transcriber.
func checkTranscriber(ctx context.Context, s settings.Settings, log *slog.Logger) finding {
	began := time.Now()
	transcriber := openTranscriber(nil, nil, log)
	err := transcriber.Complete(ctx)
	f := finding{what: "transcriber", detail: fmt.Sprintf("%s, loaded in %.1f s", embeddedEar, time.Since(began).Seconds()), err: err}
	if err := transcriber.Close(); err != nil && f.err == nil {
		f.err = err
	}
	if isDeaf(transcriber) {
		f.detail, f.err = instead(s, s.Transcriber, errDeaf)
	}
	return f
}

// checkVoice speaks a word, to nobody.
func checkVoice(ctx context.Context, s settings.Settings) finding {
	f := finding{what: "synthesizer"}
	voice, err := openVoice("", 1)
	if err != nil {
		f.err = err
		return f
	}
	if isMute(voice) {
		f.detail, f.err = instead(s, s.Synthesizer, errMute)
		return f
	}
	began := time.Now()
	for _, err := range voice.Synthesize(ctx, "Hello.") {
		f.err = err
		f.detail = fmt.Sprintf("%s, first audio after %d ms", embeddedVoice(), time.Since(began).Milliseconds())
		break
	}
	return f
}

// instead is who does a stage's work that this build cannot; the error is the lack, if
// nobody does.
func instead(s settings.Settings, service settings.Service, lack error) (string, error) {
	at := cmp.Or(service.URL, s.Remote)
	if at == "" {
		return "", lack
	}
	return "none in this build; " + at, nil
}

func checkKnowledge(context.Context, *slog.Logger) []finding {
	f := finding{what: "dictionary"}
	d, dir, err := openWordNet()
	if err != nil {
		f.err = err
		return []finding{f}
	}
	senses, err := d.Lookup("gravity", wordnet.Noun)
	f.detail = fmt.Sprintf("WordNet in %s; \"gravity\" has %d senses", dir, len(senses))
	f.err = err
	if err := d.Close(); err != nil && f.err == nil {
		f.err = err
	}
	return []finding{f}
}

func checkFiles(ctx context.Context, log *slog.Logger) []finding {
	return []finding{checkSettings(), checkHistory(ctx, log)}
}

func checkSettings() finding {
	f := finding{what: "settings"}
	path, err := settings.ConfigPath()
	if err != nil {
		f.err = err
		return f
	}
	_, notices, err := settings.Load(path)
	switch {
	case err != nil:
		f.err = err
	case len(notices) > 0:
		f.err = fmt.Errorf("%s", strings.Join(notices, "; "))
	default:
		f.detail = path
		if _, err := os.Stat(path); err != nil {
			f.detail += " (not there yet; defaults)"
		}
	}
	return f
}

func checkHistory(ctx context.Context, log *slog.Logger) finding {
	f := finding{what: "history"}
	path, err := settings.HistoryPath()
	if err != nil {
		f.err = err
		return f
	}
	f.detail = path
	if _, err := os.Stat(path); os.IsNotExist(err) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			f.err = fmt.Errorf("%w: make the directory writable, or set XDG_DATA_HOME", err)
		}
		f.detail += " (not there yet)"
		return f
	}
	store, err := history.Open(ctx, path, log)
	if err != nil {
		f.err = err
		return f
	}
	if f.err = store.Check(ctx); f.err == nil && store.Notice() != "" {
		f.err = fmt.Errorf("%s", store.Notice())
	}
	if err := store.Close(); err != nil && f.err == nil {
		f.err = err
	}
	return f
}

// checkRemote asks the other computer, if one is chosen, whether it answers.
func checkRemote(ctx context.Context, log *slog.Logger) []finding {
	path, err := settings.ConfigPath()
	if err != nil {
		return nil // said by checkSettings, as is the next
	}
	s, _, err := settings.Load(path)
	if err != nil || s.Remote == "" {
		return nil
	}
	f := finding{what: "other computer"}
	all, err := newServices(s, log)
	if err != nil {
		f.err = err
		return []finding{f}
	}
	defer all.close()
	way, err := tryRemote(ctx, s.Remote, all.remoteToken(ctx, s.Remote), log)
	f.detail = s.Remote + ", " + way
	switch {
	case errors.Is(err, remote.ErrCredentials):
		f.err = fmt.Errorf("%w: give it with `parley models key %s`", err, s.Remote)
	case err != nil:
		f.err = fmt.Errorf("%w: see that parleyd runs at %s, or change remote_url in the settings", err, s.Remote)
	}
	return []finding{f}
}
