package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// server is asked what it needs.
type server struct{ url, token string }

func newServer(o options) server { return server{o.metrics, o.token} }

// sample is what it says at a time.
type sample struct {
	at       time.Time
	resident float64 // bytes
	cpu      float64 // seconds
}

// noMetrics as an address asks nothing.
const noMetrics = "none"

const metricsLimit = 4 << 20

// read asks; nil if nothing is to be asked.
func (s server) read(ctx context.Context) (*sample, error) {
	if s.url == noMetrics {
		return nil, nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return nil, fmt.Errorf("load: --metrics: %w", err)
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("load: is parleyd running? its metrics cannot be read: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("load: %s says %s; name the server's metrics with --metrics, or none", s.url, answer.Status)
	}
	return parseMetrics(io.LimitReader(answer.Body, metricsLimit))
}

// parseMetrics reads what is wanted of Prometheus's text format.
func parseMetrics(r io.Reader) (*sample, error) {
	s := &sample{at: time.Now()}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		name, value, ok := strings.Cut(lines.Text(), " ")
		if !ok {
			continue
		}
		to := map[string]*float64{"process_resident_memory_bytes": &s.resident, "process_cpu_seconds_total": &s.cpu}[name]
		if to == nil {
			continue
		}
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("load: metrics: %s is %q", name, value)
		}
		*to = v
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("load: metrics: %w", err)
	}
	return s, nil
}
