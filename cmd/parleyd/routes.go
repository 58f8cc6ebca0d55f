package main

import (
	"io"
	"net/http"
)

// routes are all of them. Who asks after the server's health needs no token and no
// name: load balancers ask by address, and are told one word.
func (d *daemon) routes() http.Handler {
	inner := http.NewServeMux()
	inner.Handle("/v1/realtime", d.guard.Session(d.sessions))
	inner.Handle("/v1/realtime/client_secrets", d.guard.ClientSecrets())
	inner.Handle("/", d.requests())
	outer := d.health()
	if d.o.metricsListen == "" {
		inner.Handle("GET /metrics", d.metrics.handler(d.log))
	}
	outer.Handle("/", d.guard.Admit(inner))
	return outer
}

// metricsRoutes are those of --metrics-listen: without a token on loopback alone.
func (d *daemon) metricsRoutes() http.Handler {
	mux := d.health()
	h := d.metrics.handler(d.log)
	if !loopback(d.o.metricsListen) {
		h = d.guard.Admit(h)
	}
	mux.Handle("GET /metrics", h)
	return mux
}

func (d *daemon) health() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-d.drained:
			say(w, http.StatusServiceUnavailable, "draining")
			return
		default:
		}
		if !d.ready.Load() {
			say(w, http.StatusServiceUnavailable, "loading")
			return
		}
		say(w, http.StatusOK, "ready")
	})
	return mux
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // whom it could not be told has gone
}
