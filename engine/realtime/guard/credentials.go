package guard

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// subprotocolKey is how a page in a browser, which can set no header of a
// WebSocket, hands over its key: as a subprotocol that is never chosen.
const subprotocolKey = "openai-insecure-api-key."

const (
	headerKey          = "Api-Key" // Azure's
	headerSubprotocols = "Sec-WebSocket-Protocol"
)

// credentials is the key that a request bears; "" if none. The first counts: the
// Authorization header, the api-key header, a subprotocol.
func credentials(h http.Header) string {
	if scheme, key, ok := strings.Cut(strings.TrimSpace(h.Get("Authorization")), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(key)
	}
	if key := strings.TrimSpace(h.Get(headerKey)); key != "" {
		return key
	}
	for _, p := range subprotocols(h) {
		if key, ok := strings.CutPrefix(p, subprotocolKey); ok {
			return key
		}
	}
	return ""
}

// subprotocols are those that a WebSocket client offers, in its order.
func subprotocols(h http.Header) []string {
	var all []string
	for _, line := range h.Values(headerSubprotocols) {
		for p := range strings.SplitSeq(line, ",") {
			if p = strings.TrimSpace(p); p != "" {
				all = append(all, p)
			}
		}
	}
	return all
}

// without is the request without its credentials, so that whatever is behind the
// guard can neither log them nor hand them on.
func without(r *http.Request, ctx context.Context) *http.Request { //nolint:revive // the context belongs to the copy
	r = r.Clone(ctx)
	r.Header.Del("Authorization")
	r.Header.Del(headerKey)
	if offered := subprotocols(r.Header); len(offered) > 0 {
		kept := slices.DeleteFunc(offered, func(p string) bool { return strings.HasPrefix(p, subprotocolKey) })
		r.Header.Del(headerSubprotocols)
		if len(kept) > 0 {
			r.Header.Set(headerSubprotocols, strings.Join(kept, ", "))
		}
	}
	return r
}

// caller is who a request is from.
type caller struct {
	name   string // the token's; "" where none is needed
	secret bool   // it came with a client secret of that token's
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// Caller is the name of the token that the request was let in with; "" where none
// is needed.
func Caller(ctx context.Context) string { return callerOf(ctx).name }
