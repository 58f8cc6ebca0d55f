package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/cmd/parley/backend"
	"parley/engine/remote"
	"parley/ui"
)

// remoteCheck tries another computer's Parley for the window.
type remoteCheck struct{ *live }

var _ ui.RemoteCheck = remoteCheck{}

// Try implements [ui.RemoteCheck].
func (r remoteCheck) Try(ctx context.Context, address, token string) (string, error) {
	if token == "" {
		token, _ = r.present().key(ctx, address) // where it needs one and has none it says so itself
	}
	b, err := backend.New(backend.Config{URL: address, Token: func() string { return token }, Log: r.p.log})
	if err != nil {
		return "", err
	}
	defer b.Close()
	way, rtt, err := b.Try(ctx)
	switch {
	case errors.Is(err, remote.ErrCredentials):
		return "", errors.New("parley: it answers, but does not accept the token")
	case err != nil:
		return "", fmt.Errorf("parley: it does not work: %s", remote.Explain(err))
	case rtt > 0:
		return fmt.Sprintf("It works, over %s, %v there and back.", way, rtt.Round(time.Millisecond/10)), nil
	}
	return fmt.Sprintf("It works, over %s.", way), nil
}

// KeepToken implements [ui.RemoteCheck].
func (r remoteCheck) KeepToken(ctx context.Context, address, token string) (string, error) {
	return engines(r).KeepKey(ctx, address, token)
}
