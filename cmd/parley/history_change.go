package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"parley/engine/history"
)

func (h historian) rename(ctx context.Context, args []string) error {
	c, err := conversationNumber(args[0])
	if err != nil {
		return err
	}
	return h.store.Rename(ctx, c, strings.Join(args[1:], " "))
}

func (h historian) pin(ctx context.Context, args []string) error { return h.setPin(ctx, args[0], true) }
func (h historian) unpin(ctx context.Context, args []string) error {
	return h.setPin(ctx, args[0], false)
}

func (h historian) setPin(ctx context.Context, arg string, on bool) error {
	c, err := conversationNumber(arg)
	if err != nil {
		return err
	}
	return h.store.Pin(ctx, c, on)
}

func (h historian) delete(ctx context.Context, args []string) error {
	c, err := conversationNumber(args[0])
	if err != nil {
		return err
	}
	return h.store.Delete(ctx, c)
}

func (h historian) forget(ctx context.Context, args []string) error {
	id, err := numbered[history.FactID](args[0], "fact")
	if err != nil {
		return err
	}
	return h.store.Facts().Delete(ctx, id)
}

// errKept is that the user did not agree.
var errKept = errors.New("nothing was deleted")

// clear deletes everything once the user has agreed.
func (h historian) clear(ctx context.Context, args []string) error {
	if len(args) == 0 {
		fmt.Fprint(h.cons.err, "This deletes all conversations, lessons, reviews, remembered facts and what was learnt of your voice and pauses, for good. Type yes to go on: ")
		if err := agreement(ctx, os.Stdin); err != nil {
			return err
		}
	}
	if err := errors.Join(h.store.Clear(ctx), clearTraces()); err != nil {
		return err
	}
	fmt.Fprintln(h.cons.err, "parley: everything was deleted")
	return nil
}

// agreement reads a line that says yes. The reading may outlast it: a terminal
// cannot be made to stop waiting for a line.
func agreement(ctx context.Context, r io.Reader) error {
	answered := make(chan error, 1)
	go func() {
		line, err := bufio.NewReader(r).ReadString('\n')
		if errors.Is(err, io.EOF) {
			err = nil
		}
		if answer := strings.ToLower(strings.TrimSpace(line)); err == nil && answer != "yes" && answer != "y" {
			err = errKept
		}
		answered <- err
	}()
	select {
	case err := <-answered:
		return err
	case <-ctx.Done():
		return errKept
	}
}
