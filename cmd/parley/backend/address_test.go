package backend

import "testing"

func TestBase(t *testing.T) {
	for address, want := range map[string]string{
		"https://parley.example.org":                "https://parley.example.org",
		"wss://parley.example.org/v1/realtime":      "https://parley.example.org",
		"ws://parley.example.org:8765/v1":           "http://parley.example.org:8765",
		" HTTP://parley.example.org/ ":              "http://parley.example.org",
		"https://me:secret@parley.example.org/?k=1": "https://parley.example.org",
		"https://example.org/voice/v1/":             "https://example.org/voice",
		"parley.example.org":                        "https://parley.example.org",
		"parley.example.org:8443":                   "https://parley.example.org:8443",
		"127.0.0.1:8765":                            "http://127.0.0.1:8765",
		"localhost:8765/v1":                         "http://localhost:8765",
		"[::1]:8765":                                "http://[::1]:8765",
	} {
		if got, err := Base(address); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v; want %s", address, got, err, want)
		}
	}
	for _, address := range []string{"", "  ", "https://", "https://:8765", "ftp://example.org", "mailto://", "https://exa mple.org", "http://[::1"} {
		if got, err := Base(address); err == nil {
			t.Errorf("%q is %v", address, got)
		}
	}
}

func TestReadable(t *testing.T) {
	for address, want := range map[string]bool{
		"http://parley.example.org": true, "ws://192.168.1.7:8765": true,
		"https://parley.example.org": false, "parley.example.org": false, "http://localhost:8765": false, "127.0.0.1:8765": false, "": false,
	} {
		if got := Readable(address); got != want {
			t.Errorf("%q can be read on the way: %v", address, got)
		}
	}
}

func FuzzBase(f *testing.F) {
	f.Add("https://parley.example.org/v1/realtime")
	f.Add("[::1]:8765")
	f.Fuzz(func(t *testing.T, address string) {
		u, err := Base(address)
		if err != nil {
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" {
			t.Errorf("%q is %v", address, u)
		}
	})
}
