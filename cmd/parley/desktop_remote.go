package main

import (
	"context"

	"parley/engine/settings"
	"parley/ui"
)

// remoteCheck tries another computer's Parley for the window.
type remoteCheck struct{ *live }

var _ ui.RemoteCheck = remoteCheck{}

// Try implements [ui.RemoteCheck].
func (r remoteCheck) Try(ctx context.Context, address, token string) (string, error) {
	if token == "" {
		token = r.present().remoteToken(ctx, address)
	}
	way, err := tryRemote(ctx, address, token, r.p.log)
	if err != nil {
		return "", err
	}
	return "It works, " + way + ".", nil
}

// KeepToken implements [ui.RemoteCheck].
func (r remoteCheck) KeepToken(ctx context.Context, address, token string) (string, error) {
	return engines(r).KeepKey(ctx, address, token)
}

// ForgetToken implements [ui.RemoteCheck].
func (r remoteCheck) ForgetToken(ctx context.Context, address string) (string, error) {
	left, err := engines(r).ForgetKey(ctx, address)
	if err == nil && left == "" && settings.RemoteToken() != "" {
		left = "The token in PARLEY_TOKEN is still used."
	}
	return left, err
}
