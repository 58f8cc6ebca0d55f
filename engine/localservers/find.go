package localservers

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Patience is how long [Find] takes at most.
const Patience = 300 * time.Millisecond

// Server is a server that was found.
type Server struct {
	Name   string  // "ollama"; "a server on port 9000" where it cannot be told
	URL    string  // its base URL, for OpenAI's paths: "http://127.0.0.1:11434/v1"
	Models []Model // in the server's order; a whisper.cpp server names none
}

// Model is one that a server offers.
type Model struct {
	ID string
	// Task is what it is for, where the server says so, in Hugging Face's words:
	// "automatic-speech-recognition", "text-to-speech", "text-generation".
	Task string
}

// Ports are where known servers listen by default.
func Ports() []int {
	var ports []int
	for _, k := range known {
		ports = append(ports, k.port)
	}
	slices.Sort(ports)
	return slices.Compact(ports)
}

// loopback is both loopback addresses.
var loopback = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}

// Find asks these ports of the loopback, all at once, and gives what has answered
// rightly within [Patience], by port.
func Find(ctx context.Context, ports ...int) []Server {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	client := newClient()
	defer client.CloseIdleConnections()

	type found struct {
		at netip.AddrPort
		Server
	}
	var mu sync.Mutex
	var servers []found
	var all sync.WaitGroup
	for _, port := range ports {
		for _, address := range loopback {
			at := netip.AddrPortFrom(address, uint16(port))
			all.Go(func() {
				if s, ok := ask(ctx, client, at); ok {
					mu.Lock()
					defer mu.Unlock()
					servers = append(servers, found{at, s})
				}
			})
		}
	}
	all.Wait()
	slices.SortFunc(servers, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.at.Port(), b.at.Port()), a.at.Addr().Compare(b.at.Addr()))
	})
	// The same server answers at both addresses.
	servers = slices.CompactFunc(servers, func(a, b found) bool { return a.at.Port() == b.at.Port() })
	list := make([]Server, len(servers))
	for i, s := range servers {
		list[i] = s.Server
	}
	return list
}
