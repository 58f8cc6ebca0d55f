package load

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"sync"
	"time"
)

const usage = `usage: parleyd load [flags]     against a running "parleyd serve --canned --requests-per-minute 100000"
  --url URL         default ws://127.0.0.1:8765/v1/realtime
  --token TOKEN     if the server wants one
  --sessions N      clients at once; default 100
  --seconds S       how long they speak and listen; default 20
  --ramp N          clients that come in a second; default 200
  --rate HZ         of the sound, 24000 (default) or 16000, as Parley's own clients send it
  --metrics URL     the server's; default /metrics at the same address; "none" asks nothing
  --json
The server's numbers are its own process's; the delays hold the time this program itself takes.
`

// options are what is played.
type options struct {
	url, token string
	sessions   int
	seconds    float64
	ramp       int
	rate       int
	metrics    string
	json       bool
}

// parse reads the flags.
func parse(args []string) (o options, err error) {
	f := flag.NewFlagSet("load", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.url, "url", "ws://127.0.0.1:8765/v1/realtime", "")
	f.StringVar(&o.token, "token", "", "")
	f.IntVar(&o.sessions, "sessions", 100, "")
	f.Float64Var(&o.seconds, "seconds", 20, "")
	f.IntVar(&o.ramp, "ramp", 200, "")
	f.IntVar(&o.rate, "rate", 24000, "")
	f.StringVar(&o.metrics, "metrics", "", "")
	f.BoolVar(&o.json, "json", false, "")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	at, err := url.Parse(o.url)
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected %q", f.Arg(0))
	case err != nil || at.Host == "" || at.Scheme != "ws" && at.Scheme != "wss":
		return o, fmt.Errorf("--url wants an address such as ws://127.0.0.1:8765/v1/realtime, not %q", o.url)
	case o.sessions < 1 || o.ramp < 1 || o.seconds <= 0:
		return o, errors.New("--sessions, --ramp and --seconds want more than 0")
	case o.rate != 24000 && o.rate != 16000:
		return o, errors.New("--rate wants 24000 or 16000")
	}
	if o.metrics == "" {
		at.Scheme, at.Path, at.RawQuery = map[string]string{"ws": "http", "wss": "https"}[at.Scheme], "/metrics", ""
		o.metrics = at.String()
	}
	return o, nil
}

// Run is `parleyd load`; it returns the program's exit code.
func Run(ctx context.Context, args []string, out, errs io.Writer) int {
	o, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(out, usage)
		return 0
	case err != nil:
		fmt.Fprintf(errs, "parleyd load: %v; parleyd load -h lists the flags\n", err)
		return 2
	}
	r, err := play(ctx, o)
	if err != nil {
		fmt.Fprintf(errs, "parleyd: %v\n", err)
		return 1
	}
	if o.json {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		err = enc.Encode(r)
	} else {
		err = r.write(out)
	}
	if err != nil {
		fmt.Fprintf(errs, "parleyd: %v\n", err)
		return 1
	}
	return 0
}

// settle is how long sessions are left alone before the server's memory is read.
const settle = 2 * time.Second

// play opens the sessions, lets them be idle for a moment, and then all speak.
func play(ctx context.Context, o options) (report, error) {
	server := newServer(o)
	before, err := server.read(ctx)
	if err != nil {
		return report{}, err
	}
	spoken, err := voice(o.rate)
	if err != nil {
		return report{}, err
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	clients, err := connect(ctx, o, spoken)
	defer func() {
		for _, c := range clients {
			c.close()
		}
	}()
	if err != nil {
		return report{}, err
	}
	if err := wait(ctx, settle); err != nil {
		return report{}, err
	}
	idle, err := server.read(ctx)
	if err != nil {
		return report{}, err
	}
	began := time.Now()
	speaking, quiet := context.WithTimeout(ctx, time.Duration(o.seconds*float64(time.Second)))
	defer quiet()
	var all sync.WaitGroup
	for i, c := range clients {
		// Spread over a frame, and over a turn: not all at once.
		all.Go(func() { c.speak(speaking, began, i, len(clients)) })
	}
	all.Wait()
	took := time.Since(began)
	for _, c := range clients {
		all.Go(func() { c.settle(ctx) })
	}
	all.Wait()
	after, err := server.read(ctx)
	if err != nil {
		return report{}, err
	}
	return newReport(clients, took, before, idle, after), nil
}

// connect opens the sessions, o.ramp in a second.
func connect(ctx context.Context, o options, spoken []frame) (clients []*client, err error) {
	var mu sync.Mutex
	var all sync.WaitGroup
	began := time.Now()
	for i := range o.sessions {
		if err := wait(ctx, time.Until(began.Add(time.Duration(i)*time.Second/time.Duration(o.ramp)))); err != nil {
			break
		}
		all.Go(func() {
			c, failed := dial(ctx, o, spoken)
			mu.Lock()
			defer mu.Unlock()
			if failed != nil {
				err = failed
				return
			}
			clients = append(clients, c)
		})
	}
	all.Wait()
	if err != nil {
		err = fmt.Errorf("load: %d of %d sessions were opened: %w", len(clients), o.sessions, err)
	}
	return clients, errors.Join(err, ctx.Err())
}

// wait waits.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
