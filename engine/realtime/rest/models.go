package rest

import (
	_ "embed" // openapi.json
	"fmt"
	"net/http"
)

// model is a model as a list has it.
type model struct {
	ID      string `json:"id"`
	Object  string `json:"object"`  // model
	Created int64  `json:"created"` // Unix seconds
	OwnedBy string `json:"owned_by"`
}

func (h *routes) only() model {
	return model{ID: h.backend.Model, Object: "model", Created: h.began.Unix(), OwnedBy: "parley"}
}

// models lists the one there is. Whatever a request calls its model, this one
// answers: clients have other names built in.
func (h *routes) models(w http.ResponseWriter, _ *http.Request) error {
	writeJSON(w, http.StatusOK, map[string]any{"object": "list", "data": []model{h.only()}})
	return nil
}

func (h *routes) model(w http.ResponseWriter, r *http.Request) error {
	if id := r.PathValue("id"); id != h.backend.Model {
		return &httpError{status: http.StatusNotFound, param: "model", code: "model_not_found",
			message: fmt.Sprintf("there is no model %.80q; there is %q", id, h.backend.Model)}
	}
	writeJSON(w, http.StatusOK, h.only())
	return nil
}

//go:embed openapi.json
var openAPI []byte

// description is what all routes take and give.
func description(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(openAPI) // who does not take it has gone
	return nil
}
