package remote

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"parley/engine/realtime/protocol"
)

// What a caller may want to tell apart.
var (
	// ErrCredentials is wrapped by what a rung says whose key or token was refused:
	// no other rung would do. Rungs made elsewhere wrap it, too.
	ErrCredentials = errors.New("remote: the backend refuses the key; check it in the settings")

	// ErrLater is wrapped where the backend has asked to wait.
	ErrLater = errors.New("remote: the backend asks to wait")

	// ErrAway is wrapped where no rung works.
	ErrAway = errors.New("remote: the backend cannot be reached")

	// ErrSilent is wrapped where there was no answer in time.
	ErrSilent = errors.New("remote: no answer in time")

	// ErrUnable is wrapped where a rung, or the backend, does not do what was asked,
	// and is well otherwise: another stage is asked, and nothing is left.
	ErrUnable = errors.New("remote: the backend does not do this")

	errUnsteady = errors.New("remote: the connection is closed again and again")
	errNoFinal  = errors.New("remote: the transcriber gave no final hypothesis")
	errNoStage  = errors.New("remote: there is no stage for this, neither at the backend nor here")
)

// Refusal is what the error of a rung that was answered by HTTP, but not as wanted,
// wraps or is: a refused upgrade, too.
type Refusal interface {
	error
	HTTPStatus() int           // what was answered
	RetryAfter() time.Duration // how long to wait; 0: not said
}

// proxied is a Refusal that can tell that a page for people came: it is some proxy's
// and not the backend's. Without it a 403 is the backend's.
type proxied interface {
	error
	ProxyPage() bool
}

// verdict is what follows from a rung's error.
type verdict int

const (
	leave    verdict = iota // the next rung
	unfit                   // the next rung, this time
	stop                    // no rung: the key is wrong
	wait                    // this rung, later
	answered                // none: the backend itself has said that it cannot
)

// defaultWait is how long to wait where a backend has not said it.
const defaultWait = 5 * time.Second

// longestWait bounds what a backend may ask for.
const longestWait = time.Hour

// judge tells what follows from a rung's error, and how long to wait. What answers
// are worth is known from how hosts refuse upgrades that they do not support:
// anything but 101.
func judge(err error) (verdict, time.Duration) {
	if errors.Is(err, ErrCredentials) {
		return stop, 0
	}
	if errors.Is(err, ErrUnable) {
		return unfit, 0
	}
	if refusal, ok := errors.AsType[Refusal](err); ok {
		after := min(refusal.RetryAfter(), longestWait)
		switch refusal.HTTPStatus() {
		case http.StatusUnauthorized:
			return stop, 0
		case http.StatusForbidden:
			if fromProxy(err) {
				return leave, 0
			}
			return stop, 0
		case http.StatusTooManyRequests:
			if after <= 0 {
				after = defaultWait
			}
			return wait, after
		case http.StatusServiceUnavailable:
			if after > 0 {
				return wait, after
			}
		case http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
			return unfit, 0
		}
		return leave, 0
	}
	if said, ok := errors.AsType[*protocol.Error](err); ok {
		if said.Code == protocol.CodeRateLimitExceeded {
			return wait, defaultWait
		}
		return answered, 0
	}
	return leave, 0
}

// answeredBy says whether err is a refusal with one of these.
func answeredBy(err error, statuses ...int) bool {
	refusal, ok := errors.AsType[Refusal](err)
	return ok && slices.Contains(statuses, refusal.HTTPStatus())
}

// notThere is err as that of a route which a backend may go without.
func notThere(err error) error {
	if answeredBy(err, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented) {
		return fmt.Errorf("%w: %w", ErrUnable, err)
	}
	return err
}

func fromProxy(err error) bool {
	p, ok := errors.AsType[proxied](err)
	return ok && p.ProxyPage()
}

// Explain says why a call failed, for the user, as a clause without a full stop
// (engine/standby's Explain), or "" where there is nothing to say.
func Explain(err error) string {
	refusal, refused := errors.AsType[Refusal](err)
	switch {
	case err == nil:
		return ""
	case errors.Is(err, errUnsteady):
		return "the connection is closed again and again"
	case refused && fromProxy(err):
		return fmt.Sprintf("something on the way answers with a page of its own (%d)", refusal.HTTPStatus())
	case errors.Is(err, ErrCredentials), refused && refusal.HTTPStatus() == http.StatusUnauthorized,
		refused && refusal.HTTPStatus() == http.StatusForbidden:
		return "the key was refused; check it in the settings"
	case errors.Is(err, ErrUnable):
		return "the backend doesn't do this"
	case errors.Is(err, ErrLater):
		return "the backend is busy and asks to wait"
	case refused:
		return fmt.Sprintf("the host answered %d", refusal.HTTPStatus())
	case errors.Is(err, ErrSilent):
		return "there was no answer in time"
	case errors.Is(err, ErrAway):
		return "the backend cannot be reached"
	}
	return "the connection failed"
}
