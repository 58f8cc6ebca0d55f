package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"parley/engine/realtime/protocol"
)

// httpError is an error as a client is told of it: in words for a person, and in
// OpenAI's words for a program.
type httpError struct {
	status  int
	message string
	param   string // the field at fault; empty: none
	code    string // empty: none
	cause   error  // for the log
}

// Error implements the error interface.
func (e *httpError) Error() string { return "rest: " + e.message }

// Unwrap gives what is behind it.
func (e *httpError) Unwrap() error { return e.cause }

// detail is an error in OpenAI's words. What it has none of is null.
type detail struct {
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
}

func (e *httpError) detail() detail {
	d := detail{Message: e.message, Type: protocol.InvalidRequest}
	if e.status >= http.StatusInternalServerError {
		d.Type = protocol.ServerFault
	}
	if e.param != "" {
		d.Param = &e.param
	}
	if e.code != "" {
		d.Code = &e.code
	}
	return d
}

// invalid is a request that has to be put differently.
func invalid(param, format string, args ...any) error {
	return &httpError{status: http.StatusBadRequest, param: param, code: protocol.CodeInvalidValue, message: fmt.Sprintf(format, args...)}
}

// tooBig is a request of more than may be.
func tooBig(format string, args ...any) error {
	return &httpError{status: http.StatusRequestEntityTooLarge, code: "request_too_large", message: fmt.Sprintf(format, args...)}
}

// failed is a stage that failed. Why is for whoever runs the backend: it may name
// services and addresses of theirs.
func failed(stage string, err error) error {
	return &httpError{status: http.StatusInternalServerError, code: stage + "_failed", cause: err,
		message: "the " + stage + " failed; try again, or look into the backend's log"}
}

// unrouted is what none of the routes answers; none is what the mux has for it.
func unrouted(none http.Handler, header http.Header, r *http.Request) error {
	verdict := statusOnly{header: header}
	none.ServeHTTP(&verdict, r)
	if verdict.status == http.StatusMethodNotAllowed {
		return &httpError{status: verdict.status, code: "method_not_allowed",
			message: fmt.Sprintf("%s does not take %.16q; use %s", r.URL.Path, r.Method, header.Get("Allow"))}
	}
	return &httpError{status: http.StatusNotFound, code: "unknown_url",
		message: fmt.Sprintf("there is nothing at %.200q; /openapi.json says what there is", r.URL.Path)}
}

// statusOnly takes an answer's header and throws its body away.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }

// refuse answers with an error.
func (h *routes) refuse(w http.ResponseWriter, r *http.Request, err error) {
	told := h.told(r, err)
	writeJSON(w, told.status, map[string]detail{"error": told.detail()})
}

// told is err as the client is told of it; what is the backend's fault is logged.
func (h *routes) told(r *http.Request, err error) *httpError {
	var e *httpError
	if !errors.As(err, &e) {
		e = &httpError{status: http.StatusInternalServerError, message: "the backend failed; its log says why", cause: err}
	}
	if e.status >= http.StatusInternalServerError && r.Context().Err() == nil {
		h.log.Warn("request failed", "route", r.Pattern, "status", e.status, "code", e.code, "err", e.cause)
	}
	return e
}

// writeJSON answers with v. A client that has gone is nobody to tell.
func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":{"message":"the backend's answer cannot be written","type":"server_error","param":null,"code":null}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}
