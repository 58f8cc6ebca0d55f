package mcp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// within runs f for so long at most. An f that does not heed its context is freed by
// cut, which ends the connection.
func within(ctx context.Context, most time.Duration, f func(context.Context) error, cut func()) error {
	asked, cancel := context.WithCancel(ctx)
	defer cancel()
	var err error
	done := make(chan struct{})
	go func() { // waited for on every path
		defer close(done)
		err = f(asked)
	}()
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case <-done:
		return err
	case <-late.C:
	case <-ctx.Done():
	}
	cancel()
	cut()
	<-done
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w within %v", ErrUnanswered, most)
}

// call calls one of its tools.
func (k *kept) call(ctx context.Context, t Tool, arguments json.RawMessage) (Result, error) {
	k.mu.Lock()
	session := k.session
	if session != nil {
		k.calls.Add(1)
	}
	k.mu.Unlock()
	if session == nil {
		return Result{}, fmt.Errorf("%w: %s", ErrNoTool, t.Name)
	}
	params := &sdk.CallToolParams{Name: t.original}
	if len(arguments) > 0 {
		params.Arguments = arguments
	} else {
		params.Arguments = struct{}{}
	}
	asked, cancel := context.WithTimeout(ctx, CallTime)
	defer cancel()
	type answer struct {
		result *sdk.CallToolResult
		err    error
	}
	done := make(chan answer, 1)
	go func() { // ends with asked, or, where writing hangs, with the connection, which is then cut
		defer k.calls.Done()
		result, err := session.CallTool(asked, params)
		done <- answer{result, err}
	}()
	var a answer
	select {
	case a = <-done:
	case <-asked.Done():
		a.err = context.Cause(asked)
	}
	if a.err == nil {
		return read(a.result), nil
	}
	if ctx.Err() != nil {
		return Result{}, context.Cause(ctx)
	}
	if refused := new(jsonrpc.Error); errors.As(a.err, &refused) {
		return Result{Text: clean(refused.Message, textMost), Failed: true}, nil
	}
	select { // is it alive?
	case k.suspect <- struct{}{}:
	default:
	}
	if errors.Is(a.err, context.DeadlineExceeded) {
		return Result{}, fmt.Errorf("%w: %s, within %v", ErrUnanswered, t.Name, CallTime)
	}
	return Result{}, fmt.Errorf("%w: %s: %w", ErrUnanswered, t.Name, a.err)
}
