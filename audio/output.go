package audio

import (
	"context"
	"sync"
	"time"

	"github.com/ebitengine/oto/v3"
	"github.com/gen2brain/malgo"
)

// From handing a sample over to hearing it, beyond what the clock of an outlet
// knows; measured on PulseAudio (see docs/performance.md).
const (
	otoLatency   = 40 * time.Millisecond
	malgoLatency = 8 * time.Millisecond
)

const (
	otoBuffer       = 20 * time.Millisecond // of the context
	otoPlayerBuffer = 960                   // bytes: 20 ms; less gives gaps
	otoPatience     = 2 * time.Second       // for the context to become ready
)

// output is an open device that draws from an outlet.
type output interface {
	flush()         // drops what the device holds itself, where it can
	duck(f float64) // multiplies what is played by f from now on
	hold(on bool)   // plays nothing more, or goes on
	err() error     // of the device, if it says so
	close()
}

// playback is the malgo body of the speaker: it can be opened again.
type playback struct {
	outlet *outlet
	stream *stream
}

func openPlayback(m *mixer, name string) (*playback, *outlet, error) {
	o := newOutlet(m, malgoLatency)
	s, err := openStream(malgo.Playback, name, uint32(deviceRate), func(out, _ []byte, _ uint32) {
		o.fill(asSamples(out))
	})
	if err != nil {
		return nil, nil, err
	}
	return &playback{outlet: o, stream: s}, o, nil
}

func (p *playback) flush()         {}
func (p *playback) duck(f float64) { p.outlet.gain.set(f) }
func (p *playback) hold(on bool)   { p.outlet.held.Store(on) }
func (p *playback) err() error     { return nil }
func (p *playback) close() {
	p.outlet.closed.Store(true)
	p.stream.close()
}

// theOto is this process's oto context: there can be only one, ever, and once
// it has failed it stays so.
var theOto struct {
	sync.Mutex
	context *oto.Context
	ready   chan struct{}
	failed  error
}

// otoPlayer is the oto body of the speaker.
type otoPlayer struct {
	context *oto.Context
	player  *oto.Player
	outlet  *outlet
	held    time.Time // since when
}

// openOto opens it, or fails where there is no device or it is used up.
func openOto(ctx context.Context, m *mixer) (*otoPlayer, *outlet, error) {
	theOto.Lock()
	defer theOto.Unlock()
	if theOto.failed != nil {
		return nil, nil, theOto.failed
	}
	if theOto.context == nil {
		theOto.context, theOto.ready, theOto.failed = oto.NewContext(&oto.NewContextOptions{
			SampleRate:   int(deviceRate),
			ChannelCount: 1,
			Format:       oto.FormatSignedInt16LE,
			BufferSize:   otoBuffer,
		})
		if theOto.failed != nil {
			return nil, nil, theOto.failed
		}
	}
	late := time.NewTimer(otoPatience)
	defer late.Stop()
	select {
	case <-theOto.ready:
		theOto.failed = theOto.context.Err()
	case <-late.C:
		theOto.failed = lostSystem(nil)
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	if theOto.failed != nil {
		return nil, nil, theOto.failed
	}
	p := &otoPlayer{context: theOto.context, outlet: newOutlet(m, otoLatency)}
	p.outlet.scales = true
	p.player = p.context.NewPlayer(p)
	p.player.SetBufferSize(otoPlayerBuffer)
	p.player.Play()
	return p, p.outlet, nil
}

// Read implements [io.Reader] for oto's player. It never ends.
func (p *otoPlayer) Read(b []byte) (int, error) {
	b = b[:len(b)&^1]
	p.outlet.fill(asSamples(b))
	return len(b), nil
}

func (p *otoPlayer) err() error { return p.context.Err() }

func (p *otoPlayer) flush() {
	p.outlet.dropped.Add(int64(p.player.BufferedSize() / 2))
	p.player.Reset()
	p.player.Play()
}

// duck acts on what the player has taken already, so it is heard 20 ms sooner.
func (p *otoPlayer) duck(f float64) {
	p.outlet.gain.set(f)
	p.player.SetVolume(f)
}

func (p *otoPlayer) hold(on bool) {
	if on {
		p.held = time.Now()
		p.player.Pause()
		return
	}
	p.outlet.mixer.postpone(p.held.Add(holdLatency), time.Since(p.held))
	p.outlet.resumed.Store(true)
	p.outlet.last.Store(int64(time.Since(p.outlet.mixer.epoch)))
	p.player.Play()
}

func (p *otoPlayer) close() {
	p.outlet.closed.Store(true)
	p.player.Pause()
}

// abandon says that oto has lost its device: it cannot be used again.
func (p *otoPlayer) abandon(cause error) {
	theOto.Lock()
	defer theOto.Unlock()
	theOto.failed = cause
	if p.outlet.racing.Load() {
		_ = p.context.Suspend() // else it spins for ever; an error means it has ended
	}
}
