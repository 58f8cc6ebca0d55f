package localservers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What an answer may be at most.
const (
	bodyMost   = 1 << 20 // bytes
	modelsMost = 500
	nameMost   = 200 // bytes of a model's name
)

var errNotLoopback = errors.New("localservers: only the loopback is asked")

// newClient reaches nothing but the loopback.
func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy: nil,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				at, err := netip.ParseAddrPort(address)
				if err != nil || !at.Addr().IsLoopback() {
					return nil, errNotLoopback
				}
				return (&net.Dialer{}).DialContext(ctx, network, address)
			},
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// ask asks one address.
func ask(ctx context.Context, client *http.Client, at netip.AddrPort) (Server, bool) {
	root := "http://" + at.String()
	a, err := get(ctx, client, root+"/v1/models")
	if err != nil {
		return Server{}, false
	}
	if a.status == http.StatusNotFound {
		// whisper.cpp's server has no list of models, but a page that bears its name.
		page, err := get(ctx, client, root+"/")
		if err != nil || page.status != http.StatusOK || !strings.Contains(strings.ToLower(string(page.body)), "whisper.cpp") {
			return Server{}, false
		}
		return Server{Name: whisperCPP, URL: root + "/v1"}, true
	}
	list, ok := parse(a.body)
	if a.status != http.StatusOK || !ok {
		return Server{}, false
	}
	s := Server{URL: root + "/v1"}
	for _, m := range list {
		s.Models = append(s.Models, Model{m.ID, m.Task})
	}
	s.Name = name(int(at.Port()), a.server, list)
	if s.Name == "" {
		if v, err := get(ctx, client, root+"/api/version"); err == nil && isOllama(v) {
			s.Name = ollama
		}
	}
	if s.Name == "" {
		s.Name = fmt.Sprintf("a server on port %d", at.Port())
	}
	return s, true
}

// answer is what a server said.
type answer struct {
	status int
	server string // the header
	body   []byte
}

func get(ctx context.Context, client *http.Client, url string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	res, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, bodyMost+1))
	if err == nil && len(body) > bodyMost {
		err = errors.New("localservers: the answer is too long")
	}
	return answer{res.StatusCode, res.Header.Get("Server"), body}, err
}

// listed is a model as a server lists it.
type listed struct {
	ID      string `json:"id"`
	OwnedBy string `json:"owned_by"`
	Task    string `json:"task"`
}

// parse reads a list of models. It is false for anything else.
func parse(body []byte) ([]listed, bool) {
	var list struct {
		Object string    `json:"object"`
		Data   *[]listed `json:"data"`
	}
	if json.Unmarshal(body, &list) != nil || list.Data == nil || list.Object != "list" && list.Object != "" {
		return nil, false
	}
	var models []listed
	for _, m := range *list.Data {
		if usable(m.ID) && len(models) < modelsMost {
			if !usable(m.Task) {
				m.Task = ""
			}
			models = append(models, m)
		}
	}
	// A list of things without names is no list of models.
	return models, len(models) > 0 || len(*list.Data) == 0
}

// usable: a name that can be shown and sent back.
func usable(name string) bool {
	return name != "" && len(name) <= nameMost && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

func isOllama(a answer) bool {
	var v struct {
		Version string `json:"version"`
	}
	return a.status == http.StatusOK && json.Unmarshal(a.body, &v) == nil && v.Version != ""
}
