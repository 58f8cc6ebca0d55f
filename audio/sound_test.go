package audio

import (
	"slices"
	"testing"
	"time"

	"parley/audio/audiotest"
)

// TestFlushSilencesTheSpeaker measures on a recording of the (virtual) speaker.
func TestFlushSilencesTheSpeaker(t *testing.T) {
	server := audiotest.StartServer(t)
	c := startChild(t, server.Env())
	t.Logf("open took %v", c.await("opened", 5*time.Second).Value)
	c.await("heard", 5*time.Second)
	rec := server.Record()
	time.Sleep(500 * time.Millisecond)
	var stops []time.Duration
	var latencies []time.Duration
	for i := range 12 {
		begun := rec.Duration()
		at := time.Now()
		c.tell("tone 3000")
		time.Sleep(time.Duration(500+7*i) * time.Millisecond)
		c.tell("flush")
		flush := c.await("flush", time.Second)
		c.await("play", time.Second)
		time.Sleep(200 * time.Millisecond)
		f := rec.Sound()
		first, last := sounding(f, begun, rec.Duration())
		if first < 0 {
			t.Fatal("nothing was heard")
		}
		silent := rec.Began().Add(last).Sub(time.Unix(0, flush.At))
		stops = append(stops, silent)
		latencies = append(latencies, rec.Began().Add(first).Sub(at))
		t.Logf("start %v, stop %v, heard %v, played %v", rec.Began().Add(first).Sub(at), silent, last-first, flush.Value)
	}
	slices.Sort(stops)
	slices.Sort(latencies)
	t.Logf("flush to silence: p50 %v, p95 %v; play to sound: p50 %v", stops[len(stops)/2], stops[len(stops)*95/100], latencies[len(latencies)/2])
}
