package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/history"
)

// numbered reads the number of a conversation, a lesson or a fact.
func numbered[T ~int64](arg, what string) (T, error) {
	n, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || n < 1 {
		return 0, usageError(fmt.Sprintf("%q is no %s's number", arg, what))
	}
	return T(n), nil
}

func conversationNumber(arg string) (engine.ConversationID, error) {
	return numbered[engine.ConversationID](arg, "conversation")
}

func (h historian) list(ctx context.Context, _ []string) error {
	list, err := h.store.List(ctx, 0, 0)
	if err != nil {
		return err
	}
	return history.WriteList(h.cons.out, list)
}

func (h historian) show(ctx context.Context, args []string) error {
	return h.export(ctx, []string{args[0], "--format", "markdown"})
}

func (h historian) json(ctx context.Context, args []string) error {
	return h.export(ctx, []string{args[0], "--format", "json"})
}

// search says on the error output when it found nothing, so that a script gets
// nothing.
func (h historian) search(ctx context.Context, args []string) error {
	query := strings.Join(args, " ")
	hits, err := h.store.Search(ctx, query, 0)
	if err != nil {
		return err
	}
	if len(hits) == 0 {
		fmt.Fprintf(h.cons.err, "parley: %q was not found\n", query)
	}
	return history.WriteHits(h.cons.out, hits)
}

func (h historian) lessons(ctx context.Context, _ []string) error {
	list, err := h.store.Lessons(ctx, 0, 0)
	if err != nil {
		return err
	}
	return history.WriteLessons(h.cons.out, list)
}

func (h historian) facts(ctx context.Context, _ []string) error {
	facts, err := h.store.Facts().List(ctx)
	if err != nil {
		return err
	}
	return history.WriteFacts(h.cons.out, facts)
}
