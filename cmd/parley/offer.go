package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley/engine/localservers"
)

// offerServers tells of model servers on this computer that could answer, each
// once. Nothing is sent to them but the question which models they have.
func (p *pieces) offerServers(ctx context.Context, ports ...int) {
	if p.settings.Responder.URL != "" {
		return
	}
	for _, s := range localservers.Find(ctx, ports...) {
		var models []string
		for _, m := range s.Models {
			if m.Task == "" || m.Task == "text-generation" {
				models = append(models, m.ID)
			}
		}
		noted := "offered " + s.URL
		if before, err := p.store.Note(ctx, noted); err != nil || before != "" || len(models) == 0 {
			continue
		}
		p.notices = append(p.notices, fmt.Sprintf("There is %s on this computer, with %s. To let it answer: parley models use responder %s %s",
			s.Name, strings.Join(models[:min(len(models), mostOffered)], ", "), s.URL, models[0]))
		if err := p.store.SetNote(ctx, noted, time.Now().Format(time.RFC3339)); err != nil {
			p.log.Warn("offer of a server not noted", "err", err)
		}
	}
}

// mostOffered is how many of a server's models are named.
const mostOffered = 4
