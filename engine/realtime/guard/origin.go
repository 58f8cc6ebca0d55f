package guard

import (
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A web page anywhere may have its own host name resolve to 127.0.0.1 and then talk
// to whatever listens there as if it were its own server (DNS rebinding). Such a
// request bears the page's name in Host: so Host must be a name that is ours. And
// a page may send requests across origins unasked, which bear its Origin.

// hostAllowed says whether a Host header names this server.
func (g *Guard) hostAllowed(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
	if name == "localhost" {
		return true
	}
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		return true
	}
	return name != "" && slices.Contains(g.hosts, name)
}

// originAllowed says whether pages of an origin may ask: those of this server
// itself, and those on the list. An empty origin is no page's.
func (g *Guard) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		// Browsers leave Origin out where a page loads an image or the like, and say
		// here whose page it is.
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" || site == "same-origin" || site == "none"
	}
	if slices.Contains(g.origins, strings.ToLower(origin)) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, r.Host)
}

// cors answers for a page of an allowed origin; done says that the request was a
// preflight and has its answer. Pages of other origins were refused before.
func (g *Guard) cors(w http.ResponseWriter, r *http.Request) (done bool) {
	origin := r.Header.Get("Origin")
	if len(g.origins) > 0 {
		w.Header().Add("Vary", "Origin")
	}
	if origin == "" || !slices.Contains(g.origins, strings.ToLower(origin)) {
		return false
	}
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Expose-Headers", "Retry-After, X-Parley-Extensions")
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Add("Vary", "Access-Control-Request-Headers")
	h.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
	// Clients send headers of their own with each version. Which they may is not what
	// protects us: the origin is.
	if asked := r.Header.Get("Access-Control-Request-Headers"); headerNames.MatchString(asked) {
		h.Set("Access-Control-Allow-Headers", asked)
	}
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

var headerNames = regexp.MustCompile(`^[A-Za-z0-9_-]+( *, *[A-Za-z0-9_-]+){0,63}$`)

// Origin checks an origin as [Options] wants it: scheme and host, as browsers send
// it. The error says what is wrong.
func origin(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		(u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return "", errOrigin
	}
	return strings.ToLower(u.Scheme + "://" + u.Host), nil
}
