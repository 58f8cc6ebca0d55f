package keys

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/zalando/go-keyring"
)

// How long the keyring may take: to answer, and to store a key, for which the user
// may have to unlock it.
const (
	lookupTime = 2 * time.Second
	saveTime   = time.Minute
)

// Cabinet is where the keys are. Make it with [Open]. It may be used by several
// goroutines.
type Cabinet struct {
	ring        *bounded
	environment string
	file        string
}

// Open gives the keys in the system's keyring, those of the file at path, which need
// not exist, and environment: OPENAI_API_KEY's value, may be empty.
func Open(path, environment string) *Cabinet { return OpenRing(system{}, path, environment) }

// OpenRing is Open with another keyring.
func OpenRing(ring Ring, path, environment string) *Cabinet {
	return &Cabinet{ring: newBounded(ring), environment: environment, file: path}
}

// Find gives the key for a service, which is named by its host ("api.openai.com"),
// within two seconds. An error wraps [ErrNoKey] where there is none, and [ErrExposed]
// where the only one is in a file that others can read.
func (c *Cabinet) Find(ctx context.Context, service string) (Key, error) {
	ring, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	answer := make(chan string, 1) // not a variable: a call that hangs may still come back
	err := c.ring.do(ring, func(r Ring) error {
		secret, err := r.Get(ringService, service)
		answer <- secret
		return err
	})
	if err == nil {
		secret, err := clean(<-answer)
		if err == nil {
			return Key{&secret, Keyring, fmt.Sprintf("The key for %s is in the system's keyring.", service)}, nil
		}
	}
	if ctx.Err() != nil {
		return Key{}, fmt.Errorf("keys: looking for the key for %s: %w", service, context.Cause(ctx))
	}
	why := "The system's keyring has none"
	if errors.Is(err, ErrNoKeyring) {
		why = "There is no keyring to ask (" + reason(err) + ")"
	}
	if service == OpenAI {
		if secret, err := clean(c.environment); err == nil {
			return Key{&secret, Environment, fmt.Sprintf("%s, so the key for %s is taken from OPENAI_API_KEY.", why, service)}, nil
		}
	}
	entries, err := c.entries()
	if err != nil {
		return Key{}, err
	}
	for _, e := range entries {
		if e.service == service {
			return Key{&e.secret, File, fmt.Sprintf("%s, so the key for %s is taken from %s, which only you can read.", why, service, c.file)}, nil
		}
	}
	return Key{}, fmt.Errorf("%w for %s: enter it in the settings", ErrNoKey, service)
}

func (c *Cabinet) entries() ([]entry, error) {
	if c.file == "" {
		return nil, nil
	}
	return read(c.file)
}

// reason is why there is no keyring, as a clause.
func reason(err error) string {
	return strings.TrimPrefix(err.Error(), ErrNoKeyring.Error()+": ")
}

// Keep stores a service's key in the keyring, which may ask the user to unlock it
// (a minute at most), or else in the file. The key it gives says where. An error wraps
// [ErrNotAKey] for what cannot be a key.
func (c *Cabinet) Keep(ctx context.Context, service, secret string) (Key, error) {
	if service == "" || !printable(service) || strings.HasPrefix(service, "#") {
		return Key{}, fmt.Errorf("keys: %q is no service; name it by its host", service)
	}
	secret, err := clean(secret)
	if err != nil {
		return Key{}, fmt.Errorf("%w: it is one word of letters, digits and signs; copy it again", err)
	}
	ring, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	err = c.ring.do(ring, func(r Ring) error { return r.Set(ringService, service, secret) })
	if err == nil {
		k := Key{&secret, Keyring, fmt.Sprintf("The key for %s is in the system's keyring.", service)}
		if c.file == "" {
			return k, nil
		}
		return k, write(c.file, service, "") // an older one is of no use any more
	}
	if c.file == "" || ctx.Err() != nil {
		return Key{}, fmt.Errorf("keys: the key for %s is not kept: %w", service, err)
	}
	if err := write(c.file, service, secret); err != nil {
		return Key{}, err
	}
	return Key{&secret, File, fmt.Sprintf("There is no keyring to use (%s), so the key for %s is in %s, which only you can read.", reason(err), service, c.file)}, nil
}

// Forget removes a service's key from the keyring and the file. The environment's
// stays.
func (c *Cabinet) Forget(ctx context.Context, service string) error {
	ring, cancel := context.WithTimeout(ctx, saveTime)
	defer cancel()
	err := c.ring.do(ring, func(r Ring) error { return r.Delete(ringService, service) })
	if errors.Is(err, keyring.ErrNotFound) || errors.Is(err, errAbsent) {
		err = nil
	}
	if err != nil {
		err = fmt.Errorf("keys: forgetting the key for %s: %w", service, err)
	}
	if c.file == "" {
		return err
	}
	return errors.Join(err, write(c.file, service, ""))
}
