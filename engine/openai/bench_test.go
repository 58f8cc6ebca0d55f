package openai

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"parley/engine"
)

// BenchmarkOurShare measures what is ours of the time to the first words: from the
// request to its arrival at the server, with a conversation that is as long as it is
// sent and twenty tools, and from when the server sends the first token until the
// conversation has it. The loopback is in it, a model is not.
func BenchmarkOurShare(b *testing.B) {
	arrived, sent := make(chan time.Time, 1), make(chan time.Time, 1)
	s := serve(b, func(w http.ResponseWriter, r *http.Request) {
		arrived <- time.Now()
		streamed(w)
		time.Sleep(2 * time.Millisecond)
		sent <- time.Now()
		event(w, `{"content":"Gravity"}`, "")
		event(w, `{"content":" pulls."}`, "stop")
		fmt.Fprint(w, "data: [DONE]\n\n")
	})
	box := &toolbox{}
	for i := range 20 {
		box.tools = append(box.tools, Tool{Name: "tool_" + strconv.Itoa(i), Description: "does something", Schema: json.RawMessage(`{"type":"object","properties":{"x":{"type":"string"}}}`)})
	}
	r := responder(b, ResponderConfig{Service: s, Tools: box, Lessons: true})
	turns := exchanges(65) // 11 kB, just under the budget
	var there, back []time.Duration
	for b.Loop() {
		began := time.Now()
		first := true
		for _, err := range r.Respond(b.Context(), engine.Request{Text: "what is gravity", Turns: turns, At: began}) {
			if err != nil {
				b.Fatal(err)
			}
			if first {
				back = append(back, time.Since(<-sent))
				there = append(there, (<-arrived).Sub(began))
				first = false
			}
		}
	}
	for name, all := range map[string][]time.Duration{"request": there, "token": back} {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2].Microseconds()), name+"-p50-µs")
		b.ReportMetric(float64(all[len(all)*95/100].Microseconds()), name+"-p95-µs")
	}
}

// BenchmarkMessages is what a request takes to put together.
func BenchmarkMessages(b *testing.B) {
	r := responder(b, ResponderConfig{Service: Service{}, Lessons: true})
	turns := exchanges(65)
	for b.Loop() {
		r.messages(engine.Request{Text: "what is gravity", Turns: turns, At: time.Now()}, "")
	}
}
