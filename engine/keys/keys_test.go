package keys

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/zalando/go-keyring"
	"go.uber.org/goleak"

	"parley/engine/settings"
)

const secret = "sk-test-7Qp3vXw9"

// memory is a keyring of one user.
type memory struct {
	mu      sync.Mutex
	secrets map[string]string
	err     error
	wait    chan struct{} // calls hang until it is closed
	panics  bool
}

func (m *memory) call(f func() error) error {
	if m.wait != nil {
		<-m.wait
	}
	if m.panics {
		panic("interface conversion")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return m.err
	}
	return f()
}

func (m *memory) Get(_, user string) (s string, err error) {
	return s, m.call(func() error {
		s = m.secrets[user]
		if s == "" {
			return keyring.ErrNotFound
		}
		return nil
	})
}

func (m *memory) Set(_, user, s string) error {
	return m.call(func() error { m.secrets[user] = s; return nil })
}

func (m *memory) Delete(_, user string) error {
	return m.call(func() error { delete(m.secrets, user); return nil })
}

func file(t *testing.T, mode fs.FileMode, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFind(t *testing.T) {
	none := func() *memory { return &memory{err: errAbsent} }
	with := func(service string) *memory { return &memory{secrets: map[string]string{service: secret}} }
	for name, c := range map[string]struct {
		ring        *memory
		environment string
		mode        fs.FileMode
		text        string
		service     string
		from        Source
		where       string // or the error
		err         error
	}{
		"keyring":                   {with(OpenAI), "other", 0o600, "other", OpenAI, Keyring, "The key for api.openai.com is in the system's keyring.", nil},
		"environment":               {none(), secret + "\n", 0o600, "other", OpenAI, Environment, "There is no keyring to ask (none runs here), so the key for api.openai.com is taken from OPENAI_API_KEY.", nil},
		"not in the keyring":        {with("another"), secret, 0o600, "", OpenAI, Environment, "The system's keyring has none, so the key for api.openai.com is taken from OPENAI_API_KEY.", nil},
		"file":                      {none(), "", 0o600, "# mine\nlocal x\n" + OpenAI + "\t" + secret + "\r\n", OpenAI, File, "There is no keyring to ask (none runs here), so the key for api.openai.com is taken from FILE, which only you can read.", nil},
		"file of one word":          {none(), "", 0o400, secret, OpenAI, File, "There is no keyring to ask (none runs here), so the key for api.openai.com is taken from FILE, which only you can read.", nil},
		"another's environment":     {none(), "sk-openai", 0o600, "sk-openai", "example.org", "", "keys: no key for example.org: enter it in the settings", ErrNoKey},
		"nothing":                   {none(), "", 0o600, "", OpenAI, "", "keys: no key for api.openai.com: enter it in the settings", ErrNoKey},
		"nonsense in the variable":  {none(), "a b", 0o600, "", OpenAI, "", "keys: no key for api.openai.com: enter it in the settings", ErrNoKey},
		"group reads":               {none(), "", 0o640, secret, OpenAI, "", "keys: others can read the file: FILE is not used; run chmod 600 on it, and if others may have read it, get a new key", ErrExposed},
		"all read":                  {none(), "", 0o604, secret, OpenAI, "", "keys: others can read the file: FILE is not used; run chmod 600 on it, and if others may have read it, get a new key", ErrExposed},
		"a keyring that breaks":     {&memory{err: errors.New("a\nb")}, secret, 0o600, "", OpenAI, Environment, "There is no keyring to ask (a b), so the key for api.openai.com is taken from OPENAI_API_KEY.", nil},
		"a keyring that panics":     {&memory{panics: true}, secret, 0o600, "", OpenAI, Environment, "There is no keyring to ask (it answered with nonsense), so the key for api.openai.com is taken from OPENAI_API_KEY.", nil},
		"nonsense in the keyring":   {&memory{secrets: map[string]string{OpenAI: "a\r\nb: c"}}, secret, 0o600, "", OpenAI, Environment, "The system's keyring has none, so the key for api.openai.com is taken from OPENAI_API_KEY.", nil},
		"an exposed file not asked": {with(OpenAI), "", 0o666, "other", OpenAI, Keyring, "The key for api.openai.com is in the system's keyring.", nil},
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t, c.mode, c.text)
			k, err := OpenRing(c.ring, path, c.environment).Find(t.Context(), c.service)
			want := strings.ReplaceAll(c.where, "FILE", path)
			if c.err != nil {
				if !errors.Is(err, c.err) || err.Error() != want || k.Secret() != "" {
					t.Errorf("got %v\nwant %s", err, want)
				}
				return
			}
			if err != nil || k.Secret() != secret || k.From != c.from || k.Where != want {
				t.Errorf("got %q, %+v, %v", k.Secret(), k, err)
			}
		})
	}
}

// Whatever is written, the key is in no file but the one of keys, and in no log.
func TestKeyIsNowhere(t *testing.T) {
	for name, ring := range map[string]*memory{"keyring": {secrets: map[string]string{}}, "none": {err: errAbsent}} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			t.Setenv("HOME", home)
			t.Setenv("XDG_CONFIG_HOME", "")
			path, err := settings.KeysPath()
			if err != nil {
				t.Fatal(err)
			}
			c := OpenRing(ring, path, "")
			k, err := c.Keep(t.Context(), OpenAI, " "+secret+"\n")
			if err != nil {
				t.Fatal(err)
			}
			config, err := settings.ConfigPath()
			if err != nil {
				t.Fatal(err)
			}
			if err := settings.Save(config, settings.Default()); err != nil {
				t.Fatal(err)
			}
			log, err := os.Create(filepath.Join(home, "log"))
			if err != nil {
				t.Fatal(err)
			}
			defer log.Close()
			within := struct{ k Key }{k}
			slog.New(slog.NewJSONHandler(log, nil)).Info("a key", "key", k, "pointer", &k, "struct", within)
			slog.New(slog.NewTextHandler(log, nil)).Info("a key", "key", k, "struct", within)
			fmt.Fprintf(log, "%v %+v %#v %s %q %v %+v %#v", k, k, k, k, k, within, within, within)
			if again, err := c.Find(t.Context(), OpenAI); err != nil || again.Secret() != secret || again.From != k.From {
				t.Errorf("found %v, %v", again, err)
			}

			holds := func() (files []string) {
				err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
					if err != nil || d.IsDir() {
						return err
					}
					text, err := os.ReadFile(path)
					if strings.Contains(string(text), secret) {
						files = append(files, path)
						if info, err := d.Info(); err != nil || info.Mode() != 0o600 {
							t.Errorf("%s: %v, %v", path, info.Mode(), err)
						}
					}
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				return files
			}
			want := "[]"
			if k.From == File {
				want = "[" + path + "]"
			}
			if got := holds(); fmt.Sprint(got) != want {
				t.Errorf("the key is in %v, want %s", got, want)
			}
			if err := c.Forget(t.Context(), OpenAI); err != nil {
				t.Fatal(err)
			}
			if got := holds(); got != nil {
				t.Errorf("forgotten, but in %v", got)
			}
			if _, err := c.Find(t.Context(), OpenAI); !errors.Is(err, ErrNoKey) {
				t.Errorf("found after all: %v", err)
			}
		})
	}
}

// The file keeps what is not ours to change; a key in the keyring is in no file.
func TestKeep(t *testing.T) {
	const text = "# mine\nexample.org abc\n\nwhat is this line\n"
	path := file(t, 0o600, text)
	ring := &memory{err: errAbsent, secrets: map[string]string{}}
	c := OpenRing(ring, path, "")
	for _, s := range []string{"one", secret} {
		if k, err := c.Keep(t.Context(), OpenAI, s); err != nil || k.From != File || !strings.Contains(k.Where, path) {
			t.Fatalf("%v, %v", k, err)
		}
	}
	if got, _ := os.ReadFile(path); string(got) != text+OpenAI+" "+secret+"\n" {
		t.Errorf("the file is\n%s", got)
	}
	ring.err = nil
	if k, err := c.Keep(t.Context(), OpenAI, secret); err != nil || k.From != Keyring {
		t.Errorf("%v, %v", k, err)
	}
	if got, _ := os.ReadFile(path); string(got) != text {
		t.Errorf("the file is\n%s", got)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
	for _, bad := range []string{"", " ", "two words", "line\nline", "schlüssel", strings.Repeat("x", secretLength+1)} {
		if _, err := c.Keep(t.Context(), OpenAI, bad); !errors.Is(err, ErrNotAKey) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, bad := range []string{"", "a b", "#x", "a\nb"} {
		if _, err := c.Keep(t.Context(), bad, secret); err == nil {
			t.Errorf("kept for %q", bad)
		}
	}
	exposed := OpenRing(&memory{err: errAbsent}, file(t, 0o644, "x"), "")
	if _, err := exposed.Keep(t.Context(), OpenAI, secret); !errors.Is(err, ErrExposed) {
		t.Errorf("written into a file that others read: %v", err)
	}
}

// A keyring that hangs costs its time once, and is asked again when it has come back.
func TestHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ring := &memory{secrets: map[string]string{OpenAI: "ring"}, wait: make(chan struct{})}
		c := OpenRing(ring, "", secret)
		start := time.Now()
		var all sync.WaitGroup
		for range 3 { // as the stages do at a start
			all.Go(func() {
				if k, err := c.Find(t.Context(), OpenAI); err != nil || k.Secret() != secret || !strings.Contains(k.Where, "does not answer") {
					t.Errorf("%v, %v", k, err)
				}
			})
		}
		all.Wait()
		if _, err := c.Find(t.Context(), "example.org"); !errors.Is(err, ErrNoKey) || time.Since(start) != lookupTime {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		if err := c.Forget(t.Context(), OpenAI); !errors.Is(err, ErrNoKeyring) {
			t.Errorf("forgotten, it says: %v", err)
		}
		close(ring.wait)
		synctest.Wait()
		if k, err := c.Find(t.Context(), OpenAI); err != nil || k.From != Keyring {
			t.Errorf("%v, %v", k, err)
		}
	})
}

// The real library, on a desktop bus that takes the connection and never answers, and
// on no bus at all.
func TestSystemKeyring(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	c := Open("", secret)
	if k, err := c.Find(t.Context(), OpenAI); err != nil || !strings.Contains(k.Where, "none runs here") {
		t.Errorf("%v, %v", k, err)
	}
	if k, err := c.Keep(t.Context(), OpenAI, secret); !errors.Is(err, ErrNoKeyring) {
		t.Errorf("%v, %v", k, err)
	}

	socket := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	defer all.Wait()
	defer l.Close() // and with it the calls that hang
	all.Go(func() {
		var taken []net.Conn
		for {
			conn, err := l.Accept()
			if err != nil {
				for _, one := range taken {
					one.Close()
				}
				return
			}
			taken = append(taken, conn)
		}
	})
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+socket)
	start := time.Now()
	k, err := c.Find(t.Context(), OpenAI)
	if took := time.Since(start); err != nil || k.From != Environment || took > 5*lookupTime {
		t.Errorf("after %v: %v, %v", took, k, err)
	}
	t.Log(k.Where)
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"", secret, "# x\n\na b\na b c", "a \x00", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		entries, err := parse(strings.NewReader(text))
		if err != nil && len(text) < fileLimit {
			t.Error(err)
		}
		for _, e := range entries {
			if _, err := clean(e.secret); (e.service != "") != (err == nil) {
				t.Errorf("%+v", e)
			}
		}
	})
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
