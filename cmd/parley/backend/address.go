package backend

import (
	"errors"
	"net"
	"net/url"
	"strings"
)

var (
	errAddress = errors.New("backend: that is no address; write it as https://parley.example.org")
	errScheme  = errors.New("backend: the address must begin with https://, http://, wss:// or ws://")
)

// Base reads the address of a backend as people write it: with a scheme or without,
// which is https, or http on this computer; with the wire's own path or without. What
// it gives is http(s):// with the host, by which a key is kept, and no path of ours.
func Base(address string) (*url.URL, error) {
	address = strings.TrimSpace(address)
	if !strings.Contains(address, "://") {
		scheme := "https://"
		if u, err := url.Parse("//" + address); err == nil && isHere(u.Hostname()) {
			scheme = "http://"
		}
		address = scheme + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Opaque != "" {
		return nil, errAddress
	}
	switch u.Scheme {
	case "http", "ws":
		u.Scheme = "http"
	case "https", "wss":
		u.Scheme = "https"
	default:
		return nil, errScheme
	}
	path := strings.TrimRight(u.Path, "/")
	path = strings.TrimSuffix(strings.TrimSuffix(path, "/realtime"), "/v1")
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: strings.TrimRight(path, "/")}, nil
}

// Readable says whether what is said to an address can be read, and its token taken, on
// the way: it is another computer's, and not encrypted.
func Readable(address string) bool {
	u, err := Base(address)
	return err == nil && u.Scheme == "http" && !isHere(u.Hostname())
}

// isHere says whether a host is this computer.
func isHere(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}
