package keys

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/godbus/dbus/v5"
	"github.com/zalando/go-keyring"
)

// ringService is what our keys are filed under in the keyring.
const ringService = "parley"

// Ring is a keyring: secrets by service and user. Get fails with
// [keyring.ErrNotFound] where there is none. Its calls may hang.
type Ring interface {
	Get(service, user string) (string, error)
	Set(service, user, secret string) error
	Delete(service, user string) error
}

// system is the operating system's keyring: the Secret Service on Linux.
type system struct{}

func (system) Get(service, user string) (string, error) {
	if err := sessionBus(); err != nil {
		return "", err
	}
	return keyring.Get(service, user)
}

func (system) Set(service, user, secret string) error {
	if err := sessionBus(); err != nil {
		return err
	}
	return keyring.Set(service, user, secret)
}

func (system) Delete(service, user string) error {
	if err := sessionBus(); err != nil {
		return err
	}
	return keyring.Delete(service, user)
}

// sessionBus fails where no session bus runs. Without having asked, the library
// would start one that stays behind.
func sessionBus() error {
	if runtime.GOOS != "linux" {
		return nil
	}
	c, err := dbus.SessionBusPrivateNoAutoStartup()
	if err != nil {
		return errAbsent
	}
	return c.Close()
}

// errAbsent: there is no keyring, so nothing is in it.
var errAbsent = errors.New("none runs here")

// bounded asks a keyring that may hang or panic, one question at a time.
type bounded struct {
	ring Ring
	free chan struct{} // holds a value while no question is being asked
	hung atomic.Bool   // … one took too long, and may still be waiting
}

func newBounded(ring Ring) *bounded {
	b := &bounded{ring: ring, free: make(chan struct{}, 1)}
	b.free <- struct{}{}
	return b
}

var errHung = fmt.Errorf("%w: it does not answer, or waits to be unlocked", ErrNoKeyring)

// do runs call until ctx ends. A call cannot be taken back: one that hangs is left
// alone, and as long as it does no other is made. Errors wrap [ErrNoKeyring], but for
// [keyring.ErrNotFound].
func (b *bounded) do(ctx context.Context, call func(Ring) error) error {
	if b.hung.Load() {
		return errHung
	}
	select {
	case <-b.free:
	case <-ctx.Done():
		return errHung
	}
	done := make(chan error, 1)
	go func() { // waited for below, unless it hangs
		defer func() {
			if r := recover(); r != nil { // the library asserts types that the bus sent
				done <- fmt.Errorf("%w: it answered with nonsense", ErrNoKeyring)
			}
			b.hung.Store(false)
			b.free <- struct{}{}
		}()
		done <- explain(call(b.ring))
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		b.hung.Store(true)
		if len(b.free) > 0 { // it has just come back
			b.hung.Store(false)
		}
		return errHung
	}
}

func explain(err error) error {
	var refused dbus.Error
	switch {
	case err == nil, errors.Is(err, keyring.ErrNotFound):
		return err
	case errors.Is(err, errAbsent), errors.As(err, &refused) && strings.HasSuffix(refused.Name, ".ServiceUnknown"):
		return fmt.Errorf("%w: %w", ErrNoKeyring, errAbsent)
	}
	return fmt.Errorf("%w: %s", ErrNoKeyring, strings.Join(strings.Fields(err.Error()), " "))
}
