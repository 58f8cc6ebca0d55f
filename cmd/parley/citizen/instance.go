package citizen

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrRunning is returned by Claim where another program has the claim; it has
// been asked to show itself.
var ErrRunning = errors.New("citizen: Parley is running already")

// What is said over the socket, a line each.
const (
	lineRaise  = "raise\n"
	lineRaised = "raised\n"
)

// raiseWithin is how long a second launch waits for the first to answer: it may
// be starting, and the machine busy.
const raiseWithin = 5 * time.Second

// maxSocketPath is what every system takes of a socket's path (sun_path has 104
// bytes on BSD, 108 on Linux, with a zero at the end).
const maxSocketPath = 103

// Instance is the claim to be the only one. Close gives it up.
type Instance struct {
	raised chan struct{}
	lock   io.Closer
	listen net.Listener
	all    sync.WaitGroup
}

// Claim makes this program the only one of its name in dir, which is made if it
// is missing: the one at login, say, in XDG_RUNTIME_DIR. Where there is one
// already, it is asked to show itself, and the error is [ErrRunning]. Any other
// error means that nobody can be told from another here; the program may as well
// go on without.
//
// The claim is a lock on a file, which ends with the program however that ends,
// so nothing stale has to be told from what is alive; the socket beside it is
// only for asking.
func Claim(dir, name string) (*Instance, error) {
	socket := filepath.Join(dir, name+".sock")
	if len(socket) > maxSocketPath {
		return nil, fmt.Errorf("citizen: the path %s is too long for a socket", socket)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("citizen: %w", err)
	}
	lock, err := lockFile(filepath.Join(dir, name+".lock"))
	if errors.Is(err, errLocked) {
		return nil, errors.Join(ErrRunning, raise(socket, raiseWithin))
	}
	if err != nil {
		return nil, fmt.Errorf("citizen: %w", err)
	}
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) { // of one that was killed
		lock.Close()
		return nil, fmt.Errorf("citizen: %w", err)
	}
	listen, err := net.Listen("unix", socket) //nolint:noctx // it is done at once
	if err != nil {
		lock.Close()
		return nil, fmt.Errorf("citizen: %w", err)
	}
	i := &Instance{raised: make(chan struct{}, 1), lock: lock, listen: listen}
	i.all.Go(i.answer)
	return i, nil
}

// Raised tells of further launches. Some that come close together are one.
func (i *Instance) Raised() <-chan struct{} { return i.raised }

// Close gives the claim up and waits for what Claim started.
func (i *Instance) Close() error {
	err := i.listen.Close() // removes the socket
	i.all.Wait()
	return errors.Join(err, i.lock.Close())
}

// answer serves further launches, one after the other.
func (i *Instance) answer() {
	for {
		conn, err := i.listen.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many files are open, say: that may pass
			time.Sleep(10 * time.Millisecond)
			continue
		}
		i.serve(conn)
	}
}

// serve answers one launch. Who says nothing is not waited for long.
func (i *Instance) serve(conn net.Conn) {
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(time.Second)) != nil {
		return
	}
	line, err := bufio.NewReader(io.LimitReader(conn, int64(len(lineRaise)))).ReadString('\n')
	if err != nil || line != lineRaise {
		return
	}
	select {
	case i.raised <- struct{}{}:
	default:
	}
	_, _ = io.WriteString(conn, lineRaised) // who has gone need not know
}

// raise asks the one at socket to show itself. That one may have the lock and
// not yet the socket, so it is tried for a while.
func raise(socket string, within time.Duration) error {
	until := time.Now().Add(within)
	for {
		err := raiseOnce(socket, until)
		if err == nil {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("citizen: it does not answer: %w", err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func raiseOnce(socket string, until time.Time) error {
	conn, err := net.DialTimeout("unix", socket, time.Until(until)) //nolint:noctx // it has its time
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(until); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, lineRaise); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && line != lineRaised {
		err = fmt.Errorf("it says %q", line)
	}
	return err
}
