package keys

import (
	"bufio"
	"errors"
	"maps"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
	ss "github.com/zalando/go-keyring/secret_service"
)

// login and its items are where a desktop's Secret Service has them
// (https://specifications.freedesktop.org/secret-service/latest/).
const (
	login     = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	item      = login + "/1"
	noPrompt  = dbus.ObjectPath("/")
	namespace = "org.freedesktop.Secret."
)

// desktop is a Secret Service with one item at most.
type desktop struct {
	mu         sync.Mutex
	attributes map[string]string
	secret     ss.Secret
}

// Get answers for the service's properties.
func (d *desktop) Get(string, string) (dbus.Variant, *dbus.Error) {
	return dbus.MakeVariant([]dbus.ObjectPath{login}), nil
}

func (d *desktop) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session/1", nil
}

func (d *desktop) Unlock(objects []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	return objects, noPrompt, nil
}

func (d *desktop) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.attributes == nil || !maps.Equal(attributes, d.attributes) {
		return nil, nil
	}
	return []dbus.ObjectPath{item}, nil
}

func (d *desktop) CreateItem(properties map[string]dbus.Variant, secret ss.Secret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := properties[namespace+"Item.Attributes"].Store(&d.attributes); err != nil {
		return "", "", dbus.MakeFailedError(err)
	}
	d.secret = secret
	return item, noPrompt, nil
}

func (d *desktop) GetSecret(dbus.ObjectPath) (ss.Secret, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.secret, nil
}

func (d *desktop) Delete() (dbus.ObjectPath, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.attributes = nil
	return noPrompt, nil
}

func (d *desktop) Close() *dbus.Error { return nil }

// bus starts a private desktop bus.
func bus(t *testing.T) (address string) {
	t.Helper()
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; install dbus-daemon", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// A key goes into the keyring of a real desktop bus, and comes out of it.
func TestDesktop(t *testing.T) {
	address := bus(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	c := Open("", "")
	if _, err := c.Find(t.Context(), OpenAI); !errors.Is(err, ErrNoKey) { // a bus, but no service
		t.Errorf("got %v", err)
	}

	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	d := &desktop{}
	const root = dbus.ObjectPath("/org/freedesktop/secrets")
	for _, e := range []struct {
		path dbus.ObjectPath
		name string
	}{
		{root, "org.freedesktop.DBus.Properties"}, {root, namespace + "Service"}, {root + "/session/1", namespace + "Session"},
		{login, namespace + "Collection"}, {item, namespace + "Item"},
	} {
		if err := conn.Export(d, e.path, e.name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName("org.freedesktop.secrets", 0); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Find(t.Context(), OpenAI); !errors.Is(err, ErrNoKey) {
		t.Errorf("got %v", err)
	}
	if k, err := c.Keep(t.Context(), OpenAI, secret); err != nil || k.From != Keyring {
		t.Fatalf("%v, %v", k, err)
	}
	if k, err := c.Find(t.Context(), OpenAI); err != nil || k.Secret() != secret || k.From != Keyring {
		t.Errorf("%v, %v", k, err)
	}
	if err := c.Forget(t.Context(), OpenAI); err != nil {
		t.Error(err)
	}
	if _, err := c.Find(t.Context(), OpenAI); !errors.Is(err, ErrNoKey) {
		t.Errorf("found after all: %v", err)
	}
}
