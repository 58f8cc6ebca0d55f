package remote

import (
	"errors"
	"net/url"
	"strings"
)

// errAddress: what was given is no address of a backend.
var errAddress = errors.New("remote: that is no address of a backend; write it like https://voice.example.com")

// parse reads the address of a backend: http(s):// or ws(s):// or a bare host, which
// is https. What routes have of their own (/v1, /v1/realtime) may stand at its end.
func parse(address string) (*url.URL, error) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Opaque != "" {
		return nil, errAddress
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "ws":
		u.Scheme = "http"
	case "https", "wss":
		u.Scheme = "https"
	default:
		return nil, errAddress
	}
	path := strings.TrimRight(u.Path, "/")
	path = strings.TrimSuffix(path, "/realtime")
	path = strings.TrimSuffix(path, "/v1")
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(path, "/")}, nil
}
