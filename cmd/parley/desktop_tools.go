package main

import (
	"context"
	"time"

	"parley/ui"
)

// toolCheck tells the window how the tool servers are.
type toolCheck struct{ *live }

var _ ui.Tools = toolCheck{}

// A server that is being started has so long to answer before it is told of as
// absent, and is asked about so often.
const (
	toolsWithin = 5 * time.Second
	toolsEvery  = 100 * time.Millisecond
)

// Status implements [ui.Tools].
func (t toolCheck) Status(ctx context.Context) []ui.ToolStatus {
	if t.begun(ctx) != nil {
		return nil
	}
	servers := t.present().tools
	if servers == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, toolsWithin)
	defer cancel()
	for {
		var list []ui.ToolStatus
		there := true
		for _, s := range servers.Status() {
			there = there && s.Err == nil
			one := ui.ToolStatus{Server: s.Server, Err: s.Err}
			for _, tool := range servers.Tools() {
				if tool.Server == s.Server {
					one.Tools = append(one.Tools, tool.Title)
				}
			}
			list = append(list, one)
		}
		if there {
			return list
		}
		select {
		case <-ctx.Done():
			return list
		case <-time.After(toolsEvery):
		}
	}
}
