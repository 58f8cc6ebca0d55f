package backend

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/remote"
)

// A Parley is given the words alone, a language model what helps it, too.
func TestRESTGivesEachWhatItUnderstands(t *testing.T) {
	for model, noted := range map[string]bool{"parley": false, answering: true} {
		t.Run(model, func(t *testing.T) {
			asked := ""
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if r.URL.Path == "/v1/models" {
					_, _ = w.Write([]byte(`{"object":"list","data":[{"id":"` + model + `","object":"model"}]}`))
					return
				}
				var body struct{ Messages []struct{ Content string } }
				if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.Messages) == 0 {
					t.Errorf("%s: %v", r.URL.Path, err)
					return
				}
				asked = body.Messages[len(body.Messages)-1].Content
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = w.Write([]byte(`data: {"choices":[{"delta":{"content":"It pulls."},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n"))
			}))
			defer server.Close()
			b, err := New(Config{URL: server.URL, Only: remote.REST})
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			if err := b.ways[0].Probe(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, err := range b.Respond(t.Context(), engine.Request{Text: "what is gravity", At: time.Now(), Confidence: 0.3}) {
				if err != nil {
					t.Fatal(err)
				}
			}
			if !strings.HasSuffix(asked, "what is gravity") || (asked != "what is gravity") != noted {
				t.Errorf("asked was %q", asked)
			}
		})
	}
}
