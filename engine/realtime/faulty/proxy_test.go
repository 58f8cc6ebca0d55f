package faulty

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long something that has to happen may take on a busy machine.
const patience = 30 * time.Second

// echo starts a server that sends back what comes, and a proxy before it.
func echo(t *testing.T, c Conditions) *Proxy {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			})
		}
	})
	p, err := Listen(t.Context(), l.Addr().String(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close(); _ = l.Close(); all.Wait() })
	return p
}

func dial(t *testing.T, p *Proxy) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(t.Context(), "tcp", p.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn
}

// there sends text, and waits until it is back.
func there(t *testing.T, conn net.Conn, text string) time.Duration {
	t.Helper()
	start := time.Now()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(text))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != text {
		t.Fatalf("%q, %v", got, err)
	}
	return time.Since(start)
}

func TestGood(t *testing.T) {
	p := echo(t, Conditions{})
	conn := dial(t, p)
	sent := bytes.Repeat([]byte("0123456789"), 1<<17) // more than fits anywhere on the way
	var all sync.WaitGroup
	all.Go(func() {
		_, _ = conn.Write(sent)
		_ = conn.(*net.TCPConn).CloseWrite()
	})
	got, err := io.ReadAll(conn)
	all.Wait()
	if err != nil || !bytes.Equal(got, sent) {
		t.Errorf("%d bytes of %d, %v", len(got), len(sent), err)
	}
	if p.Total() != 1 {
		t.Errorf("%d connections", p.Total())
	}
	for p.Connections() > 0 {
		time.Sleep(time.Millisecond)
	}
}

func TestDelay(t *testing.T) {
	p := echo(t, Conditions{Delay: 60 * time.Millisecond})
	conn := dial(t, p)
	if took := there(t, conn, "hello"); took < 120*time.Millisecond {
		t.Errorf("there and back in %v", took)
	}
	// What is under way overtakes nothing, and does not wait for what is before it.
	p.Set(Conditions{Delay: 300 * time.Millisecond})
	start := time.Now()
	for range 20 {
		_, _ = io.WriteString(conn, "a")
		time.Sleep(5 * time.Millisecond)
	}
	p.Set(Conditions{})
	_, _ = io.WriteString(conn, "b")
	got := make([]byte, 21)
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != "aaaaaaaaaaaaaaaaaaaab" {
		t.Errorf("%q, %v", got, err)
	}
	if took := time.Since(start); took < 300*time.Millisecond {
		t.Errorf("there and back in %v", took)
	}
}

func TestLoss(t *testing.T) {
	p := echo(t, Conditions{Loss: 1})
	if took := there(t, dial(t, p), "hello"); took < 400*time.Millisecond {
		t.Errorf("there and back in %v", took)
	}
	w := weather{now: Conditions{Loss: 0.02}, changed: make(chan struct{}), random: rand.New(rand.NewPCG(1, 2))}
	late := 0
	for range 10000 {
		if w.delay() > 0 {
			late++
		}
	}
	if late < 100 || late > 300 {
		t.Errorf("%d of 10000 pieces are late", late)
	}
}

func TestRate(t *testing.T) {
	p := echo(t, Conditions{Rate: 20000})
	if took := there(t, dial(t, p), string(make([]byte, 10000))); took < 450*time.Millisecond {
		t.Errorf("10000 bytes in %v", took)
	}
}

func TestHole(t *testing.T) {
	p := echo(t, Conditions{})
	conn := dial(t, p)
	there(t, conn, "before")
	p.Set(Conditions{Hole: true})
	other := dial(t, p)
	for _, c := range []net.Conn{conn, other} {
		_, _ = io.WriteString(c, "lost?")
		_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		if n, err := c.Read(make([]byte, 8)); n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%d bytes, %v", n, err)
		}
		_ = c.SetReadDeadline(time.Now().Add(patience))
	}
	p.Set(Conditions{})
	for _, c := range []net.Conn{conn, other} {
		got := make([]byte, 5)
		if _, err := io.ReadFull(c, got); err != nil || string(got) != "lost?" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestDrop(t *testing.T) {
	p := echo(t, Conditions{})
	conn, other := dial(t, p), dial(t, p)
	there(t, conn, "hello")
	there(t, other, "hello")
	if n := p.Drop(); n != 2 {
		t.Errorf("%d were dropped", n)
	}
	for _, c := range []net.Conn{conn, other} {
		if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("read %v", err)
		}
	}
	there(t, dial(t, p), "again")
	p.Set(Conditions{Refuse: true})
	resets(t, p)
}

// resets wants a new connection to be reset, while it is made or after.
func resets(t *testing.T, p *Proxy) {
	t.Helper()
	conn, err := (&net.Dialer{Timeout: patience}).DialContext(t.Context(), "tcp", p.Address())
	if err == nil {
		defer conn.Close()
		_ = conn.SetDeadline(time.Now().Add(patience))
		_, err = conn.Read(make([]byte, 1))
	}
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("read %v", err)
	}
}

func TestCut(t *testing.T) {
	for name, c := range map[string]Conditions{
		"down": {CutDown: 7}, "up": {CutUp: 7}, "down, slowly": {CutDown: 7, Rate: 300},
	} {
		t.Run(name, func(t *testing.T) {
			p := echo(t, c)
			for range 2 {
				conn := dial(t, p)
				_, _ = io.WriteString(conn, "0123456789")
				got, err := io.ReadAll(conn)
				if errors.Is(err, os.ErrDeadlineExceeded) || len(got) > 7 || c.CutDown > 0 && string(got) != "0123456" {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
}

// Nobody behind it is a connection that is reset.
func TestNobody(t *testing.T) {
	p, err := Listen(t.Context(), "127.0.0.1:1", Conditions{})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	resets(t, p)
}

// Closing ends all, whatever it is at.
func TestClose(t *testing.T) {
	for _, c := range []Conditions{{}, {Hole: true}, {Delay: time.Hour}, {Rate: 1}} {
		p := echo(t, Conditions{})
		conn := dial(t, p)
		there(t, conn, "hello")
		p.Set(c)
		_, _ = conn.Write(make([]byte, 1<<16))
		p.Close()
		if n := p.Connections(); n != 0 {
			t.Errorf("%d connections after the end", n)
		}
	}
}
