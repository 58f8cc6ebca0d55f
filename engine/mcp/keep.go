package mcp

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// How a server is kept going.
const (
	connectTime  = 10 * time.Second // to start, and to list its tools
	pingTime     = 3 * time.Second  // to show that it is alive
	pingEvery    = 30 * time.Second
	firstPause   = time.Second
	longestPause = time.Minute
)

// kept is a server that is kept going.
type kept struct {
	Server
	log     *slog.Logger
	suspect chan struct{} // gets a value when a call went unanswered

	mu      sync.Mutex
	session *sdk.ClientSession // nil while it is not there
	tools   []Tool
	err     error          // why it is not there
	calls   sync.WaitGroup // being made
}

func (k *kept) list() []Tool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.tools
}

func (k *kept) status() Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	return Status{k.Name, len(k.tools), k.err}
}

// set says how it is now.
func (k *kept) set(session *sdk.ClientSession, tools []Tool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.session, k.tools, k.err = session, tools, err
}

// keep runs the server again and again until ctx ends.
func (k *kept) keep(ctx context.Context) {
	pause := firstPause
	for ctx.Err() == nil {
		began := time.Now()
		err := k.once(ctx)
		k.set(nil, nil, err)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > longestPause { // it had been well
			pause = firstPause
		}
		k.log.Warn("mcp: a tool server is not there", "server", k.Name, "error", err, "pause", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		pause = min(2*pause, longestPause)
	}
}

// once runs the server until it ends, fails to answer, or ctx ends.
func (k *kept) once(ctx context.Context) error {
	changed := make(chan struct{}, 1)
	client := sdk.NewClient(&sdk.Implementation{Name: "parley", Version: "1"}, &sdk.ClientOptions{
		Capabilities:   &sdk.ClientCapabilities{}, // it is told nothing of us
		MultiRoundTrip: &sdk.MultiRoundTripOptions{Disabled: true},
		ToolListChangedHandler: func(context.Context, *sdk.ToolListChangedRequest) {
			select {
			case changed <- struct{}{}:
			default:
			}
		},
	})
	l := k.line(ctx)
	defer l.sweep()
	defer l.cut()
	var session *sdk.ClientSession
	err := within(ctx, connectTime, func(context.Context) (err error) {
		session, err = client.Connect(ctx, l.transport, nil) // it keeps the context
		return err
	}, l.cut)
	if err != nil {
		return fmt.Errorf("mcp: %s cannot be started: %w%s", k.Name, err, l.lastWords())
	}
	var ended sync.WaitGroup
	over := make(chan struct{})
	ended.Go(func() {
		defer close(over)
		_ = session.Wait() // its error is that the connection has ended
	})
	defer func() {
		k.set(nil, nil, nil) // no more calls
		l.hangUp(session)
		ended.Wait()
		k.calls.Wait()
	}()
	if err := k.learn(ctx, session, l); err != nil {
		return err
	}
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-over:
			return fmt.Errorf("mcp: %s has ended%s", k.Name, l.lastWords())
		case <-changed:
			if err := k.learn(ctx, session, l); err != nil {
				return err
			}
			continue
		case <-ping.C:
		case <-k.suspect:
		}
		err := within(ctx, pingTime, func(ctx context.Context) error { return session.Ping(ctx, nil) }, l.cut)
		if answered := new(jsonrpc.Error); err != nil && !errors.As(err, &answered) {
			return fmt.Errorf("mcp: %s does not answer any more", k.Name)
		}
	}
}

// learn asks which tools there are.
func (k *kept) learn(ctx context.Context, session *sdk.ClientSession, l *line) error {
	var tools []Tool
	err := within(ctx, connectTime, func(ctx context.Context) error {
		for t, err := range session.Tools(ctx, nil) {
			if err != nil {
				return err
			}
			if len(tools) == toolsMost {
				break
			}
			if one, ok := describe(k.Name, t); ok {
				tools = append(tools, one)
			}
		}
		return nil
	}, l.cut)
	if err != nil {
		return fmt.Errorf("mcp: %s does not say which tools it has: %w", k.Name, err)
	}
	k.set(session, tools, nil)
	k.log.Info("mcp: a tool server is there", "server", k.Name, "tools", len(tools))
	return nil
}
