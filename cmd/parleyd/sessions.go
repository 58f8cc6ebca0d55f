package main

import (
	"net/http"

	"parley/engine/realtime/rest"
	"parley/engine/realtime/server"
)

// limits are those of a session.
func (o options) limits() server.Limits {
	return server.Limits{Utterance: o.utteranceLength, Session: o.sessionLength, Drain: o.drain}
}

// newSessions is the WebSocket at /v1/realtime. Origins are the guard's matter; the
// handler, which looks again, is told of the same.
func (d *daemon) newSessions() *server.Handler {
	return server.NewHandler(d.engines.backend, server.Config{
		Limits: d.o.limits(), Origins: d.o.origins, Observe: d.metrics, Log: d.log,
	})
}

// requests are the plain HTTP routes.
func (d *daemon) requests() http.Handler {
	return rest.New(d.engines.backend, rest.Options{Session: d.o.limits(), Observe: d.metrics, Log: d.log})
}
