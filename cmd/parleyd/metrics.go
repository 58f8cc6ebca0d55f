package main

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/engine/realtime/guard"
	"parley/engine/realtime/server"
)

// metrics is what /metrics tells. Nothing of it bears a name or a word of anybody's.
type metrics struct {
	registry  *prometheus.Registry
	stages    *prometheus.HistogramVec
	responses *prometheus.CounterVec
	dropped   *prometheus.CounterVec
	refused   *prometheus.CounterVec
}

var _ server.Observer = (*metrics)(nil)

// stageBuckets are in seconds: from what nobody notices to what nobody waits for.
var stageBuckets = []float64{.005, .01, .02, .05, .1, .2, .3, .5, .8, 1.2, 2, 3, 5, 10}

func newMetrics(version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		stages: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parleyd_turn_latency_seconds", Help: "From the end of the user's turn until a stage of the answer.", Buckets: stageBuckets,
		}, []string{"stage"}),
		responses: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parleyd_responses_total", Help: "Responses, by how they ended."}, []string{"status"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parleyd_dropped_total", Help: "What was given up: slow readers, what was too large or too long."}, []string{"what"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parleyd_refused_total", Help: "Requests and connections not let in, by reason."}, []string{"reason"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "parleyd_build_info", Help: "1, of this version.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.stages, m.responses, m.dropped, m.refused, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	// So that what has not happened yet is 0 and not unknown.
	for _, r := range guard.Reasons() {
		m.refused.WithLabelValues(string(r))
	}
	for _, what := range []string{server.DropSlowReader, server.DropTooBig, server.DropUtterance, server.DropItems} {
		m.dropped.WithLabelValues(what)
	}
	for _, stage := range []string{server.StageTranscript, server.StageFirstToken, server.StageFirstAudio, server.StageComplete} {
		m.stages.WithLabelValues(stage)
	}
	return m
}

// watch adds what is asked of others whenever it is wanted.
func (m *metrics) watch(sessions, connections func() int) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parleyd_sessions", Help: "Sessions open now."},
			func() float64 { return float64(sessions()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "parleyd_connections", Help: "Connections open now."},
			func() float64 { return float64(connections()) }))
}

// Refused counts a refusal.
func (m *metrics) Refused(r guard.Reason) { m.refused.WithLabelValues(string(r)).Inc() }

// Stage implements [server.Observer].
func (m *metrics) Stage(name string, took time.Duration) {
	m.stages.WithLabelValues(name).Observe(took.Seconds())
}

// Response implements [server.Observer].
func (m *metrics) Response(status string) { m.responses.WithLabelValues(status).Inc() }

// Dropped implements [server.Observer].
func (m *metrics) Dropped(what string) { m.dropped.WithLabelValues(what).Inc() }

// handler is /metrics.
func (m *metrics) handler(log *slog.Logger) http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)})
}
