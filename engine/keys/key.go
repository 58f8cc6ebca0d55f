package keys

import (
	"errors"
	"log/slog"
	"strings"
)

// OpenAI is the service that OPENAI_API_KEY is for: it is sent to no other.
const OpenAI = "api.openai.com"

var (
	// ErrNoKey says that there is none for that service.
	ErrNoKey = errors.New("keys: no key")

	// ErrNoKeyring says that this system has no keyring, or it does not answer.
	ErrNoKeyring = errors.New("keys: no keyring")

	// ErrExposed says that the file with the keys is not the user's alone.
	ErrExposed = errors.New("keys: others can read the file")

	// ErrNotAKey says that what was given as a key cannot be one.
	ErrNotAKey = errors.New("keys: not a key")
)

// Source says where a key is.
type Source string

// The sources, in the order they are asked.
const (
	Keyring     Source = "keyring"
	Environment Source = "environment"
	File        Source = "file"
)

// Key is a service's key. It prints as [hidden], whatever prints it.
type Key struct {
	secret *string // a pointer prints as its address, also within another struct

	From  Source
	Where string // one sentence for the user: where it is and, if need be, why there
}

// hidden is how a key prints.
const hidden = "[hidden]"

// Secret is the key itself, for the request's header and nothing else.
func (k Key) Secret() string {
	if k.secret == nil {
		return ""
	}
	return *k.secret
}

// String hides the key.
func (Key) String() string { return hidden }

// GoString hides the key.
func (Key) GoString() string { return hidden }

// LogValue hides the key.
func (Key) LogValue() slog.Value { return slog.StringValue(hidden) }

// secretLength is more than any key has, in bytes.
const secretLength = 4 << 10

// clean is a key as it was pasted, without the space around it.
func clean(secret string) (string, error) {
	secret = strings.TrimSpace(secret)
	if secret == "" || len(secret) > secretLength || !printable(secret) {
		return "", ErrNotAKey
	}
	return secret, nil
}

// printable: only what an HTTP header can carry and one line of the file can hold.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}
