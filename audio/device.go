package audio

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	"github.com/gen2brain/malgo"
)

// Device is a microphone or a speaker of this machine.
type Device struct {
	Name    string // for people; a second one of the same name bears a number: "USB microphone (2)"
	Choice  string // what is saved as their choice; see [Choose]
	ID      string // the system's own name for it, in hexadecimal
	Default bool

	bare string // the name as the system has it
}

// ErrUnknownDevice is wrapped when a device is asked for by a name that this
// machine does not have now.
var ErrUnknownDevice = errors.New("audio: no such device")

// backends are all of miniaudio's but its null backend, which would swallow
// sound without a word. Those of other systems are passed over by miniaudio.
var backends = []malgo.Backend{
	malgo.BackendWasapi, malgo.BackendDsound, malgo.BackendWinmm, malgo.BackendCoreaudio,
	malgo.BackendSndio, malgo.BackendAudio4, malgo.BackendPulseaudio,
	malgo.BackendAlsa, malgo.BackendAaudio, malgo.BackendOpensl,
}

// Choose finds the device that a choice means: that of its Choice, which is its name
// or, where several bear it, its name and a tag made of its ID; or that of its Name.
// The empty choice is the system's default. For a choice that is not among devices
// it returns the default and an error that wraps [ErrUnknownDevice].
func Choose(name string, devices []Device) (Device, error) {
	if name != "" {
		if i := chosen(name, devices); i >= 0 {
			return devices[i], nil
		}
	}
	var fallback Device
	for _, d := range devices {
		if d.Default {
			fallback = d
		}
	}
	if name == "" {
		return fallback, nil
	}
	return fallback, fmt.Errorf("%w: %q is not connected; using the system's default", ErrUnknownDevice, name)
}

// List names the microphones and the speakers of this machine, the default
// first. Without a sound system it returns an error that wraps
// engine.ErrNoSound.
func List() (microphones, speakers []Device, err error) {
	ctx, err := malgo.InitContext(backendsNow(), malgo.ContextConfig{}, nil)
	if err != nil {
		return nil, nil, lostSystem(err)
	}
	defer closeContext(ctx)
	if microphones, err = list(ctx, malgo.Capture); err != nil {
		return nil, nil, err
	}
	speakers, err = list(ctx, malgo.Playback)
	return microphones, speakers, err
}

func list(ctx *malgo.AllocatedContext, kind malgo.DeviceType) ([]Device, error) {
	infos, err := ctx.Devices(kind)
	if err != nil {
		return nil, lostSystem(err)
	}
	devices := devicesOf(infos)
	slices.SortStableFunc(devices, func(a, b Device) int {
		if a.Default != b.Default {
			if a.Default {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return devices, nil
}

func closeContext(ctx *malgo.AllocatedContext) {
	_ = ctx.Uninit() // fails only for a context that was never made
	ctx.Free()
}

// stream is an open device and the context it lives in.
type stream struct {
	ctx    *malgo.AllocatedContext
	device *malgo.Device
}

// openStream opens and starts the device of that name, or the default where
// there is none of that name, mono, 16 bit, with three periods of 10 ms.
func openStream(kind malgo.DeviceType, name string, rate uint32, callback malgo.DataProc) (*stream, error) {
	ctx, err := malgo.InitContext(backendsNow(), malgo.ContextConfig{}, nil)
	if err != nil {
		return nil, lostSystem(err)
	}
	return startStream(ctx, kind, find(ctx, kind, name), rate, callback)
}

// startStream opens and starts the device with that id, nil for the default. It
// closes ctx if it fails; else the stream does.
func startStream(ctx *malgo.AllocatedContext, kind malgo.DeviceType, id *malgo.DeviceID, rate uint32, callback malgo.DataProc) (*stream, error) {
	config := malgo.DefaultDeviceConfig(kind)
	config.SampleRate = rate
	config.PeriodSizeInMilliseconds = 10
	config.Periods = 3
	config.Pulse.StreamNameCapture = "Parley listens"
	config.Pulse.StreamNamePlayback = "Parley speaks"
	side := &config.Capture
	if kind == malgo.Playback {
		side = &config.Playback
	}
	side.Format = malgo.FormatS16
	side.Channels = 1

	var pin runtime.Pinner
	defer pin.Unpin()
	if id != nil {
		pin.Pin(id)
		side.DeviceID = unsafe.Pointer(id)
	}
	device, err := malgo.InitDevice(ctx.Context, config, malgo.DeviceCallbacks{Data: callback})
	if err != nil {
		closeContext(ctx)
		return nil, lostSystem(err)
	}
	s := &stream{ctx: ctx, device: device}
	if err := device.Start(); err != nil {
		s.close()
		return nil, lostSystem(err)
	}
	return s, nil
}

// find returns the id of the device that a choice means, nil for the default.
func find(ctx *malgo.AllocatedContext, kind malgo.DeviceType, name string) *malgo.DeviceID {
	if name == "" {
		return nil
	}
	infos, err := ctx.Devices(kind)
	if err != nil {
		return nil // opening will fail and say so
	}
	if i := chosen(name, devicesOf(infos)); i >= 0 {
		return &infos[i].ID
	}
	return nil
}

func (s *stream) close() {
	// Uninit alone waits for ever for a loop that waits for a dead PulseAudio;
	// Stop wakes it. It fails where the device is gone, which is no news.
	_ = s.device.Stop()
	s.device.Uninit()
	closeContext(s.ctx)
}

// asSamples sees a device's buffer as samples. Devices are opened for 16 bits
// in the machine's byte order, and their buffers are aligned for them.
func asSamples(b []byte) []int16 {
	if len(b) < 2 {
		return nil
	}
	return unsafe.Slice((*int16)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/2)
}
