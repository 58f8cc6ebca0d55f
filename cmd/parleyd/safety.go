package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
)

// loopback says whether an address can be reached from this machine alone.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// private says whether nobody but this machine's own programs can come in.
func (o options) private() bool { return loopback(o.listen) && !o.behindProxy }

// check refuses to start what would be open to others: speech in the clear, or an
// engine that anybody may use. tokens is how many there are. The error says what
// to do.
func (o options) check(tokens int) error {
	if _, _, err := net.SplitHostPort(o.listen); err != nil {
		return fmt.Errorf("--listen wants an address and a port such as 127.0.0.1:8765, not %q", o.listen)
	}
	switch {
	case (o.cert == "") != (o.key == ""):
		return errors.New("--tls-cert and --tls-key belong together; give both")
	case o.private():
		return nil
	case tokens == 0 && o.behindProxy:
		return fmt.Errorf("whoever reaches the proxy could use this engine, for there is no token; run \"parleyd token add NAME --tokens %s\", "+
			"or put the line of \"parleyd token add NAME --print\" into PARLEYD_TOKENS", o.tokens)
	case tokens == 0:
		return fmt.Errorf("others could reach %s and there is no token; run \"parleyd token add NAME --tokens %s\", or listen on 127.0.0.1", o.listen, o.tokens)
	case o.cert == "" && !o.behindProxy:
		return fmt.Errorf("speech and tokens would go to %s in the clear; give --tls-cert and --tls-key, or --behind-proxy if a proxy in front has TLS, "+
			"or listen on 127.0.0.1", o.listen)
	}
	return nil
}

// names are those that clients may know the server by: what it was told, and the
// address it listens on.
func (o options) names() []string {
	names := o.hosts
	if host, _, err := net.SplitHostPort(o.listen); err == nil {
		if ip := net.ParseIP(host); ip == nil || !ip.IsUnspecified() {
			names = append(names, host)
		}
	}
	return names
}
