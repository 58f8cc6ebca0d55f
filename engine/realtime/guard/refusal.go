package guard

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"
)

// Reason is why a request was refused, as metrics count it.
type Reason string

// The reasons.
const (
	ReasonHost        Reason = "host"
	ReasonOrigin      Reason = "origin"
	ReasonToken       Reason = "token"
	ReasonScope       Reason = "scope" // a client secret elsewhere than at /v1/realtime
	ReasonRate        Reason = "rate"
	ReasonBody        Reason = "body"
	ReasonSessions    Reason = "sessions"
	ReasonSecrets     Reason = "secrets"
	ReasonDraining    Reason = "draining"
	ReasonConnections Reason = "connections" // closed as they came: as many as there may be
	ReasonSilent      Reason = "silent"      // closed as others came, and nothing had been said
)

// Reasons are all of them.
func Reasons() []Reason {
	return []Reason{ReasonHost, ReasonOrigin, ReasonToken, ReasonScope, ReasonRate, ReasonBody, ReasonSessions,
		ReasonSecrets, ReasonDraining, ReasonConnections, ReasonSilent}
}

// refusal is an answer to a request that may not pass.
type refusal struct {
	reason  Reason
	status  int
	code    string
	param   string
	message string
	after   time.Duration // Retry-After; 0: none
}

// kinds are OpenAI's error types by status; the others' is invalid_request_error.
var kinds = map[int]string{
	http.StatusTooManyRequests:    "rate_limit_error",
	http.StatusServiceUnavailable: "server_error",
}

// write sends it in the shape of OpenAI's errors.
func (f refusal) write(w http.ResponseWriter) {
	hasten(w)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	if f.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="parleyd"`)
	}
	if f.after > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.after.Seconds()))))
	}
	type wire struct {
		Message string  `json:"message"`
		Type    string  `json:"type"`
		Param   *string `json:"param"`
		Code    string  `json:"code"`
	}
	e := wire{Message: f.message, Type: kinds[f.status], Code: f.code}
	if e.Type == "" {
		e.Type = "invalid_request_error"
	}
	if f.param != "" {
		e.Param = &f.param
	}
	w.WriteHeader(f.status)
	_ = json.NewEncoder(w).Encode(map[string]wire{"error": e}) // whom it could not be told has gone
}

func refuseHost(host string) *refusal {
	return &refusal{ReasonHost, http.StatusForbidden, "host_not_allowed", "",
		fmt.Sprintf("This server is not known as %.100q. Its operator can allow that name with --host.", host), 0}
}

func refuseOrigin(origin string) *refusal {
	return &refusal{ReasonOrigin, http.StatusForbidden, "origin_not_allowed", "",
		fmt.Sprintf("Pages of %.100q may not use this server. Its operator can allow them with --allow-origin.", origin), 0}
}

func refuseToken(given bool) *refusal {
	message := "No API key was given. Send it as \"Authorization: Bearer KEY\"; \"parleyd token add NAME\" makes one."
	if given {
		message = "The API key is wrong, has expired or was removed. \"parleyd token add NAME\" makes one."
	}
	return &refusal{ReasonToken, http.StatusUnauthorized, "invalid_api_key", "", message, 0}
}

func refuseScope() *refusal {
	return &refusal{ReasonScope, http.StatusForbidden, "insufficient_permissions", "",
		"A client secret is good for /v1/realtime only. Use an API key here.", 0}
}

func refuseRate(after time.Duration) *refusal {
	return &refusal{ReasonRate, http.StatusTooManyRequests, "rate_limit_exceeded", "",
		"Too many requests in a minute. Wait as long as Retry-After says.", max(after, time.Second)}
}

func refuseBody(most int64) *refusal {
	return &refusal{ReasonBody, http.StatusRequestEntityTooLarge, "request_too_large", "",
		fmt.Sprintf("The request is too large; %d bytes may be sent.", most), 0}
}

// sessionRetry is when to ask again for a session where there are too many.
const sessionRetry = 10 * time.Second

func refuseSessions(whose string) *refusal {
	return &refusal{ReasonSessions, http.StatusTooManyRequests, "too_many_sessions", "",
		"There are too many sessions " + whose + ". End one, or wait.", sessionRetry}
}

func refuseDraining() *refusal {
	return &refusal{ReasonDraining, http.StatusServiceUnavailable, "server_restarting", "",
		"The server is about to restart. Try again shortly.", sessionRetry}
}
