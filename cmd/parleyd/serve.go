package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"parley/engine/realtime/guard"
	"parley/engine/realtime/server"
)

// serve is `parleyd serve`.
func serve(ctx context.Context, args []string, cons console) (code int) {
	o, err := parseServe(args, cons.env)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(cons.out, serveUsage)
		return exitOK
	case err != nil:
		fmt.Fprintf(cons.err, "parleyd serve: %v; parleyd serve -h lists the flags\n", err)
		return exitUsage
	}
	d, err := newDaemon(o, slog.New(slog.NewJSONHandler(cons.err, &slog.HandlerOptions{Level: o.level})))
	if err != nil {
		return cons.fail(err)
	}
	err = errors.Join(d.run(ctx), d.engines.close())
	if err != nil {
		return cons.fail(err)
	}
	return exitOK
}

// daemon is a parleyd that serves.
type daemon struct {
	o           options
	log         *slog.Logger
	tokens      *guard.Tokens
	certificate *certificate // nil: no TLS
	guard       *guard.Guard
	connections *guard.Connections
	metrics     *metrics
	engines     *engines
	sessions    *server.Handler
	ready       atomic.Bool
	drained     chan struct{} // closed when draining
}

// newDaemon opens everything, unless it would be open to others.
func newDaemon(o options, log *slog.Logger) (*daemon, error) {
	d := &daemon{o: o, log: log, drained: make(chan struct{}), metrics: newMetrics(version)}
	var err error
	if d.tokens, err = guard.OpenTokens(o.tokens, o.fixedTokens); err != nil {
		return nil, err
	}
	if err := o.check(len(d.tokens.List())); err != nil {
		return nil, err
	}
	if o.cert != "" {
		if d.certificate, err = openCertificate(o.cert, o.key); err != nil {
			return nil, err
		}
	}
	d.guard, err = guard.New(guard.Options{
		Tokens: d.tokens, Open: o.private(), Hosts: o.names(), Origins: o.origins, Initial: server.WithInitial, Refused: d.metrics.Refused,
		Limits: guard.Limits{Sessions: o.sessions, SessionsPerToken: o.sessionsPerToken, Requests: o.requests},
	})
	if err != nil {
		return nil, err
	}
	d.connections = &guard.Connections{Most: o.connections, Refused: d.metrics.Refused}
	d.metrics.watch(d.guard.Sessions, d.connections.Open)
	if d.engines, err = assemble(o, log); err != nil {
		return nil, err
	}
	d.sessions = d.newSessions()
	return d, nil
}

// run serves until ctx ends, and then drains.
func (d *daemon) run(ctx context.Context) error {
	base, end := context.WithCancel(context.WithoutCancel(ctx)) // of requests, which outlive ctx while draining
	defer end()
	main, err := d.listen(base, d.o.listen, d.routes())
	if err != nil {
		return err
	}
	servers := []*listening{main}
	if d.o.metricsListen != "" {
		beside, err := d.listen(base, d.o.metricsListen, d.metricsRoutes())
		if err != nil {
			return errors.Join(err, main.listener.Close())
		}
		servers = append(servers, beside)
	}
	var all sync.WaitGroup
	defer all.Wait()
	failed := make(chan error, len(servers)+1)
	for _, s := range servers {
		all.Go(func() {
			if err := s.serve(); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		})
	}
	life, over := context.WithCancel(ctx)
	defer over()
	all.Go(func() { d.reload(life) })
	all.Go(func() {
		if err := d.engines.ready(life); err != nil && life.Err() == nil {
			failed <- err
			return
		}
		d.ready.Store(life.Err() == nil)
	})
	d.log.Info("serving", "address", main.listener.Addr().String(), "tls", d.certificate != nil, "tokens", len(d.tokens.List()), "version", version)
	select {
	case <-ctx.Done():
		over()
		d.drain(base, end, servers)
		return nil
	case err := <-failed:
		over()
		end()
		for _, s := range servers {
			_ = s.server.Close() // it ends by another error
		}
		return err
	}
}

// drain lets current replies end, for as long as may be, and then ends everything.
func (d *daemon) drain(base context.Context, end func(), servers []*listening) {
	d.ready.Store(false)
	d.log.Info("draining", "sessions", d.guard.Sessions(), "limit", d.o.drain.String())
	ctx, cancel := context.WithTimeout(base, d.o.drain)
	defer cancel()
	close(d.drained)
	var ending sync.WaitGroup
	ending.Go(func() { _ = d.sessions.Shutdown(ctx) }) // the guard, which counts them too, says the same
	if err := d.guard.Drain(ctx); err != nil {
		d.log.Warn("sessions were cut off", "sessions", d.guard.Sessions())
		end()
		last, cancel := context.WithTimeout(context.WithoutCancel(base), lastWords)
		defer cancel()
		_ = d.guard.Drain(last) // whoever does not end now ends with the program
	}
	ending.Wait()
	for _, s := range servers {
		if s.server.Shutdown(ctx) != nil {
			_ = s.server.Close() // it ends by another error
		}
	}
	d.log.Info("drained")
}

// lastWords is how long sessions that are cut off have to say so.
const lastWords = time.Second

// reload reads tokens and certificate again on SIGHUP.
func (d *daemon) reload(ctx context.Context) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for {
		select {
		case <-hangups:
		case <-ctx.Done():
			return
		}
		err := d.tokens.Reload()
		if d.certificate != nil {
			err = errors.Join(err, d.certificate.reload())
		}
		if err != nil {
			d.log.Error("not read again; what was read before holds", "err", err)
			continue
		}
		d.log.Info("read again", "tokens", len(d.tokens.List()))
	}
}

// How long clients may take. Bodies are the guard's matter, and what is written the
// handlers'.
const (
	headerTime  = 10 * time.Second
	idleTime    = time.Minute
	headerBytes = 32 << 10
)

// listening is a server with its listener.
type listening struct {
	server   *http.Server
	listener net.Listener
}

// listen opens a listener.
func (d *daemon) listen(base context.Context, address string, h http.Handler) (*listening, error) {
	l, err := (&net.ListenConfig{}).Listen(base, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with --listen, or end what holds this one", err)
	}
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes,
		BaseContext: func(net.Listener) context.Context { return base },
		ConnState:   d.connections.State, ErrorLog: slog.NewLogLogger(d.log.Handler(), slog.LevelDebug),
	}
	if d.certificate != nil {
		s.TLSConfig = d.certificate.config()
	}
	return &listening{s, d.connections.Listen(l)}, nil
}

func (l *listening) serve() error {
	if l.server.TLSConfig != nil {
		return l.server.ServeTLS(l.listener, "", "")
	}
	return l.server.Serve(l.listener)
}
