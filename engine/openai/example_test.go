package openai_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"parley/engine"
	"parley/engine/openai"
)

// A reply comes in pieces, as the model writes it.
func ExampleResponder() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, `data: {"choices":[{"delta":{"content":"Gravity pulls"}}]}

data: {"choices":[{"delta":{"content":" things together."},"finish_reason":"stop"}]}

data: [DONE]

`)
	}))
	defer server.Close()
	client := openai.NewHTTP()
	defer client.CloseIdleConnections()

	r, err := openai.NewResponder(openai.ResponderConfig{
		Service: openai.Service{BaseURL: server.URL + "/v1", Model: "qwen3:4b", HTTP: client},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for piece, err := range r.Respond(context.Background(), engine.Request{Text: "What is gravity?"}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if words, ok := piece.(engine.Words); ok {
			fmt.Printf("%q\n", words.Text)
		}
	}
	// Output:
	// "Gravity pulls"
	// " things together."
}
