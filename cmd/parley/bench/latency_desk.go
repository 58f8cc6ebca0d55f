package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley/audio/pcm"
	"parley/audio/virtualdesk"
	"parley/engine/flite"
)

// userVoices are the voices the user speaks with: not the assistant's rms.
var userVoices = []string{"awb", "slt", "kal16"}

// desk is a virtual desk with the program at it, and its user.
type desk struct {
	server *virtualdesk.Server
	app    *app
	voices map[string]*flite.Synthesizer
	played int // files written
}

// sitDown starts a sound server and program on it.
func sitDown(ctx context.Context, program string) (*desk, error) {
	d := &desk{voices: map[string]*flite.Synthesizer{}}
	for _, name := range userVoices {
		voice, err := flite.New(flite.Options{Voice: name})
		if err != nil {
			return nil, err
		}
		d.voices[name] = voice
	}
	var err error
	if d.server, err = virtualdesk.NewServer(virtualdesk.OneClock); err != nil {
		return nil, err
	}
	// The server outlives ctx, so that the program does not lose it first.
	if err := d.server.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, errors.Join(err, d.server.Close())
	}
	home := filepath.Join(d.server.Dir(), "user")
	if err := os.Mkdir(home, 0o700); err != nil {
		return nil, errors.Join(err, d.server.Close())
	}
	if d.app, err = startApp(ctx, program, d.server, home); err != nil {
		return nil, errors.Join(err, d.server.Close())
	}
	return d, nil
}

// close ends the program and then the server.
func (d *desk) close() error { return errors.Join(d.app.close(), d.server.Close()) }

// speak is the sound of a text in one of userVoices.
func (d *desk) speak(ctx context.Context, voice, text string) (pcm.Frame, error) {
	f := pcm.Frame{Rate: pcm.Rate16k}
	for piece, err := range d.voices[voice].Synthesize(ctx, text) {
		if err != nil {
			return f, err
		}
		f.Samples = append(f.Samples, piece.Frame.Samples...)
	}
	return f, context.Cause(ctx)
}

// play lets the user make a sound, and returns when it has been heard.
func (d *desk) play(ctx context.Context, f pcm.Frame) error {
	d.played++
	name := filepath.Join(d.server.Dir(), fmt.Sprintf("play-%d.wav", d.played))
	if err := writeSound(name, f); err != nil {
		return err
	}
	defer os.Remove(name)
	return d.server.PlayFile(ctx, name)
}

// writeSound writes a WAV file.
func writeSound(name string, f pcm.Frame) (err error) {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w, err := pcm.NewWAVWriter(file, f.Rate, 1)
	if err != nil {
		return err
	}
	return errors.Join(w.Write(f.Samples), w.Close())
}
