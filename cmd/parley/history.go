package main

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"parley/engine"
	"parley/engine/history"
)

// readWithin bounds how long reading the history may take.
const readWithin = 5 * time.Second

const historyUsage = `usage: parley history [list]       earlier conversations, newest first
       parley history show N       one of them, whole, as Markdown
       parley history json N       the same as JSON
`

// showHistory is `parley history`.
func showHistory(ctx context.Context, args []string, cons console, log *slog.Logger) (code int) {
	show, asJSON := engine.ConversationID(0), false
	switch {
	case len(args) == 0, len(args) == 1 && args[0] == "list":
	case len(args) == 2 && (args[0] == "show" || args[0] == "json"):
		n, err := strconv.ParseInt(args[1], 10, 64)
		if err != nil || n < 1 {
			fmt.Fprintf(cons.err, "parley history: %q is no conversation's number\n", args[1])
			return exitUsage
		}
		show, asJSON = engine.ConversationID(n), args[0] == "json"
	case len(args) == 1 && (args[0] == "-h" || args[0] == "--help"):
		fmt.Fprint(cons.out, historyUsage)
		return exitOK
	default:
		fmt.Fprint(cons.err, historyUsage)
		return exitUsage
	}
	p := &pieces{log: log}
	if err := p.openStore(ctx); err != nil {
		return cons.fail(err)
	}
	defer closing(p.store, cons, &code)
	for _, n := range p.notices {
		fmt.Fprintf(cons.err, "parley: %s\n", n)
	}
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	if show == 0 {
		return listHistory(ctx, p, cons)
	}
	t, err := p.store.Conversation(ctx, show)
	if err != nil {
		return cons.fail(err)
	}
	write := history.WriteMarkdown
	if asJSON {
		write = history.WriteJSON
	}
	if err := write(cons.out, t); err != nil {
		return cons.fail(err)
	}
	return code
}

func listHistory(ctx context.Context, p *pieces, cons console) int {
	list, err := p.store.Conversations(ctx, 0, 0)
	if err == nil {
		err = history.WriteList(cons.out, list)
	}
	if err != nil {
		return cons.fail(err)
	}
	return exitOK
}
