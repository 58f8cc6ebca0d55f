package stock

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// tap stands between a client and parleyd and keeps everything that parleyd sends, as
// the bytes on the wire. Neither masks nor packs what goes to a client.
type tap struct {
	address string
	mu      sync.Mutex
	sent    []*bytes.Buffer // over each connection
}

// record keeps what passes over one connection.
type record struct {
	tap *tap
	all *bytes.Buffer
}

// Write implements [io.Writer].
func (r record) Write(b []byte) (int, error) {
	r.tap.mu.Lock()
	defer r.tap.mu.Unlock()
	return r.all.Write(b)
}

// record begins one.
func (p *tap) record() record {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := record{p, &bytes.Buffer{}}
	p.sent = append(p.sent, r.all)
	return r
}

// newTap listens until the test ends.
func newTap(t *testing.T, to string) *tap {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &tap{address: l.Addr().String()}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { p.carry(t, client, to) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		all.Wait()
	})
	return p
}

// carry copies both ways until either side is done.
func (p *tap) carry(t *testing.T, client net.Conn, to string) {
	defer client.Close()
	server, err := net.Dial("tcp", to)
	if err != nil {
		t.Errorf("tap: %v", err)
		return
	}
	defer server.Close()
	up := make(chan struct{})
	go func() {
		defer close(up)
		_, _ = io.Copy(server, client)
		server.Close()
	}()
	// It is kept before the client has it.
	if _, err := io.Copy(io.MultiWriter(p.record(), client), server); err != nil && !errors.Is(err, net.ErrClosed) {
		t.Logf("tap: %v", err)
	}
	client.Close()
	<-up
}

// received is everything that clients have got until now.
func (p *tap) received() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []byte
	for _, one := range p.sent {
		all = append(append(all, one.Bytes()...), '\n')
	}
	return all
}
